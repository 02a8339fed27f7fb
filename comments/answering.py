"""Answer what people said: give it to an office, draft, approve, tell its authors; revise a goal because of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from comments.models import (
    Agency,
    Answer,
    AnswerDraft,
    AnswerNotice,
    Assignment,
    Campaign,
    Contact,
    DevelopmentGoal,
    GoalRevision,
    Submission,
    SubmissionEvent,
    Theme,
)
from comments.models.answers import to_the_theme_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.db.models import QuerySet

Kind = SubmissionEvent.Kind
Mail = AnswerNotice.Mail
# So many opinions are told of an answer in one transaction.
BATCH = 500
# What an answer says, as a form gives it.
CONTENT = ("office", "outcome", "text_th", "text_en")


class NotPublishedError(Exception):
    """Only an opinion that the public can read is answered."""


class StaleDraftError(Exception):
    """The draft was changed, approved or discarded in the meantime."""


class SamePersonError(Exception):
    """Who wrote an answer can't approve it."""


def revise_goal(
    goal: DevelopmentGoal,
    wording: Mapping[str, object],
    *,
    reason_th: str,
    reason_en: str = "",
    opinions: Iterable[Submission] = (),
    actor: User | None,
    at: datetime | None = None,
) -> GoalRevision | None:
    """Give `goal` the new `wording` (columns by name), number the revision, and say which opinions led to it.

    The first wording of a goal is revision 1. Returns None, and writes nothing, when the goal says
    just that already. Raises KeyError for a column that is no part of a wording.
    """
    with transaction.atomic():
        stored = DevelopmentGoal.objects.select_for_update().get(pk=goal.pk)
        number = stored.revisions.count() + 1
        before = stored.wording()
        after = before | {name: wording[name] for name in wording if before[name] != wording[name]}
        if number > 1 and after == before:
            return None
        for name, value in after.items():
            setattr(stored, name, value)
            setattr(goal, name, value)
        stored.save(update_fields=list(after))
        revision = GoalRevision.objects.create(
            goal=stored,
            number=number,
            reason_th=reason_th,
            reason_en=reason_en,
            actor=actor,
            at=at or timezone.now(),
            **after,
        )
        revision.opinions.set(opinions)
        return revision


def office_of(submission: Submission) -> Agency | None:
    """Return the office that `submission` falls to: the one it was given to, else the lead office of its goal."""
    given = Assignment.objects.select_related("office").filter(submission=submission).first()
    if given:
        return given.office
    return submission.goal.lead_office if submission.goal else None


def assign(submission: Submission, office: Agency | None, *, actor: User, at: datetime | None = None) -> bool:
    """Give `submission` to `office`, or with None back to the lead office of its goal; tell whether that is new."""
    with transaction.atomic():
        # Two at once would both see the office before.
        Submission.everything.select_for_update(of=("self",), no_key=True).get(pk=submission.pk)
        before = Assignment.objects.filter(submission=submission).first()
        if (before.office if before else None) == office:
            return False
        if office:
            Assignment.objects.update_or_create(submission=submission, defaults={"office": office})
        elif before:
            before.delete()
        named = office.title_th if office else ""
        SubmissionEvent.objects.tell(submission, Kind.ASSIGNED, actor=actor, at=at, note=named)
    return True


def draft(
    target: Submission | Campaign | Theme,
    content: Mapping[str, object],
    *,
    goal: DevelopmentGoal | None = None,
    author: User,
    at: datetime | None = None,
) -> AnswerDraft:
    """Begin an answer to one opinion, to a campaign or to a theme, of which `goal` may choose a part.

    Nobody outside the staff reads it. Raises NotPublishedError when the public can read nothing of what it answers.
    """
    row = AnswerDraft(
        **{target._meta.model_name or "": target},
        goal=goal,
        **_content(content),
        author=author,
        changed_at=at or timezone.now(),
    )
    if not row.reached().exists():
        raise NotPublishedError(str(target))
    row.save()
    return row


def redraft(
    seen: AnswerDraft, content: Mapping[str, object], *, author: User, at: datetime | None = None
) -> AnswerDraft:
    """Change a draft from the version that the caller saw; its author is who changed it last. Raises StaleDraftError."""
    changed = AnswerDraft.objects.filter(pk=seen.pk, edition=seen.edition).update(
        **_content(content), author=author, edition=seen.edition + 1, changed_at=at or timezone.now()
    )
    if not changed:
        raise StaleDraftError(seen.pk)
    return AnswerDraft.objects.get(pk=seen.pk)


def discard(seen: AnswerDraft) -> None:
    """Throw a draft away, as the caller saw it. Raises StaleDraftError."""
    if not AnswerDraft.objects.filter(pk=seen.pk, edition=seen.edition).delete()[0]:
        raise StaleDraftError(seen.pk)


def may_approve(row: AnswerDraft, person: User) -> bool:
    """Tell whether `person` may approve a draft: another than its author, where its plan asks for two."""
    target = row.target
    return not (target and target.plan.answers_need_two and row.author_id == person.pk)


def approve(seen: AnswerDraft, *, approver: User, at: datetime | None = None) -> Answer:
    """Make an answer, which never changes, of the draft that the caller saw. `spread` tells of it then.

    The newest answer before to the same opinion, campaign or theme is replaced, and kept. Raises StaleDraftError,
    SamePersonError, NotPublishedError.
    """
    with transaction.atomic():
        rows = AnswerDraft.objects.select_for_update().filter(pk=seen.pk, edition=seen.edition)
        row = rows.first()
        if row is None:
            raise StaleDraftError(seen.pk)
        if not may_approve(row, approver):
            raise SamePersonError(row.pk)
        if not row.reached().exists():
            raise NotPublishedError(str(row))
        # Of two drafts to the same at once the second waits here, and replaces the first's answer.
        _lock(row.target)
        to = {name: getattr(row, name) for name in ("submission_id", "campaign_id", "theme_id", "goal_id")}
        before = Answer.objects.filter(**to)
        answer = Answer.objects.create(
            **to,
            **{name: getattr(row, name) for name in CONTENT},
            author=row.author,
            approver=approver,
            approved_at=at or timezone.now(),
            replaces=before.order_by("-pk").first(),
        )
        row.delete()
        _spread_batch(answer)
    return answer


def spread(answer: Answer) -> int:
    """Note on each published opinion that `answer` reaches, and that was not told yet, that it is answered.

    An opinion that has a newer answer by then is left alone. Returns how many those were; again is harmless. Each batch is a transaction of its own.
    """
    told = 0
    while True:
        with transaction.atomic():
            batch = _spread_batch(answer)
        told += batch
        if batch < BATCH:
            return told


def spread_all() -> int:
    """Tell opinions that came to a campaign or a theme after its answer; return how many those were."""
    return sum(spread(answer) for answer in Answer.objects.in_force().to_many().iterator())


def catch_up(submission: Submission) -> None:
    """Tell an opinion that was published just now of the answers to its campaign and its themes."""
    together = to_the_theme_of(submission)
    if submission.campaign_id:
        together |= Q(campaign=submission.campaign_id)
    for answer in Answer.objects.in_force().filter(together):
        spread(answer)


def catch_up_on(theme: Theme) -> None:
    """Tell the opinions that were given a theme just now of the answers to it."""
    for answer in Answer.objects.in_force().filter(theme=theme):
        spread(answer)


def _spread_batch(answer: Answer) -> int:
    # Of two at once the second waits here, and finds nothing left to tell. The answer itself is sealed: a role
    # that may not change it may not lock it either.
    _lock(answer.target)
    told = AnswerNotice.objects.filter(answer__gte=answer.pk).values("submission")
    rows = list(answer.reached().exclude(pk__in=told).order_by("pk")[:BATCH])
    contacts = Contact.objects.filter(submission__in=rows, wants_updates=True).exclude(email="")
    asked = set(contacts.values_list("submission", flat=True))
    now = timezone.now()
    AnswerNotice.objects.bulk_create(
        AnswerNotice(
            answer=answer,
            submission=row,
            mail=Mail.WAITING if row.pk in asked else Mail.NOT_WANTED,
            due_at=now if row.pk in asked else None,
        )
        for row in rows
    )
    for row in rows:
        SubmissionEvent.objects.tell(
            row, Kind.ANSWERED, actor=answer.approver, at=answer.approved_at, note=f"#{answer.pk}"
        )
    return len(rows)


def _lock(target: Submission | Campaign | Theme | None) -> None:
    if target:
        type(target)._default_manager.select_for_update(of=("self",), no_key=True).get(pk=target.pk)


def answer_to(submission: Submission) -> Answer | None:
    """Return the newest answer that reached an opinion."""
    return Answer.objects.reaching(submission).select_related("office", "theme", "replaces").first()


def answers_on(goal: DevelopmentGoal) -> QuerySet[Answer]:
    """Return the answers in force that reached published opinions on `goal`, the newest first."""
    opinions = Submission.objects.published().filter(goal=goal).order_by()
    told = AnswerNotice.objects.filter(submission__in=opinions.values("pk")).order_by()
    answers = Answer.objects.in_force().filter(pk__in=told.values("answer"))
    return answers.select_related("office", "submission", "theme")


def _content(given: Mapping[str, object]) -> dict[str, object]:
    return {name: given[name] for name in CONTENT if name in given}
