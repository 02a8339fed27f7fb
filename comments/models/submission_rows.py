"""Which submissions there are to ask for: by who may see them, and opinions without replies."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Value
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone

from comments.fields import never
from comments.models.plans import Plan
from comments.references import LOTS
from comments.text.attention import NOTHING, PERSONAL_DATA

if TYPE_CHECKING:
    from typing import Self

    from django.contrib.auth.models import User

    from comments.models.submissions import Submission

OUTSIDE = "outside"
# How long its author may change the words, while nobody has decided.
EDITABLE_FOR = timedelta(hours=24)
_ON_A_CARD = (
    "reference",
    "received_at",
    "about",
    "kind",
    "stance",
    "channel",
    "is_outside_bangkok",
    "body",
    "edited_body",
    "redacted_body",
    "language",
    "display_name",
    "shows_name",
    "agree_count",
    "disagree_count",
    "reply_count",
    "campaign_id",
    "plan_id",
    "parent_id",
    "goal_id",
    "sector_id",
    "district_id",
)


def words_column() -> Coalesce:
    """Return the twin of `Submission.words` for a query."""
    return Coalesce(NullIf("edited_body", Value("", output_field=models.TextField())), "body")


class SubmissionQuerySet(models.QuerySet["Submission"]):
    """Submissions by who may see them and by what they are about."""

    delete = never("What a citizen wrote is never deleted.")

    def published(self) -> Self:
        """Return what the public may see."""
        # Not by a join: SQLite would begin with the plan, and sort what the index of the list has in order.
        return self.filter(status=self.model.Status.PUBLISHED, plan__in=Plan.objects.filter(is_public=True))

    def pending(self) -> Self:
        """Return what waits for a moderator."""
        return self.filter(status=self.model.Status.PENDING)

    def for_a_second_person(self) -> Self:
        """Return what waits for another person than the one who asked."""
        return self.filter(asked__isnull=False)

    def not_asked_by(self, user: User) -> Self:
        """Leave out what `user` has left to another person."""
        return self.exclude(asked__actor=user.pk)

    def as_seen(self, row: Submission) -> Self:
        """Return `row` if it stands as the caller saw it: state, covering, wording, and who asked for a second person."""
        return self.kept().filter(
            pk=row.pk,
            status=row.status,
            redacted_body=row.redacted_body,
            edition=row.edition,
            asked=row.asked_id,
        )

    def with_personal_data(self) -> Self:
        """Return those in whose words something looks like personal data and is not covered."""
        return self.filter(attention__gte=PERSONAL_DATA)

    def sampled(self) -> Self:
        """Return those that the lot has chosen for a double-check, by the share that their plan gives."""
        return self.filter(lot__lt=models.F("plan__double_check_percent") * (LOTS // 100))

    def needing_attention(self) -> Self:
        """Return those in which something was noticed: personal data in sight, or the tone."""
        return self.filter(attention__gt=NOTHING)

    def kept(self) -> Self:
        """Return those whose words are not erased."""
        return self.filter(erased_at=None)

    def editable(self, at: datetime | None = None) -> Self:
        """Return what its author may change at `at`; 24 hours after the receipt is too late."""
        return self.pending().filter(received_at__gt=(at or timezone.now()) - EDITABLE_FOR)

    def appealed(self) -> Self:
        """Return those of which the author waits for a decision on the appeal against their rejection."""
        rejected = self.kept().filter(status=self.model.Status.REJECTED)
        return rejected.filter(appeals__outcome="")

    def flagged(self) -> Self:
        """Return those about which reports of readers wait."""
        return self.filter(flag_count__gt=0)

    def in_district(self, code: str) -> Self:
        """Return submissions from a district, or from outside Bangkok."""
        if code == OUTSIDE:
            return self.filter(is_outside_bangkok=True)
        return self.filter(district__code=code)

    def with_theme(self, theme: int) -> Self:
        """Return those that have the theme with this key."""
        return self.filter(tags__theme=theme)

    def without_theme(self) -> Self:
        """Return opinions that have no theme yet."""
        return self.opinions().filter(tags=None)

    def one_of_each_campaign(self) -> Self:
        """Leave out members of campaigns of which an earlier one is among these: one stands for all.

        Narrow the rows before; what comes after doesn't change who stands for whom.
        """
        earlier = self.filter(campaign=models.OuterRef("campaign"), pk__lt=models.OuterRef("pk"))
        return self.exclude(models.Exists(earlier))

    def opinions(self) -> Self:
        """Leave out the replies."""
        return self.filter(parent=None)

    def replies(self) -> Self:
        """Return the replies alone."""
        return self.filter(parent__isnull=False)

    def published_replies_to(self, opinion: Submission) -> Self:
        """Return the replies that stand below a published `opinion`."""
        return self.published().filter(parent=opinion)

    def to_decide(self) -> Self:
        """Fetch with each submission what a decision on it asks for."""
        return self.select_related("plan", "asked__actor", "asked__reason")

    def with_labels(self) -> Self:
        """Fetch with each submission what a list shows of it."""
        return self.select_related(
            "plan", "goal__strategy__parent", "meeting", "sector", "district", "reason", "parent"
        )

    def with_card(self) -> Self:
        """Fetch of each opinion the columns that its card shows, and no more: plan and names are for the caller to set."""
        return self.only(*_ON_A_CARD)


_EveryManager = models.Manager.from_queryset(SubmissionQuerySet)


class OpinionManager(_EveryManager["Submission"]):
    """Opinions. A reply is none: whoever counts, lists or exports can't take one for an opinion unawares."""

    def get_queryset(self) -> SubmissionQuerySet:
        """Leave out the replies."""
        return SubmissionQuerySet(self.model, using=self._db).opinions()
