"""Say what opinions are about: keep the list of themes, give them to opinions, suggest them by their key words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from comments.models import AnswerDraft, Submission, SubmissionEvent, Tag, Theme, ThemeEvent
from comments.text import words

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.db.models import QuerySet

Kind = SubmissionEvent.Kind
BATCH = 500


class MergedError(Exception):
    """The theme was merged into another in the meantime."""


def record(theme: Theme, *, actor: User | None, at: datetime | None = None) -> ThemeEvent | None:
    """Write down the wording of a theme as it stands, as its first or as a change; None when that is no news."""
    last = theme.events.first()
    if last and last.wording() == theme.wording():
        return None
    kind = ThemeEvent.Kind.CHANGED if last else ThemeEvent.Kind.CREATED
    return _note(theme, kind, actor, at)


def reword(
    theme: Theme, wording: Mapping[str, str], *, actor: User, at: datetime | None = None
) -> ThemeEvent | None:
    """Give a theme other names, descriptions or key words; its history keeps those before. Raises MergedError."""
    with transaction.atomic():
        stored = _lock(theme)
        for name in wording.keys() & stored.wording().keys():
            setattr(stored, name, wording[name])
            setattr(theme, name, wording[name])
        stored.save(update_fields=list(stored.wording()))
        return record(stored, actor=actor, at=at)


def tag(
    rows: Iterable[Submission], theme: Theme, *, actor: User, at: datetime | None = None
) -> list[Submission]:
    """Give a theme of their plan to opinions; return those that did not have it. Raises MergedError.

    What is of another plan, a reply or erased is left out.
    """
    with transaction.atomic():
        _lock(theme)
        fit = [row for row in rows if row.plan_id == theme.plan_id and not row.parent_id and row.is_kept]
        have = set(_tags(theme, fit).values_list("submission", flat=True))
        new = [row for row in fit if row.pk not in have]
        at = at or timezone.now()
        Tag.objects.bulk_create(
            (Tag(theme=theme, submission=row, actor=actor, at=at) for row in new), batch_size=BATCH
        )
        _tell(new, Kind.TAGGED, _named(theme), actor=actor, at=at)
    return new


def untag(
    rows: Iterable[Submission], theme: Theme, *, actor: User, at: datetime | None = None
) -> list[Submission]:
    """Take a theme away from opinions; return those that had it. Raises MergedError."""
    rows = list(rows)
    with transaction.atomic():
        _lock(theme)
        tags = _tags(theme, rows)
        have = set(tags.values_list("submission", flat=True))
        tags.delete()
        gone = [row for row in rows if row.pk in have]
        _tell(gone, Kind.UNTAGGED, _named(theme), actor=actor, at=at or timezone.now())
    return gone


def merge(source: Theme, into: Theme, *, actor: User, at: datetime | None = None) -> bool:
    """Make `source` another name of `into`, which gets its opinions and drafts; tell whether that is new.

    Raises ValueError for a theme of another plan or the same one, MergedError when either was merged into a third.
    """
    if source.pk == into.pk or source.plan_id != into.plan_id:
        raise ValueError("a theme is merged into another one of its plan")
    at = at or timezone.now()
    with transaction.atomic():
        # Before the themes are locked, as approving does. What an approver saw of a draft was another theme.
        drafts = AnswerDraft.objects.filter(theme=source)
        drafts.update(theme=into, edition=F("edition") + 1)
        # Always in this order, so that two merges at once can't wait for each other.
        touched = Q(pk__in=(source.pk, into.pk)) | Q(merged_into=source.pk)
        locked = Theme.objects.select_for_update(of=("self",), no_key=True).filter(touched).order_by("pk")
        stored = {row.pk: row for row in locked}
        gone, stays = stored[source.pk], stored[into.pk]
        if gone.merged_into_id == stays.pk:
            return False
        if gone.merged_into_id or stays.merged_into_id:
            raise MergedError(str(gone))
        Theme.objects.filter(Q(pk=gone.pk) | Q(merged_into=gone)).update(merged_into=stays)
        _move_tags(gone, stays, actor, at)
        _note(gone, ThemeEvent.Kind.MERGED, actor, at, stays)
        _note(stays, ThemeEvent.Kind.TOOK_IN, actor, at, gone)
    source.merged_into = into
    return True


def suggested(text: str, themes: Iterable[Theme]) -> dict[int, list[str]]:
    """Return which key words of each of `themes` stand in `text`, by its key; those without any are left out.

    Compared are the finest words, one after the other, as a search does.
    """
    leaves = _joined(text)
    found = {row.pk: [word for word in row.key_words if _stands(word, leaves)] for row in themes}
    return {key: there for key, there in found.items() if there}


def _stands(word: str, leaves: str) -> bool:
    asked = _joined(word)
    return not asked.isspace() and asked in leaves


def _joined(text: str) -> str:
    # No leaf holds a space.
    return f" {' '.join(words.leaves(text))} "


def _lock(theme: Theme) -> Theme:
    stored = Theme.objects.select_for_update(of=("self",), no_key=True).get(pk=theme.pk)
    if stored.merged_into_id:
        raise MergedError(str(stored))
    return stored


def _tags(theme: Theme, rows: Iterable[Submission]) -> QuerySet[Tag]:
    return Tag.objects.filter(theme=theme, submission__in=[row.pk for row in rows]).order_by()


def _move_tags(gone: Theme, stays: Theme, actor: User, at: datetime) -> None:
    moved = list(Submission.objects.filter(tags__theme=gone).only("status").order_by("pk"))
    tags = Tag.objects.filter(theme=gone).order_by()
    tags.filter(submission__in=Tag.objects.filter(theme=stays).values("submission").order_by()).delete()
    tags.update(theme=stays)
    _tell(moved, Kind.RETAGGED, f"{_named(gone)} → {_named(stays)}", actor=actor, at=at)


def _named(theme: Theme) -> str:
    # In whatever language it is written, the log reads the same.
    return f"{theme.code} {theme.title_th}"


def _note(
    theme: Theme,
    kind: ThemeEvent.Kind,
    actor: User | None,
    at: datetime | None,
    other: Theme | None = None,
) -> ThemeEvent:
    return ThemeEvent.objects.create(
        theme=theme, kind=kind, other=other, actor=actor, at=at or timezone.now(), **theme.wording()
    )


def _tell(rows: Iterable[Submission], kind: Kind, note: str, *, actor: User, at: datetime) -> None:
    SubmissionEvent.objects.bulk_create(
        (
            SubmissionEvent(
                submission=row,
                kind=kind,
                actor=actor,
                at=at,
                from_status=row.status,
                to_status=row.status,
                note=note,
            )
            for row in rows
        ),
        batch_size=BATCH,
    )
