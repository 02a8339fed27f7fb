"""What waits for the member of the staff who looks at the first page, and which days must be kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import template
from django.db.models import Q
from django.template import RequestContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comments import double_checks, roles, tally
from comments.models import DoubleCheck, ErasureRequest, ImportBatch, Lease, Meeting, Plan, Submission
from comments.models.clocks import Clock

if TYPE_CHECKING:
    from django.contrib.auth.models import User

register = template.Library()

# So many meetings at most stand on the first page.
MOST_MEETINGS = 5
QUEUE = "admin:comments_submission_changelist"


@dataclass(frozen=True)
class Task:
    """Something that waits: how much, what, where it is done, and what of it is urgent."""

    number: int
    title: str
    address: str
    urgent: str = ""
    urgent_address: str = ""


@dataclass(frozen=True)
class Duty:
    """A day to keep: what is to be published, of what, and where its date is entered."""

    title: str
    of: Plan | Meeting
    clock: Clock
    address: str


@register.simple_tag(takes_context=True)
def my_tasks(context: RequestContext) -> list[Task]:
    """Return what waits for the user, by what they may do; nothing that is done. One question each at most."""
    user: User = context["request"].user
    found = (task(user) for permission, task in TASKS if user.has_perm(permission))
    return [task for task in found if task.number]


@register.simple_tag(takes_context=True)
def lacks_an_office(context: RequestContext) -> bool:
    """Tell whether the user could answer for an office, but is with none."""
    user: User = context["request"].user
    return user.has_perm(roles.DRAFT) and not roles.answering_offices(user).exists()


def _attention(_user: User) -> Task:
    rows = Submission.everything.pending().needing_attention()
    return Task(tally.count(rows), _("Look first: something was noticed"), f"{reverse(QUEUE)}?sort=attention")


def _for_a_second_person(user: User) -> Task:
    rows = Submission.everything.for_a_second_person().not_asked_by(user)
    return Task(tally.count(rows), _("Wait for a second person"), f"{reverse(QUEUE)}?status=all&second=waits")


def _reports(_user: User) -> Task:
    rows = Submission.everything.flagged()
    return Task(tally.count(rows), _("Reported by readers"), f"{reverse(QUEUE)}?status=all&flagged=found")


def _appeals(_user: User) -> Task:
    rows = Submission.everything.appealed()
    return Task(tally.count(rows), _("Appeals to decide"), reverse("admin:comments_submission_appeals"))


def _in_hand(user: User) -> Task:
    held = Lease.objects.live().filter(holder=user.pk)
    return Task(
        tally.count(held), _("In your hands, one by one"), reverse("admin:comments_submission_triage")
    )


def _second_looks(user: User) -> Task:
    texts = tally.distinct_texts(double_checks.waiting(user))
    return Task(texts, _("Double-checks for you"), reverse("admin:comments_doublecheck_check"))


def _differences(_user: User) -> Task:
    rows = DoubleCheck.objects.differing()
    return Task(tally.count(rows), _("Two verdicts differ"), reverse("admin:comments_doublecheck_changelist"))


def _approvals(user: User) -> Task:
    may = ~Q(author=user.pk)
    # Where the plan doesn't ask for two, one may approve one's own.
    for target in ("submission", "campaign", "theme"):
        may |= Q(**{f"{target}__plan__answers_need_two": False})
    rows = roles.visible_drafts(user).filter(may)
    return Task(
        tally.count(rows), _("Draft answers to approve"), reverse("admin:comments_answerdraft_changelist")
    )


def _answers(user: User) -> Task:
    waiting = tally.unanswered(roles.answerable_submissions(user))
    listed = f"{reverse(QUEUE)}?status={Submission.Status.PUBLISHED}&only=opinions&answer="
    late = ngettext("%d is overdue", "%d are overdue", waiting.overdue) % waiting.overdue
    return Task(
        waiting.blank,
        _("Opinions without an answer"),
        f"{listed}blank",
        late if waiting.overdue else "",
        f"{listed}overdue",
    )


def _imports(_user: User) -> Task:
    rows = ImportBatch.objects.unfinished()
    return Task(tally.count(rows), _("Imports not finished"), reverse("admin:comments_submission_import"))


def _erasures(_user: User) -> Task:
    rows = ErasureRequest.objects.filter(done_at=None)
    return Task(
        tally.count(rows), _("Erasures asked for"), reverse("admin:comments_erasurerequest_changelist")
    )


TASKS: tuple[tuple[str, Callable[[User], Task]], ...] = (
    (roles.MODERATE, _attention),
    (roles.MODERATE, _for_a_second_person),
    (roles.MODERATE, _reports),
    (roles.MODERATE, _appeals),
    (roles.MODERATE, _in_hand),
    (roles.MODERATE, _second_looks),
    (roles.SEE_DOUBLE_CHECKS, _differences),
    (roles.APPROVE, _approvals),
    (roles.DRAFT, _answers),
    (roles.IMPORT, _imports),
    (roles.ERASE, _erasures),
)


@register.simple_tag(takes_context=True)
def consultation(context: RequestContext) -> dict[str, Any] | None:
    """Return the plan whose consultation is shown, and the duties that are open; None for who sees no plans."""
    user: User = context["request"].user
    plan = Plan.objects.current() if user.has_perm(roles.SEE_PLANS) else None
    if plan is None:
        return None
    return {
        "plan": plan,
        "is_open": plan.is_accepting(),
        "duties": [*_of_the_plan(plan), *_of_meetings(plan)],
    }


def _of_the_plan(plan: Plan) -> Iterator[Duty]:
    now, address = timezone.now(), reverse("admin:comments_plan_change", args=[plan.pk])
    notice, summary = plan.notice_clock, plan.summary_clock
    if notice and not notice.done_on and plan.opens_at and plan.opens_at > now:
        yield Duty(_("Notice of the consultation"), plan, notice, address)
    if summary and not summary.done_on and plan.closes_at and plan.closes_at <= now:
        yield Duty(_("Summary of the consultation"), plan, summary, address)


def _of_meetings(plan: Plan) -> Iterator[Duty]:
    """Yield what is still to be published: the notice of a meeting that comes, the summary of one that is over."""
    coming = Meeting.objects.coming().filter(notice_published_on=None)
    over = Meeting.objects.past().filter(summary_published_on=None)
    rows = (coming | over).filter(plan=plan, clocks_apply=True).order_by("held_on", "pk")
    for meeting in rows[:MOST_MEETINGS]:
        address = reverse("admin:comments_meeting_change", args=[meeting.pk])
        if meeting.is_coming() and meeting.notice_clock:
            yield Duty(_("Notice of the meeting"), meeting, meeting.notice_clock, address)
        elif meeting.summary_clock:
            yield Duty(_("Summary of the meeting"), meeting, meeting.summary_clock, address)
