"""Tell a machine that can't serve just now from a mistake of ours."""

from __future__ import annotations

import errno
import sqlite3

from django.db import DatabaseError, InterfaceError

# No room, no right to write, too many open files: somebody has to mend the machine, and then it goes on.
_OF_THE_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG, errno.EIO, errno.EMFILE, errno.ENFILE}
# SQLite's own words for: busy, locked, no memory, read-only, the disk fails, full, can't be opened, somebody else's lock.
_OF_SQLITE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
}
# PostgreSQL's classes for: no connection, too few resources, interrupted by its operator, the disk fails; then
# read-only, deadlock, a lock that does not come.
_OF_POSTGRESQL = ("08", "53", "57", "58", "25006", "40P01", "55P03")


def name(error: BaseException | None) -> str:
    """Return what kind of outage an error is, for the log, or "" for a mistake of ours.

    Never the error's own words: the database quotes what it was given.
    """
    if isinstance(error, DatabaseError | InterfaceError):
        return _of_the_database(error)
    if isinstance(error, OSError) and error.errno in _OF_THE_DISK:
        return errno.errorcode[error.errno]
    return ""


def _of_the_database(error: DatabaseError | InterfaceError) -> str:
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        # The low byte is the kind, the rest says more of it.
        is_outage = getattr(cause, "sqlite_errorcode", 0) & 0xFF in _OF_SQLITE
        return getattr(cause, "sqlite_errorname", "") if is_outage else ""
    code = getattr(cause, "pgcode", None)
    if code is None:
        # The connection broke, or was never made: then the server has told nothing.
        is_gone = isinstance(error, InterfaceError) or type(error).__name__ == "OperationalError"
        return "no connection" if is_gone else ""
    return code if code.startswith(_OF_POSTGRESQL) else ""
