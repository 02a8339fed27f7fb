"""Put everything that can't be made anew into one file, and bring it back into an empty installation.

That is the database, as it stood at one moment, and the uploaded files. The keys are no part of it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.files.storage import Storage, default_storage
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from comments.attachments import store
from comments.backups import archive, databases
from comments.backups.archive import Manifest, Source

DATABASE = "database"
FILES = "files/"
SUFFIX = ".backup"


class CanNotRestoreError(Exception):
    """This archive can't be brought into this installation; nothing was changed."""


def make(path: Path, key: bytes | None) -> Manifest:
    """Write a backup to `path`, whole or not at all, encrypted when there is a `key`; writes of others go on.

    The files are read after the database: whatever the database names is among them, unless it was removed meanwhile.
    Raises OSError, FileExistsError when `path` is taken, `databases.ToolError`, `store.StoreError`.
    """
    with _workshop() as workshop, archive.writing(path, key) as out:
        at = timezone.now()
        state = databases.dump(workshop / DATABASE)
        with (workshop / DATABASE).open("rb") as file:
            out.add(DATABASE, file)
        for name in sorted(_stored(default_storage)):
            try:
                with store.asking(), default_storage.open(name) as file:
                    out.add(f"{FILES}{name}", file)
            # Erased since the names were read.
            except FileNotFoundError:
                continue
        return out.finish(made_at=at.isoformat(), vendor=connection.vendor, state=state)


def default_path() -> Path:
    """Return where the next backup goes: a name that sorts by time, in `BACKUP_DIR`."""
    return Path(settings.BACKUP_DIR) / f"bma-consult-{timezone.now():%Y%m%dT%H%M%SZ}{SUFFIX}"


def existing() -> list[Path]:
    """Return the whole backups in `BACKUP_DIR`, the oldest first."""
    return sorted(Path(settings.BACKUP_DIR).glob(f"*{SUFFIX}"))


def restore(path: Path, key: bytes | None) -> Manifest:
    """Bring a backup into this installation, whose database and file store must be empty.

    It is read through and compared with its manifest before anything is written. The files come before the database,
    so what broke off in between looks empty, not whole. Raises `archive.DamagedError`, CanNotRestoreError,
    `databases.ToolError`, `store.StoreError`, OSError.
    """
    manifest = archive.read(path, key)
    _refuse_what_does_not_fit(manifest)
    with _workshop() as workshop:

        def take(name: str, file: Source) -> None:
            if name == DATABASE:
                with (workshop / DATABASE).open("wb") as copy:
                    archive.copy(file, copy)
            else:
                _store(name.removeprefix(FILES), file)

        archive.read(path, key, take)
        databases.load(workshop / DATABASE)
    if (counts := databases.counts()) != manifest.tables:
        apart = sorted(name for name, _ in counts.items() ^ manifest.tables.items())
        raise CanNotRestoreError(f"after the restore these tables have other numbers of rows: {set(apart)}")
    return manifest


def _refuse_what_does_not_fit(manifest: Manifest) -> None:
    if manifest.vendor != connection.vendor:
        raise CanNotRestoreError(
            f"the backup is of {manifest.vendor}, this database is {connection.vendor}: DATABASE_URL has to name one of that kind"
        )
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if unknown := sorted(set(manifest.migrations) - known):
        raise CanNotRestoreError(
            f"the backup was made by newer code, which has {', '.join(unknown)}: install that first"
        )
    if not databases.is_empty():
        raise CanNotRestoreError(
            "the database is not empty, and a restore never overwrites anything: make a new one, and name it in DATABASE_URL"
        )
    if next(_stored(default_storage), None):
        raise CanNotRestoreError("the store of uploaded files is not empty; move away what is in it")


def _stored(storage: Storage, directory: str = "") -> Iterator[str]:
    try:
        with store.asking():
            directories, files = storage.listdir(directory)
    except FileNotFoundError:
        return
    for name in files:
        yield f"{directory}{name}"
    for name in directories:
        yield from _stored(storage, f"{directory}{name}/")


def _store(name: str, file: Source) -> None:
    with tempfile.SpooledTemporaryFile(max_size=archive.CHUNK) as spool:
        archive.copy(file, spool)
        spool.seek(0)
        with store.asking():
            kept = default_storage.save(name, File(spool))
        if kept != name:
            raise CanNotRestoreError(f"the file store keeps {name} under another name: {kept}")


@contextmanager
def _workshop() -> Iterator[Path]:
    # Words in clear lie here for a moment: where the database itself lies, and open to nobody else.
    with tempfile.TemporaryDirectory(dir=settings.VAR_DIR, prefix="backup-") as directory:
        yield Path(directory)
