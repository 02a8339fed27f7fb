"""Look at the whole installation: what is wrong, and how to mend it.

A check is a function that yields findings; one that yields none found nothing wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from comments.doctor import contents, database, kept, machine, queues, settled
from comments.doctor.findings import Finding, trouble

Check = Callable[[], Iterator[Finding]]

# Without the first, none of those that ask the database can say anything.
CHECKS: dict[str, Check] = {
    "database": database.reachable,
    "writing": database.writable,
    "migrations": database.migrated,
    "triggers": database.sealed,
    "numbers": database.counted,
    "search": database.searchable,
    "vacuum": database.vacuumed,
    "durability": database.durable,
    "clock": database.clock,
    "start-up checks": settled.start_up_checks,
    "secrets": settled.secrets,
    "host names": settled.host_names,
    "reference data": contents.reference_data,
    "roles": contents.roles_as_in_the_table,
    "administrators": contents.administrators,
    "retention": contents.retention_at_work,
    "exports": queues.exports,
    "mail queue": queues.notices,
    "backups": kept.backups,
    "mail": machine.mail,
    "disk": machine.disk,
    "files": machine.writable_places,
    "static files": machine.static_files,
    "time zone": machine.time_zone,
}
_WITHOUT_DATABASE = {"secrets", "host names", "backups", "mail", "disk", "files", "static files", "time zone"}
# What must be right before requests are let in, in this order.
READINESS: tuple[Check, ...] = (
    database.reachable,
    database.migrated,
    database.writable,
    database.sealed,
    database.searchable,
    machine.room_to_serve,
)


@dataclass(frozen=True)
class Examined:
    """One check by its name, with what it found."""

    name: str
    findings: tuple[Finding, ...]


def examine() -> Iterator[Examined]:
    """Carry out each check; one that breaks off is a finding itself."""
    is_reachable = True
    for name, check in CHECKS.items():
        if is_reachable or name in _WITHOUT_DATABASE:
            found = _carried_out(check)
            is_reachable = is_reachable and not (name == "database" and found)
            yield Examined(name, found)


def hindrance() -> str:
    """Return, in the active language, why no request can be served; empty when they can be."""
    for check in READINESS:
        for finding in check():
            if finding.is_trouble:
                return finding.text
    return ""


def _carried_out(check: Check) -> tuple[Finding, ...]:
    try:
        return tuple(check())
    # Whatever is wrong, the other checks shall be heard.
    except Exception as error:  # noqa: BLE001
        text = _("this could not be looked at: %(error)s") % {"error": f"{type(error).__name__}: {error}"}
        return (trouble(text, _("Mend what the other findings name, and ask again.")),)
