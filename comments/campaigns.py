"""Put copies of one text together as they come in, without refusing anybody.

A new text joins the campaign of an equal text, else of the first near one among those that share most
bands with it; if that one stood alone, the two found a campaign. A text of its own is filed for the next.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Length

from comments.models import Band, Campaign, Plan, Submission, SubmissionEvent
from comments.models.submission_rows import words_column
from comments.text import similarity
from comments.text.spans import Span

if TYPE_CHECKING:
    from django.contrib.auth.models import User

# A new text is compared with this many others at most.
MOST_LOOKED_AT = 50
# A campaign is known by this many members at most: its first, and shorter ones, which add less of their own.
_MOST_FILED = 4
_SHORTER_BY = 20


class NotAMemberError(Exception):
    """The submission belongs to no campaign."""


class StaleGroupError(Exception):
    """The submission has come into another campaign, or what it was to be put with is gone."""


def join(submission: Submission) -> Campaign | None:
    """Put a submission that was just stored with its like, or file it for those to come.

    Returns its campaign, None while it stands alone. Runs in the transaction that stores it, and one
    by one for each plan, so that of two copies at once the second sees the first.
    """
    one_by_one(submission.plan_id)
    text = _Text(submission)
    campaign = _join(text, Submission.objects.exclude(pk=submission.pk))
    if campaign is None:
        Band.objects.file(submission, text.numbers)
    return campaign


def gather(*, batch: int = 500) -> Iterator[int]:
    """Put those that stand alone with their like, as if they came in now; yield how many of each batch.

    For what was stored before campaigns were. What somebody split off is neither moved nor joined. Each
    submission is a transaction of its own, so that nobody who sends something in has to wait.
    """
    were_split = Exists(
        SubmissionEvent.objects.filter(submission=OuterRef("pk"), kind=SubmissionEvent.Kind.SPLIT)
    )
    apart = Q(were_split, campaign=None)
    alone = Submission.objects.kept().filter(campaign=None).exclude(apart).order_by("pk")
    last = 0
    while keys := list(alone.filter(pk__gt=last).values_list("pk", "plan_id")[:batch]):
        joined = 0
        for pk, plan_id in keys:
            with transaction.atomic():
                one_by_one(plan_id)
                # A copy may have come in meanwhile and taken it along.
                row = alone.filter(pk=pk).first()
                joined += row is not None and _rejoin(row, Submission.objects.exclude(apart))
        last = keys[-1][0]
        yield joined


def split(submission: Submission, *, actor: User, reason: str) -> SubmissionEvent:
    """Take a submission out of its campaign, for good, and write the event.

    Texts that come later may gather around it, in a campaign of its own; into the old one it never
    returns. Raises ValueError for an empty reason, NotAMemberError.
    """
    if not reason.strip():
        raise ValueError("a reason is needed")
    with transaction.atomic():
        one_by_one(submission.plan_id)
        campaign = Campaign.objects.filter(members=submission).first()
        if campaign is None:
            raise NotAMemberError(submission.reference)
        Submission.objects.filter(pk=submission.pk).update(campaign=None)
        Band.objects.file(submission, _bands(submission))
        _keep_known(campaign)
        event = SubmissionEvent.objects.create(
            submission=submission,
            kind=SubmissionEvent.Kind.SPLIT,
            actor=actor,
            from_status=submission.status,
            to_status=submission.status,
            note=reason,
        )
    submission.campaign = None
    return event


def add(submission: Submission, to: Campaign | Submission, *, actor: User, note: str = "") -> SubmissionEvent:
    """Put a submission into the campaign `to`, or together with the opinion `to`, and write the event.

    It leaves the campaign in which the caller saw it; from now on only the staff take it out. Raises ValueError for
    another plan, itself or where it is already, StaleGroupError for what has moved on since, and for replies.
    """
    with transaction.atomic():
        one_by_one(submission.plan_id)
        rows = Submission.objects.kept().select_related("campaign")
        row = rows.filter(pk=submission.pk, campaign=submission.campaign_id).first()
        other = rows.filter(pk=to.pk).first() if isinstance(to, Submission) else None
        if row is None or (isinstance(to, Submission) and other is None):
            raise StaleGroupError(submission.reference)
        campaign = to if isinstance(to, Campaign) else (other.campaign if other else None)
        if row == other or to.plan_id != row.plan_id or (campaign and campaign == row.campaign):
            raise ValueError("it is there already, or can't be")
        before = row.campaign
        if before:
            # Else texts that are like it would follow it.
            leave(row)
        campaign = _together(row, other) if other else campaign
        Submission.objects.filter(pk=row.pk).update(campaign=campaign)
        event = SubmissionEvent.objects.create(
            submission=row,
            kind=SubmissionEvent.Kind.JOINED,
            actor=actor,
            from_status=row.status,
            to_status=row.status,
            before=str(before or ""),
            after=str(campaign),
            note=note,
        )
    submission.campaign = campaign
    return event


def rejoin(submission: Submission, before: str) -> None:
    """Group a submission anew whose words were others `before`; the caller has called `one_by_one`.

    One that the staff took out of a campaign stays on its own, one that they put into it stays there.
    """
    campaign, by_hand = submission.campaign, SubmissionEvent.objects.put_by_hand(submission)
    stays = campaign if by_hand == SubmissionEvent.Kind.JOINED else None
    submission.campaign = stays
    Submission.objects.filter(pk=submission.pk).update(campaign=stays)
    # By number, since there is no index by submission.
    filed = similarity.bands(before, scope=str(submission.plan_id))
    Band.objects.filter(number__in=filed, submission=submission).delete()
    if campaign is not None:
        _keep_known(campaign)
    if by_hand == SubmissionEvent.Kind.SPLIT:
        Band.objects.file(submission, _bands(submission))
    elif stays is None:
        join(submission)


def leave(submission: Submission) -> None:
    """Take a submission out of its campaign and out of the file; the caller has called `one_by_one`."""
    campaign, submission.campaign = submission.campaign, None
    Submission.objects.filter(pk=submission.pk).update(campaign=None)
    # By no number: an earlier algorithm may have filed it under others.
    Band.objects.filter(submission=submission).delete()
    if campaign is not None:
        _keep_known(campaign)


def representative(rows: QuerySet[Submission]) -> Submission | None:
    """Return the one of `rows` whose words stand for all: the wording that most of them share.

    Of wordings shared by as many the shortest, which adds least of its own, then the first.
    """
    wordings = rows.order_by().values("fingerprint")
    counted = wordings.annotate(sent=Count("pk"), length=Min(Length(words_column())), first=Min("pk"))
    most = counted.order_by("-sent", "length", "first").values("first")[:1]
    return Submission.objects.filter(pk=Subquery(most)).first()


def common_text(campaign: Campaign) -> str:
    """Return the words that stand for a campaign, of members in every state: for staff only.

    For the public, show the public words of `representative(campaign.members.published())`.
    """
    chosen = representative(Submission.objects.filter(campaign=campaign))
    return chosen.words if chosen else ""


def own_additions(submission: Submission, common: str) -> list[Span]:
    """Return where a member says more than the `common` text, in code points of its words."""
    return similarity.additions(common, submission.words)


def like(submission: Submission) -> QuerySet[Submission]:
    """Return the others of its plan whose words are equal or near, in whatever state and campaign."""
    text = _Text(submission)
    near = [
        row
        for row in Submission.objects.filter(pk__in=Band.objects.sharing(text.numbers)[:MOST_LOOKED_AT])
        if similarity.Sketch(row.words).nearness(text.sketch) >= similarity.NEAR
    ]
    groups = {row.campaign_id for row in [submission, *near] if row.campaign_id}
    same = Q(pk__in=[row.pk for row in near]) | Q(campaign__in=groups)
    equal = Q(plan_id=submission.plan_id, fingerprint=submission.fingerprint)
    return Submission.objects.filter(same | equal).exclude(pk=submission.pk)


def one_by_one(plan_id: int) -> None:
    """Wait until nobody else groups texts of a plan, for as long as the transaction lasts."""
    # On SQLite a writer is alone anyway. Foreign keys to the plan don't wait for this lock.
    Plan.objects.select_for_update(no_key=True).only("pk").get(pk=plan_id)


class _Text:
    """A text that looks for its like; what it takes to compare it is worked out once, and only when needed."""

    def __init__(self, submission: Submission) -> None:
        self.submission = submission

    @cached_property
    def sketch(self) -> similarity.Sketch:
        return similarity.Sketch(self.submission.words)

    @cached_property
    def numbers(self) -> list[int]:
        return self.sketch.bands(scope=str(self.submission.plan_id))


def _rejoin(submission: Submission, others: QuerySet[Submission]) -> bool:
    """Take a submission out of the file and put it with its like, or file it again; tell whether it has any.

    First come the earlier ones, as when each came in after the other; then the campaigns of later ones.
    """
    text = _Text(submission)
    Band.objects.filter(number__in=text.numbers, submission_id=submission.pk).delete()
    earlier = others.filter(pk__lt=submission.pk)
    campaign = _join(text, earlier, before=submission.pk) or _join(text, others.exclude(campaign=None))
    if campaign is None:
        Band.objects.file(submission, text.numbers)
    return campaign is not None


def _join(text: _Text, others: QuerySet[Submission], *, before: int | None = None) -> Campaign | None:
    """Put a text with its like among `others`; file it if it helps to find the campaign."""
    submission = text.submission
    if twin := _twin(submission, others):
        return _together(submission, twin)
    near = _nearest(text, others, before)
    if near is None:
        return None
    campaign = _together(submission, near)
    is_shorter = len(text.sketch.squeezed) + _SHORTER_BY <= len(similarity.squeeze(near.words))
    if is_shorter and campaign.filed < _MOST_FILED:
        Band.objects.file(submission, text.numbers)
        Campaign.objects.filter(pk=campaign.pk).update(filed=F("filed") + 1)
    return campaign


def _twin(submission: Submission, others: QuerySet[Submission]) -> Submission | None:
    """Return one of `others` with equal words, rather one in a campaign."""
    equal = others.filter(plan_id=submission.plan_id, fingerprint=submission.fingerprint)
    return equal.select_related("campaign").order_by(F("campaign").asc(nulls_last=True), "pk").first()


def _nearest(text: _Text, others: QuerySet[Submission], before: int | None) -> Submission | None:
    """Return the first near text of `others` among those that share most bands."""
    ranked = Band.objects.sharing(text.numbers, before)[:MOST_LOOKED_AT]
    if not ranked:
        return None
    stored = others.select_related("campaign").in_bulk(ranked)
    for pk in filter(stored.__contains__, ranked):
        if similarity.Sketch(stored[pk].words).nearness(text.sketch) >= similarity.NEAR:
            return stored[pk]
    return None


def _together(submission: Submission, other: Submission) -> Campaign:
    """Add `submission` to the campaign of `other`, founding it when there is none."""
    campaign = other.campaign
    if campaign is None:
        founded_at = max(submission.received_at, other.received_at)
        campaign = Campaign.objects.create(plan_id=other.plan_id, founded_at=founded_at)
        Submission.objects.filter(pk=other.pk).update(campaign=campaign)
    Submission.objects.filter(pk=submission.pk).update(campaign=campaign)
    submission.campaign = campaign
    return campaign


def _bands(submission: Submission) -> list[int]:
    return similarity.bands(submission.words, scope=str(submission.plan_id))


def _keep_known(campaign: Campaign) -> None:
    """File the first of those left in a campaign: the one that was split off may have been its only one."""
    first = Submission.objects.filter(campaign=campaign).order_by("pk").first()
    if first is not None:
        Band.objects.file(first, _bands(first))
