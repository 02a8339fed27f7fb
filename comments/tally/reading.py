"""What many opinions say, for somebody who can't read them all: when they came, campaigns, key terms, quotes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min, QuerySet

from comments.models import DevelopmentGoal, Submission
from comments.tally.grouped import grouped, month
from comments.tally.told import STANCES
from comments.text import graphemes, profiles
from comments.text.key_terms import Term, key_terms, telling

# The newest so many on the goal are compared with the newest so many of the rest.
MOST_READ = 2_500
LARGEST = 10
# What is told month by month: columns, and the codes that each may hold.
OVER_TIME: dict[str, tuple[str, ...]] = {
    "stance": STANCES,
    "kind": tuple(Submission.Kind.values),
    "channel": tuple(Submission.Channel.values),
}
# A quote says something, and fits on the page.
SHORTEST_QUOTE, LONGEST_QUOTE = 40, 600
DISSENTING = 2
FOR: tuple[str, ...] = (Submission.Stance.AGREE, Submission.Stance.AGREE_WITH_CHANGES)
AGAINST: tuple[str, ...] = (Submission.Stance.DISAGREE,)


@dataclass(frozen=True)
class MonthHeard:
    """How many opinions came in a month of Bangkok, named by its first day, by the codes of one column."""

    first_day: date
    numbers: dict[str, int]

    @property
    def opinions(self) -> int:
        """Return how many came in all."""
        return sum(self.numbers.values())


def months_heard(rows: QuerySet[Submission]) -> dict[str, list[MonthHeard]]:
    """Return how many of `rows` came in each month that has any, by each column of `OVER_TIME`, the first month first."""
    found: dict[str, dict[date, dict[str, int]]] = {column: {} for column in OVER_TIME}
    for first_day, *said, n in grouped(rows, month(), *OVER_TIME):
        for (column, codes), code in zip(OVER_TIME.items(), said, strict=True):
            found[column].setdefault(first_day, dict.fromkeys(codes, 0))[code] += n
    return {
        column: [MonthHeard(*pair) for pair in sorted(months.items())] for column, months in found.items()
    }


@dataclass(frozen=True)
class Shared:
    """A text that several of the opinions share: its campaign, how many, and the first of them."""

    campaign: int
    opinions: int
    first: Submission


@dataclass(frozen=True)
class Campaigns:
    """How many opinions belong to how many campaigns, and the largest of these."""

    number: int
    opinions: int
    largest: list[Shared]


def campaigns(rows: QuerySet[Submission]) -> Campaigns:
    """Return the campaigns that have at least two of `rows`."""
    members = rows.order_by().filter(campaign__isnull=False)
    counted = members.values_list("campaign").annotate(n=Count("pk"), first=Min("pk")).filter(n__gt=1)
    found = list(counted.order_by("-n", "campaign"))
    firsts = Submission.objects.in_bulk([first for _pk, _n, first in found[:LARGEST]])
    largest = [Shared(pk, n, firsts[first]) for pk, n, first in found[:LARGEST]]
    return Campaigns(len(found), sum(n for _pk, n, _first in found), largest)


@dataclass(frozen=True)
class Text:
    """What is kept of an opinion that was read: which words it holds, and whether it can be quoted."""

    pk: int
    reference: str
    stance: str
    words: frozenset[str]
    is_quotable: bool


@dataclass(frozen=True)
class Sample:
    """The newest published texts on a goal, and of the rest of its plan; of a campaign the newest alone."""

    own: list[Text]
    rest: list[Text]

    def key_terms(self) -> list[Term]:
        """Return the words by which the texts on the goal stand out."""
        return key_terms([text.words for text in self.own], [text.words for text in self.rest])


def sample(goal: DevelopmentGoal) -> Sample:
    """Read the newest published opinions on `goal`, and the newest of the rest of its plan."""
    rows = Submission.objects.published().filter(plan=goal.plan_id)
    return Sample(list(_texts(rows.filter(goal=goal))), list(_texts(rows.exclude(goal=goal))))


def _texts(rows: QuerySet[Submission]) -> Iterator[Text]:
    read = rows.only("reference", "stance", "campaign", "body", "edited_body", "redacted_body")
    seen: set[int] = set()
    for row in read.order_by("-received_at", "-pk")[:MOST_READ].iterator(chunk_size=500):
        if row.campaign_id not in seen:
            body = row.public_body
            yield Text(row.pk, row.reference, row.stance, telling(body), _is_quotable(body))
        if row.campaign_id:
            seen.add(row.campaign_id)


def _is_quotable(body: str) -> bool:
    # Cut, so that a text of megabytes is not counted to its end.
    return SHORTEST_QUOTE <= graphemes.count(body[: LONGEST_QUOTE * 8]) <= LONGEST_QUOTE


@dataclass(frozen=True)
class Quotes:
    """Which opinions stand for the others.

    `representative` holds one for each stance that has a fit one; `dissenting` those of the side, for or against,
    that fewer take, whose stances are `minority`; empty when nobody takes it.
    """

    representative: list[Submission]
    minority: tuple[str, ...]
    dissenting: list[Submission]


def quotes(found: Sample, stances: Mapping[str, int]) -> Quotes:
    """Choose quotes from a sample by words alone; `stances` counts all opinions on the goal.

    Representative is, of each stance, the text nearest to the profile of all on the goal; dissenting are those of the
    smaller side that are nearest to that side's own. Among equals the first by reference.
    """
    weight = profiles.weights([text.words for text in (*found.own, *found.rest)])
    everybody = _nearest(found.own, found.own, weight)
    best = [next((text for text in everybody if text.stance == stance), None) for stance in STANCES]
    chosen = [text.pk for text in best if text]
    minority = _minority(stances)
    side = [text for text in found.own if text.stance in minority]
    dissenting = [text.pk for text in _nearest(side, side, weight) if text.pk not in chosen][:DISSENTING]
    rows = Submission.objects.in_bulk([*chosen, *dissenting])
    return Quotes([rows[pk] for pk in chosen], minority, [rows[pk] for pk in dissenting])


def _minority(stances: Mapping[str, int]) -> tuple[str, ...]:
    """Return the stances of the side that fewer take, against if they are equal; none when nobody takes it."""
    counts = {side: sum(stances.get(stance, 0) for stance in side) for side in (AGAINST, FOR)}
    smaller = min(counts, key=lambda side: counts[side])
    return smaller if counts[smaller] else ()


def _nearest(texts: Iterable[Text], of: Iterable[Text], weight: profiles.Weights) -> list[Text]:
    direction = profiles.profile((text.words for text in of), weight)
    fit = [(profiles.likeness(text.words, direction, weight), text) for text in texts if text.is_quotable]
    return [text for _likeness, text in sorted(fit, key=lambda pair: (-pair[0], pair[1].reference))]
