from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments.models import District, Meeting, Submission
from tests.admin.staff import QUEUE, act, answers_for, listed, page, signed_in, text
from tests.factories import BODY, submission

pytestmark = pytest.mark.django_db


def ago(**time):
    return timezone.now() - timedelta(**time)


def test_the_queue_opens_on_what_is_pending_oldest_first():
    newer, older = submission(at=ago(days=1)), submission(at=ago(days=3))
    submission("published"), submission("rejected"), submission("withdrawn")
    assert listed(signed_in("moderator").get(QUEUE)) == [older.reference, newer.reference]


def test_every_status_is_shown_when_asked_for_newest_first():
    rows = [submission(status, at=ago(days=age)) for age, status in enumerate(Submission.Status.values)]
    client = signed_in("moderator")
    assert listed(client.get(QUEUE, {"status": "all"})) == [row.reference for row in rows]
    assert listed(client.get(QUEUE, {"status": "rejected"})) == [rows[2].reference]
    assert listed(client.get(QUEUE, {"status": "all", "sort": "oldest"})) == [
        row.reference for row in reversed(rows)
    ]


def test_the_counts_of_every_status_are_in_sight_and_add_up():
    for status, count in {"pending": 3, "published": 2, "rejected": 1, "withdrawn": 1}.items():
        for _ in range(count):
            submission(status, sector="academic" if status == "published" else "citizen")
    client = signed_in("moderator")
    shown = text(client.get(QUEUE))
    assert "รอตรวจสอบ 3 เผยแพร่แล้ว 2 ไม่เผยแพร่ 1 ถอนแล้ว 1 ทั้งหมด 7" in shown
    assert "รอตรวจสอบ 0 เผยแพร่แล้ว 2 ไม่เผยแพร่ 0 ถอนแล้ว 0 ทั้งหมด 2" in text(
        client.get(QUEUE, {"sector": "academic"})
    )


def test_each_item_shows_the_whole_text_and_what_is_known_of_it():
    meeting = Meeting.objects.get()
    row = submission(
        body="บรรทัดแรก\nบรรทัดที่สอง " + "ยาว" * 900 + " จบ",
        goal="G67-1.1-01",
        meeting=meeting,
        district=District.objects.get(code="1010"),
        stance="disagree",
        kind="need",
        channel="sample",
        at=ago(days=3, hours=1),
    )
    response = signed_in("moderator").get(QUEUE)
    assert "บรรทัดแรก<br>บรรทัดที่สอง" in response.content.decode()
    shown = text(response)
    for fact in (
        row.body.split("\n")[1],
        row.goal.title_th,
        row.goal.strategy.parent.title_th,
        meeting.title_th,
        "ภาคประชาชน",
        "มีนบุรี",
        "ไม่เห็นด้วย",
        "ความต้องการ",
        "ข้อมูลตัวอย่าง",
        "รอมาแล้ว 3 วัน",
    ):
        assert fact in shown


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("goal=G67-1.1-01", {"goal": "G67-1.1-01"}),
        ("strategy=1", {"goal": "G67-1.1-01"}),
        ("sector=academic", {"sector": "academic"}),
        ("district=1010", {"district": "1010"}),
        ("district=outside", {"is_outside_bangkok": True}),
        ("stance=agree", {"stance": "agree"}),
        ("kind=fact", {"kind": "fact"}),
        ("received_to=24/02/2565", {"at": datetime(2022, 2, 24, 16, 59, tzinfo=UTC)}),
        ("received_to=2022-02-24", {"at": datetime(2022, 2, 24, 16, 59, tzinfo=UTC)}),
        ("received_from=23/02/2565&received_to=23/02/2565", {"at": datetime(2022, 2, 23, tzinfo=UTC)}),
    ],
)
def test_a_filter_shows_what_fits_and_nothing_else(query, said):
    submission(at=datetime(2022, 2, 24, 17, 0, tzinfo=UTC))
    if isinstance(said.get("district"), str):
        said = {"district": District.objects.get(code=said["district"])}
    fits = submission(**said)
    assert listed(signed_in("moderator").get(f"{QUEUE}?{query}")) == [fits.reference]


def test_a_meeting_filters():
    meeting = Meeting.objects.get()
    submission()
    fits = submission(meeting=meeting)
    assert listed(signed_in("moderator").get(QUEUE, {"meeting": meeting.pk})) == [fits.reference]


@pytest.mark.parametrize(
    "query",
    [
        "received_from=never",
        "received_from=31/02/2565",
        "received_from=01/01/0001",
        "goal=nothing",
        "kind=poem",
        "meeting=x%00y",
        "sort=upside-down",
        "sort=%00",
        "personal_data=x",
    ],
)
def test_a_filter_that_means_nothing_shows_nothing_and_says_so(query):
    submission()
    response = signed_in("moderator").get(f"{QUEUE}?{query}")
    assert response.status_code == 200
    assert listed(response) == []
    assert "errorlist" in response.content.decode()
    assert "อ่านตัวกรองเหล่านี้ไม่ได้" in text(response)
    assert "พิจารณาครบทุกรายการแล้ว" not in text(response)


def test_words_are_found_in_any_spelling_variant():
    fits, _other = submission(body="น้ำท่วมขังหน้าบ้านทุกปี"), submission()
    assert listed(signed_in("moderator").get(QUEUE, {"q": "นํ้าท่วม"})) == [fits.reference]


def test_a_reference_is_found_as_people_type_it_whatever_its_status():
    fits, _other = submission("rejected"), submission()
    typed = fits.reference.replace("-", " ").lower()
    client = signed_in("moderator")
    assert listed(client.get(QUEUE, {"q": typed})) == [fits.reference]
    assert listed(client.get(QUEUE, {"q": typed, "status": "pending"})) == []


def test_a_null_character_in_the_search_is_no_error():
    assert signed_in("moderator").get(f"{QUEUE}?q=%00").status_code == 200


@pytest.mark.parametrize(
    "lookup", ["secret_hash__startswith", "body__contains", "contact__email__exact", "x"]
)
def test_hidden_columns_cannot_be_probed(lookup):
    assert signed_in("moderator").get(QUEUE, {lookup: "a"}).status_code in {302, 400}


def test_a_responder_sees_published_words_only():
    hidden = [submission(status, body=f"คำที่ยังไม่เผยแพร่ {status}") for status in ("pending", "rejected")]
    hidden.append(submission("withdrawn", body="คำที่ยังไม่เผยแพร่ withdrawn"))
    shown = submission("published", goal="G67-1.1-01", body="คำที่เผยแพร่แล้ว ทุกคนอ่านได้")
    answers_for("responder", shown.goal.lead_office)
    client = signed_in("responder")
    for query in (
        {},
        {"status": "all"},
        {"status": "pending"},
        {"sector": "citizen", "q": "คำที่"},
        {"q": hidden[0].reference},
    ):
        response = client.get(QUEUE, query)
        assert "คำที่ยังไม่เผยแพร่" not in text(response)
        assert all(row.reference not in listed(response) for row in hidden)
    assert listed(client.get(QUEUE)) == [shown.reference]
    assert [client.get(page(row)).status_code for row in [*hidden, shown]] == [404, 404, 404, 200]


def test_a_responder_reads_no_name_that_its_author_keeps_back():
    row = submission("published", goal="G67-1.1-01", display_name="สมชายผู้ไม่ยินยอม", shows_name=False)
    answers_for("responder", row.goal.lead_office)
    assert "สมชายผู้ไม่ยินยอม" not in text(signed_in("responder").get(page(row)))
    assert "สมชายผู้ไม่ยินยอม" in text(signed_in("moderator").get(page(row)))


def test_nothing_can_be_added_changed_or_deleted():
    row = submission()
    for role in ("moderator", "administrator"):
        client = signed_in(role)
        assert client.post(page(row), {"body": "อื่น"}).status_code == 405
        assert client.post(f"{QUEUE}add/", {"body": "อื่น"}).status_code == 403
        assert client.post(f"{QUEUE}{row.pk}/delete/", {"post": "yes"}).status_code == 403
        response = client.post(
            QUEUE, {"action": "delete_selected", "index": "0", "_selected_action": [row.pk], "post": "yes"}
        )
        assert response.status_code in {200, 302}
        assert "delete_selected" not in client.get(QUEUE, {"status": "all"}).content.decode()
    stored = Submission.objects.get()
    assert (stored.body, stored.status) == (row.body, "pending")


@pytest.mark.parametrize("query", ["", "?sort=attention", "?sort=campaign", "?personal_data=found"])
def test_as_many_queries_for_three_items_as_for_one(query):
    client = signed_in("moderator")
    # One with the same words, so that a campaign is asked for each time.
    body = f"{BODY} โทร 081-000-0000"
    submission("published", body=body)
    counts = []
    for more in (1, 2):
        for _ in range(more):
            submission(body=body, goal="G67-1.1-01", meeting=Meeting.objects.get(), stance="agree")
        with CaptureQueriesContext(connection) as queries:
            assert len(listed(client.get(f"{QUEUE}{query}"))) == 1 + len(counts) * 2
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 23


def test_a_long_queue_is_paged():
    for number in range(26):
        submission(at=ago(days=30 - number))
    client = signed_in("moderator")
    assert [len(listed(client.get(QUEUE, {"p": number}))) for number in (1, 2)] == [25, 1]


def test_planners_export_what_is_ticked_or_all_that_matches():
    rows = [submission(), submission("published"), submission(sector="academic")]
    client = signed_in("planner")
    ticked = act(client, "export_selected", rows[:1])
    every = act(client, "export_selected", rows[:1], query="?status=all&sector=citizen", select_across="1")
    # Reading a file to its end closes it.
    assert [response.getvalue().count(b"\r\n") - 1 for response in (ticked, every)] == [1, 2]
    assert [response["X-Row-Count"] for response in (ticked, every)] == ["1", "2"]
    assert "export_selected" not in signed_in("moderator").get(QUEUE).content.decode()
