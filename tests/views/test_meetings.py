import pytest

from comments.models import Attendance, Meeting, Sector
from tests.factories import submission

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting():
    return Meeting.objects.get()


def test_the_list_shows_the_meeting_with_its_day_in_the_buddhist_era(client):
    page = client.get("/meetings/").content.decode()
    assert '<time datetime="2022-02-23">23 กุมภาพันธ์ 2565</time>' in page


def test_the_english_list_shows_both_eras(client):
    assert "23 February 2022 (B.E. 2565)" in client.get("/en/meetings/").content.decode()


def test_a_meeting_shows_agenda_chair_and_groups(client, meeting):
    page = client.get(f"/meetings/{meeting.pk}/").content.decode()
    agenda = [item.title_th for item in meeting.agenda.all()]
    places = [page.index(title) for title in agenda]
    assert len(places) == 3
    assert places == sorted(places)
    for text in ("นายเกรียงยศ สุดลาภา", "รองผู้ว่าราชการกรุงเทพมหานคร", "เจ้าหน้าที่ที่เกี่ยวข้อง"):
        assert text in page


def test_attendance_nobody_wrote_down_is_said_to_be_unknown(client, meeting):
    Attendance.objects.create(meeting=meeting, sector=Sector.objects.get(key="citizen"), people=0)
    rows = client.get(f"/meetings/{meeting.pk}/").context["attendance"]
    assert {sector.key: people for sector, people in rows} == {
        "citizen": 0,
        "government": None,
        "external_agency": None,
        "academic": None,
    }


def test_a_meeting_shows_the_published_opinions_given_there(client, meeting):
    shown = submission("published", meeting=meeting)
    submission("pending", meeting=meeting)
    submission("published")
    response = client.get(f"/meetings/{meeting.pk}/")
    assert list(response.context["opinions"]) == [shown]
    assert response.context["count"] == 1


@pytest.mark.parametrize("pk", ["0", "999999", "9" * 30, "x"])
def test_an_unknown_meeting_is_not_found(client, pk):
    assert client.get(f"/meetings/{pk}/").status_code == 404


def test_a_hidden_meeting_is_not_found(client, meeting):
    Meeting.objects.update(is_public=False)
    assert client.get(f"/meetings/{meeting.pk}/").status_code == 404
    assert "23 กุมภาพันธ์" not in client.get("/meetings/").content.decode()


def test_they_only_answer_reading(client, meeting):
    assert client.post("/meetings/").status_code == 405
    assert client.post(f"/meetings/{meeting.pk}/").status_code == 405


def test_the_database_is_asked_as_often_for_three_opinions_as_for_one(
    client, meeting, django_assert_num_queries
):
    submission("published", meeting=meeting, goal="G67-1.1-01")
    with django_assert_num_queries(8):
        client.get(f"/meetings/{meeting.pk}/")
    submission("published", meeting=meeting, goal="G67-1.2-01")
    submission("published", meeting=meeting, goal="G67-2.1-01")
    with django_assert_num_queries(8):
        client.get(f"/meetings/{meeting.pk}/")


def test_an_opinion_does_not_name_a_meeting_that_is_hidden(client, meeting):
    row = submission("published", meeting=meeting)
    address = f"/comments/{row.reference}/"
    assert meeting.title_th in client.get(address).content.decode()
    Meeting.objects.update(is_public=False)
    assert meeting.title_th not in client.get(address).content.decode()
