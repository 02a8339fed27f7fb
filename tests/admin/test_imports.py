"""Files of opinions on the staff's pages."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments.imports import files, headers
from comments.models import ImportBatch, Meeting, Plan, Submission, SubmissionEvent
from tests.admin.staff import QUEUE, member, signed_in, text
from tests.spreadsheets import csv_bytes, opinions, xlsx_bytes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
IMPORT = f"/en{QUEUE}import/"


def upload(client, data, name="a.csv", **said):
    said = {"plan": Plan.objects.current().pk, "file": SimpleUploadedFile(name, data)} | said
    return client.post(IMPORT, said, follow=True)


def check(client, columns=("body", "sector"), header_row=1):
    batch = ImportBatch.objects.first()
    chosen = {f"column_{number}": name for number, name in enumerate(columns)}
    return client.post(f"{IMPORT}{batch.pk}/check/", {"header_row": header_row} | chosen, follow=True)


def add(client, mode="skip_bad", **said):
    batch = ImportBatch.objects.first()
    return client.post(f"{IMPORT}{batch.pk}/add/", {"mode": mode} | said, follow=True)


def test_a_file_is_read_checked_and_added_and_the_log_knows_by_whom():
    client = signed_in("planner")
    shown = upload(client, xlsx_bytes(opinions(2)), "ความเห็น.csv")
    assert '<option value="body" selected' in shown.content.decode()
    assert "ความเห็น.csv" in text(shown)
    assert "Will be added 2" in text(check(client))
    assert not Submission.objects.exists()
    assert "Added 2" in text(add(client))
    assert Submission.objects.count() == 2
    assert {event.actor for event in SubmissionEvent.objects.all()} == {member("planner")}
    assert "a file" not in text(client.get(IMPORT))
    assert "finished" in text(client.get(IMPORT))


def test_a_file_of_which_nothing_is_left_to_add_says_so_and_waits_for_nobody():
    client = signed_in("planner")
    for asked in (1, 0):
        upload(client, csv_bytes(opinions(1)))
        shown = text(check(client))
        assert ("Nothing of this file is left to add." in shown) is (not asked)
        assert ImportBatch.objects.unfinished().count() == asked
        if asked:
            add(client)


def test_columns_are_chosen_by_hand_where_their_names_are_unknown():
    client = signed_in("planner")
    upload(client, csv_bytes([["foo", "bar"], *opinions(2)[1:]]))
    shown = check(client, columns=("", ""))
    assert "Please say in which column the opinions are." in text(shown)
    assert "Another column holds this already." in text(check(client, columns=("body", "body")))
    assert "Ensure this value is" in text(check(client, header_row=10**12))
    assert "Will be added 2" in text(check(client))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "The file is empty."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel file"),
        (b"PK\x03\x04", "damaged"),
    ],
)
def test_a_file_that_can_not_be_read_is_refused_next_to_the_field(data, message):
    assert message in text(upload(signed_in("planner"), data))
    assert not ImportBatch.objects.exists()


def test_the_meeting_must_be_about_the_plan():
    plan = Plan.objects.current()
    other = Plan.objects.create(
        fiscal_year=2568, title_th="ก", title_en="a", framework=plan.framework, is_public=False
    )
    shown = upload(
        signed_in("planner"), csv_bytes(opinions(1)), plan=other.pk, meeting=Meeting.objects.get().pk
    )
    assert "This meeting is about another plan." in text(shown)


def test_all_or_nothing_adds_nothing_while_a_row_is_wrong():
    client = signed_in("planner")
    upload(client, csv_bytes([*opinions(2), ["สั้น", "ภาคประชาชน"]]))
    shown = check(client)
    assert "Opinion: 2 characters are too few; there must be at least 10." in text(shown)
    assert "Nothing was added" in text(add(client, "all_or_nothing"))
    assert not Submission.objects.exists()
    assert "Added 2" in text(add(client))


def test_every_fate_can_be_filtered_and_downloaded():
    client = signed_in("planner")
    upload(client, csv_bytes([*opinions(2), ["=1+1", "ภาคประชาชน"], opinions(1)[1]]))
    check(client)
    batch = ImportBatch.objects.get()
    shown = text(client.get(f"{IMPORT}{batch.pk}/?fate=error"))
    assert "Opinion: 4 characters are too few" in shown
    assert "The same as in row 2." in text(client.get(f"{IMPORT}{batch.pk}/?fate=told"))
    assert "There are no such rows." in text(client.get(f"{IMPORT}{batch.pk}/?fate=added"))
    for odd in ("?fate=%00", "?after=%00", "?after=" + "9" * 50, "?fate=x&after=-1"):
        assert client.get(f"{IMPORT}{batch.pk}/{odd}").status_code == 200
    response = client.get(f"{IMPORT}{batch.pk}/rows/")
    lines = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert lines[0] == ["row", "fate", "meaning", "told", "reference"]
    assert [line[1] for line in lines[1:]] == ["add", "add", "error", "twin"]
    assert response["X-Row-Count"] == "4"


def test_a_long_file_is_shown_page_by_page():
    client = signed_in("planner")
    upload(client, csv_bytes(opinions(150)))
    shown = check(client)
    assert "after=101" in shown.content.decode()
    batch = ImportBatch.objects.get()
    assert "Next rows" not in client.get(f"{IMPORT}{batch.pk}/?after=101").content.decode()


def test_the_page_of_a_file_asks_as_much_for_many_rows_as_for_one():
    client = signed_in("planner")
    counts = []
    for rows in (1, 3):
        upload(client, csv_bytes(opinions(rows, first=rows * 10)))
        check(client)
        address = f"{IMPORT}{ImportBatch.objects.first().pk}/"
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as of_list:
            client.get(IMPORT)
        counts.append((len(queries), len(of_list)))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_empty_table_is_understood_when_it_comes_back(kind, prefix):
    response = signed_in("planner").get(f"{prefix}{QUEUE}import/template/{kind}/")
    table = files.read(response.content)
    assert set(headers.find(table).columns.values()) == set(headers.FIELDS) - {"reference"}
    assert response["Content-Disposition"].startswith("attachment;")


def test_there_is_no_table_of_another_kind():
    assert signed_in("planner").get(f"{QUEUE}import/template/exe/").status_code == 404
