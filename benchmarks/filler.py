"""Fill a database with submissions that are filed under their bands, and send texts in among them."""

from __future__ import annotations

import io
import random
import time
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from django.db import connection, transaction

from benchmarks import rows as other_rows
from benchmarks import servers
from comments import campaigns, intake
from comments.likeness import Text
from comments.models import Band, Plan, Sector, Submission
from comments.text import similarity


class Cost(NamedTuple):
    """Seconds by the clock, and seconds that this process computed, alone and with the database."""

    wall: float
    own: float
    work: float


# Bands of more texts than this are drawn at random: an index can't tell, and to compute them takes an hour.
_COMPUTED = 20_000
_BATCH = 2_000_000
_CARELESS = {"postgresql": "SET session_replication_role = replica", "sqlite": "PRAGMA synchronous = OFF"}
_CAREFUL = {"postgresql": "SET session_replication_role = origin", "sqlite": "PRAGMA synchronous = FULL"}


def fill(count: int) -> Callable[[list[str]], float]:
    """Insert `count` submissions with their bands; return what tells how many of them texts meet on average."""
    with connection.cursor() as cursor:
        # Nothing refers to what isn't there, and nothing need outlive a crash: checking takes most of the time.
        cursor.execute(_CARELESS[connection.vendor])
    other_rows.fill(count)
    scope = str(Plan.objects.current().pk)
    texts = Submission.objects.order_by("pk").values_list("pk", "body")
    batch: list[tuple[int, int]] = []
    for pk, numbers in _filed(texts.iterator(chunk_size=5_000), scope):
        batch += ((number, pk) for number in numbers)
        if len(batch) >= _BATCH:
            _insert(batch)
            batch = []
    _insert(batch)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute(_CAREFUL[connection.vendor])
    return lambda asked: _met(asked, scope)


def _filed(texts: Iterator[tuple[int, str]], scope: str) -> Iterator[tuple[int, set[int]]]:
    chance = random.Random(1)
    for place, (pk, body) in enumerate(texts):
        computed = similarity.bands(body, scope=scope) if place < _COMPUTED else None
        drawn = (chance.getrandbits(64) - 2**63 for _ in range(similarity.BANDS))
        yield pk, set(drawn if computed is None else computed)


def _insert(batch: list[tuple[int, int]]) -> None:
    table = Band._meta.db_table
    # In order of the key: a tree grows at its end much faster than all over.
    batch.sort()
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            lines = io.StringIO("".join(f"{number}\t{pk}\n" for number, pk in batch))
            cursor.copy_expert(f"COPY {table} (number, submission_id) FROM STDIN", lines)
        else:
            cursor.executemany(f"INSERT INTO {table} (number, submission_id) VALUES (%s, %s)", batch)  # noqa: S608


def _met(asked: list[str], scope: str) -> float:
    """Return how many of the first rows a text meets on average, scaled to all of them."""
    ours = [similarity.bands(text, scope=scope) for text in asked]
    met = [
        Band.objects.filter(number__in=numbers, submission_id__lte=_last_computed()).count()
        for numbers in ours
    ]
    filled = Submission.objects.filter(pk__lte=_first_sent() - 1).count()
    return sum(met) / len(met) * max(1, filled / _COMPUTED)


def _last_computed() -> int:
    keys = Submission.objects.order_by("pk").values_list("pk", flat=True)
    return min(keys[_COMPUTED - 1 : _COMPUTED].first() or _first_sent() - 1, _first_sent() - 1)


def _first_sent() -> int:
    return _sent[0] if _sent else 2**62


_sent: list[int] = []


def send(texts: list[str]) -> tuple[list[Cost], list[Cost]]:
    """Send `texts` in through intake; return what joining and what all of it took."""
    joined: list[Cost] = []
    total: list[Cost] = []
    real = campaigns.place

    def timed(texts: Sequence[Text]) -> list[Text]:
        began = _now()
        filed = real(texts)
        joined.append(_since(began))
        return filed

    campaigns.place = timed
    plan, sector = Plan.objects.current(), Sector.objects.get(key="citizen")
    for number, text in enumerate(texts):
        began = _now()
        statement = intake.Statement(plan=plan, sector=sector, body=text)
        receipt = intake.receive(statement, idempotency_key=f"send-{number}", channel="web")
        total.append(_since(began))
        _sent.append(receipt.submission.pk)
    campaigns.place = real
    return joined, total


def _now() -> Cost:
    return Cost(time.perf_counter(), time.thread_time(), servers.worked() / 1e9)


def _since(began: Cost) -> Cost:
    now = _now()
    return Cost(*(after - before for after, before in zip(now, began, strict=True)))


def groups() -> list[int | None]:
    """Return the campaign of each text that was sent, None for one that stands alone, in order."""
    by_key = dict(Submission.objects.filter(pk__gte=_sent[0]).values_list("pk", "campaign_id"))
    return [by_key[pk] for pk in _sent]
