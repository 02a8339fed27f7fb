"""`manage.py backup`: database and uploaded files in one file, while the site goes on."""

from __future__ import annotations

import sqlite3
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from comments import backups
from comments.attachments.store import StoreError
from comments.backups import advice, databases, keys


class Command(BaseCommand):
    """Write a backup, whole or not at all."""

    help = "Write database and uploaded files into one file; encrypted when there is a key."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take where to write to, the key, and how many to keep."""
        parser.add_argument("file", nargs="?", type=Path, help="by default a new one in BACKUP_DIR")
        parser.add_argument("--key-file", type=Path, help="a file with the key, in place of BACKUP_KEY")
        parser.add_argument(
            "--keep", type=int, help="afterwards leave only so many of the newest in BACKUP_DIR"
        )

    def handle(self, *, file: Path | None, key_file: Path | None, keep: int | None, **_: Any) -> None:
        """Write, and print what is in it. Raises CommandError."""
        if not file and not settings.BACKUP_DIR:
            raise CommandError("name a file, or set BACKUP_DIR")
        try:
            path = file or backups.default_path()
            key = keys.given(key_file)
            manifest = backups.make(path, key)
        except (OSError, ValueError, DatabaseError, sqlite3.Error, databases.ToolError, StoreError) as error:
            raise CommandError(f"no backup was made: {advice.on(error)}") from error
        how = "encrypted" if key else "NOT encrypted"
        rows = sum(manifest.tables.values())
        self.stdout.write(
            f"{path}: {path.stat().st_size} bytes, {how}; {rows} rows, {len(manifest.members)} members"
        )
        for old in backups.existing()[:-keep] if keep and settings.BACKUP_DIR else ():
            old.unlink()
            self.stdout.write(f"{old}: removed")
