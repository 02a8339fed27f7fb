"""Fill a database with realistic submissions: `python -m benchmarks.rows COUNT`.

Beyond the first 100,000 the database itself repeats them, with other references and earlier moments. The words are real Thai where a directory of texts is there (CORPORA, one text a line in *.txt),
else sentences of the sample submissions in varying order.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import django

BATCH = 5_000
# So many are made one by one; more would take minutes.
MADE = 100_000
_SECONDS_APART = 30
SEED = 2567
_CARELESS = {"postgresql": "SET session_replication_role = replica", "sqlite": "PRAGMA synchronous = OFF"}
CORPORA = Path(os.environ.get("CORPORA", Path(__file__).resolve().parents[2] / "shared" / "corpora"))


def sentences() -> list[str]:
    """Return texts to mix from."""
    from comments import reference_data  # noqa: PLC0415 - Django must be set up first

    found = [line for path in sorted(CORPORA.glob("*.txt")) for line in path.read_text("utf-8").splitlines()]
    return [text for text in found if len(text) > 20] or [row["body"] for row in reference_data.samples()]


def bodies(count: int) -> Iterator[str]:
    """Yield `count` texts of about 50 to 400 characters, the same ones each time."""
    chance = random.Random(SEED)
    texts = sentences()
    for number in range(count):
        length = chance.randint(50, 400)
        words = ""
        while len(words) < length:
            words += chance.choice(texts) + " "
        yield f"{words[:length]} {number}"


def fill(count: int) -> None:
    """Insert `count` submissions, the first of them with their events: half published, the rest in the other states."""
    from django.db import connection  # noqa: PLC0415 - Django must be set up first

    from comments.models import standing  # noqa: PLC0415

    with connection.cursor() as cursor:
        # Nothing here need outlive a crash, and triggers take longer than the rows.
        cursor.execute(_CARELESS[connection.vendor])
        _make(min(count, MADE))
        for times in range(1, -(-count // MADE)):
            _repeat(times, min(MADE, count - times * MADE))
        # What the triggers would have counted: whoever remembers something asks anew.
        cursor.execute("INSERT INTO comments_publicversion (frame, shown, arrived) VALUES (1, 1, 1)")
    standing.install()


def _repeat(times: int, count: int) -> None:
    """Insert the first `count` rows once more."""
    from django.db import connection  # noqa: PLC0415

    from comments.models import Submission  # noqa: PLC0415

    columns = [field.column for field in Submission._meta.concrete_fields if field.column != "id"]
    told = dict(zip(columns, columns, strict=True))
    seconds = times * MADE * _SECONDS_APART
    number = f"{times * MADE} + id"
    if connection.vendor == "postgresql":
        spelt = f"LPAD(TO_HEX({number}), 8, '0')"
        moment = f"{{}} - INTERVAL '{seconds} seconds'"
    else:
        spelt = f"PRINTF('%08x', {number})"
        moment = f"STRFTIME('%Y-%m-%d %H:%M:%f', {{}}, '-{seconds} seconds')"
    told["reference"] = f"'68-' || SUBSTR({spelt}, 1, 4) || '-' || SUBSTR({spelt}, 5, 4)"
    told["idempotency_hash"] = f"idempotency_hash || '-{times}'"
    told["received_at"] = moment.format("received_at")
    told["moderated_at"] = moment.format("moderated_at")
    sql = (
        f"INSERT INTO comments_submission ({', '.join(columns)}) SELECT {', '.join(told.values())}"  # noqa: S608
        " FROM comments_submission WHERE reference NOT LIKE '68-%%' ORDER BY id LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [count])


def _make(count: int) -> None:
    from comments.models import Submission, SubmissionEvent  # noqa: PLC0415

    chance = random.Random(SEED)
    choices = _choices()
    texts = bodies(count)
    drawn = _references(count)
    for start in range(0, count, BATCH):
        rows = [
            _row(start + n, next(texts), chance, choices | {"reference": [next(drawn)]})
            for n in range(min(BATCH, count - start))
        ]
        Submission.objects.bulk_create(rows)
        SubmissionEvent.objects.bulk_create(
            SubmissionEvent(submission=row, kind="received", at=row.received_at, to_status="pending")
            for row in rows
        )


def _references(count: int) -> Iterator[str]:
    from comments import references  # noqa: PLC0415

    drawn: set[str] = set()
    while len(drawn) < count:
        drawn.add(references.draw(2567))
    return iter(drawn)


def _choices() -> dict[str, list[object]]:
    from comments.models import (  # noqa: PLC0415
        DevelopmentGoal,
        District,
        Plan,
        RejectionReason,
        Sector,
    )

    return {
        "plan": [Plan.objects.current()],
        "goal": [None, *DevelopmentGoal.objects.all()],
        "sector": list(Sector.objects.all()),
        "district": [None, *District.objects.all()],
        "stance": ["", "agree", "agree_with_changes", "disagree", "neutral"],
        "kind": ["opinion", "need", "fact", "information"],
        "status": ["published"] * 5 + ["pending"] * 3 + ["rejected", "withdrawn"],
        "reason": list(RejectionReason.objects.all()),
    }


def _row(number: int, body: str, chance: random.Random, choices: dict[str, list[object]]) -> object:
    from django.utils import timezone  # noqa: PLC0415

    from comments import references  # noqa: PLC0415
    from comments.models import Submission  # noqa: PLC0415
    from comments.text.similarity import fingerprint  # noqa: PLC0415

    chosen = {name: chance.choice(values) for name, values in choices.items()}
    if chosen["status"] != "rejected":
        chosen["reason"] = None
    received_at = timezone.now() - timedelta(seconds=_SECONDS_APART * number)
    decided = chosen["status"] in {"published", "rejected"}
    return Submission(
        **chosen,
        lot=references.lot(str(chosen["reference"])),
        idempotency_hash=f"{SEED}-{number}",
        received_at=received_at,
        moderated_at=received_at + timedelta(hours=3) if decided else None,
        channel="web",
        about="goals",
        body=body,
        fingerprint=fingerprint(body),
        language="th",
    )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bma_consult.settings")
    django.setup()
    fill(int(sys.argv[1]))
