"""Who on the staff may do what: the table of roles, and whose eyes see unpublished words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from comments.models import Submission
from comments.models.submissions import SubmissionQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

MODERATE = "comments.moderate_submission"
ERASE = "comments.erase_submission"
EXPORT = "comments.export_submission"
REVEAL = "comments.reveal_contact"
SEE_EVENTS = "comments.view_submissionevent"

_INLINES = ("agendaitem", "participant", "attendance", "meetingdocument")
_PLANNED = (
    "plan",
    "strategyframework",
    "strategy",
    "developmentgoal",
    "agency",
    "meeting",
    "sector",
    "districtgroup",
    "district",
)


def _may(actions: str, *models: str, app: str = "comments") -> frozenset[str]:
    return frozenset(f"{app}.{action}_{model}" for model in models for action in actions.split())


@dataclass(frozen=True)
class Role:
    """A group of staff: its name in the database, its name for people, what it may do."""

    key: str
    title: Any
    description: Any
    permissions: frozenset[str]


_MODERATOR = _may(
    "view",
    "submission",
    "submissionevent",
    "rejectionreason",
    "goalrevision",
    *_PLANNED,
    *_INLINES,
) | {MODERATE, REVEAL}

_PLANNER = (
    _may("view", "submission", "submissionevent", "rejectionreason", "goalrevision")
    | _may("view add change", *_PLANNED)
    | _may("view add change delete", *_INLINES)
    | {EXPORT}
)

_RESPONDER = _may("view", "submission", "developmentgoal", "goalrevision", "meeting", *_INLINES)

_ADMINISTRATOR = (
    _MODERATOR
    | _PLANNER
    | _RESPONDER
    | _may("delete", *_PLANNED)
    | _may("add change delete", "rejectionreason")
    | _may("view", "erasurerequest")
    | {ERASE}
    | _may("view add change delete", "user", app="auth")
    | _may("view change", "group", app="auth")
)

ROLES: dict[str, Role] = {
    role.key: role
    for role in (
        Role(
            "moderator",
            _("Moderator"),
            _("Reads and decides every opinion, and may see contact details with a logged reason."),
            _MODERATOR,
        ),
        Role(
            "planner",
            _("Planner"),
            _("Exports and counts every opinion; keeps plans, goals and meetings."),
            _PLANNER,
        ),
        Role(
            "responder",
            _("Responder"),
            _("Reads published opinions, goals and meetings."),
            _RESPONDER,
        ),
        Role(
            "administrator",
            _("Administrator"),
            _("Does all of this, and keeps users, roles and reasons."),
            _ADMINISTRATOR,
        ),
    )
}


def sees_every_status(user: User | AnonymousUser) -> bool:
    """Tell whether `user` may read words that are not published."""
    return user.has_perm(MODERATE) or user.has_perm(EXPORT)


def visible_submissions(user: User | AnonymousUser) -> SubmissionQuerySet:
    """Return the submissions that `user` may read among the staff: all, the published, or none."""
    if sees_every_status(user):
        return Submission.everything.all()
    if user.has_perm("comments.view_submission"):
        return Submission.everything.published()
    return Submission.everything.none()


@dataclass
class Changes:
    """What setting up one role changed."""

    created: bool = False
    granted: list[str] = field(default_factory=list)
    revoked: list[str] = field(default_factory=list)


@transaction.atomic
def set_up() -> dict[str, Changes]:
    """Bring the groups in the database to the table above; return the changes by role.

    Raises LookupError when a permission does not exist, as before `migrate`.
    """
    stored = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type")
    }
    if missing := sorted(set().union(*(role.permissions for role in ROLES.values())) - set(stored)):
        raise LookupError(f"no such permission: {', '.join(missing)}")
    changes = {}
    for role in ROLES.values():
        group, created = Group.objects.get_or_create(name=role.key)
        held = {name for name, row in stored.items() if row in set(group.permissions.all())}
        group.permissions.set(stored[name] for name in role.permissions)
        changes[role.key] = Changes(created, sorted(role.permissions - held), sorted(held - role.permissions))
    return changes
