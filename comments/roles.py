"""Who on the staff may do what: the table of roles, and whose eyes see unpublished words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from comments.models import Agency, AnswerDraft, Campaign, Submission
from comments.models.offices import of_offices, offices_of
from comments.models.submissions import SubmissionQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

MODERATE = "comments.moderate_submission"
ERASE = "comments.erase_submission"
EXPORT = "comments.export_submission"
ENTER = "comments.enter_submission"
IMPORT = "comments.import_submission"
REVEAL = "comments.reveal_contact"
ASSIGN = "comments.assign_submission"
TAG = "comments.tag_submission"
DRAFT = "comments.draft_answer"
APPROVE = "comments.approve_answer"
SEE_DOUBLE_CHECKS = "comments.view_doublecheck"
SEE_PLANS = "comments.view_plan"
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
    "answer",
    "theme",
    *_INLINES,
) | {MODERATE, REVEAL, ENTER, TAG}

_PLANNER = (
    _may("view", "submission", "submissionevent", "rejectionreason", "goalrevision")
    | _may("view add change", *_PLANNED, "theme")
    | _may("view add change delete", *_INLINES)
    | _may("view", "answer", "answerdraft", "exportrecord")
    | {EXPORT, ASSIGN, DRAFT, APPROVE, ENTER, IMPORT, TAG}
)

_RESPONDER = _may(
    "view",
    "submission",
    "developmentgoal",
    "goalrevision",
    "meeting",
    "answer",
    "answerdraft",
    "theme",
    *_INLINES,
) | {DRAFT}

_ADMINISTRATOR = (
    _MODERATOR
    | _PLANNER
    | _RESPONDER
    | _may("delete", *_PLANNED)
    | _may("add change delete", "rejectionreason")
    | _may("view", "erasurerequest", "doublecheck", "signin")
    | {ERASE}
    | _may("view add change delete", "officemembership")
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
            _(
                "Exports and counts every opinion, gives opinions to offices and approves answers; keeps plans, goals and meetings."
            ),
            _PLANNER,
        ),
        Role(
            "responder",
            _("Responder"),
            _("Reads the published opinions that fall to their offices, and drafts answers to them."),
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
    """Return the submissions that `user` may read among the staff: all, the published of their offices, or none."""
    if sees_every_status(user):
        return Submission.everything.all()
    if user.has_perm("comments.view_submission"):
        return Submission.everything.published().filter(of_offices(offices_of(user)))
    return Submission.everything.none()


def answerable_submissions(user: User | AnonymousUser) -> SubmissionQuerySet:
    """Return the submissions that `user` may draft an answer to."""
    if not user.has_perm(DRAFT):
        return Submission.objects.none()
    return visible_submissions(user).opinions().published()


def may_answer_campaign(user: User | AnonymousUser, campaign: Campaign) -> bool:
    """Tell whether `user` may draft an answer to every published opinion of `campaign`."""
    return may_answer_all(user, Submission.objects.published().filter(campaign=campaign))


def may_answer_all(user: User | AnonymousUser, rows: QuerySet[Submission]) -> bool:
    """Tell whether `user` may draft an answer to each of `rows`, and there is one."""
    theirs = answerable_submissions(user).values("pk").order_by()
    return user.has_perm(DRAFT) and rows.exists() and not rows.exclude(pk__in=theirs).exists()


def answering_offices(user: User | AnonymousUser) -> QuerySet[Agency]:
    """Return the offices in whose name `user` may answer: all for who approves, else their own."""
    if user.has_perm(APPROVE):
        return Agency.objects.all()
    return Agency.objects.filter(pk__in=offices_of(user))


def visible_drafts(user: User | AnonymousUser) -> QuerySet[AnswerDraft]:
    """Return the drafts that `user` may read and change: all for who approves, else those of their offices.

    An opinion may have been given to another office since; then its draft is no longer theirs.
    """
    if user.has_perm(APPROVE):
        return AnswerDraft.objects.all()
    if not user.has_perm(DRAFT):
        return AnswerDraft.objects.none()
    theirs = Q(submission__in=answerable_submissions(user).values("pk").order_by())
    return AnswerDraft.objects.filter(theirs | Q(submission=None), office__in=offices_of(user))


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


def apart() -> list[str]:
    """Return the roles that permit something else in the database than in the table above, or are not there."""
    held: dict[str, set[str]] = {name: set() for name in Group.objects.values_list("name", flat=True)}
    rows = Permission.objects.filter(group__name__in=ROLES).order_by()
    for name, app, codename in rows.values_list("group__name", "content_type__app_label", "codename"):
        held[name].add(f"{app}.{codename}")
    return [key for key, role in ROLES.items() if held.get(key, set()) ^ role.permissions]
