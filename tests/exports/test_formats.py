"""The three formats hold the same, whatever people wrote."""

import csv
import io
import json
import random
import shutil
import subprocess
from datetime import UTC, datetime

import pytest
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from comments import tally
from comments.exports import columns, csv_file, jsonl_file, xlsx_file
from comments.exports.columns import SUBMISSIONS, unguard
from comments.text.storable import flaw
from tests.exports.test_csv_file import HOSTILE
from tests.long import LONG

AT = datetime(2026, 11, 22, 10, 0, 0, 123_456, tzinfo=UTC)
MANY = 400
PARTS = [
    *HOSTILE,
    "น้ำท่วมขังหน้าตลาด",
    "ก่อสร้างที่ค้าง",
    "👨‍👩‍👧🌳",
    '"', "''", ",", ";", "\t", "\r\n", "\n", "\r", "\u2028", "\u0085", "\ufeff", "\ufffe", "\x01", "\x0b", "\x7f",
    "_x0041_", "_x00", "41_", "_x0041", "x0042_", "_x005F_", "_xfffe_", "<r>", "</r>", "<r><t>", "\x1f", "=1+1", "+", "@", "＝", "https://example.org/", "{=1}", "<b>&amp;", "\\N", "\\.", "null", "NaN", " ", "007",
]  # fmt: skip


def texts(number):
    dice = random.Random(67)  # noqa: S311
    found = ["".join(dice.choices(PARTS, k=dice.randint(1, 12))) for _ in range(number)]
    assert not any(map(flaw, found))
    return found


def rows(bodies):
    base = {
        "received_at": AT,
        "plan_year": 2567,
        "about": "goals",
        "kind": "need",
        "stance": "",
        "sector": "citizen",
        "is_outside_bangkok": True,
        "channel": "web",
        "display_name": "ไม่ให้แสดง",
        "shows_name": False,
        "redacted_body": "",
        "edited_body": "",
        "language": "th",
        "status": "pending",
        "agree_count": 0,
        "disagree_count": 3,
        "attachments": 0,
    }
    empty = dict.fromkeys(
        [
            *(
                "strategy_code",
                "strategy",
                "goal_code",
                "goal",
                "district_code",
                "district",
                "meeting",
                "reason_code",
            ),
            *("moderated_at", "campaign_id", "campaign_size", "answered_at", "answer_outcome"),
        ]
    )
    return [
        empty | base | {"reference": f"67-{number:09}", "body": body, "organisation": body[:50]}
        for number, body in enumerate(bodies)
    ]


def written(module, made):
    file = io.BytesIO()
    account = tally.Account(list(SUBMISSIONS), "reason_code", "goal_code", "sector", "stance")
    cells = account.passing(map(columns.values, made))
    module.write(cells, file, xlsx_file.About(AT, {}, account))
    return file.getvalue()


def parsed_csv(data):
    """Return a CSV as its data dictionary says that it is read: with types, without guards."""
    return [
        {name: typed(SUBMISSIONS[name].type, cell) for name, cell in line.items()}
        for line in csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    ]


def typed(kind, cell):
    if cell == "":
        return None
    return {"text": unguard, "number": int}.get(kind, str)(cell)


def test_a_csv_reads_back_as_the_json_lines_for_every_hostile_text():
    made = rows(texts(MANY))
    lines = written(jsonl_file, made).decode()
    told = [json.loads(line) for line in lines.splitlines()]
    assert lines.endswith("\n")
    assert [row["body"] for row in told] == [row["body"] for row in made]
    assert parsed_csv(written(csv_file, made)) == told
    assert all(list(row) == list(SUBMISSIONS) for row in told)


def test_json_lines_read_back_as_what_was_written():
    made = [columns.values(row | {"moderated_at": AT}) for row in rows(texts(50))]
    file = io.BytesIO()
    jsonl_file.write(made, file)
    file.seek(0)
    again = [[cell.replace(microsecond=0) if cell == AT else cell for cell in cells] for cells in made]
    assert list(jsonl_file.read(file)) == again


def cells_of(sheet):
    head, *lines = sheet.iter_rows(values_only=True)
    return [dict(zip(head, line, strict=True)) for line in lines]


def hostile_rows(number):
    """Return rows of texts of which some look like markup or escapes of the workbook itself."""
    marked = [f"<r>{text}</r>" for text in texts(20)]
    return rows(
        [*marked, *texts(number), "<r>& <t>ข้อความ</r>", "_x0041_x0042_", "_x0041\x01", "\r", "_\x01x0041_"]
    )


def test_a_workbook_holds_every_text_and_neither_formula_nor_link():
    made = hostile_rows(MANY)
    book = load_workbook(io.BytesIO(written(xlsx_file, made)))
    sheet = book[xlsx_file.SHEETS[0]]
    # Excel takes the escapes of what XML can't hold back by itself.
    assert [unescape(row["body"]) for row in cells_of(sheet)] == [row["body"] for row in made]
    assert {cell.data_type for line in sheet.iter_rows() for cell in line} <= {"s", "n", "d", "inlineStr"}
    assert not sheet._hyperlinks
    assert sheet.freeze_panes == "B2"
    assert cells_of(sheet)[0]["received_at"] == datetime(2026, 11, 22, 17, 0, 0)  # noqa: DTZ001
    assert sheet["A1"].font.name == "TH Sarabun New"


@pytest.mark.skipif(
    not (LONG and shutil.which("soffice")), reason="asked for by LONG=1, where LibreOffice is"
)
def test_libreoffice_reads_every_text_as_it_was_written(tmp_path):
    made = hostile_rows(MANY)
    (tmp_path / "a.xlsx").write_bytes(written(xlsx_file, made))
    # Commas, quotes, UTF-8, from the first line, as stored and not as shown.
    to = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false"
    command = [
        "soffice",
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--headless",
        "--convert-to",
        to,
        "a.xlsx",
    ]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        found = [one_line_break(line["body"]) for line in csv.DictReader(file)]
    assert found == [one_line_break(row["body"]) for row in made]


def one_line_break(text):
    """Return `text` with the one sort of line break that LibreOffice knows in a cell."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def test_a_text_longer_than_a_cell_goes_on_and_no_character_is_cut():
    body = "ก" * 32_766 + "🌳" * 20_000 + "ข"
    parts = list(xlsx_file.pieces(body))
    assert "".join(parts) == body
    assert all(len(part.encode("utf-16-le")) <= 2 * xlsx_file.MOST_UNITS for part in parts)
    book = load_workbook(io.BytesIO(written(xlsx_file, rows(["สั้น", body]))))
    sheet = book[xlsx_file.SHEETS[0]]
    row = cells_of(sheet)[1]
    assert "".join(filter(None, [row["body"], *(row[name] for name in xlsx_file.CONTINUED)])) == body
    hidden = [sheet.column_dimensions[letter].hidden for letter in ("AE", "AF", "AG")]
    assert hidden == [False, False, True]
    assert len(list(xlsx_file.pieces("🌳" * 80_000))) == 1 + len(xlsx_file.CONTINUED)


def test_a_workbook_is_the_same_bytes_each_time_and_its_summary_adds_up():
    made = rows(texts(5)) + [row | {"status": "published", "stance": "agree"} for row in rows(texts(2))]
    data = written(xlsx_file, made)
    assert data == written(xlsx_file, made)
    book = load_workbook(io.BytesIO(data))
    told = {line[0]: line[1] for line in book[xlsx_file.SHEETS[1]].iter_rows(values_only=True)}
    assert (told["received"], told["published"], told["pending"], told["agree"]) == (7, 2, 5, 2)
    explained = {line[0] for line in book[xlsx_file.SHEETS[2]].iter_rows(values_only=True)}
    assert explained.issuperset(SUBMISSIONS)


def test_more_than_a_sheet_holds_is_said(monkeypatch):
    monkeypatch.setattr(xlsx_file, "MOST_ROWS", 2)
    with pytest.raises(xlsx_file.TooManyRowsError):
        written(xlsx_file, rows(texts(3)))


def test_a_column_is_text_where_people_write_and_a_code_where_we_do():
    guarded = {name for name, column in columns.SUBMISSIONS.items() if column.type == "text"}
    assert {"body", "organisation", "display_name", "goal", "meeting"} <= guarded
