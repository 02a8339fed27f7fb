"""Find the like of texts among those stored: an equal text, else the first near one among those that share most bands.

However many texts are asked for, it takes four queries at most.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cached_property

from django.db.models import F, Manager, QuerySet, Window
from django.db.models.functions import RowNumber

from comments.models import Band, Campaign, Submission
from comments.models.campaigns import MOST_OF_A_BAND
from comments.models.storing_rows import standing
from comments.text import similarity

# A manager stands for all of its rows: to make a QuerySet that nobody asks takes longer than most questions.
Rows = QuerySet[Submission] | Manager[Submission]

# A new text is compared with this many others at most.
MOST_LOOKED_AT = 50
# Texts that are not stored yet come after all that are.
_NOT_STORED = 1 << 62


class Text:
    """A text that looks for its like; what it takes to compare it is worked out once."""

    def __init__(self, submission: Submission) -> None:
        """Begin with the words that count now."""
        self.submission = submission

    @cached_property
    def sketch(self) -> similarity.Sketch:
        """Return the words as they are compared."""
        return similarity.Sketch(self.submission.words)

    @cached_property
    def numbers(self) -> list[int]:
        """Return the bands under which the words are filed."""
        return self.sketch.bands(scope=str(self.submission.plan_id))


class Known:
    """What some texts of one plan may be like: rows that are stored, and texts that came before them."""

    def __init__(self, texts: Sequence[Text], rows: Rows, *, before: int | None = None) -> None:
        """Look for the like of `texts` among `rows`; near ones among those below the key `before`."""
        twins = _twins(texts, rows)
        alone = [text for text in texts if text.submission.fingerprint not in twins]
        numbers = {number for text in alone for number in text.numbers}
        self._filed: defaultdict[int, list[int]] = defaultdict(list, Band.objects.under(numbers, before))
        wanted = {key for text in alone for key in self._ranked(text)}
        found = [*wanted, *twins.values()]
        self._rows = rows.select_related("campaign").in_bulk(found) if found else {}
        self._twins = {fingerprint: self._rows[key] for fingerprint, key in twins.items()}
        self._texts: dict[int, Text] = {}
        campaigns: dict[int, Campaign] = {}
        for row in self._rows.values():
            if row.campaign:
                # One object for each, so that all its members know what becomes of it.
                row.campaign = campaigns.setdefault(row.campaign.pk, row.campaign)

    def twin(self, text: Text) -> Submission | None:
        """Return one with equal words, rather one in a campaign."""
        return self._twins.get(text.submission.fingerprint)

    def nearest(self, text: Text) -> Submission | None:
        """Return the first near one among those that share most bands."""
        for key in self._ranked(text):
            other = self._texts.get(key) or self._text(key)
            if other and other.sketch.nearness(text.sketch) >= similarity.NEAR:
                return other.submission
        return None

    def note(self, row: Submission) -> None:
        """Know the words of `row` and its campaign from now on."""
        twin = self._twins.get(row.fingerprint)
        if twin is None or (twin.campaign is None and row.campaign):
            self._twins[row.fingerprint] = row

    def file(self, text: Text) -> None:
        """Let a text that is about to be stored be found by those that come after it."""
        key = _NOT_STORED + len(self._texts)
        self._texts[key] = text
        for number in set(text.numbers):
            self._filed[number].append(key)

    def _ranked(self, text: Text) -> list[int]:
        filed = (self._filed.get(number, ())[:MOST_OF_A_BAND] for number in text.numbers)
        return _most_shared(Counter(key for keys in filed for key in keys))

    def _text(self, key: int) -> Text | None:
        row = self._rows.get(key)
        return self._texts.setdefault(key, Text(row)) if row else None


def near(text: Text) -> list[Submission]:
    """Return those stored whose words are near, in whatever state and campaign."""
    filed = Band.objects.under(set(text.numbers)).values()
    ranked = _most_shared(Counter(key for keys in filed for key in keys))
    return [
        row
        for row in Submission.objects.filter(pk__in=ranked)
        if Text(row).sketch.nearness(text.sketch) >= similarity.NEAR
    ]


def _most_shared(shared: Counter[int]) -> list[int]:
    """Return the keys with which most is shared, the earliest first among equals."""
    return sorted(shared, key=lambda key: (-shared[key], key))[:MOST_LOOKED_AT]


def _twins(texts: Sequence[Text], rows: Rows) -> dict[str, int]:
    """Return the key of the one with equal words, by fingerprint; rather one in a campaign, then the first."""
    plan_id = texts[0].submission.plan_id
    asked = {text.submission.fingerprint for text in texts}
    # Most texts are the only ones of their kind, and this question is quickly asked.
    fingerprints = standing(Submission, "fingerprint", asked, plan_id=plan_id)
    if not fingerprints:
        return {}
    place = Window(
        RowNumber(),
        partition_by="fingerprint",
        order_by=[F("campaign").asc(nulls_last=True), F("pk").asc()],
    )
    equal = rows.filter(plan_id=plan_id, fingerprint__in=fingerprints)
    return dict(equal.annotate(place=place).filter(place=1).order_by().values_list("fingerprint", "pk"))
