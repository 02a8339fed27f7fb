"""What to do when a backup or a restore breaks off."""

from __future__ import annotations

import errno
import sqlite3

from django.db import DatabaseError

from comments.backups.archive import DamagedError

_ROOM = "Make room: a copy of the database goes into VAR_DIR first, the backup itself to its own place."
_RIGHTS = "Run it as the user of the service, and give that user the right to it."
_OF_THE_DISK = {
    errno.ENOSPC: _ROOM,
    errno.EDQUOT: _ROOM,
    errno.EACCES: _RIGHTS,
    errno.EPERM: _RIGHTS,
    errno.EROFS: "Mount the disk for writing, or name another place.",
    errno.ENOENT: "Look at the name; a directory has to be there before anything goes into it.",
    errno.EEXIST: "Choose another name: a backup never overwrites anything.",
}


def on(error: Exception) -> str:
    """Return an error in its own words, and what to do about it, where that is not in them already."""
    return f"{str(error).strip()}. {_mend(error)}".removesuffix(". ")


def _mend(error: Exception) -> str:
    match error:
        case DamagedError():
            return "Is BACKUP_KEY, or --key-file, the key it was made with? Then take another copy, or an older one."
        case OSError():
            return _OF_THE_DISK.get(error.errno or 0, "")
        case sqlite3.Error() if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL:
            return _ROOM
        case DatabaseError() | sqlite3.Error():
            return "Look at DATABASE_URL, and ask manage.py doctor."
    return ""
