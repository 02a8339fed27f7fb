"""What the city keeps: one file per aggregate."""

from comments.models.events import SubmissionEvent
from comments.models.goals import DevelopmentGoal, GoalRevision
from comments.models.meetings import AgendaItem, Attendance, Meeting, MeetingDocument, Participant
from comments.models.places import District, DistrictGroup
from comments.models.plans import Agency, Plan, Strategy, StrategyFramework
from comments.models.sectors import Sector
from comments.models.submissions import Contact, RejectionReason, Submission

__all__ = [
    "Agency",
    "AgendaItem",
    "Attendance",
    "Contact",
    "DevelopmentGoal",
    "District",
    "DistrictGroup",
    "GoalRevision",
    "Meeting",
    "MeetingDocument",
    "Participant",
    "Plan",
    "RejectionReason",
    "Sector",
    "Strategy",
    "StrategyFramework",
    "Submission",
    "SubmissionEvent",
]
