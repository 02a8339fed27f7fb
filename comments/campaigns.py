"""Put copies of one text together as they come in, without refusing anybody.

A new text joins the campaign of an equal text, else of the first near one among those that share most
bands with it; if that one stood alone, the two found a campaign. A text of its own is filed for the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Length

from comments import likeness
from comments.likeness import Known, Text
from comments.models import Band, Campaign, Plan, Submission, SubmissionEvent
from comments.models.storing_rows import send
from comments.models.submission_rows import words_column
from comments.text import similarity
from comments.text.spans import Span

if TYPE_CHECKING:
    from django.contrib.auth.models import User

Kind = SubmissionEvent.Kind
# A campaign is known by this many members at most: its first, and shorter ones, which add less of their own.
_MOST_FILED = 4
_SHORTER_BY = 20


class NotAMemberError(Exception):
    """The submission belongs to no campaign."""


class StaleGroupError(Exception):
    """The submission has come into another campaign, or what it was to be put with is gone."""


def place(texts: Sequence[Text]) -> list[Text]:
    """Put texts of one plan that are about to be stored with their like, each as if those before it were stored.

    The caller has called `one_by_one`, stores them with the campaigns that they have now, and files what this returns.
    """
    return _sort(texts, Submission.objects) if texts else []


def file(texts: Iterable[Text]) -> None:
    """Let texts whose submissions are stored be found by those to come."""
    send(Band.objects.filing({text.submission.pk: text.numbers for text in texts}))


def gather(*, batch: int = 500) -> Iterator[int]:
    """Put those that stand alone with their like, as if they came in now; yield how many of each batch.

    For what was stored before campaigns were. What somebody split off is neither moved nor joined. Each
    submission is a transaction of its own, so that nobody who sends something in has to wait.
    """
    were_split = Exists(SubmissionEvent.objects.filter(submission=OuterRef("pk"), kind=Kind.SPLIT))
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
        file([Text(submission)])
        _keep_known(campaign)
        event = SubmissionEvent.objects.tell(submission, Kind.SPLIT, actor=actor, note=reason)
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
        event = SubmissionEvent.objects.tell(
            row, Kind.JOINED, actor=actor, before=str(before or ""), after=str(campaign), note=note
        )
    submission.campaign = campaign
    return event


def rejoin(submission: Submission, before: str) -> None:
    """Group a submission anew whose words were others `before`; the caller has called `one_by_one`.

    One that the staff took out of a campaign stays on its own, one that they put into it stays there.
    """
    campaign, by_hand = submission.campaign, SubmissionEvent.objects.put_by_hand(submission)
    stays = campaign if by_hand == Kind.JOINED else None
    submission.campaign = stays
    Submission.objects.filter(pk=submission.pk).update(campaign=stays)
    # By number, since there is no index by submission.
    filed = similarity.bands(before, scope=str(submission.plan_id))
    Band.objects.filter(number__in=filed, submission=submission).delete()
    if campaign is not None:
        _keep_known(campaign)
    if by_hand == Kind.SPLIT:
        file([Text(submission)])
    elif stays is None:
        file(_sort([Text(submission)], Submission.objects.exclude(pk=submission.pk)))


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
    """Return the words that stand for a campaign, of members in every state: for staff only."""
    chosen = representative(Submission.objects.filter(campaign=campaign))
    return chosen.words if chosen else ""


def own_additions(submission: Submission, common: str) -> list[Span]:
    """Return where a member says more than the `common` text, in code points of its words."""
    return similarity.additions(common, submission.words)


def like(submission: Submission) -> QuerySet[Submission]:
    """Return the others of its plan whose words are equal or near, in whatever state and campaign."""
    near = likeness.near(Text(submission))
    groups = {row.campaign_id for row in [submission, *near] if row.campaign_id}
    same = Q(pk__in=[row.pk for row in near]) | Q(campaign__in=groups)
    equal = Q(plan_id=submission.plan_id, fingerprint=submission.fingerprint)
    return Submission.objects.filter(same | equal).exclude(pk=submission.pk)


def one_by_one(plan_id: int) -> Plan:
    """Wait until nobody else groups texts of a plan, for as long as the transaction lasts; return it as it is now."""
    return Plan.objects.locked(plan_id)


def _rejoin(submission: Submission, others: QuerySet[Submission]) -> bool:
    """Take a submission out of the file and put it with its like, or file it again; tell whether it has any.

    First come the earlier ones, as when each came in after the other; then the campaigns of later ones.
    """
    text = Text(submission)
    Band.objects.filter(number__in=text.numbers, submission_id=submission.pk).delete()
    filed = _sort([text], others.filter(pk__lt=submission.pk), before=submission.pk)
    if submission.campaign is None:
        filed = _sort([text], others.exclude(campaign=None))
    file(filed)
    return submission.campaign is not None


def _sort(texts: Sequence[Text], others: likeness.Rows, *, before: int | None = None) -> list[Text]:
    """Put each text with its like among `others` and the texts before it; return those to be filed.

    What is stored is written: campaigns, and who has come into one. What is not is left to the caller.
    """
    known = Known(texts, others, before=before)
    sorting = _Sorting()
    filed = []
    for text in texts:
        if sorting.place(text, known):
            known.file(text)
            filed.append(text)
        known.note(text.submission)
    sorting.save()
    return filed


class _Sorting:
    """Campaigns that are founded or better known, and those stored that come into one; written at the end."""

    def __init__(self) -> None:
        self.founded: list[Campaign] = []
        self.better_known: set[Campaign] = set()
        self.moved: list[Submission] = []

    def place(self, text: Text, known: Known) -> bool:
        """Put a text with its like, and tell whether to file it: it is alone, or helps to find the campaign."""
        if twin := known.twin(text):
            self.together(text.submission, twin)
            return False
        near = known.nearest(text)
        if near is None:
            return True
        campaign = self.together(text.submission, near)
        known.note(near)
        is_shorter = len(text.sketch.squeezed) + _SHORTER_BY <= len(similarity.squeeze(near.words))
        if not is_shorter or campaign.filed >= _MOST_FILED:
            return False
        campaign.filed += 1
        if campaign.pk:
            self.better_known.add(campaign)
        return True

    def together(self, submission: Submission, other: Submission) -> Campaign:
        """Add `submission` to the campaign of `other`, founding it when there is none."""
        campaign = other.campaign
        if campaign is None:
            founded_at = max(submission.received_at, other.received_at)
            campaign = Campaign(plan_id=other.plan_id, founded_at=founded_at)
            self.founded.append(campaign)
            self._put(other, campaign)
        self._put(submission, campaign)
        return campaign

    def _put(self, row: Submission, campaign: Campaign) -> None:
        row.campaign = campaign
        if row.pk:
            self.moved.append(row)

    def save(self) -> None:
        """Write it."""
        if not (self.founded or self.better_known or self.moved):
            return
        Campaign.objects.bulk_create(self.founded)
        Campaign.objects.bulk_update(self.better_known, ["filed"])
        Submission.objects.bulk_update(self.moved, ["campaign"])


def _together(row: Submission, other: Submission) -> Campaign:
    sorting = _Sorting()
    campaign = sorting.together(row, other)
    sorting.save()
    return campaign


def _keep_known(campaign: Campaign) -> None:
    """File the first of those left in a campaign: the one that was split off may have been its only one."""
    first = Submission.objects.filter(campaign=campaign).order_by("pk").first()
    if first is not None:
        file([Text(first)])
