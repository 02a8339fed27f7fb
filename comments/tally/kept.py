"""What is asked for beside every page, from the numbers that the database keeps by itself (`comments.models.standing`)."""

from __future__ import annotations

from dataclasses import fields

from django.db import connections, router
from django.db.models import Exists, OuterRef, Sum

from comments.models import Campaign, Plan, Standing, Submission
from comments.tally.opinions import Heard, Totals

_NAMES = [field.name for field in fields(Totals)]
# By hand, because the first page asks for it each time.
_TOTALS = (
    f"SELECT {', '.join(f'SUM({name})' for name in _NAMES)} FROM {Standing._meta.db_table} WHERE plan_id = %s"  # noqa: S608 - our own names
)


def plan_totals(plan: Plan) -> Totals:
    """Return the row-accounted totals of a plan."""
    with connections[router.db_for_read(Standing)].cursor() as cursor:
        cursor.execute(_TOTALS, [plan.pk])
        numbers = (int(number or 0) for number in cursor.fetchone())
        return Totals(**dict(zip(_NAMES, numbers, strict=True)))


def published_by_goal(plan: Plan) -> dict[int | None, int]:
    """Return the number of published submissions of a public plan by goal; None is the plan as a whole."""
    rows = Standing.objects.filter(plan=plan, plan__is_public=True)
    return {goal: n for goal, n in rows.values_list("goal").annotate(n=Sum("published")) if n}


def heard_on(plan: Plan) -> Heard:
    """Return how many published opinions and different texts a public plan holds."""
    counts = Standing.objects.filter(plan=plan, plan__is_public=True).aggregate(
        published=Sum("published", default=0), alone=Sum("alone", default=0)
    )
    members = Submission.objects.published().filter(campaign=OuterRef("pk"))
    heard_together = Campaign.objects.filter(Exists(members), plan=plan).count()
    return Heard(counts["published"], counts["alone"] + heard_together)
