"""Tables as offices send them, good and hostile, made on the spot."""

import csv
import io
import zipfile

from openpyxl import Workbook

WORDS = "อยากให้มีทางเท้าที่เดินได้จริงหน้าโรงเรียนเลขที่ {}"


def csv_bytes(rows, encoding="utf-8-sig", delimiter=","):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode(encoding)


def xlsx_bytes(rows, *, merged=(), number_format=None):
    """Return a workbook of `rows`; `merged` names ranges, `number_format` a format by cell."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for cells in merged:
        book.active.merge_cells(cells)
    for cell, code in (number_format or {}).items():
        book.active[cell].number_format = code
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def with_part(workbook, name, content):
    """Return `workbook` with one of its parts replaced."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            new.writestr(part, content if part == name else old.read(part))
    return file.getvalue()


def opinions(count, first=1):
    """Return a header and `count` rows that are right."""
    rows = [[WORDS.format(number), "ภาคประชาชน"] for number in range(first, first + count)]
    return [["ความคิดเห็น", "ภาคส่วน"], *rows]
