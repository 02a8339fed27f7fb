"""Measure the search on each database: what it finds, how fast, and what it costs; beside `ILIKE '%…%'`.

`python -m benchmarks.search [--rows 100000] [--only SQLite|PostgreSQL] [--mismatches]`. The texts are mixed from those
in the directory CORPORA (see benchmarks/rows.py).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks import rows, servers
from tests import databases, environment

SAMPLE = 20_000
INSERTS = 500
LIKES = 4
MISMATCH_TEXTS, MISMATCH_QUERIES = 10_000, 1_000


def set_up() -> None:
    """Make Django ready, and the tables, on the database that the environment names."""
    environment.fix()
    import django  # noqa: PLC0415

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    call_command("load_reference", stdout=StringIO())


def measure(count: int) -> None:
    """Print the table for one database."""
    from benchmarks import search_queries, search_rows  # noqa: PLC0415

    sample = [body for _number, body in zip(range(SAMPLE), rows.bodies(count), strict=False)]
    took = search_rows.fill(rows.bodies(count))
    size = search_rows.size()
    print(
        f"{count} rows in {took['rows']:.0f} s; index built in {took['index']:.0f} s; "
        f"entries {size['entries']:.0f} MB, index {size['index']:.0f} MB"
    )
    print(insert_cost())
    print(
        "\n| queries | n | recall | precision | ILIKE recall | ILIKE precision |\n|---|---|---|---|---|---|"
    )
    for line in quality(sample, search_queries.quality(sample)):
        print(line)
    print(
        "\nMilliseconds of work (processor time of both sides; in brackets the clock).\n\n| queries | n | first page p50 | p95 "
        "| (p95) | counted to 1,000 p50 | p95 | (p95) | exact count p50 | ILIKE page p50 | ILIKE / ours |\n"
        "|---|---|---|---|---|---|---|---|---|---|---|"
    )
    for name, queries in search_queries.by_frequency(sample).items():
        print(latency(name, queries), flush=True)


def quality(sample: list[str], lists: dict[str, list[str]]) -> Iterable[str]:
    """Yield a line for each list of queries: macro averages over its queries, among the first texts."""
    from benchmarks.search_queries import Truth  # noqa: PLC0415
    from comments import search  # noqa: PLC0415
    from comments.models import Submission  # noqa: PLC0415

    among = Submission.objects.filter(pk__lte=len(sample))
    truth = Truth(sample)
    everything: list[tuple[float, ...]] = []
    for name, queries in lists.items():
        scores = []
        for query in queries:
            true = {number + 1 for number in truth.found_by(query)}
            if true:
                ours = set(search.matching(among, query, audience="staff").values_list("pk", flat=True))
                like = set(among.filter(body__icontains=query).values_list("pk", flat=True))
                scores.append((*_recall_precision(ours, true), *_recall_precision(like, true)))
        everything += scores
        yield _quality_line(name, scores)
    yield _quality_line("all", everything)


def _recall_precision(found: set[int], true: set[int]) -> tuple[float, float]:
    both = len(found & true)
    return both / len(true), both / len(found) if found else 1.0


def _quality_line(name: str, scores: list[tuple[float, ...]]) -> str:
    means = [statistics.fmean(column) for column in zip(*scores, strict=True)]
    return f"| {name} | {len(scores)} | " + " | ".join(f"{mean:.3f}" for mean in means) + " |"


def latency(name: str, queries: list[str]) -> str:
    """Return a line: each query once to warm up and once to measure, `ILIKE` for the first few only."""
    from comments import search, tally  # noqa: PLC0415
    from comments.models import Submission  # noqa: PLC0415

    def hits(query: str) -> Any:
        return search.matching(Submission.objects.published(), query, audience="public")

    def like(query: str) -> Any:
        found = Submission.objects.published()
        for word in query.replace('"', "").split():
            found = found.filter(body__icontains=word)
        return found

    pages = [_cost(lambda q=q: list(hits(q).order_by("-search_position")[:21])) for q in queries]
    capped = [_cost(lambda q=q: tally.count_up_to(hits(q))) for q in queries]
    exact = [_cost(lambda q=q: hits(q).count(), warm=False) for q in queries[: 2 * LIKES]]
    liked = [_cost(lambda q=q: list(like(q)[:21]), warm=False) for q in queries[:LIKES]]
    ratio = statistics.median(one.work for one in liked) / statistics.median(
        one.work for one in pages[:LIKES]
    )
    cells = [*_summary(pages), *_summary(capped), f"{_p([one.work for one in exact], 50):.0f}"]
    cells += [f"{_p([one.work for one in liked], 50):.0f}", f"{ratio:.0f} ×"]
    return f"| {name} | {len(queries)} | {' | '.join(cells)} |"


def _summary(costs: list[Cost]) -> Iterable[str]:
    work, wall = [one.work for one in costs], [one.wall for one in costs]
    return (f"{_p(work, 50):.1f}", f"{_p(work, 95):.1f}", f"{_p(wall, 95):.1f}")


class Cost(NamedTuple):
    """Milliseconds that passed, and those of them that this process and the database worked."""

    wall: float
    work: float


def _cost(act: Callable[[], object], *, warm: bool = True) -> Cost:
    if warm:
        act()
    began, worked = time.perf_counter(), servers.worked()
    act()
    return Cost((time.perf_counter() - began) * 1e3, (servers.worked() - worked) / 1e6)


def _p(values: list[float], percent: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def insert_cost() -> str:
    """Return a line: the mean milliseconds of each step of indexing new submissions, each in its own transaction."""
    from comments.models import SearchEntry, Submission  # noqa: PLC0415
    from comments.text.normalise import normalise  # noqa: PLC0415
    from comments.text.words import leaves  # noqa: PLC0415

    some = list(Submission.objects.order_by("-pk")[:INSERTS])
    SearchEntry.objects.filter(submission__in=some).delete()
    normalising = _cost(lambda: [normalise(row.body) for row in some])
    cutting = _cost(lambda: [leaves(row.body) for row in some])
    whole = _cost(lambda: [SearchEntry.objects.index([row]) for row in some], warm=False)
    steps = {"normalise": normalising, "normalise and cut into leaves": cutting, "all with the index": whole}
    told = (
        f"{name} {cost.work / len(some):.2f} ms ({cost.wall / len(some):.2f})" for name, cost in steps.items()
    )
    return f"insert, mean of {len(some)}, work (clock): " + ", ".join(told)


def answers() -> None:
    """Print, as JSON, what each query finds and whether rebuilding changes an entry."""
    from benchmarks import search_queries, search_rows  # noqa: PLC0415
    from comments import search  # noqa: PLC0415
    from comments.models import SearchEntry, Submission  # noqa: PLC0415

    bodies = list(rows.bodies(MISMATCH_TEXTS))
    search_rows.fill(bodies)
    # Half of them again through the door that the application uses.
    for start in range(0, MISMATCH_TEXTS, 100):
        SearchEntry.objects.index(Submission.objects.filter(pk__gt=start, pk__lte=start + 50))
    kept = _digest(SearchEntry)
    found = {}
    for query in search_queries.mixed(bodies, MISMATCH_QUERIES):
        hits = search.matching(Submission.objects.published(), query, audience="public")
        found[query] = list(hits.order_by("-search_position").values_list("pk", flat=True))
    written = sum(search.rebuild(everything=True))
    json.dump({"found": found, "rebuilt": written, "same": _digest(SearchEntry) == kept}, sys.stdout)


def _digest(model: Any) -> str:
    entries = model.objects.order_by("position").values_list()
    return hashlib.sha256(repr(list(entries)).encode()).hexdigest()


def worker(url: str, directory: str, *arguments: str, capture: bool = False) -> str:
    """Run this module in a process of its own, whose database is that of `url`."""
    database = databases.empty_database(url, Path(directory), f"search_{time.monotonic_ns()}")
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.search", "--here", *arguments],
        env=os.environ | {environment.DATABASE_VARIABLE: database.url},
        cwd=environment.ROOT,
        check=True,
        text=True,
        stdout=subprocess.PIPE if capture else None,
    )
    return done.stdout or ""


def compare(urls: dict[str, str], directory: str) -> None:
    """Print how many queries the databases answer differently."""
    results = {
        name: json.loads(worker(url, directory, "--mismatches", capture=True)) for name, url in urls.items()
    }
    first, *others = results.values()
    differing = [
        query
        for query in first["found"]
        if any(other["found"][query] != first["found"][query] for other in others)
    ]
    hits = sum(map(len, first["found"].values()))
    print(
        f"{len(first['found'])} queries over {MISMATCH_TEXTS} texts on {', '.join(results)}: {hits} hits, ",
        end="",
    )
    print(f"{len(differing)} mismatches {differing[:5] or ''}")
    for name, result in results.items():
        print(
            f"{name}: {result['rebuilt']} entries rebuilt, {'the same' if result['same'] else 'DIFFERENT'} as kept"
        )
    assert not differing
    assert all(result["same"] for result in results.values())


def main() -> None:
    """Measure on each database, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--only", choices=["SQLite", "PostgreSQL"])
    parser.add_argument("--mismatches", action="store_true", help="compare the answers instead")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        set_up()
        answers() if options.mismatches else measure(options.rows)
        return
    with tempfile.TemporaryDirectory() as directory, servers.databases() as urls:
        if options.mismatches:
            compare(urls, directory)
            return
        for name, url in urls.items():
            if options.only in {None, name}:
                print(f"\n## {name}", flush=True)
                worker(url, directory, "--rows", str(options.rows))


if __name__ == "__main__":
    main()
