"""What a file is, is told by what is in it; what could harm is refused."""

import io
import zipfile
from datetime import datetime

import pytest
from django.core.exceptions import ValidationError

from comments.imports import cells, files, headers
from tests.spreadsheets import csv_bytes, opinions, with_part, xlsx_bytes

ROWS = [["ความคิดเห็น", "ภาคส่วน"], ["น้ำท่วมหน้าบ้านทุกครั้งที่ฝนตก", "ภาคประชาชน"]]
SHEET = "xl/worksheets/sheet1.xml"


def plain(table):
    return [list(row.cells) for row in table.rows]


def code_of(data):
    with pytest.raises(ValidationError) as refused:
        files.read(data)
    return refused.value.code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp874", "tis-620"])
def test_thai_text_is_read_in_whatever_encoding_offices_use(encoding):
    assert plain(files.read(csv_bytes(ROWS, encoding))) == ROWS


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_sign_between_columns_is_found(delimiter):
    assert plain(files.read(csv_bytes(ROWS, delimiter=delimiter))) == ROWS


def test_a_line_for_excel_about_the_sign_is_no_row():
    data = b"sep=;\r\n" + csv_bytes(ROWS, "utf-8", ";")
    assert plain(files.read(data)) == ROWS


def test_a_workbook_is_read_and_its_days_stay_days():
    rows = [["ความคิดเห็น", "วันที่"], ["น้ำท่วมหน้าบ้านทุกครั้ง", datetime(2022, 2, 23)]]  # noqa: DTZ001
    assert plain(files.read(xlsx_bytes(rows))) == rows


def test_empty_rows_between_and_at_the_end_are_left_out_and_numbers_stay_those_of_the_spreadsheet():
    rows = [ROWS[0], [None, None], [" ", "\u00a0"], ROWS[1], *[[None, ""]] * 500]
    for data in (xlsx_bytes(rows), csv_bytes([[cell or "" for cell in row] for row in rows])):
        assert [row.number for row in files.read(data).rows] == [1, 4]


def test_a_last_row_at_the_end_of_the_sheet_that_only_has_a_format_costs_nothing():
    data = xlsx_bytes(ROWS, number_format={"A1048576": "0.00"})
    assert plain(files.read(data)) == ROWS


def test_the_first_sheet_with_something_in_it_is_taken():
    from openpyxl import Workbook

    book = Workbook()
    second = book.create_sheet("ข้อมูล")
    for row in ROWS:
        second.append(row)
    file = io.BytesIO()
    book.save(file)
    table = files.read(file.getvalue())
    assert (table.source, plain(table)) == ("ข้อมูล", ROWS)


def test_a_formula_without_a_result_is_no_empty_cell():
    rows = [*ROWS, ["=A2", "ภาคประชาชน"]]
    assert plain(files.read(xlsx_bytes(rows)))[2] == [cells.NO_RESULT, "ภาคประชาชน"]


def test_a_formula_with_a_result_is_its_result():
    data = xlsx_bytes([*ROWS, ["=A2", "ภาคประชาชน"]])
    sheet = zipfile.ZipFile(io.BytesIO(data)).read(SHEET).decode()
    cell = '<c r="A3" t="str"><f>A2</f><v>ขอต้นไม้เพิ่มริมถนน</v></c>'
    head, _, tail = sheet.partition('<c r="A3"')
    data = with_part(data, SHEET, head + cell + tail.partition("</c>")[2])
    assert plain(files.read(data))[2] == ["ขอต้นไม้เพิ่มริมถนน", "ภาคประชาชน"]


def test_a_cell_of_a_million_letters_is_read_whole():
    for data in (csv_bytes([*ROWS, ["ก" * 1_000_000, "x"]]), xlsx_bytes([*ROWS, ["a" * 32_000, "x"]])):
        assert len(files.read(data).rows[2].cells[0]) >= 32_000


def test_what_the_file_is_called_does_not_matter_only_what_is_in_it():
    assert files.read(xlsx_bytes(ROWS)).source == "Sheet"
    assert files.read(csv_bytes(ROWS)).source == "utf-8"


REFUSED = [
    ("empty", b""),
    ("empty", b"\r\n \n"),
    ("empty", xlsx_bytes([])),
    ("empty", csv_bytes([["", ""]] * 5)),
    ("old_excel", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
    ("not_text", b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR" + bytes(range(256))),
    ("not_text", "ชื่อ".encode("cp874") + b"\xfc\xfe"),
    ("damaged", b"PK\x03\x04 no archive"),
    ("damaged", xlsx_bytes(ROWS)[:-200]),
    ("damaged", with_part(xlsx_bytes(ROWS), SHEET, "<worksheet")),
    ("damaged", with_part(xlsx_bytes(ROWS), "xl/workbook.xml", "<html/>")),
    ("too_large", b"a" * (cells.LARGEST + 1)),
    ("too_many_rows", csv_bytes([["a"]] * (cells.MOST_ROWS + cells.MOST_ABOVE + 1))),
]


@pytest.mark.parametrize(
    ("code", "data"), REFUSED, ids=[f"{number}-{code}" for number, (code, _) in enumerate(REFUSED)]
)
def test_what_can_not_be_read_is_refused_with_a_reason(code, data):
    assert code_of(data) == code


def test_an_archive_that_swells_is_refused_before_it_is_read():
    swollen = b"<worksheet>" + b" " * (130 * 1024 * 1024)
    assert code_of(with_part(xlsx_bytes(ROWS), SHEET, swollen)) == "bomb"


def test_an_archive_that_lies_about_its_size_is_refused():
    swollen = with_part(xlsx_bytes(ROWS), SHEET, b" " * 4_000_000)
    lying = swollen.replace((4_000_000).to_bytes(4, "little"), (400).to_bytes(4, "little"))
    assert code_of(lying) == "damaged"


def test_entities_that_swell_are_refused():
    entities = '<!DOCTYPE a [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>'
    assert code_of(with_part(xlsx_bytes(ROWS), SHEET, entities)) == "bomb"
    assert code_of(with_part(xlsx_bytes(ROWS), SHEET, entities.encode("utf-16"))) == "bomb"


@pytest.mark.parametrize("name", ["ความคิดเห็น", "Opinion", "body", "ข้อเสนอแนะ (โปรดระบุ)", " ความเห็น * "])
def test_the_column_of_the_opinions_is_known_by_many_names(name):
    table = files.read(csv_bytes([[name, "x"], ["a", "b"]]))
    assert headers.find(table) == headers.Heading(1, {0: "body"})


def test_merged_headings_over_several_rows_are_understood():
    rows = [
        ["แบบรับฟังความคิดเห็น เขตพระนคร", None, None, None],
        ["ผู้แสดงความคิดเห็น", None, "ความคิดเห็น", "วันที่"],
        ["ชื่อ-สกุล", "เบอร์โทร", None, None],
        ["ก ข", 812345678, "น้ำท่วมหน้าบ้านทุกครั้ง", "23/02/2565"],
    ]
    table = files.read(xlsx_bytes(rows, merged=["A1:D1", "A2:B2", "C2:C3", "D2:D3"]))
    heading = headers.find(table)
    assert heading == headers.Heading(3, {0: "display_name", 1: "phone", 2: "body", 3: "received_at"})
    assert headers.titles(table, 3) == ["ชื่อ-สกุล", "เบอร์โทร", "ความคิดเห็น", "วันที่"]
    assert [row.number for row in table.below(3)] == [4]


def test_of_two_columns_with_one_meaning_the_surer_is_taken():
    table = files.read(csv_bytes([["district", "district_code", "body"], ["พระนคร", "1001", "x"]]))
    assert headers.find(table).columns == {1: "district", 2: "body"}


def test_an_unknown_heading_leaves_the_choice_to_people():
    table = files.read(csv_bytes([["foo", "bar"], ["a", "b"]]))
    assert headers.find(table) == headers.Heading(1, {})


def test_the_limit_of_rows_is_the_limit():
    assert len(files.read(csv_bytes(opinions(cells.MOST_ROWS))).rows) == cells.MOST_ROWS + 1
