"""How well copies of one text are put together, what that costs, and whether additions are shown.

`python -m benchmarks.duplicates [--rows 100000] [--templates 200]`. Templates are passages of public texts that
no threshold was chosen on; each is copied in the ways of `benchmarks/variants.py`. On each database they come
in through intake, in random order, among `--rows` other submissions.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import servers, variants
from comments.text import similarity
from tests import environment
from tests.databases import empty_database

if TYPE_CHECKING:
    from benchmarks import filler

SEED = 2567


# How much two texts may share that begin as a form letter does and then speak of something else.
_OPENING = 80
ALIKE = "same opening, other matter"


@cache
def _passages() -> list[str]:
    """Return passages that say different things, none of them used for choosing thresholds."""
    found = variants.passages(odd=True)
    random.Random(SEED).shuffle(found)
    return variants.distinct(found)


def templates(count: int) -> list[str]:
    """Return the passages that are copied."""
    return _passages()[:count]


def _alike(texts: list[str]) -> list[variants.Copy]:
    """Return texts of their own that begin with the same words as a template."""
    others = [text for text in _passages()[len(texts) :] if len(text) > 1.5 * _OPENING]
    pairs = zip(texts, others, strict=False)
    return [
        variants.Copy(len(texts) + number, f"{text[:_OPENING]} {other}", ALIKE)
        for number, (text, other) in enumerate(pairs)
    ]


def measure_additions(count: int) -> None:
    """Print how many of the sentences that copies add are found whole."""
    texts = templates(count)
    there, found, shown, own, spent = Counter[str](), Counter[str](), 0, 0, 0.0
    for copy in variants.copies(texts, SEED):
        began = time.process_time()
        spans = similarity.additions(texts[copy.template], copy.text)
        spent += time.process_time() - began
        for sentence in copy.added:
            start = copy.text.index(sentence)
            end = start + len(sentence)
            covered = sum(max(0, min(end, stop) - max(start, first)) for first, stop in spans)
            there[copy.kind] += 1
            found[copy.kind] += covered >= 0.95 * len(sentence)
            shown, own = shown + sum(stop - first for first, stop in spans), own + len(sentence)
    total = len(texts) * len(variants.KINDS)
    print(f"\nAdditions: {len(texts)} templates, {total} copies, {spent / total * 1e3:.1f} ms each")
    for kind, number in there.items():
        print(f"  {kind:32} {number:5} sentences, found {found[kind] / number:.3f}")
    print(f"  characters shown for each character added: {shown / own:.2f}")


def measure_database(name: str, url: str, rows: int, count: int) -> None:
    """Fill a new database of that vendor and measure there, in a process of its own."""
    with tempfile.TemporaryDirectory() as directory:
        database = empty_database(url, Path(directory), "duplicates")
        env = os.environ | {"DATABASE_URL": database.url}
        for command in (["manage.py", "migrate", "--verbosity=0"], ["manage.py", "load_reference"]):
            done = subprocess.run(
                [sys.executable, *command], env=env, cwd=environment.ROOT, check=False, capture_output=True
            )
            assert done.returncode == 0, done.stderr.decode()
        print(f"\n{name}, {rows} other submissions", flush=True)
        arguments = ["--inside", "--rows", str(rows), "--templates", str(count)]
        subprocess.run(
            [sys.executable, "-m", "benchmarks.duplicates", *arguments],
            env=env,
            cwd=environment.ROOT,
            check=True,
        )
        database.drop()


def measure_inside(rows: int, count: int) -> None:
    """Send templates and copies through intake; print quality and cost."""
    import django  # noqa: PLC0415

    django.setup()
    from benchmarks import filler  # noqa: PLC0415 - needs Django

    met = filler.fill(rows)
    texts = templates(count)
    arrivals = [variants.Copy(number, text, "template") for number, text in enumerate(texts)]
    arrivals += list(variants.copies(texts, SEED)) + _alike(texts)
    # Any of them may come first, as in life.
    random.Random(SEED).shuffle(arrivals)
    joined, total = filler.send([arrival.text for arrival in arrivals])
    _print_cost("joining", joined)
    _print_cost("intake, joining in it", total)
    print(f"  unrelated rows met by a lookup: {met(texts):.1f}")
    _print_quality(arrivals, filler.groups())


def _print_cost(what: str, costs: list[filler.Cost]) -> None:
    work = sorted(cost.work * 1e3 for cost in costs)
    mean, median, p95 = statistics.mean(work), statistics.median(work), work[int(len(work) * 0.95)]
    own, wall = (statistics.mean(cost[at] * 1e3 for cost in costs) for at in (1, 0))
    print(
        f"  {what:22} work: mean {mean:.2f} ms, p50 {median:.2f}, p95 {p95:.2f}, the application's own {own:.2f}; "
        f"clock {wall:.2f}; {len(work)} texts"
    )


def _print_quality(arrivals: list[variants.Copy], groups: list[int | None]) -> None:
    """Print precision over pairs put together, and recall of each kind of copy.

    A copy is recalled when it is in the group that holds most of its template's texts.
    """
    members: dict[int, list[int]] = defaultdict(list)
    for arrival, group in zip(arrivals, groups, strict=True):
        if group is not None:
            members[group].append(arrival.template)
    together = sum(len(one) * (len(one) - 1) for one in members.values())
    right = sum(number * (number - 1) for one in members.values() for number in Counter(one).values())
    main: dict[int, Counter[int]] = defaultdict(Counter)
    for group, one in members.items():
        for template in one:
            main[template][group] += 1
    recalled, there = Counter[str](), Counter[str]()
    for arrival, group in zip(arrivals, groups, strict=True):
        if arrival.kind == ALIKE:
            continue
        home = main[arrival.template].most_common(1)
        there[arrival.kind] += 1
        recalled[arrival.kind] += bool(home) and group == home[0][0]
    trapped = sum(
        group is not None for arrival, group in zip(arrivals, groups, strict=True) if arrival.kind == ALIKE
    )
    traps = sum(arrival.kind == ALIKE for arrival in arrivals)
    print(
        f"  precision over pairs {right / together:.4f}; {ALIKE}: {trapped} of {traps} put with others; recall:"
    )
    for kind, number in there.items():
        print(f"    {kind:32} {recalled[kind] / number:.3f} of {number}")
    print(f"    {'all':32} {recalled.total() / there.total():.3f}")
    measure_exact(arrivals)


def measure_exact(arrivals: list[variants.Copy]) -> None:
    """Print precision and recall of equality: copies that differ in spacing, punctuation and particles only."""
    equal: dict[str, list[variants.Copy]] = defaultdict(list)
    for arrival in arrivals:
        equal[similarity.fingerprint(arrival.text)].append(arrival)
    same = {"template", variants.EXACT}
    wanted = sum(arrival.kind == variants.EXACT for arrival in arrivals)
    found = sum({one.kind for one in group} >= same for group in equal.values())
    wrong = sum(
        len({one.template for one in group}) > 1 or any(one.kind not in same for one in group)
        for group in equal.values()
        if len(group) > 1
    )
    print(f"  exact: recall {found / wanted:.3f}, groups with a text that is not equal: {wrong}")


def main() -> None:
    """Measure on each database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--templates", type=int, default=200)
    parser.add_argument("--only", help="a vendor's name")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        measure_inside(options.rows, options.templates)
        return
    environment.fix()
    measure_additions(options.templates)
    with servers.databases() as urls:
        for name, url in urls.items():
            if options.only in {None, name}:
                measure_database(name, url, options.rows, options.templates)


if __name__ == "__main__":
    main()
