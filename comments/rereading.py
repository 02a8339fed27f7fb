"""Read anew what is stored, after an upgrade that reads texts better."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction

from comments.models import Submission
from comments.moderation import covered_in
from comments.text import attention


def reread(*, batch: int = 500) -> Iterator[int]:
    """Work out anew how soon each submission is to be looked at; yield how many of each batch changed.

    Each batch is a transaction of its own, so that the site goes on.
    """
    last = 0
    while True:
        with transaction.atomic():
            rows = list(
                Submission.everything.select_for_update(of=("self",))
                .filter(pk__gt=last)
                .order_by("pk")[:batch]
            )
            covered = covered_in(rows)
            changed = []
            for row in rows:
                before = row.attention
                row.attention = attention.level(row.words, [(one.start, one.end) for one in covered[row.pk]])
                if row.attention != before:
                    changed.append(row)
            Submission.everything.bulk_update(changed, ["attention"])
        if not rows:
            return
        last = rows[-1].pk
        yield len(changed)
