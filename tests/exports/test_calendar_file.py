import re
from datetime import UTC, date, datetime, time

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from comments.exports import calendar_file
from comments.models import Meeting
from tests.meetings import meeting

WORDS = "ที่ดิน, น้ำ; และ\\ถนน\r\nบรรทัดใหม่\nกำหนดเป้าหมายการพัฒนากรุงเทพมหานคร 🌳"


def read(octets):
    """Read a calendar file by RFC 5545: unfold, split, unescape; return (parameters, value) by name."""
    assert octets.endswith(b"\r\n")
    lines = octets[:-2].split(b"\r\n")
    assert all(len(line) <= 75 and b"\n" not in line and b"\r" not in line for line in lines)
    for line in lines:
        # No character is cut, so each line is whole text by itself.
        line.decode("utf-8")
    logical = octets[:-2].replace(b"\r\n ", b"").decode("utf-8").split("\r\n")
    matches = [re.fullmatch(r"([A-Z-]+)((?:;[A-Z]+=[^:;,]+)*):(.*)", line) for line in logical]
    assert all(matches)
    frame = [match[0] for match in matches if match[1] in {"BEGIN", "END"}]
    assert frame == ["BEGIN:VCALENDAR", "BEGIN:VEVENT", "END:VEVENT", "END:VCALENDAR"]
    return {match[1]: (match[2], match[3]) for match in matches}


def plain(value):
    """Return a text value without its escapes."""
    return re.sub(r"\\(.)", lambda escaped: "\n" if escaped[1] in "nN" else escaped[1], value)


def calendar(row):
    return read(
        calendar_file.meeting(row, address="https://consult.example.org/meetings/1/", host="example.org")
    )


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=300))
def test_folding_is_undone_by_unfolding_and_no_line_is_too_long(text):
    folded = calendar_file.fold(text)
    assert folded.replace("\r\n ", "") == text
    assert all(len(line.encode()) <= 75 for line in folded.split("\r\n"))


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=100))
def test_an_escaped_text_is_one_line_and_reads_back(text):
    escaped = calendar_file.escape(text)
    assert not set(escaped) & {chr(code) for code in (*range(9), *range(10, 32), 127)}
    kept = re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", text.replace("\r\n", "\n"))
    assert plain(escaped) == kept


@pytest.mark.django_db
def test_a_meeting_reads_back_as_it_is():
    row = meeting(held_on=date(2026, 11, 30), title_th=WORDS, place_th=WORDS, purpose_th=WORDS)
    event = calendar(row)
    words = WORDS.replace("\r\n", "\n")
    assert event["DTSTART"] == ("", "20261130T020000Z")
    assert event["DTEND"] == ("", "20261130T050000Z")
    assert event["SUMMARY"][0] == ";LANGUAGE=th"
    assert plain(event["SUMMARY"][1]) == words
    assert plain(event["LOCATION"][1]) == words
    assert plain(event["DESCRIPTION"][1]) == f"{words}\n{row.link}\nhttps://consult.example.org/meetings/1/"
    assert event["URL"][1] == "https://consult.example.org/meetings/1/"
    assert event["VERSION"][1] == "2.0"


@pytest.mark.django_db
def test_a_day_without_hours_is_taken_whole():
    event = calendar(Meeting.objects.get())
    assert event["DTSTART"] == (";VALUE=DATE", "20220223")
    assert "DTEND" not in event


@pytest.mark.django_db
def test_before_seven_in_the_morning_it_is_still_yesterday_in_the_file():
    assert calendar(meeting(held_on=date(2026, 12, 1), starts_at=time(6)))["DTSTART"][1] == "20261130T230000Z"


@pytest.mark.django_db
def test_a_later_version_is_the_same_event_with_a_larger_number():
    row = meeting()
    Meeting.objects.filter(pk=row.pk).update(changed_at=datetime(2026, 1, 1, tzinfo=UTC))
    before = calendar(Meeting.objects.get(pk=row.pk))
    row.title_th = "เลื่อน"
    row.save()
    after = calendar(row)
    assert before["UID"] == after["UID"] == ("", f"meeting-{row.pk}@example.org")
    assert int(before["SEQUENCE"][1]) < int(after["SEQUENCE"][1]) < 2**31
    assert before["LAST-MODIFIED"][1] == before["DTSTAMP"][1] == "20260101T000000Z"
    assert after["LAST-MODIFIED"][1] > before["LAST-MODIFIED"][1]


@pytest.mark.django_db
def test_the_same_event_is_told_in_english_too():
    row = meeting()
    with translation.override("en"):
        event = calendar(row)
    assert event["SUMMARY"] == (";LANGUAGE=en", row.title_en)
    assert plain(event["LOCATION"][1]) == row.place_en
    assert event["UID"] == calendar(row)["UID"]
