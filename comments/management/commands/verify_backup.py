"""`manage.py verify_backup FILE`: whether a backup is whole, and what is in it."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from comments.backups import advice, archive, keys


class Command(BaseCommand):
    """Read a backup to its end; change nothing."""

    help = "Compare every byte of a backup with its manifest; fail when one is missing or changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file and the key."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--key-file", type=Path, help="a file with the key, in place of BACKUP_KEY")

    def handle(self, *, file: Path, key_file: Path | None, **_: Any) -> None:
        """Print when it was made and what it holds. Raises CommandError when it is not whole."""
        try:
            manifest = archive.read(file, keys.given(key_file))
        except (OSError, ValueError, archive.DamagedError) as error:
            raise CommandError(f"{file} is no whole backup: {advice.on(error)}") from error
        self.stdout.write(f"{file} is whole: {manifest.vendor}, made at {manifest.made_at}")
        self.stdout.write(f"{len(manifest.members)} members, {sum(manifest.tables.values())} rows")
        newest = max(name for name in manifest.migrations if name.startswith("comments."))
        self.stdout.write(f"newest migration: {newest}")
