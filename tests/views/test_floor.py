import re
from datetime import UTC, datetime, timedelta

import pytest

from comments.models import Meeting, Plan
from comments.views.floor import SECONDS, whose_turn
from tests.factories import submission, unlike
from tests.meetings import meeting as coming
from tests.templatetags.test_qr_codes import read

pytestmark = pytest.mark.django_db
BEGINNING = datetime(2026, 11, 30, tzinfo=UTC)


@pytest.fixture
def meeting():
    return coming()


def wall(client, meeting):
    return client.get(f"/meetings/{meeting.pk}/wall/")


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_short_address_leads_to_the_form_in_its_language(client, meeting, prefix):
    response = client.get(f"{prefix}/m/{meeting.pk}")
    assert (response.status_code, response.url) == (302, f"{prefix}/submit/?meeting={meeting.pk}")
    assert client.get(response.url).context["form"].initial["meeting"] == str(meeting.pk)


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_screen_shows_the_code_and_the_same_address_to_read(client, meeting, prefix):
    response = client.get(f"{prefix}/meetings/{meeting.pk}/floor/")
    link = f"testserver{prefix}/m/{meeting.pk}"
    assert f">{link}</a>" in response.content.decode()
    assert read(drawn(response)) == f"http://{link}"


def drawn(response):
    """Return the QR code as the page draws it."""
    side, path = re.search(r'viewBox="0 0 (\d+) \1".*?<path d="([^"]+)"', response.content.decode()).groups()
    return type("Drawn", (), {"side": int(side), "path": path})


def test_a_closed_consultation_offers_no_form(client, meeting):
    Plan.objects.update(opens_at=None)
    page = client.get(f"/meetings/{meeting.pk}/floor/").content.decode()
    assert "ไม่ได้เปิดรับความคิดเห็น" in page
    assert "/submit/" not in page
    assert "qr-code" not in wall(client, meeting).content.decode()


@pytest.mark.parametrize("address", ["/m/{}", "/meetings/{}/floor/", "/meetings/{}/wall/"])
@pytest.mark.parametrize("pk", ["0", "9" * 30, "hidden"])
def test_an_unknown_or_hidden_meeting_is_not_found(client, meeting, address, pk):
    if pk == "hidden":
        Meeting.objects.update(is_public=False)
        pk = meeting.pk
    assert client.get(address.format(pk)).status_code == 404


@pytest.mark.parametrize(
    "address", ["/m/{}", "/meetings/{}/floor/", "/meetings/{}/wall/", "/meetings/{}.ics"]
)
def test_they_only_answer_reading_and_leave_no_cookie(client, meeting, address):
    assert client.post(address.format(meeting.pk)).status_code == 405
    response = client.get(address.format(meeting.pk))
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    assert response["Cache-Control"].startswith("public, max-age=")


def test_the_wall_shows_published_words_of_this_meeting_only(client, meeting):
    shown = submission("published", meeting=meeting, body="คำที่เผยแพร่แล้ว")
    for status in ("pending", "rejected", "withdrawn"):
        submission(status, meeting=meeting, body="คำที่ต้องไม่ปรากฏบนจอ")
    submission("published", body="คำที่พูดถึงเรื่องอื่น")
    response = wall(client, meeting)
    assert response.context["submission"] == shown
    assert "คำที่เผยแพร่แล้ว" in response.content.decode()
    for words in ("คำที่ต้องไม่ปรากฏบนจอ", "คำที่พูดถึงเรื่องอื่น"):
        assert words not in response.content.decode()


def test_the_wall_counts_all_that_was_received_and_the_published_by_stance_and_sector(client, meeting):
    submission("published", meeting=meeting, stance="agree", body=unlike())
    submission("published", meeting=meeting, stance="agree", sector="academic", body=unlike())
    submission("published", meeting=meeting, body=unlike())
    submission("pending", meeting=meeting, stance="disagree", sector="government")
    context = wall(client, meeting).context
    totals = context["totals"]
    assert (totals.received, totals.published, totals.pending) == (4, 3, 1)
    assert [number for _, number in context["stances"]] == [2, 0, 0, 0, 1]
    assert [number for _, number in context["sectors"]] == [2, 0, 0, 1]
    assert sum(number for _, number in context["stances"]) == totals.published


def test_what_is_covered_is_covered_on_the_wall_and_names_need_consent(client, meeting):
    row = submission("published", meeting=meeting, display_name="ชื่อลับ")
    type(row).objects.filter(pk=row.pk).update(redacted_body="▒▒▒ ในที่สาธารณะ")
    page = wall(client, meeting).content.decode()
    assert "▒▒▒ ในที่สาธารณะ" in page
    assert row.body not in page
    assert "ชื่อลับ" not in page


def test_each_opinion_has_its_turn_for_some_seconds():
    rows = ["a", "b", "c"]
    turns = [whose_turn(rows, BEGINNING + timedelta(seconds=second)) for second in range(3 * SECONDS)]
    assert [turns[n * SECONDS : (n + 1) * SECONDS] for n in range(3)] == [[row] * SECONDS for row in rows]
    assert whose_turn([], BEGINNING) is None


def test_a_wall_that_did_not_change_is_not_sent_again(client, meeting):
    first = wall(client, meeting)
    again = client.get(f"/meetings/{meeting.pk}/wall/", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    submission("published", meeting=meeting)
    after = client.get(f"/meetings/{meeting.pk}/wall/", headers={"if-none-match": first["ETag"]})
    assert after.status_code == 200


def test_without_javascript_the_wall_goes_on_by_itself_unless_it_is_stopped(client, meeting):
    refresh = f'<noscript><meta http-equiv="refresh" content="{SECONDS}"></noscript>'
    assert refresh in wall(client, meeting).content.decode()
    assert "http-equiv" not in client.get(f"/meetings/{meeting.pk}/wall/?still").content.decode()


def test_the_database_is_asked_as_often_for_three_opinions_as_for_one(
    client, meeting, django_assert_num_queries
):
    submission("published", meeting=meeting, goal="G67-1.1-01", body=unlike())
    with django_assert_num_queries(9):
        wall(client, meeting)
    submission("published", meeting=meeting, goal="G67-1.2-01", body=unlike())
    submission("published", meeting=meeting, goal="G67-2.1-01", body=unlike())
    with django_assert_num_queries(9):
        wall(client, meeting)
