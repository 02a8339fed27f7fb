"""Put copies of one text together as they come in, without refusing anybody.

A new text joins the campaign of an equal text, else of the first near one among those that share most
bands with it; if that one stood alone, the two found a campaign. A text of its own is filed for the next.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any

from django.db import connections, transaction
from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Length

from comments.models import Band, Campaign, Plan, Submission, SubmissionEvent
from comments.models.submissions import words_column
from comments.text import similarity
from comments.text.spans import Span

if TYPE_CHECKING:
    from django.contrib.auth.models import User

# A new text is compared with this many others at most.
MOST_LOOKED_AT = 50
# Of each number no more rows are read than this: a phrase that everybody uses can't slow intake down.
_MOST_OF_A_BAND = 100
# A campaign is known by this many members at most: its first, and shorter ones, which add less of their own.
_MOST_FILED = 4
_SHORTER_BY = 20


class NotAMemberError(Exception):
    """The submission belongs to no campaign."""


def join(submission: Submission) -> Campaign | None:
    """Put a submission that was just stored with its like, or file it for those to come.

    Returns its campaign, None while it stands alone. Runs in the transaction that stores it, and one
    by one for each plan, so that of two copies at once the second sees the first.
    """
    one_by_one(submission.plan_id)
    text = _Text(submission)
    campaign = _join(text, Submission.objects.exclude(pk=submission.pk))
    if campaign is None:
        _file(submission, text.numbers)
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
        _file(submission, _bands(submission))
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


def rejoin(submission: Submission, before: str) -> None:
    """Group a submission anew whose words were others `before`; the caller has called `one_by_one`.

    One that the staff took out of a campaign stays on its own.
    """
    campaign, submission.campaign = submission.campaign, None
    Submission.objects.filter(pk=submission.pk).update(campaign=None)
    # By number, since there is no index by submission.
    filed = similarity.bands(before, scope=str(submission.plan_id))
    Band.objects.filter(number__in=filed, submission=submission).delete()
    if campaign is not None:
        _keep_known(campaign)
    if submission.events.filter(kind=SubmissionEvent.Kind.SPLIT).exists():
        _file(submission, _bands(submission))
    else:
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
        for row in Submission.objects.filter(pk__in=_candidates(text.numbers, None))
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
        _file(submission, text.numbers)
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
        _file(submission, text.numbers)
        Campaign.objects.filter(pk=campaign.pk).update(filed=F("filed") + 1)
    return campaign


def _twin(submission: Submission, others: QuerySet[Submission]) -> Submission | None:
    """Return one of `others` with equal words, rather one in a campaign."""
    equal = others.filter(plan_id=submission.plan_id, fingerprint=submission.fingerprint)
    return equal.select_related("campaign").order_by(F("campaign").asc(nulls_last=True), "pk").first()


def _nearest(text: _Text, others: QuerySet[Submission], before: int | None) -> Submission | None:
    """Return the first near text of `others` among those that share most bands."""
    ranked = _candidates(text.numbers, before)
    if not ranked:
        return None
    stored = others.select_related("campaign").in_bulk(ranked)
    for pk in filter(stored.__contains__, ranked):
        if similarity.Sketch(stored[pk].words).nearness(text.sketch) >= similarity.NEAR:
            return stored[pk]
    return None


def _candidates(numbers: list[int], before: int | None) -> list[int]:
    """Return the keys of those filed under most of `numbers` (below `before`), the earliest first among equals."""
    if not numbers:
        return []
    connection = connections[Band.objects.db]
    condition = "" if before is None else f" AND submission_id < {before:d}"
    of_band = f"SELECT submission_id FROM {_table()} WHERE number = {{}}{condition} LIMIT {_MOST_OF_A_BAND}"  # noqa: S608
    if connection.vendor == "postgresql":
        # To plan one query for each number takes three times as long as to run them.
        query = f"SELECT part.* FROM unnest(%s) AS asked, LATERAL ({of_band.format('asked')}) AS part"  # noqa: S608
        parameters: list[Any] = [numbers]
    else:
        # The ORM can't limit each part of a union on SQLite.
        query = " UNION ALL ".join([f"SELECT * FROM ({of_band.format('%s')}) AS part"] * len(numbers))  # noqa: S608
        parameters = numbers
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        shared = Counter(key for (key,) in cursor.fetchall())
    return sorted(shared, key=lambda key: (-shared[key], key))[:MOST_LOOKED_AT]


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


def _table() -> str:
    return connections[Band.objects.db].ops.quote_name(Band._meta.db_table)


def _file(submission: Submission, numbers: list[int]) -> None:
    if not numbers:
        return
    # One statement, a third of the time that the ORM takes over 21 objects. It may be filed already.
    rows = [(number, submission.pk) for number in sorted(set(numbers))]
    values = ", ".join(["(%s, %s)"] * len(rows))
    with connections[Band.objects.db].cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {_table()} (number, submission_id) VALUES {values} ON CONFLICT DO NOTHING",  # noqa: S608
            list(chain.from_iterable(rows)),
        )


def _keep_known(campaign: Campaign) -> None:
    """File the first of those left in a campaign: the one that was split off may have been its only one."""
    first = Submission.objects.filter(campaign=campaign).order_by("pk").first()
    if first is not None:
        _file(first, _bands(first))
