from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments import answering, appeals, authoring, flags, leases, second_persons
from comments.imports import batches
from comments.models import Meeting, Plan, Submission
from tests import meetings
from tests.admin.staff import answers_for, member, signed_in, text
from tests.factories import content, double_checked, reason, staff, submission, unlike
from tests.spreadsheets import csv_bytes, opinions

pytestmark = pytest.mark.django_db

GOAL = "G67-1.1-01"


def published(**said):
    return submission("published", actor=staff("first"), **{"body": unlike(), "goal": GOAL} | said)


def everything():
    """Make one of each thing that can wait."""
    Plan.objects.update(double_check_percent=100)
    submission(body=f"{unlike()} โทร 081-234-5678")
    free = submission(body=unlike())
    leases.take_first(Submission.objects.filter(pk=free.pk), holder=member("moderator"))
    late = published()
    Submission.objects.filter(pk=late.pk).update(moderated_at=timezone.now() - timedelta(days=31))
    answering.draft(published(), content(), author=staff("first"))
    double_checked(published(goal=None), why=reason())
    second_persons.ask(submission(body=unlike()), actor=member("moderator"), note="ช่วยดูด้วย")
    flags.flag(late, voter=unlike(), client="x", reason="insult")
    # Brought in twice: it is one thing to do.
    for _again in range(2):
        batches.keep(csv_bytes(opinions(1)), "a.csv", plan=Plan.objects.current())
    authoring.ask_for_erasure(published())
    appeals.lodge(submission("rejected", actor=staff("first"), body=unlike()), "ขอให้พิจารณาใหม่อีกครั้ง")


def tasks(role):
    """Return what the first page of this role lists, title and number."""
    found = signed_in(role).get("/en/admin/").context["tasks"]
    return {task.title: task.number for task in found}


def test_each_role_reads_what_waits_for_it():
    everything()
    answers_for("responder", published().goal.lead_office)
    assert tasks("moderator") == {
        "Look first: something was noticed": 1,
        "Reported by readers": 1,
        "Appeals to decide": 1,
        "In your hands, one by one": 1,
        "Double-checks for you": 4,
    }
    answers = {"Draft answers to approve": 1, "Opinions without an answer": 4}
    assert tasks("planner") == answers | {"Imports not finished": 1}
    assert tasks("responder") == {"Opinions without an answer": 3}
    assert tasks("administrator") == answers | {
        "Look first: something was noticed": 1,
        "Wait for a second person": 1,
        "Reported by readers": 1,
        "Appeals to decide": 1,
        "Double-checks for you": 4,
        "Two verdicts differ": 1,
        "Imports not finished": 1,
        "Erasures asked for": 1,
    }
    assert "tasks" not in signed_in("nobody").get("/admin/").context or not tasks("nobody")


def test_each_number_leads_to_as_many_rows():
    everything()
    client = signed_in("administrator")
    found = {task.title: task for task in client.get("/en/admin/").context["tasks"]}
    answers = found["Opinions without an answer"]
    assert client.get(answers.address).context["cl"].result_count == answers.number == 3
    assert answers.urgent == "1 is overdue"
    assert client.get(answers.urgent_address).context["cl"].result_count == 1
    for task in found.values():
        assert client.get(task.address).status_code == 200
    for title in ("Draft answers to approve", "Two verdicts differ"):
        assert client.get(found[title].address).context["cl"].result_count == found[title].number


def test_the_totals_of_the_desk_lead_to_their_rows():
    for status in ("pending", "published", "published", "rejected", "withdrawn"):
        submission(status, body=unlike())
    client = signed_in("moderator")
    desk = client.get("/admin/").context["desk"]
    for status, _label, number in desk.lines:
        listed = client.get("/admin/comments/submission/", {"status": status, "only": "opinions"})
        assert listed.context["cl"].result_count == number


def test_who_answers_for_no_office_yet_is_told_so():
    said = "answers for no office yet"
    assert said in text(signed_in("responder").get("/en/admin/"))
    answers_for("responder", published().goal.lead_office)
    assert said not in text(signed_in("responder").get("/en/admin/"))
    assert said not in text(signed_in("moderator").get("/en/admin/"))


def test_who_may_approve_is_not_asked_to_approve_their_own():
    answering.draft(published(), content(), author=member("planner"))
    assert "Draft answers to approve" not in tasks("planner")
    assert tasks("administrator")["Draft answers to approve"] == 1
    Plan.objects.update(answers_need_two=False)
    assert tasks("planner")["Draft answers to approve"] == 1


def duties():
    heard = signed_in("planner").get("/en/admin/").context["heard"]
    return [(duty.title, duty.of, duty.clock.state().value) for duty in heard["duties"]]


def test_days_to_keep_are_those_of_what_is_not_yet_published():
    plan, over = Plan.objects.current(), Meeting.objects.get()
    today = timezone.localdate()
    Meeting.objects.update(clocks_apply=True, held_on=today - timedelta(days=15), summary_published_on=None)
    coming = meetings.coming()
    Meeting.objects.filter(pk=coming.pk).update(
        clocks_apply=True, held_on=today + timedelta(days=14), notice_published_on=None
    )
    assert duties() == [
        ("Summary of the meeting", over, "open"),
        ("Notice of the meeting", coming, "missed"),
    ]
    Meeting.objects.filter(pk=over.pk).update(summary_published_on=today)
    Meeting.objects.filter(pk=coming.pk).update(notice_published_on=today)
    assert duties() == []
    assert "No notice and no summary is due." in text(signed_in("planner").get("/en/admin/"))
    now = timezone.now()
    Plan.objects.update(opens_at=now - timedelta(days=40), closes_at=now - timedelta(days=16))
    assert duties() == [("Summary of the consultation", plan, "missed")]
    Plan.objects.update(summary_due_on=today)
    assert duties() == [("Summary of the consultation", plan, "open")]
    Plan.objects.update(opens_at=now + timedelta(days=20), closes_at=None, summary_due_on=None)
    assert duties() == [("Notice of the consultation", plan, "open")]


def test_how_long_the_consultation_is_open_is_told_to_those_who_see_plans():
    Plan.objects.update(closes_at=timezone.now() + timedelta(days=9, hours=1))
    assert "10 days left" in text(signed_in("moderator").get("/en/admin/"))
    assert "days left" not in text(signed_in("responder").get("/en/admin/"))


def test_without_a_plan_the_first_page_stands():
    Plan.objects.update(is_public=False)
    assert signed_in("administrator").get("/admin/").status_code == 200


@pytest.mark.parametrize(("role", "most"), [("administrator", 24), ("moderator", 17), ("responder", 14)])
def test_the_first_page_asks_no_more_for_three_than_for_one(role, most):
    answers_for("responder", published().goal.lead_office)
    Meeting.objects.update(clocks_apply=True, summary_published_on=None)
    client = signed_in(role)
    counts = []
    for more in (1, 2):
        for _ in range(more):
            everything()
            coming = meetings.coming()
            Meeting.objects.filter(pk=coming.pk).update(clocks_apply=True, notice_published_on=None)
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/admin/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= most


@pytest.mark.parametrize("page", ["enter/", "import/", "matrix/", "summary/", "export/"])
def test_the_pages_beside_the_queue_lead_back_to_it(page):
    body = signed_in("administrator").get(f"/admin/comments/submission/{page}").content.decode()
    crumbs = body.split('class="breadcrumbs"')[1].split("</div>")[0]
    assert 'href="/admin/"' in crumbs
    assert 'href="/admin/comments/submission/"' in crumbs


def test_a_missing_answer_is_asked_for_politely():
    row = published()
    response = signed_in("planner").post(f"/admin/comments/submission/{row.pk}/answer/", {})
    assert "โปรดกรอกข้อมูลในช่องนี้" in text(response)
    assert "ฟิลด์" not in text(response)
