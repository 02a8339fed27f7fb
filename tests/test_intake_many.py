"""Many at once come in as if one after the other."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments import intake, references
from comments.models import Band, Campaign, Contact, Plan, SearchEntry, Submission, SubmissionEvent
from tests.factories import receive, staff, statement, unlike
from tests.test_campaigns import CHANGED
from tests.text.test_similarity import OTHER, REMARK, TEMPLATE

pytestmark = pytest.mark.django_db
THIRD = "ขอให้เพิ่มรถเมล์สายที่ผ่านโรงพยาบาลและตลาดในวันหยุด เพราะผู้สูงอายุต้องรอนานมากทุกสัปดาห์"
# Copies, near copies, twins, a chain, texts alone, short ones, and some that say the same under the same key.
BODIES = [
    OTHER,
    TEMPLATE,
    unlike(),
    f"{REMARK} {TEMPLATE}",
    "เห็นด้วยกับเป้าหมายนี้",
    CHANGED,
    TEMPLATE.replace(" ", "") + "ครับ",
    f"{THIRD} {REMARK}",
    THIRD,
    f"{THIRD} ขอบคุณที่รับฟังเสียงของคนในชุมชนเล็ก ๆ",
    "เห็นด้วยกับเป้าหมายนี้ค่ะ",
    OTHER + "!",
    unlike(),
    *(f"{TEMPLATE} {REMARK} ครั้งที่ {number}" for number in range(6)),
    "👍👍👍👍👍👍👍👍👍👍👍👍",
]


# Keys, what is drawn by chance, and the moment.
OWN = {
    "id",
    "plan",
    "campaign",
    "reference",
    "lot",
    "idempotency_hash",
    "secret_hash",
    "recorded_at",
    "received_at",
}
SAID = [field.attname for field in Submission._meta.concrete_fields if field.name not in OWN]


def another_plan():
    plan = Plan.objects.current()
    plan.pk, plan.fiscal_year = None, 2568
    plan.save(force_insert=True)
    return plan


def statements(plan):
    """Return what is said, some of it with all that can be said besides."""
    return [
        statement(
            plan=plan,
            body=body,
            email=f"{number}@example.org" if number % 3 == 0 else "",
            wants_updates=number % 6 == 0,
            stance="agree" if number % 2 else "",
            sector="academic" if number % 5 == 0 else "citizen",
        )
        for number, body in enumerate(BODIES)
    ]


def prepared(said, plan, first=0):
    return [
        intake.prepare(one, idempotency_key=f"{plan.pk}-{number}", channel="import")
        for number, one in enumerate(said, start=first)
    ]


def stored(plan):
    """Return all that is stored of a plan's opinions, with their places in the order they came instead of keys."""
    keys = list(Submission.objects.filter(plan=plan).order_by("pk").values_list("pk", flat=True))
    place = {key: number for number, key in enumerate(keys)}
    rows = Submission.objects.filter(pk__in=keys).order_by("pk")
    of_these = {"submission__in": keys}
    return {
        "said": list(rows.values_list(*SAID)),
        "campaigns": [
            ([place[key] for key in one.members.order_by("pk").values_list("pk", flat=True)], one.filed)
            for one in Campaign.objects.filter(plan=plan).order_by("pk")
        ],
        "founded": [
            one.founded_at in set(one.members.values_list("received_at", flat=True))
            for one in Campaign.objects.filter(plan=plan)
        ],
        "filed": Counter(
            place[key] for key in Band.objects.filter(**of_these).values_list("submission", flat=True)
        ),
        "events": [
            (place[one.submission_id], one.kind, one.actor_id, one.from_status, one.to_status)
            for one in SubmissionEvent.objects.filter(**of_these).order_by("submission", "pk")
        ],
        "found by": [
            (place[one.submission_id], one.scope, one.text, one.leaves, one.version)
            for one in SearchEntry.objects.filter(**of_these).order_by("submission", "scope")
        ],
        "contacts": [
            (place[one.submission_id], one.email, one.phone, one.wants_updates)
            for one in Contact.objects.filter(**of_these).order_by("submission")
        ],
    }


@pytest.mark.parametrize("at_once", [3, len(BODIES)])
def test_many_at_once_are_stored_as_one_after_the_other(at_once):
    plan, other = Plan.objects.current(), another_plan()
    actor = staff("planner")
    for one in prepared(statements(plan), plan):
        intake.receive_many([one], actor=actor)
    said = statements(other)
    for first in range(0, len(said), at_once):
        outcomes = intake.receive_many(prepared(said[first : first + at_once], other, first), actor=actor)
        assert all(outcome.is_new for outcome in outcomes)
    assert stored(other) == stored(plan)
    assert len(stored(plan)["campaigns"]) == 4


def test_each_of_many_has_an_outcome_of_its_own():
    plan = Plan.objects.current()
    before = receive(key="there", body=OTHER).submission

    def ready(key, body, **said):
        return intake.prepare(statement(body=body, **said), idempotency_key=key, channel="import")

    late = intake.prepare(
        statement(body=unlike()),
        idempotency_key="late",
        channel="import",
        at=plan.opens_at - timedelta(days=1),
    )
    outcomes = intake.receive_many(
        [
            ready("there", OTHER),
            ready("new", THIRD),
            late,
            ready("there", TEMPLATE),
            ready("new", THIRD),
            ready("new", OTHER),
        ]
    )
    kinds = [type(outcome) for outcome in outcomes]
    refused = intake.AlreadySentError
    assert kinds == [
        intake.Receipt,
        intake.Receipt,
        intake.NotAcceptingError,
        refused,
        intake.Receipt,
        refused,
    ]
    assert [outcomes[at].is_new for at in (0, 1, 4)] == [False, True, False]
    assert outcomes[0].submission == outcomes[3].submission == before
    assert outcomes[1].submission == outcomes[4].submission == outcomes[5].submission
    assert outcomes[1].secret == outcomes[4].secret
    assert Submission.objects.count() == SubmissionEvent.objects.count() == 2


def test_taken_references_are_drawn_anew(monkeypatch):
    taken = receive().submission.reference
    real, drawn = references.draw, iter(["67-0000-0000", taken])
    monkeypatch.setattr(references, "draw", lambda year: next(drawn, None) or real(year))
    plan = Plan.objects.current()
    outcomes = intake.receive_many(prepared([statement(body=OTHER), statement(body=OTHER)], plan))
    assert all(outcome.is_new for outcome in outcomes)
    assert Campaign.objects.count() == 1
    assert Submission.objects.count() == 3


def test_the_number_of_statements_does_not_grow_with_the_rows():
    plan = Plan.objects.current()
    for body in (TEMPLATE, OTHER, THIRD):
        receive(body=body)

    def statements_for(*bodies):
        ready = prepared([statement(body=body) for body in bodies], plan, first=len(bodies) * 100)
        with CaptureQueriesContext(connection) as queries:
            intake.receive_many(ready)
        return len(queries)

    few = statements_for(TEMPLATE, unlike())
    assert (
        statements_for(*(f"{body} {REMARK}" for body in (OTHER, THIRD)), *(unlike() for _ in range(20)))
        <= few + 1
    )
    assert few <= 15
