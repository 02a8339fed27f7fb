"""`manage.py demo`: labelled sample submissions, through the same door as real ones."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand
from django.utils import timezone

from comments import intake, moderation, reference_data, themes
from comments.models import DevelopmentGoal, District, Plan, RejectionReason, Sector, Submission, Theme
from comments.models.submissions import OUTSIDE

MODERATOR = "sample-moderator"


class Command(BaseCommand):
    """Add sample submissions in every state; harmless when run again."""

    help = "Add sample submissions, labelled as such on every page and in every export."

    def handle(self, **_: object) -> None:
        """Send each sample, and decide on those that are new."""
        plan = Plan.objects.get(fiscal_year=2567)
        moderator, _created = User.objects.get_or_create(username=MODERATOR, defaults={"is_active": False})
        samples = reference_data.samples()
        now = timezone.now()
        added = 0
        for number, sample in enumerate(samples):
            receipt = intake.receive(
                _statement(plan, sample),
                idempotency_key=f"sample-{number}",
                channel=Submission.Channel.SAMPLE,
                at=now - timedelta(hours=7 * (len(samples) - number)),
            )
            if receipt.is_new:
                added += 1
                _decide(receipt.submission, sample["outcome"], moderator)
        self.stdout.write(f"Sample submissions: {added} added, {len(samples) - added} there already.")
        self.stdout.write(f"Sample themes: {_add_themes(plan, moderator)} added.")


def _statement(plan: Plan, sample: dict[str, str]) -> intake.Statement:
    return intake.Statement(
        plan=plan,
        sector=Sector.objects.get(key=sample["sector"]),
        body=sample["body"],
        goal=DevelopmentGoal.objects.filter(code=sample["goal"]).first(),
        about=sample["about"],
        kind=sample["kind"],
        stance=sample["stance"],
        district=District.objects.filter(code=sample["district"]).first(),
        is_outside_bangkok=sample["district"] == OUTSIDE,
    )


def _add_themes(plan: Plan, moderator: User) -> int:
    """Give each new theme to the samples for which its key words suggest it; return how many are new."""
    rows = list(Submission.objects.kept().filter(plan=plan, channel=Submission.Channel.SAMPLE))
    added = 0
    for position, wording in enumerate(reference_data.sample_themes(), start=1):
        code = wording.pop("code")
        if Theme.objects.filter(plan=plan, code=code).exists():
            continue
        theme = Theme.objects.create(plan=plan, code=code, position=position, **wording)
        themes.record(theme, actor=moderator)
        themes.tag([row for row in rows if themes.suggested(row.words, [theme])], theme, actor=moderator)
        added += 1
    return added


def _decide(submission: Submission, outcome: str, moderator: Any) -> None:
    if outcome == Submission.Status.PUBLISHED:
        moderation.publish(submission, actor=moderator)
    elif outcome != Submission.Status.PENDING:
        reason = RejectionReason.objects.get(code=outcome)
        moderation.reject(submission, actor=moderator, reason=reason)
