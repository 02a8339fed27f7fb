"""What each thing may cost at most beside its limit, and whether it does."""

from __future__ import annotations

# Times its limit, by the name of the row; of the planner's page seconds, of files the memory beyond what was there in MB.
# Those of counts and files are meant for a million rows, those of workbooks for 100,000.
AIMS = {
    "list, kept": 1.3,
    "list, kept, 304": 1.3,
    "list, drawn anew": 2.0,
    "list, page 20 by key, drawn anew": 2.0,
    "list, filtered, drawn anew": 2.0,
    "submit": 4.0,
    "vote": 2.0,
    "goal, sector, district and stance": 1.5,
    "the planner's page: goal by stance": 0.5,
    "SQLite csv": 1.3,
    "PostgreSQL csv": 2.0,
    "csv, memory": 30.0,
    "xlsx, memory": 100.0,
    "xlsx, seconds": 60.0,
}


def beside(name: str, value: float) -> str:
    """Return the aim of a row and whether it is met; nothing for a row without one.

    >>> beside("vote", 1.72), beside("vote", 2.5), beside("home", 1)
    ('aim 2: met', 'aim 2: MISSED', '')
    """
    aim = AIMS.get(name)
    return "" if aim is None else f"aim {aim:g}: {'met' if value <= aim else 'MISSED'}"
