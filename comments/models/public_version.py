"""How often what the public sees was changed: whoever keeps a page asks whether it is still as it was."""

from __future__ import annotations

from typing import NamedTuple

from django.db import connections, models
from django.utils.translation import gettext_lazy as _


class Version(NamedTuple):
    """Three numbers that only grow: changes of the reference rows, of what is shown, of what has come in."""

    frame: int
    shown: int
    arrived: int


class PublicVersion(models.Model):
    """Part of the three numbers; their sums are the version.

    There are as many rows as deeds were ever at work at once, so that no deed waits for another. Triggers alone
    write them (`comments.models.noticing`), in the transaction of the change itself.
    """

    frame = models.BigIntegerField(_("changes of reference rows"), default=0)
    shown = models.BigIntegerField(_("changes of what is shown"), default=0)
    arrived = models.BigIntegerField(_("arrivals and events"), default=0)

    class Meta:
        verbose_name = _("version of the public pages")
        verbose_name_plural = _("versions of the public pages")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.frame}.{self.shown}.{self.arrived}"


_QUERY = f"SELECT frame, shown, arrived FROM {PublicVersion._meta.db_table}"  # noqa: S608 - our own name


def read(using: str = "default") -> Version:
    """Return the version that stands in the database. It is asked for before every kept page.

    So it goes past Django's cursor, which takes longer than the question, and the few rows are added up here.
    """
    connection = connections[using]
    with connection.wrap_database_errors:
        connection.ensure_connection()
        cursor = connection.connection.cursor()
        cursor.execute(_QUERY)
        rows = cursor.fetchall()
        cursor.close()
    return Version(*map(sum, zip(*rows, strict=True))) if rows else Version(0, 0, 0)
