"""`manage.py restore FILE`: bring a backup into an empty installation, and erase again what was erased since."""

from __future__ import annotations

import sqlite3
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from comments import backups, erasure
from comments.attachments.store import StoreError
from comments.backups import advice, archive, databases, keys


class Command(BaseCommand):
    """Restore into what is empty; never overwrite anything."""

    help = "Bring a backup into an empty database and an empty file store, and repeat later erasures."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, the key, and the list of erasures."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--key-file", type=Path, help="a file with the key, in place of BACKUP_KEY")
        parser.add_argument("--erasures", type=Path, help="the list of erasures, in place of ERASURE_LOG")
        parser.add_argument("--no-erasures", action="store_true", help="nothing was ever erased")

    def handle(
        self, *, file: Path, key_file: Path | None, erasures: Path | None, no_erasures: bool, **_: Any
    ) -> None:
        """Check, restore, erase again, and say what was done. Raises CommandError."""
        listed = [] if no_erasures else self._listed(erasures)
        try:
            manifest = backups.restore(file, keys.given(key_file))
        except (
            OSError,
            ValueError,
            DatabaseError,
            sqlite3.Error,
            archive.DamagedError,
            backups.CanNotRestoreError,
            databases.ToolError,
            StoreError,
        ) as error:
            raise CommandError(f"not restored: {advice.on(error)}") from error
        self.stdout.write(f"restored as of {manifest.made_at}: {sum(manifest.tables.values())} rows,")
        self.stdout.write(f"{len(manifest.members) - 1} files, every table as in the manifest")
        for reference, is_known in erasure.repeat(listed):
            self.stdout.write(f"{reference}: {'erased' if is_known else 'not in this backup'}")
        erasure.wipe()
        self.stdout.write("Now: manage.py migrate, on PostgreSQL grants.sql, then manage.py doctor")

    def _listed(self, erasures: Path | None) -> list[erasure.Erased]:
        path = erasures or settings.ERASURE_LOG
        if not path:
            raise CommandError("name the list of erasures with --erasures, or say --no-erasures")
        try:
            with Path(path).open(encoding="utf-8", newline="") as lines:
                return erasure.read(lines)
        except (OSError, ValueError) as error:
            raise CommandError(f"the list of erasures can't be read: {error}") from error
