"""What an erasure finds in the rows of imported files."""

import pytest

from comments.imports import batches
from comments.models import ImportBatch, ImportRow, Plan, Submission
from tests.factories import BODY, staff
from tests.spreadsheets import csv_bytes
from tests.test_erasure import WORDS, erase

pytestmark = pytest.mark.django_db


SHEET = csv_bytes(
    [
        ["ความคิดเห็น", "ภาคส่วน", "วันที่"],
        [f"{BODY} {WORDS}", "ประชาชน", "44615"],
        [f"{BODY} ที่อื่น", "ประชาชน", "44615"],
    ]
)


def brought_in():
    batch = batches.keep(SHEET, "a.csv", plan=Plan.objects.current(), actor=staff("planner"))
    batches.check(batch, header_row=batch.header_row, columns=batch.columns)
    return batch


def add(batch):
    batches.start(batch, mode=ImportBatch.Mode.SKIP_BAD, takes_twins=False)
    while not batches.go_on(batch, seconds=0):
        pass


def of_rows(batch):
    """Return of each row its fate, and whether something is told of it and it still says something."""
    return [
        (row.fate, row.has_notes and bool(row.told), bool(row.said)) for row in batch.rows.order_by("number")
    ]


@pytest.mark.usefixtures("media")
def test_rows_of_files_forget_what_they_say_of_it_and_nothing_else():
    waiting, done = brought_in(), brought_in()
    add(done)
    assert of_rows(waiting) == [("add", True, True)] * 2
    assert of_rows(done) == [("added", True, False)] * 2
    erase(ImportRow.objects.get(batch=done, number=2).submission)
    assert of_rows(waiting) == [("there", False, False), ("add", True, True)]
    assert of_rows(done) == [("added", False, False), ("added", True, False)]


@pytest.mark.usefixtures("media")
def test_a_file_that_waited_does_not_bring_back_what_was_erased():
    waiting, done = brought_in(), brought_in()
    add(done)
    row = ImportRow.objects.get(batch=done, number=2).submission
    erase(row)
    add(waiting)
    add(brought_in())
    assert Submission.everything.count() == 2
    assert Submission.everything.get(pk=row.pk).body == ""


@pytest.mark.usefixtures("media")
def test_rows_that_were_worked_out_meanwhile_are_not_written_back():
    waiting, done = brought_in(), brought_in()
    add(done)
    batches.start(waiting, mode=ImportBatch.Mode.ALL_OR_NOTHING, takes_twins=False)
    rows = list(waiting.rows.order_by("number"))
    erase(ImportRow.objects.get(batch=done, number=2).submission)
    batches._keep_worked_out(waiting, rows)
    assert of_rows(waiting) == [("there", False, False), ("add", True, True)]
