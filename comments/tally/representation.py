"""Who is heard: opinions by sector beside attendance, by district beside population, and stances weighted by it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from comments.disclosure import Cell
from comments.models import District, Meeting, Plan, Sector, Submission
from comments.models.submissions import OUTSIDE
from comments.tally.grouped import grouped
from comments.tally.people import reached
from comments.tally.published import by_sector
from comments.tally.told import PER, STANCES, Place, place

# One voice stands for no more than so many, however few of its district have spoken.
HEAVIEST = 5.0


@dataclass(frozen=True)
class SectorHeard:
    """A sector: how many opinions it sent, and how many of it came to meetings; None where nobody recorded it."""

    sector: Sector
    opinions: int
    people: int | None


def sectors_heard(rows: QuerySet[Submission], plan: Plan) -> list[SectorHeard]:
    """Return every sector in use with its number of `rows` and who came to the meetings of `plan`."""
    opinions = by_sector(rows)
    people = dict(reached(Meeting.objects.filter(plan=plan)).sectors)
    return [
        SectorHeard(row, opinions.get(row.pk, 0), people.get(row))
        for row in Sector.objects.all()
        if row in people or row.pk in opinions
    ]


@dataclass(frozen=True)
class DistrictHeard:
    """A district: how well it is heard, its shares of opinions and of residents, and its weight."""

    place: Place
    opinions: int
    share: float
    population_share: float
    weight: float | None


@dataclass(frozen=True)
class StanceHeard:
    """A stance among opinions from a district: how many, their share, and their share when weighted."""

    stance: str
    opinions: int
    share: float
    weighted: float


@dataclass(frozen=True)
class Districts:
    """Every district as it is heard, and the opinions that belong to none."""

    rows: list[DistrictHeard]
    stances: list[StanceHeard]
    opinions: int
    population: int
    outside: int
    not_stated: int

    @property
    def rate(self) -> float:
        """Return how many opinions there are per 10,000 residents of all districts."""
        return self.opinions * PER / self.population

    @property
    def unheard(self) -> list[District]:
        """Return the districts without any opinion: weights can't make up for them."""
        return [row.place.district for row in self.rows if not row.opinions]

    @property
    def under_heard(self) -> list[District]:
        """Return the districts that are heard little beside the whole city."""
        return [row.place.district for row in self.rows if row.place.level == "little"]

    @property
    def capped(self) -> list[District]:
        """Return the districts whose weight would be heavier than it may be."""
        return [row.place.district for row in self.rows if row.weight == HEAVIEST]


def districts_heard(rows: QuerySet[Submission]) -> Districts:
    """Return how the districts of Bangkok are heard in `rows`."""
    counts: dict[str | int, Counter[str]] = {}
    keys = ("district", "is_outside_bangkok", "stance")
    for district, is_outside, stance, n in grouped(rows, *keys):
        counts.setdefault(OUTSIDE if is_outside else district or "", Counter())[stance] += n
    places = list(District.objects.all())
    inside = {row.pk: counts.get(row.pk, Counter()) for row in places}
    number = sum(stances.total() for stances in inside.values())
    population = sum(row.population for row in places)
    heard = [_district(row, inside[row.pk].total(), number, population) for row in places]
    weights = {row.place.district.pk: row.weight or 0.0 for row in heard}
    return Districts(
        heard,
        weighted(inside, weights),
        number,
        population,
        counts.get(OUTSIDE, Counter()).total(),
        counts.get("", Counter()).total(),
    )


def _district(district: District, opinions: int, of: int, population: int) -> DistrictHeard:
    share, population_share = opinions / (of or 1), district.population / population
    weight = min(HEAVIEST, population_share / share) if opinions else None
    shown = place(district, Cell(opinions), of * PER / population)
    return DistrictHeard(shown, opinions, share, population_share, weight)


def weighted(by_district: Mapping[int, Mapping[str, int]], weights: Mapping[int, float]) -> list[StanceHeard]:
    """Return the share of each stance, as it is and with each opinion of a district counting its weight.

    >>> by_district = {1: {"agree": 3}, 2: {"disagree": 1}}
    >>> [(row.stance, row.share, row.weighted) for row in weighted(by_district, {1: 0.5, 2: 2.5}) if row.opinions]
    [('agree', 0.75, 0.375), ('disagree', 0.25, 0.625)]
    """
    plain: Counter[str] = Counter()
    heavy = dict.fromkeys(STANCES, 0.0)
    for district, counts in by_district.items():
        plain.update(counts)
        for stance, number in counts.items():
            heavy[stance] += number * weights[district]
    whole, weight = plain.total() or 1, sum(heavy.values()) or 1.0
    return [
        StanceHeard(stance, plain[stance], plain[stance] / whole, heavy[stance] / weight)
        for stance in STANCES
    ]
