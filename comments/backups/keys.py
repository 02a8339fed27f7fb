"""Where the key of backups comes from."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from comments.backups.sealing import key_of


def given(file: Path | None = None) -> bytes | None:
    """Return the key in `file`, or that of the setting `BACKUP_KEY`; None where there is neither.

    Raises OSError, ValueError for what is no key.
    """
    text = file.read_text(encoding="utf-8") if file else settings.BACKUP_KEY
    return key_of(text) if text or file else None
