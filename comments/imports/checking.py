"""From the rows of a file to what can be received, or why not. Nothing is written here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from comments import intake, references
from comments.imports import values
from comments.imports.cells import Cell, Row
from comments.imports.lookups import Lookups
from comments.imports.notes import ERRORS, Note
from comments.imports.values import UnfitError
from comments.models import ImportBatch
from comments.models.submissions import OUTSIDE
from comments.text import buddhist_era
from comments.text.normalise import normalise

_MOST = {"display_name": 120, "organisation": 200, "email": 254}
_CHOSEN = ("goal", "meeting", "sector", "district", "stance", "kind", "about")


@dataclass
class Checked:
    """One row: what it says, as JSON can keep it, what to tell of it, and by what it is known again."""

    number: int
    said: dict[str, Any] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    digest: str = ""
    reference: str = ""

    @property
    def is_right(self) -> bool:
        """Tell whether it can be received."""
        return not any(code in ERRORS for code, _field, _params in self.notes)


def check(rows: Iterable[Row], batch: ImportBatch, now: datetime) -> Iterator[Checked]:
    """Yield what each of `rows` says under the columns and for the plan of `batch`."""
    lookups = Lookups(batch.plan)
    places = {name: int(column) for column, name in batch.columns.items()}
    # An export guards texts that a spreadsheet would run, and holds only names that may be shown.
    is_export = {"reference", "received_at"} <= set(places)
    for row in rows:
        cells = {name: row.cell(column) for name, column in places.items()}
        if is_export:
            cells = {name: _unguarded(cell) for name, cell in cells.items()}
        reading = _Reading(row.number, cells, batch, lookups, now)
        checked = reading.checked()
        if is_export:
            checked.said["shows_name"] = bool(checked.said.get("display_name"))
        checked.digest = _digest(batch, checked.said)
        checked.said.pop("named", None)
        yield checked


def _unguarded(cell: Cell) -> Cell:
    return cell.removeprefix("'") if isinstance(cell, str) else cell


def _digest(batch: ImportBatch, said: Mapping[str, Any]) -> str:
    """Return what tells this row from others, in whatever file and order: 64 hexadecimal digits.

    The moment is not among it where none was given: it would be another each time.
    """
    told = {
        name: normalise(value) if isinstance(value, str) else value
        for name, value in said.items()
        if name != "at"
    }
    canonical = json.dumps([batch.plan.fiscal_year, told], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(canonical.encode("utf-8", "replace")).hexdigest()


class _Reading:
    """The reading of one row, cell by cell; every fault is noted, not only the first."""

    def __init__(
        self, number: int, cells: Mapping[str, Cell], batch: ImportBatch, lookups: Lookups, now: datetime
    ) -> None:
        self.cells = cells
        self.batch = batch
        self.lookups = lookups
        self.now = now
        self.row = Checked(number)

    def checked(self) -> Checked:
        """Read every cell."""
        said = self.row.said
        said["body"] = self._read("body", self._body) or ""
        for name in _CHOSEN:
            said[name] = self._read(name, self._choice(name))
        self._fill_in()
        for name in _MOST:
            said[name] = self._read(name, self._text(name)) or ""
        self._check_email()
        said["phone"] = self._read("phone", self._phone) or ""
        said["shows_name"] = bool(self._read("consent_display_name", values.is_yes))
        self.row.reference = self._read("reference", self._reference) or ""
        said["at"] = said["named"] = None
        self._read("received_at", self._moment)
        return self.row

    def _read(self, name: str, reader: Callable[[Cell], Any]) -> Any:
        try:
            return reader(self.cells.get(name))
        except UnfitError as error:
            self._note(error.code, name, **error.params)
        except ValidationError as error:
            params = {key: value for key, value in (error.params or {}).items() if isinstance(value, int)}
            self._note(error.code or "unreadable", name, **params)
        return None

    def _note(self, code: str, name: str, **params: Any) -> None:
        storable = {
            key: value.encode("utf-8", "replace").decode().replace("\x00", "")
            if isinstance(value, str)
            else value
            for key, value in params.items()
        }
        self.row.notes.append((code, name, storable))

    def _body(self, cell: Cell) -> str:
        body = values.text(cell, strip=False)
        if not body:
            raise UnfitError("missing")
        intake.check_body(body)
        return body

    def _choice(self, name: str) -> Callable[[Cell], Any]:
        def read(cell: Cell) -> Any:
            written = values.text(cell)
            found = self.lookups.find(name, written) if written else None
            if found == OUTSIDE or isinstance(found, str | None):
                return found
            return found.pk

        return read

    def _fill_in(self) -> None:
        """Take what the whole file says for what a row leaves open."""
        said = self.row.said
        said["sector"] = said["sector"] or (None if self._has_fault("sector") else self.batch.sector_id)
        said["meeting"] = said["meeting"] or self.batch.meeting_id
        if said["sector"] is None and not self._has_fault("sector"):
            self._note("missing", "sector")

    def _has_fault(self, name: str) -> bool:
        return any(noted == name for _code, noted, _params in self.row.notes)

    def _text(self, name: str) -> Callable[[Cell], str]:
        def read(cell: Cell) -> str:
            written = values.text(cell)
            intake.check_storable(written)
            if len(written) > _MOST[name]:
                raise UnfitError("too_long", length=len(written), most=_MOST[name])
            return written

        return read

    def _check_email(self) -> None:
        written = self.row.said["email"]
        if written:
            try:
                validate_email(written)
            except ValidationError:
                self._note("not_an_email", "email", value=written[:60])

    def _phone(self, cell: Cell) -> str:
        number, code = values.phone(cell)
        intake.check_storable(number)
        if len(number) > 40:
            raise UnfitError("not_a_phone", value=number[:40])
        if code:
            self._note(code, "phone", end=number[-4:])
        return number

    def _reference(self, cell: Cell) -> str:
        """Return a reference as we write it; empty for what is none."""
        try:
            return references.parse(values.text(cell))
        except ValueError:
            return ""

    def _moment(self, cell: Cell) -> None:
        at, named, code = values.moment(cell, self.now)
        if at is None and self.batch.received_on:
            at, named, code = values.moment(self.batch.received_on, self.now)
        if code and at:
            self._note(code, "received_at", date=buddhist_era.slashed(at.date()))
        if not self.batch.plan.is_accepting(at or self.now):
            raise UnfitError("closed" if at else "closed_now")
        self.row.said["at"] = at.isoformat() if at else None
        self.row.said["named"] = named
