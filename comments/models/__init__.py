"""What the city keeps: one file per aggregate."""

from comments.models.answers import Answer, AnswerDraft, AnswerNotice
from comments.models.appeals import Appeal
from comments.models.attachments import Attachment
from comments.models.campaigns import Band, Campaign
from comments.models.contacts import Contact
from comments.models.double_checks import DoubleCheck
from comments.models.events import SubmissionEvent
from comments.models.exports import ExportJob, ExportRecord
from comments.models.flags import Flag
from comments.models.goals import DevelopmentGoal, GoalRevision
from comments.models.history import FormerValue
from comments.models.imports import ImportBatch, ImportRow
from comments.models.leases import Lease
from comments.models.meetings import AgendaItem, Attendance, Meeting, MeetingDocument, Participant
from comments.models.offices import Assignment, OfficeMembership
from comments.models.places import District, DistrictGroup
from comments.models.plans import Agency, Plan, Strategy, StrategyFramework
from comments.models.public_version import PublicVersion
from comments.models.reactions import Assessment, Vote
from comments.models.reasons import RejectionReason
from comments.models.redactions import Redaction
from comments.models.saved_views import SavedView
from comments.models.search import SearchEntry
from comments.models.second_factor import Authenticator, RecoveryCode
from comments.models.sectors import Sector
from comments.models.sign_ins import GivenPassword, SignIn
from comments.models.standing import Standing
from comments.models.submissions import Submission
from comments.models.themes import Tag, Theme, ThemeEvent
from comments.models.tries import Tries
from comments.models.versions import ErasureRequest, SubmissionVersion

__all__ = [
    "Agency",
    "AgendaItem",
    "Answer",
    "AnswerDraft",
    "AnswerNotice",
    "Appeal",
    "Assessment",
    "Assignment",
    "Attachment",
    "Attendance",
    "Authenticator",
    "Band",
    "Campaign",
    "Contact",
    "DevelopmentGoal",
    "District",
    "DistrictGroup",
    "DoubleCheck",
    "ErasureRequest",
    "ExportJob",
    "ExportRecord",
    "Flag",
    "FormerValue",
    "GivenPassword",
    "GoalRevision",
    "ImportBatch",
    "ImportRow",
    "Lease",
    "Meeting",
    "MeetingDocument",
    "OfficeMembership",
    "Participant",
    "Plan",
    "PublicVersion",
    "RecoveryCode",
    "Redaction",
    "RejectionReason",
    "SavedView",
    "SearchEntry",
    "Sector",
    "SignIn",
    "Standing",
    "Strategy",
    "StrategyFramework",
    "Submission",
    "SubmissionEvent",
    "SubmissionVersion",
    "Tag",
    "Theme",
    "ThemeEvent",
    "Tries",
    "Vote",
]
