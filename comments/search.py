"""Find submissions by their words: one query language, the same answers on SQLite and PostgreSQL.

A term is found by its leaves, or by each two of them that are neighbours, through the index, and then compared with the
text itself, so that the leaves of ทางเท้า scattered over a text don't count. Where one leaf is the whole term, the
index has said it all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal, TypeVar

from django.db import connections, transaction
from django.db.models import F, IntegerField, Q, QuerySet, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import Exact, GreaterThan

from comments.models import DevelopmentGoal, Plan, SearchEntry, Submission
from comments.models.leaves import joined
from comments.text import keys, words
from comments.text.normalise import normalise
from comments.text.query import Query, Term, parse

Audience = Literal["staff", "public"]
Rows = TypeVar("Rows", bound=QuerySet[Submission])

# "Best first" ranks only the newest so many: a reader goes through a few pages, not through thousands of hits.
MOST_RANKED = 500
_OCCURRENCES_THAT_COUNT = 5
_EARLY, _EARLY_POINTS = 60, 3
_WHOLE_QUERY_POINTS = 10
_TITLE_POINTS, _INDICATOR_POINTS = 10, 5


def matching(rows: Rows, query: str | Query, *, audience: Audience, row_by_row: bool = False) -> Rows:
    """Return those of `rows` whose words match, each with its `search_position`; none for an empty query.

    For "public" only the words that the public may read count; which rows they may see is for `rows` to say. The
    index gives hits in the order of `-search_position`, the newest first, or of `search_position`. For any other
    order where there are very many hits, `row_by_row` leaves the index of words alone, so that the order's own index
    finds the first of them.
    """
    asked = query if isinstance(query, Query) else parse(query)
    if not asked:
        return rows.none().annotate(search_position=Value(0, IntegerField()))
    uses_fts = connections[rows.db].vendor == "sqlite" and bool(asked.wanted) and not row_by_row
    condition = Q(search_entries__scope__in=(SearchEntry.Scope.EVERYBODY, audience))
    if asked.wanted:
        wanted = joined(term.keys for term in asked.wanted)
        condition &= Q(**{_question(uses_fts=uses_fts, row_by_row=row_by_row): wanted})
    for term in asked.terms:
        condition &= _stands_not(term) if term.is_excluded else _stands(term)
    position = "search_entries__indexed__leaves__row" if uses_fts else "search_entries__position"
    return rows.filter(condition).annotate(search_position=F(position))


def _question(*, uses_fts: bool, row_by_row: bool) -> str:
    if uses_fts:
        return "search_entries__indexed__leaves__match"
    return "search_entries__leaves__shows" if row_by_row else "search_entries__leaves__match"


def _stands(term: Term) -> Q:
    return Q() if term.is_leaf else Q(GreaterThan(_place(term), 0))


def _stands_not(term: Term) -> Q:
    """Return the exact opposite of what the same term would find."""
    lacks = Q(search_entries__leaves__lacks=term.keys)
    return lacks if term.is_leaf else lacks | Q(Exact(_place(term), 0))


def _place(term: Term) -> StrIndex:
    return StrIndex(F("search_entries__text"), Value(term.text))


def finds(query: Query, body: str) -> bool:
    """Tell whether a text would be found if it were indexed; twin of `matching` for words that aren't any more."""
    text = normalise(body)
    known = set(keys.keys(text))
    return all(
        (known.issuperset(term.keys) and (term.is_leaf or term.text in text)) != term.is_excluded
        for term in query.terms
    )


def best_first(rows: QuerySet[Submission], query: str | Query, *, audience: Audience) -> list[int]:
    """Return the keys of the newest 500 hits, the best first.

    A hit's points: how often each wanted term stands in it (at most 5 for each), 3 for each that stands in the first
    60 characters, 10 when the whole query stands there word after word. Of equals the newer comes first.
    """
    asked = query if isinstance(query, Query) else parse(query)
    hits = matching(rows, asked, audience=audience).order_by(F("search_position").desc())
    found = list(hits.values_list("pk", "search_entries__text")[:MOST_RANKED])
    # The sort is stable, so equals stay in the order in which they came.
    return [pk for pk, _text in sorted(found, key=lambda hit: -points(hit[1], asked))]


def points(text: str, query: Query) -> int:
    """Return how good a hit the normalised `text` is.

    >>> points("น้ำท่วม น้ำเน่า", parse("น้ำ")), points("น้ำท่วมถนน", parse("น้ำท่วม ถนน"))
    (5, 18)
    """
    terms = [term.text for term in query.wanted]
    total = sum(min(text.count(term), _OCCURRENCES_THAT_COUNT) for term in terms)
    total += sum(_EARLY_POINTS for term in terms if 0 <= text.find(term) < _EARLY)
    is_whole = len(terms) > 1 and any(glue.join(terms) in text for glue in ("", " "))
    return total + (_WHOLE_QUERY_POINTS if is_whole else 0)


def suggest_goals(query: str | Query, plan: Plan, *, most: int = 3) -> list[DevelopmentGoal]:
    """Return the goals of `plan` that the query seems to be about, the closest first.

    Points: 10 for each wanted term that stands in a goal's wording, 5 for one in its indicator, and for every leaf
    that they share one, divided among the goals that have it. Goals below half of the best one's points are left out.
    """
    wanted = (query if isinstance(query, Query) else parse(query)).wanted
    goals = list(plan.goals.select_related("strategy"))
    known = {goal.pk: _goal_leaves(goal) for goal in goals}
    spread = Counter(leaf for leaves in known.values() for leaf in leaves)
    asked = set(joined(term.leaves for term in wanted))
    scores = {
        goal.pk: sum(_term_points(term, goal) for term in wanted)
        + sum(1 / spread[leaf] for leaf in asked & known[goal.pk])
        for goal in goals
    }
    least = max(scores.values(), default=0) / 2
    close = [goal for goal in goals if scores[goal.pk] > 0 and scores[goal.pk] >= least]
    return sorted(close, key=lambda goal: -scores[goal.pk])[:most]


def _goal_leaves(goal: DevelopmentGoal) -> frozenset[str]:
    return _leaves_of(f"{goal.title_th} {goal.title_en} {goal.indicator_th} {goal.indicator_en} {goal.code}")


@lru_cache(maxsize=512)
def _leaves_of(text: str) -> frozenset[str]:
    return frozenset(words.leaves(text))


def _term_points(term: Term, goal: DevelopmentGoal) -> int:
    fields = {
        f"{goal.title_th} {goal.title_en} {goal.code}": _TITLE_POINTS,
        f"{goal.indicator_th} {goal.indicator_en}": _INDICATOR_POINTS,
    }
    return sum(
        worth
        for text, worth in fields.items()
        if term.text in normalise(text) and _leaves_of(text).issuperset(term.leaves)
    )


def rebuild(*, batch: int = 500, everything: bool = False) -> Iterator[int]:
    """Write anew the entries that are missing or that another dictionary made; yield the number written by each batch.

    Each batch is a transaction of its own, so that the site goes on, and a rebuild that was stopped takes up where it
    was. `everything` writes good entries anew, too.
    """
    last = 0
    while True:
        with transaction.atomic():
            kept = Submission.everything.kept().select_for_update(of=("self",))
            rows = list(kept.filter(pk__gt=last).order_by("pk")[:batch])
            fresh = SearchEntry.objects.filter(submission__in=rows, version=words.version())
            good = set() if everything else set(fresh.values_list("submission_id", flat=True))
            todo = [row for row in rows if row.pk not in good]
            SearchEntry.objects.index(todo)
        if not rows:
            return
        last = rows[-1].pk
        yield len(todo)
