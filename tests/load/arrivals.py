"""People arrive when they arrive, whether or not the ones before them were served: `python -m tests.load.arrivals < PLAN`.

PLAN is JSON: `url`, `ledger`, and `steps`, each of `seconds` and `rates` (arrivals a second by deed); optional `seed`, `insists`,
`hangs_up`, `staff`, `patience`, `forms` (stop after so many), `at_once` (who comes beyond so many waits outside). The result is
JSON, a row for each step and deed: how often it ended how, and the percentiles of the time from the moment of arrival, in
milliseconds, of those that ended well.
"""

import asyncio
import json
import random
import sys
from asyncio import sleep as pause
from collections import Counter
from pathlib import Path
from typing import Any

from tests.load.citizens import City, outcome_of
from tests.load.ledger import Ledger

# No machine serves as many at once; beyond them the generator says that it was the bottleneck.
MOST_AT_ONCE = 4_000
LONGEST = 3600.0


class Step:
    """What happened to those who arrived in one step."""

    def __init__(self) -> None:
        self.ended: dict[str, Counter[str]] = {}
        self.took: dict[str, list[float]] = {}

    def note(self, deed: str, outcome: str, seconds: float) -> None:
        """Count one end."""
        self.ended.setdefault(deed, Counter())[outcome] += 1
        if outcome == "ok":
            self.took.setdefault(deed, []).append(1000 * seconds)

    def rows(self, number: int) -> list[dict[str, Any]]:
        """Return a row for each deed."""
        return [
            {"step": number, "deed": deed, "ended": dict(ended)} | _percentiles(self.took.get(deed, []))
            for deed, ended in sorted(self.ended.items())
        ]


def _percentiles(took: list[float]) -> dict[str, float]:
    took = sorted(took)
    return {
        f"p{part}": round(took[min(len(took) - 1, len(took) * part // 100)]) for part in (50, 95, 99) if took
    }


async def run(plan: dict[str, Any]) -> list[dict[str, Any]]:
    """Let everybody arrive as planned, wait for the last of them, and return the rows."""
    ledger = Ledger(Path(plan["ledger"]))
    options = {name: plan[name] for name in ("insists", "hangs_up", "staff", "patience") if name in plan}
    chance = random.Random(plan.get("seed", 2567))  # noqa: S311 - the same people each time
    city = City(plan["url"], ledger, chance, **options)
    await city.begin()
    steps: list[Step] = []
    at_work: set[asyncio.Task[None]] = set()
    loop = asyncio.get_running_loop()
    forms, at_once = plan.get("forms", 10**9), plan.get("at_once", MOST_AT_ONCE + 1)
    moment = loop.time()
    end = moment + LONGEST
    for planned in plan["steps"]:
        step = Step()
        steps.append(step)
        for at, deed in _schedule(planned, city.chance):
            if loop.time() > end or forms <= 0:
                break
            forms -= deed.startswith("submit")
            await pause(max(0, moment + at - loop.time()))
            while len(at_work) >= at_once:
                await asyncio.wait(at_work, return_when=asyncio.FIRST_COMPLETED)
            if len(at_work) >= MOST_AT_ONCE:
                step.note(deed, "not begun", 0)
                continue
            task = asyncio.create_task(_arrive(city, step, deed, moment + at))
            at_work.add(task)
            task.add_done_callback(at_work.discard)
        moment = max(loop.time(), moment + planned["seconds"]) if forms > 0 else loop.time()
    await asyncio.gather(*at_work)
    ledger.close()
    return [row for number, step in enumerate(steps) for row in step.rows(number)]


def _schedule(step: dict[str, Any], chance: random.Random) -> list[tuple[float, str]]:
    """Return the moments of arrival from the beginning of the step: at random, at the given rates."""
    arrivals = []
    for deed, rate in step["rates"].items():
        at = chance.expovariate(rate) if rate else step["seconds"]
        while at < step["seconds"]:
            arrivals.append((at, deed))
            at += chance.expovariate(rate)
    return sorted(arrivals)


async def _arrive(city: City, step: Step, deed: str, moment: float) -> None:
    outcome = await outcome_of(getattr(city, deed))
    step.note(deed, outcome, asyncio.get_running_loop().time() - moment)


def main() -> None:
    """Read the plan, run it and print the result."""
    json.dump(asyncio.run(run(json.load(sys.stdin))), sys.stdout)


if __name__ == "__main__":
    main()
