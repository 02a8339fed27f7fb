"""The open data: what anybody may take along holds what is published, and nothing else."""

import csv
import errno
import io
import json
import re
from pathlib import Path

import pytest

from comments import moderation, tally
from comments.exports import open_data, shelf
from comments.exports.columns import unguard
from comments.exports.open_data_file import FORMATS
from comments.models import District, Plan, Submission, SubmissionEvent
from comments.text.normalise import normalise
from tests.factories import answered, reason, staff, submission, unlike

pytestmark = pytest.mark.django_db
HIDDEN = {
    "display_name": "คนริมคลองแสนแสบ",
    "organisation": "ชมรมคนเดินเท้าบางรัก",
    "email": "a@example.org",
    "phone": "081 000 0000",
}


@pytest.fixture(autouse=True)
def place(settings, tmp_path):
    settings.OPEN_DATA_ROOT = tmp_path / "open-data"
    return tmp_path / "open-data"


def district(code):
    return District.objects.filter(code=code).first()


def got(client, name="opinions", form="csv", **headers):
    response = client.get(f"/open-data/2567/{name}.{form}", headers=headers)
    return response, b"".join(response.streaming_content)


def rows(client, name="opinions"):
    response, content = got(client, name)
    found = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert int(response.headers["X-Row-Count"]) == len(found)
    return found


def test_every_file_is_the_same_table_in_both_formats(client):
    for number in range(3):
        row = submission("published", body=f"{unlike()}\n=1+{number}", goal="G67-1.1-01", stance="agree")
    answered(row)
    for name, dataset in open_data.DATASETS.items():
        answer = json.loads(got(client, name, "json")[1])
        read = [
            {
                column.name: value if value == "" or column.type == "string" else int(value)
                for column in dataset.columns
                for value in [each[column.name]]
            }
            for each in rows(client, name)
        ]
        for each in read:
            for column, value in each.items():
                each[column] = (unguard(value) if isinstance(value, str) else value) if value != "" else None
        assert read == answer["rows"], name
        assert answer["plan_year"] == 2567
        assert answer["rows"]
        kinds = {"string": str, "integer": int}
        for each in answer["rows"]:
            for column in dataset.columns:
                assert isinstance(each[column.name], kinds[column.type] | None)


def test_only_what_is_published_is_in_any_answer_and_no_name_ever(client):
    shown = submission("published", body=f"{unlike()} โทร 081 000 0000", shows_name=True, **HIDDEN)
    start = shown.body.index("081")
    moderation.redact(shown, [(start, start + 12, "mobile_phone")], actor=staff())
    hidden = [submission(status, body=unlike()) for status in ("pending", "rejected", "withdrawn")]
    answers = [got(client, name, form)[1].decode() for name in open_data.DATASETS for form in FORMATS]
    answers += [
        client.get(f"/api/v1/{path}").content.decode()
        for path in ("opinions/", f"opinions/{shown.reference}/", "goals/", "meetings/", "tallies/")
    ]
    answers.append(client.get("/open-data/").content.decode())
    together = "".join(answers)
    assert together.count(shown.reference) == 4
    assert "▇▇▇" in together
    for row in hidden:
        assert row.reference not in together
        assert row.body not in together
        assert client.get(f"/api/v1/opinions/{row.reference}/").status_code == 404
    assert not any(value in together for value in HIDDEN.values())


@pytest.mark.parametrize("deed", ["withdraw", "reject", "restore", "redact"])
def test_what_is_taken_back_is_gone_with_the_next_request(client, deed):
    row = submission("published", body=f"{unlike()} ถ้อยคำที่ถูกถอน")
    assert "ถ้อยคำที่ถูกถอน" in rows(client)[0]["body"]
    match deed:
        case "withdraw":
            moderation.withdraw(row)
        case "reject":
            moderation.reject(row, actor=staff(), reason=reason())
        case "restore":
            moderation.restore(row, actor=staff())
        case "redact":
            start = row.body.index("ถ้อยคำ")
            moderation.redact(row, [(start, len(row.body), "other")], actor=staff())
    assert "ถ้อยคำที่ถูกถอน" not in got(client)[1].decode()


def test_an_event_that_comes_to_light_late_counts_too(client):
    """On PostgreSQL a transaction that began first may end last: its event has the smaller number."""
    first, second = submission("published", body=unlike()), submission("published", body=unlike())
    moderation.withdraw(second)
    late = shelf.last_events()
    assert late == list(SubmissionEvent.objects.filter(from_status="published").values_list("pk", flat=True))
    number = SubmissionEvent.objects.order_by("pk").first().pk
    SubmissionEvent.objects.create(
        pk=number - 1, submission=first, kind="redacted", from_status="published", to_status="published"
    )
    assert shelf.last_events() == [*late, number - 1]


def test_a_file_is_made_once_in_a_while_and_kept_as_it_is(client, place):
    submission("published", body=unlike())
    response, content = got(client)
    tag = response.headers["ETag"]
    submission("published", body=unlike())
    assert got(client)[1] == content
    again = client.get("/open-data/2567/opinions.csv", headers={"If-None-Match": tag})
    assert again.status_code == 304
    assert again.headers["Access-Control-Allow-Origin"] == "*"
    label = place / "2567-opinions-csv.label"
    said = json.loads(label.read_text())
    label.write_text(json.dumps(said | {"fresh_until": 0}))
    response, content = got(client)
    assert content.count(b"\r\n") == 3
    assert response.headers["ETag"] != tag
    # Neither drafts nor former files are left.
    assert len([path for path in place.iterdir() if path.suffix != ".lock"]) == 2


def test_a_label_that_a_crash_left_torn_is_made_anew(client, place):
    submission("published", body=unlike())
    content = got(client)[1]
    (place / "2567-opinions-csv.label").write_text("")
    assert got(client)[1] == content


def test_a_full_disk_is_told_and_nothing_half_is_offered(client, place, monkeypatch):
    submission("published", body=unlike())
    content = got(client)[1]
    label = place / "2567-opinions-csv.label"
    label.write_text(json.dumps(json.loads(label.read_text()) | {"fresh_until": 0}))

    def fails(*args):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", fails)
        response = client.get("/open-data/2567/opinions.csv")
        assert response.status_code == 503
        assert "อีกไม่กี่นาที" in response.content.decode()
        assert response.headers["Retry-After"] == "300"
    assert got(client)[1] == content


def test_numbers_are_those_of_the_results_page(client):
    for number in range(30):
        submission(
            ["published", "pending", "published", "rejected"][number * 7 % 4],
            body=unlike(),
            goal=["G67-1.1-01", "G67-4.3-01", None][number % 3],
            stance=["agree", "disagree", ""][number % 3],
            district=district(["1001", "1004", ""][number % 3]),
            is_outside_bangkok=False,
        )
    found = rows(client, "tallies")
    status = {row["row"]: int(row["opinions"]) for row in found if row["table"] == "status"}
    totals = tally.plan_totals(Plan.objects.current())
    assert status == {name: getattr(totals, name) for name in status}
    assert status["received"] == 30 == sum(status.values()) - 30
    page = client.get("/results/").content.decode()
    districts = {row["row"]: row for row in found if row["table"] == "district"}
    for code, row in districts.items():
        if code.isdigit():
            line = re.search(rf'id="d{code}".*?</tr>', page, re.DOTALL)
            told = row["opinions"] or ("ไม่ถึง 5" if row["at_most"] else "5 ขึ้นไป")
            assert line, code
            assert told in normalise(line[0])


def test_two_releases_tell_nothing_of_what_was_not_published(client, place):
    """Only the account by status may differ where nothing was published or taken from the public in between."""
    for _ in range(12):
        submission("published", body=unlike(), goal="G67-1.1-01", district=district("1001"), stance="agree")

    def tables():
        for label in place.glob("*.label"):
            label.unlink()
        kept = [row for row in rows(client, "tallies") if row["table"] not in {"status", "reason", "sector"}]
        return kept, rows(client)

    before = tables()
    for status in ("pending", "rejected", "withdrawn"):
        submission(status, body=unlike(), goal="G67-4.3-01", district=district("1004"), stance="disagree")
    assert tables() == before
    row = Submission.objects.published().first()
    moderation.withdraw(row)
    after = tables()
    assert [each for each in before[1] if each["reference"] != row.reference] == after[1]


def test_addresses_that_lead_nowhere_are_404(client):
    Plan.objects.filter(fiscal_year=2567).update(is_public=True)
    for path in ("2568/opinions.csv", "2567/opinions.xml", "2567/contacts.csv", "2567/opinions"):
        assert client.get(f"/open-data/{path}").status_code == 404
    Plan.objects.update(is_public=False)
    assert client.get("/open-data/2567/opinions.csv").status_code == 404


def test_the_page_names_every_file_column_and_the_licence(client, settings):
    page = client.get("/open-data/").content.decode()
    for name, dataset in open_data.DATASETS.items():
        assert f'href="/open-data/2567/{name}.csv"' in page
        assert f'href="/open-data/2567/{name}.json"' in page
        for column in dataset.columns:
            assert f'<code lang="en">{column.name}</code>' in page
    assert settings.OPEN_DATA_LICENCE in page
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1]
    assert json.loads(block)["@type"] == "dcat:Catalog"
    alone = client.get("/open-data/catalogue.jsonld")
    assert alone.headers["Content-Type"] == "application/ld+json"
    assert len(alone.json()["dcat:dataset"]) == len(open_data.DATASETS)
    for each in alone.json()["dcat:dataset"]:
        for file in each["dcat:distribution"]:
            address = file["dcat:downloadURL"]["@id"].removeprefix("http://testserver")
            response = client.get(address)
            assert b"".join(response.streaming_content)


def test_the_dictionary_says_in_both_languages_what_each_column_means(client):
    told = client.get("/open-data/dictionary.json").json()["datasets"]
    for name, dataset in open_data.DATASETS.items():
        assert [column["name"] for column in told[name]["columns"]] == [each.name for each in dataset.columns]
        for column in told[name]["columns"]:
            assert column["meaning"]["th"] != column["meaning"]["en"]


@pytest.mark.parametrize("number", [1, 3])
def test_a_file_takes_the_same_number_of_queries_for_any_number_of_rows(
    client, django_assert_num_queries, number
):
    for _ in range(number):
        submission("published", body=unlike(), goal="G67-1.1-01")
    with django_assert_num_queries(3):
        got(client)
