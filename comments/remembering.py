"""What a process remembers of the database, for as long as nothing of it was changed."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar, cast

from django.utils.translation import get_language

Thing = TypeVar("Thing")

# The versions of the reference rows, and of all that is shown.
_at: ContextVar[tuple[int, int] | None] = ContextVar("comments.remembering", default=None)


class _Memory:
    """Things made for the newest version that anything was made for."""

    def __init__(self) -> None:
        # One value, exchanged whole: threads need no lock.
        self._known: tuple[int, dict[Hashable, Any]] = (-1, {})

    def recall(self, version: int, make: Callable[[], Thing], key: Hashable) -> Thing:
        if version > self._known[0]:
            self._known = (version, {})
        newest, made = self._known
        if version < newest:
            return make()
        if key not in made:
            made[key] = make()
        return cast("Thing", made[key])


_frame, _shown = _Memory(), _Memory()


@contextmanager
def at(versions: tuple[int, int] | None) -> Iterator[None]:
    """Say which versions of the reference rows, and of all that is shown, the block is about; None: unknown.

    They must have been read before anything else is: then what is made under them is at least as new.
    """
    token = _at.set(versions)
    try:
        yield
    finally:
        _at.reset(token)


@contextmanager
def of_one_moment(read: Callable[[], tuple[int, int]]) -> Iterator[None]:
    """Know the versions, where they are known, to the moment: the block reads one snapshot, and so does `read`."""
    with at(read() if _at.get() else None):
        yield


def of_frame(make: Callable[[], Thing], *key: Hashable) -> Thing:
    """Return what `make` makes of the reference rows alone, in the active language; it must not be changed."""
    versions = _at.get()
    return make() if versions is None else _frame.recall(versions[0], make, (get_language(), *key))


def of_shown(make: Callable[[], Thing], *key: Hashable) -> Thing:
    """Return what `make` makes of all that is shown; there must not be many keys, and it must not be changed."""
    versions = _at.get()
    return make() if versions is None else _shown.recall(versions[1], make, key)
