import re
from datetime import timedelta

import pytest
from django.utils import timezone

from comments.models import Attendance, Meeting, Sector
from comments.text import buddhist_era
from tests.exports.test_calendar_file import read
from tests.factories import submission, unlike
from tests.meetings import PDF, paper
from tests.meetings import meeting as coming

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting():
    return Meeting.objects.get()


def in_days(days):
    return timezone.localdate() + timedelta(days=days)


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
    rows = client.get(f"/meetings/{meeting.pk}/").context["attended"].sectors
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
    assert response.context["heard"].opinions == 1


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
    submission("published", meeting=meeting, goal="G67-1.1-01", body=unlike())
    with django_assert_num_queries(11):
        client.get(f"/meetings/{meeting.pk}/")
    submission("published", meeting=meeting, goal="G67-1.2-01", body=unlike())
    submission("published", meeting=meeting, goal="G67-2.1-01", body=unlike())
    with django_assert_num_queries(11):
        client.get(f"/meetings/{meeting.pk}/")


def test_an_opinion_does_not_name_a_meeting_that_is_hidden(client, meeting):
    row = submission("published", meeting=meeting)
    address = f"/comments/{row.reference}/"
    assert meeting.title_th in client.get(address).content.decode()
    Meeting.objects.update(is_public=False)
    assert meeting.title_th not in client.get(address).content.decode()


def test_coming_meetings_come_first_each_with_day_place_and_purpose(client, meeting):
    far, near = coming(held_on=in_days(40)), coming(held_on=in_days(3), place_th="สวนลุมพินี")
    response = client.get("/meetings/")
    assert list(response.context["coming"]) == [near, far]
    assert list(response.context["past"]) == [meeting]
    page = response.content.decode()
    for text in (
        buddhist_era.long_th(near.held_on),
        "สวนลุมพินี",
        "ฟังว่าประชาชนอยากเห็นอะไรก่อน",
        "เวลา 09:00–12:00 น.",
    ):
        assert text in page


def test_empty_lists_say_so(client):
    Meeting.objects.all().delete()
    page = client.get("/meetings/").content.decode()
    assert page.count('<p class="soft">') == 2


def test_the_list_asks_as_often_for_three_meetings_as_for_one(client, meeting, django_assert_num_queries):
    with django_assert_num_queries(3):
        client.get("/meetings/")
    coming(), coming()
    with django_assert_num_queries(3):
        client.get("/meetings/")


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"notice_published_on": 15}, "ทันกำหนด"),
        ({"notice_published_on": 14}, "เกินกำหนด"),
        ({}, "ยังอยู่ในกำหนด"),
    ],
)
def test_the_clocks_are_shown_where_they_apply(client, columns, said):
    days = {name: in_days(30 - before) for name, before in columns.items()}
    row = coming(held_on=in_days(30), **days)
    for address in ("/meetings/", f"/meetings/{row.pk}/"):
        assert f"{said}</span>" in client.get(address).content.decode()
    Meeting.objects.filter(pk=row.pk).update(clocks_apply=False)
    assert "กำหนด</span>" not in client.get("/meetings/").content.decode()


def test_the_online_link_and_the_calendar_are_there_until_the_day_is_over(client):
    row = coming(held_on=in_days(0))
    for day, is_there in ((in_days(0), True), (in_days(-1), False)):
        Meeting.objects.filter(pk=row.pk).update(held_on=day)
        page = client.get(f"/meetings/{row.pk}/").content.decode()
        assert (row.link in page) == is_there
        for address in (f"/meetings/{row.pk}.ics", f"/meetings/{row.pk}/floor/", f"/meetings/{row.pk}/wall/"):
            assert (f'href="{address}"' in page) == is_there


def test_attendance_is_numbers_with_a_bar_beside_each(client, meeting):
    for key, people in (("citizen", 120), ("government", 30)):
        Attendance.objects.create(meeting=meeting, sector=Sector.objects.get(key=key), people=people)
    response = client.get(f"/meetings/{meeting.pk}/")
    page = response.content.decode()
    assert (response.context["attended"].people, response.context["attended"].is_whole) == (150, False)
    assert [int(width) for width in re.findall(r'<rect width="(\d+)"', page)] == [1000, 250]


def test_a_campaign_stands_once_with_the_number_of_others_given_there(client, meeting):
    for _ in range(3):
        submission("published", meeting=meeting)
    submission("published")
    response = client.get(f"/meetings/{meeting.pk}/")
    (shown,) = response.context["opinions"]
    assert shown.alike == 2
    assert (response.context["heard"].opinions, response.context["heard"].texts) == (3, 1)
    there = f"/comments/?meeting={meeting.pk}&campaign={shown.campaign_id}"
    assert there.replace("&", "&amp;") in response.content.decode()
    assert client.get(there).context["heard"].opinions == 3


def test_an_opinion_is_given_with_the_meeting_chosen(client, meeting):
    address = f"/submit/?meeting={meeting.pk}"
    assert f'href="{address}"' in client.get(f"/meetings/{meeting.pk}/").content.decode()
    assert client.get(address).context["form"].initial["meeting"] == str(meeting.pk)


def test_the_summary_is_shown_as_text(client, meeting):
    Meeting.objects.update(summary_th="<b>สรุป</b>\n\nสองย่อหน้า")
    page = client.get(f"/meetings/{meeting.pk}/").content.decode()
    assert "&lt;b&gt;สรุป&lt;/b&gt;</p>" in page


def test_a_paper_is_a_download_that_no_browser_runs(client):
    row = coming()
    document = paper(row, title_th="รายงาน/การประชุม")
    assert document.get_absolute_url() in client.get(f"/meetings/{row.pk}/").content.decode()
    response = client.get(document.get_absolute_url())
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment; ")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_a_paper_is_had_only_of_its_own_meeting_while_that_is_shown(client, meeting):
    row = coming()
    document = paper(row)
    link = row.documents.create(title_th="ลิงก์", url="https://example.org")
    assert client.get(f"/meetings/{meeting.pk}/documents/{document.pk}/").status_code == 404
    assert client.get(f"/meetings/{row.pk}/documents/{link.pk}/").status_code == 404
    assert client.get(f"/meetings/{row.pk}/documents/{'9' * 30}/").status_code == 404
    Meeting.objects.update(is_public=False)
    assert client.get(document.get_absolute_url()).status_code == 404


def test_a_paper_whose_file_is_gone_is_not_found_and_not_an_error(client):
    document = paper(coming())
    document.file.storage.delete(document.file.name)
    assert client.get(document.get_absolute_url()).status_code == 404


def test_files_have_no_address_of_their_own(client):
    document = paper(coming())
    for prefix in ("/", "/media/", "/static/", "/var/media/"):
        assert client.get(f"{prefix}{document.file.name}").status_code == 404


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_calendar_file_is_cached_and_asked_for_again_by_its_tag(client, prefix):
    row = coming()
    response = client.get(f"{prefix}/meetings/{row.pk}.ics")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Cache-Control"] == "public, max-age=300"
    assert f'filename="meeting-{row.pk}.ics"' in response["Content-Disposition"]
    event = read(response.content)
    assert event["URL"][1] == f"http://testserver{prefix}/meetings/{row.pk}/"
    assert event["SUMMARY"][1] == (row.title_en if prefix else row.title_th)
    again = client.get(f"{prefix}/meetings/{row.pk}.ics", headers={"if-none-match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert not client.cookies
    Meeting.objects.update(is_public=False)
    assert client.get(f"{prefix}/meetings/{row.pk}.ics").status_code == 404
