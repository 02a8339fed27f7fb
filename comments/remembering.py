"""What a process remembers of the reference rows, for as long as none of them was changed."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar, cast

from django.utils.translation import get_language

Thing = TypeVar("Thing")

_at: ContextVar[int | None] = ContextVar("comments.remembering", default=None)
# The newest version that anything was made for, and what was made.
_known: tuple[int, dict[Hashable, Any]] = (-1, {})


@contextmanager
def at(version: int | None) -> Iterator[None]:
    """Say which version of the reference rows the block is about; nothing is remembered without one.

    It must have been read before anything else is: then what is made under it is at least as new.
    """
    token = _at.set(version)
    try:
        yield
    finally:
        _at.reset(token)


def of_frame(make: Callable[[], Thing], *key: Hashable) -> Thing:
    """Return what `make` makes of the reference rows alone, in the active language; it must not be changed."""
    global _known  # noqa: PLW0603 - one for each process is its purpose
    version = _at.get()
    if version is None:
        return make()
    if version > _known[0]:
        _known = (version, {})
    newest, made = _known
    if version < newest:
        return make()
    whole_key = (get_language(), *key)
    if whole_key not in made:
        made[whole_key] = make()
    return cast("Thing", made[whole_key])
