"""Which migrations the code of the version before can't live with, so that the service has to stop for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import migrations, models
from django.db.migrations.operations.base import Operation

# The code that came before these gives new columns no value (0025, 0026), or answers a fault of ours, not "again in a moment", where
# a migration and a citizen wait for each other (0028).
FIRST_WITHOUT_A_STOP = 29
_GOES = (migrations.RemoveField, migrations.RenameField, migrations.DeleteModel, migrations.RenameModel)


def hindrances(operations: Sequence[Operation]) -> list[str]:
    """Return what in `operations` would make the code of the version before fail, while it still runs."""
    made = {one.name.lower() for one in operations if isinstance(one, migrations.CreateModel)}
    found = []
    for one in operations:
        model = getattr(one, "model_name", "") or ""
        if model.lower() in made:
            continue
        if isinstance(one, _GOES):
            found.append(f"{one.describe()}: what the old code uses may go in the version after the next")
        if isinstance(one, migrations.AddField) and not _fills_itself(one.field):
            found.append(f"{one.describe()}: the old code gives it no value; it needs a db_default, or null")
    return found


def _fills_itself(field: models.Field[Any, Any]) -> bool:
    return bool(field.null or field.many_to_many or field.has_db_default() or field.generated)


def need_a_stop(waiting: Sequence[migrations.Migration]) -> Iterator[str]:
    """Name those of our migrations that wait which old code does not live with."""
    for one in waiting:
        if one.app_label == "comments" and (
            number_of(one) < FIRST_WITHOUT_A_STOP or hindrances(one.operations)
        ):
            yield f"{one.app_label}.{one.name}"


def number_of(migration: migrations.Migration) -> int:
    """Return the number that a migration's name begins with."""
    return int(migration.name.partition("_")[0])
