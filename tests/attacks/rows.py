"""What is in the tables of the database, to tell whether a request changed anything."""

import hashlib

from django.db import connection

# Written by the database itself.
_OWN = {"sqlite_sequence"}


def tables(*, without=()):
    """Return a hash of the rows of every table but those of Django's migrations, by its name."""
    with connection.cursor() as cursor:
        names = [info.name for info in connection.introspection.get_table_list(cursor) if info.type == "t"]
        return {name: _hash(cursor, name) for name in names if name not in {*_OWN, *without}}


def _hash(cursor, name):
    cursor.execute(f"SELECT * FROM {connection.ops.quote_name(name)}")  # noqa: S608 - a name of ours
    rows = sorted(repr(row) for row in cursor.fetchall())
    return hashlib.sha256("\n".join(rows).encode("utf-8", "surrogatepass")).hexdigest()


def changed(before, after):
    """Name the tables that differ."""
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
