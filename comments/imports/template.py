"""The empty table to fill in: one column for each thing that is read, in the reader's language."""

from __future__ import annotations

import io
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from comments.imports.headers import FIELDS
from comments.models import DevelopmentGoal, District, Plan, Sector, Submission

# Whoever fills in a table has no reference to give.
COLUMNS = [name for name in FIELDS if name != "reference"]
_WIDE = {"body": 60, "goal": 24, "organisation": 24}
_AS_TEXT = "@"


def csv_text() -> bytes:
    """Return the names of the columns as a CSV that spreadsheets open in UTF-8."""
    names = ",".join(f'"{FIELDS[name]}"' for name in COLUMNS)
    return f"\ufeff{names}\r\n".encode()


def workbook(plan: Plan) -> bytes:
    """Return a workbook with the names of the columns, and on a second sheet what may stand in them."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = _("Opinions")
    sheet.append([str(FIELDS[name]) for name in COLUMNS])
    sheet.freeze_panes = "A2"
    for number, name in enumerate(COLUMNS, start=1):
        column = sheet.column_dimensions[get_column_letter(number)]
        column.width = _WIDE.get(name, 16)
        # Else the first zero of a telephone number is lost.
        column.number_format = _AS_TEXT if name == "phone" else "General"
        sheet.cell(1, number).font = Font(bold=True)
    _add_words(book.create_sheet(_("What may stand in them")), plan)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _add_words(sheet: Any, plan: Plan) -> None:
    words = {
        "sector": [row.title for row in Sector.objects.filter(is_active=True)],
        "district": [*(row.title for row in District.objects.all()), _("Outside Bangkok")],
        "goal": [f"{row.code}" for row in DevelopmentGoal.objects.filter(plan=plan)],
        "stance": [str(label) for label in Submission.Stance.labels],
        "kind": [str(label) for label in Submission.Kind.labels],
        "about": [str(label) for label in Submission.About.labels],
    }
    for number, (name, allowed) in enumerate(words.items(), start=1):
        sheet.column_dimensions[get_column_letter(number)].width = 28
        for line, text in enumerate([str(FIELDS[name]), *allowed], start=1):
            sheet.cell(line, number, text)
