"""Take files with an opinion: look into them, rebuild pictures, keep them apart from the database."""

from __future__ import annotations

import hashlib
import secrets
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from io import BytesIO
from threading import Lock
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from comments.attachments import papers, pictures, store
from comments.attachments.unfit import Code, UnfitError
from comments.models import Attachment, Submission
from comments.models.attachments import AttachmentQuerySet
from comments.text import file_names, personal_data

MOST = 5
LARGEST = pictures.LARGEST
DIRECTORY = "attachments"
Kind = Attachment.Kind

_BEGINNINGS: list[tuple[bytes, Kind]] = [
    (b"\xff\xd8\xff", Kind.JPEG),
    (b"\x89PNG\r\n\x1a\n", Kind.PNG),
    (b"%PDF-", Kind.PDF),
]
# What makes a file two files, or is the word by which a virus scanner is tried.
_FOREIGN = (
    b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE",
    b"__HALT_COMPILER",
    b"Rar!\x1a\x07",
    b"7z\xbc\xaf\x27\x1c",
)
# PDF readers take a file for theirs when this stands among the first bytes.
_PDF_WITHIN = 1024
_WHY: dict[Code, Any] = {
    "empty": _("“%(name)s” is empty."),
    "too_large": _("“%(name)s” has %(size)s. A file may have at most %(most)s."),
    "wrong_kind": _("“%(name)s” is neither a JPEG, PNG or WebP picture nor a PDF document."),
    "mixed": _("“%(name)s” has a second file hidden in it. Please save it anew and attach that."),
    "damaged": _("“%(name)s” is damaged or incomplete. Please save it anew and attach that."),
    "animated": _("“%(name)s” moves. Please attach a still picture."),
    "too_many_pixels": _("“%(name)s” has too many pixels. Please attach a smaller picture."),
    "protected": _("“%(name)s” is protected by a password. Please save it without."),
    "active": _(
        "“%(name)s” can do more than be read: it holds programs, other files or forms."
        " Please print it to a new PDF and attach that."
    ),
}
# A decoded picture takes 100 MB and more: one at a time in each process, so that many at once can't fill the memory.
_one_at_a_time = Lock()


@dataclass(frozen=True)
class Accepted:
    """A file that can be kept, with its name for people; `file` holds what will be stored."""

    name: str
    kind: str
    file: UploadedFile[Any]
    size: int
    sha256: str
    width: int | None = None
    height: int | None = None


def accept(upload: UploadedFile[Any]) -> Accepted:
    """Return what is kept of `upload`; of a picture, that is one that we wrote ourselves, in the upload's place.

    Raises ValidationError (the codes of `unfit.Code`) with a message that names the file. Neither its
    name nor what the browser says of its type is believed.
    """
    size = upload.size or 0
    try:
        _check_size(size)
        with _one_at_a_time:
            return _accept(upload)
    except UnfitError as error:
        raise ValidationError(
            _WHY[error.code],
            error.code,
            {"name": shown_name(upload), "size": filesizeformat(size), "most": filesizeformat(LARGEST)},
        ) from None


def shown_name(upload: UploadedFile[Any]) -> str:
    """Return the name of `upload` as its author may read it in a message."""
    return file_names.shown(upload.name or "") or str(_("the file"))


def _check_size(size: int) -> None:
    if not 0 < size <= LARGEST:
        raise UnfitError("too_large" if size else "empty")


def _accept(upload: UploadedFile[Any]) -> Accepted:
    upload.seek(0)
    data = upload.read()
    kind = _kind(data)
    if _is_mixed(data, kind):
        raise UnfitError("mixed")
    width = height = None
    if kind == Kind.PDF:
        papers.check(data)
    else:
        picture = pictures.rebuild(data, kind)
        data, width, height = picture.data, picture.width, picture.height
        upload.seek(0)
        upload.truncate()
        upload.write(data)
        upload.flush()
        upload.size = len(data)
    return Accepted(
        _public_name(upload.name or "", kind.extension),
        kind.value,
        upload,
        len(data),
        hashlib.sha256(data).hexdigest(),
        width,
        height,
    )


def _kind(data: bytes) -> Kind:
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return Kind.WEBP
    for beginning, kind in _BEGINNINGS:
        if data.startswith(beginning):
            return kind
    raise UnfitError("wrong_kind")


def _is_mixed(data: bytes, kind: Kind) -> bool:
    is_archive = b"PK\x03\x04" in data and zipfile.is_zipfile(BytesIO(data))
    is_pdf_too = kind != Kind.PDF and b"%PDF-" in data[:_PDF_WITHIN]
    return is_archive or is_pdf_too or any(foreign in data for foreign in _FOREIGN)


def _public_name(name: str, extension: str) -> str:
    """Return the name under which everybody may save it: the given one, unless it may tell of a person."""
    tidy = file_names.tidy(name, extension)
    tells = any(found.severity in {"block", "mask"} for found in personal_data.find(tidy))
    return tidy if tidy and not tells else f"attachment.{extension}"


def check_number(count: int) -> None:
    """Raise ValidationError (too_many) when more files come with one opinion than we take."""
    if count > MOST:
        raise ValidationError(
            _("You chose %(count)d files. At most %(most)d can be attached."),
            "too_many",
            {"count": count, "most": MOST},
        )


@contextmanager
def written(accepted: Iterable[Accepted]) -> Iterator[list[Attachment]]:
    """Write the files under random names; those without a row when the block ends are removed again.

    Yield the rows, not yet stored. A process that is killed in between leaves a file without a row,
    which `strays` finds.
    """
    rows: list[Attachment] = []
    try:
        for position, one in enumerate(accepted, start=1):
            one.file.seek(0)
            name = default_storage.save(f"{DIRECTORY}/{secrets.token_hex(16)}", one.file)
            rows.append(
                Attachment(
                    position=position,
                    name=one.name,
                    kind=one.kind,
                    size=one.size,
                    sha256=one.sha256,
                    width=one.width,
                    height=one.height,
                    file=name,
                )
            )
        yield rows
    except BaseException:
        _remove(rows)
        raise
    _remove([row for row in rows if not row.pk])


def attach(submission: Submission, rows: list[Attachment]) -> None:
    """Store the rows of files that were written."""
    for row in rows:
        row.submission = submission
        row.save(force_insert=True)


def are_those_of(submission: Submission, accepted: Iterable[Accepted]) -> bool:
    """Tell whether each of these files came with `submission`.

    Fewer are no difference: a browser that goes back has forgotten them.
    """
    stored = set(submission.attachments.values_list("sha256", flat=True))
    return {one.sha256 for one in accepted} <= stored


def erase(rows: AttachmentQuerySet, at: datetime) -> int:
    """Empty `rows` and remove their files once that is sure; return how many.

    A process that is killed in between leaves files without a row, which `strays` finds.
    """
    names = list(rows.kept().values_list("file", flat=True))
    erased = rows.erase(at)
    for name in names:
        transaction.on_commit(partial(default_storage.delete, name))
    return erased


def strays(before: datetime) -> list[str]:
    """Return the names of the stored files older than `before` that have no row, or whose row is erased.

    Raises store.StoreError, as `broken` does.
    """
    try:
        with store.asking():
            _directories, files = default_storage.listdir(DIRECTORY)
    except FileNotFoundError:
        return []
    names = sorted(f"{DIRECTORY}/{name}" for name in files)
    known = set(Attachment.objects.kept().values_list("file", flat=True))
    return [name for name in names if name not in known and _is_older(name, before)]


def _is_older(name: str, before: datetime) -> bool:
    try:
        return default_storage.get_modified_time(name) < before
    except FileNotFoundError:
        # Removed since the names were read.
        return False


def remove_strays(before: datetime) -> list[str]:
    """Remove the files that `strays` finds; return their names."""
    found = strays(before)
    for name in found:
        default_storage.delete(name)
    return found


def broken() -> Iterator[tuple[Attachment, str]]:
    """Yield each row whose file is missing or is no longer what was stored, with which of the two."""
    for row in Attachment.objects.kept().select_related("submission").iterator():
        try:
            with store.asking(), default_storage.open(str(row.file)) as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError:
            yield row, "missing"
        else:
            if digest != row.sha256:
                yield row, "changed"


def _remove(rows: list[Attachment]) -> None:
    for row in rows:
        default_storage.delete(str(row.file))
