"""The planner's page of exports, and the register."""

import io
import json

import pytest
from openpyxl import load_workbook

from comments import erasure, moderation
from comments.exports import xlsx_file
from comments.models import ExportRecord, Submission
from tests.admin.staff import QUEUE, act, member, signed_in
from tests.exports.test_csv_file import read
from tests.factories import exported, staff, submission, unlike

pytestmark = pytest.mark.django_db

EXPORT = f"{QUEUE}export/"
REGISTER = "/admin/comments/exportrecord/"


@pytest.fixture
def rows():
    return [submission(status, body=unlike()) for status in ("pending", "published", "rejected")]


@pytest.fixture
def planner():
    return signed_in("planner")


def test_the_totals_are_equal_on_the_page_and_in_every_format(rows, planner):
    totals = planner.get(EXPORT).context["totals"]
    given = {form: planner.post(EXPORT, {"format": form}) for form in ("csv", "xlsx", "jsonl")}
    contents = {form: response.getvalue() for form, response in given.items()}
    assert {response["X-Row-Count"] for response in given.values()} == {str(totals.received)} == {"3"}
    assert len(read(contents["csv"])) == len(contents["jsonl"].splitlines()) == 3
    summary = load_workbook(io.BytesIO(contents["xlsx"]))[xlsx_file.SHEETS[1]]
    told = {line[0]: line[1] for line in summary.iter_rows(values_only=True)}
    for status in ("received", "published", "pending", "rejected", "withdrawn"):
        assert told[status] == getattr(totals, status)
    assert [record.rows for record in ExportRecord.objects.all()] == [3, 3, 3]
    assert "opinions-" in given["xlsx"]["Content-Disposition"]
    assert "no-store" in given["jsonl"]["Cache-Control"]


def test_what_is_asked_for_is_noted(rows, planner):
    response = planner.post(
        EXPORT, {"sector": "citizen", "purpose": "ประชุมสภา", "as_of_0": "", "as_of_1": "", "format": ""}
    )
    record = ExportRecord.objects.get()
    assert response["X-Export-Record"] == str(record.pk)
    assert response["X-Content-SHA256"] == record.sha256
    assert (record.actor.username, record.door, record.format) == ("planner", "page", "csv")
    assert (record.filters, record.purpose) == ({"sector": "citizen"}, "ประชุมสภา")
    assert len(response.getvalue()) == record.size
    assert len(read(act(planner, "export_selected", rows[:1]).getvalue())) == 1
    ticked = ExportRecord.objects.first()
    assert (ticked.door, ticked.filters) == ("action", {"references": [rows[0].reference]})


@pytest.mark.parametrize(
    ("field", "data"),
    [
        ("as_of", {"as_of_0": "01/01/2600", "as_of_1": "09:00"}),
        ("as_of", {"as_of_0": "01/01/2560", "as_of_1": "09:00"}),
        ("as_of", {"as_of_0": "01/01/2567", "as_of_1": ""}),
        ("format", {"format": "pdf"}),
        ("purpose", {"purpose": "ก" * 201}),
        ("purpose", {"purpose": "a\x00b"}),
    ],
)
def test_what_can_t_be_is_said_beside_its_field_and_nothing_leaves(rows, planner, field, data):
    response = planner.post(EXPORT, {"q": "ทางเท้า"} | data)
    assert response.status_code == 200
    assert set(response.context["form"].errors) == {field}
    assert 'value="ทางเท้า"' in response.content.decode()
    assert not ExportRecord.objects.exists()


def test_what_stood_at_a_moment_is_exported_after_it_changed(rows, planner):
    record = exported()
    moderation.publish(rows[0], actor=staff())
    again = planner.post(f"{REGISTER}{record.pk}/file/")
    assert [row["status"] for row in read(again.getvalue())] == ["pending", "published", "rejected"]
    assert again["X-Content-SHA256"] == record.sha256
    assert ExportRecord.objects.first().actor == member("planner")


def test_a_file_that_would_be_another_is_not_given(rows, planner):
    record = exported()
    erasure.erase(rows[0], actor=staff(), ground="writing")
    said = planner.post(f"{REGISTER}{record.pk}/file/", follow=True)
    assert "messagelist" in said.content.decode()
    assert "error" in said.content.decode()
    assert ExportRecord.objects.count() == 1


def test_the_register_can_be_read_and_its_manifest_had(rows, planner, django_assert_num_queries):
    for number in (1, 3):
        while ExportRecord.objects.count() < number:
            exported(staff("somebody"), status="pending", sector="citizen")
        with django_assert_num_queries(7):
            page = planner.get(REGISTER)
        assert page.content.decode().count("somebody") == number
        assert page.content.decode().count("<bdi>ภาคประชาชน</bdi>") == number
    record = ExportRecord.objects.first()
    shown = planner.get(f"{REGISTER}{record.pk}/change/").content.decode()
    assert record.sha256 in shown
    assert "pending" in shown
    told = json.loads(planner.get(f"{REGISTER}{record.pk}/manifest/").content)
    assert (told["sha256"], told["made_by"]) == (record.sha256, "somebody")
    assert planner.get(f"{REGISTER}{record.pk}/file/").status_code == 405
    assert Submission.objects.count() == 3
