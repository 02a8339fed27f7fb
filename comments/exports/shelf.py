"""Keep the files of the open data, so that not every reader has them made anew.

A file that is made in a moment is made anew after half a minute; one that takes long, less often: making files never
takes more than a twentieth of the time. But what was taken back is gone with the next request.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from django.conf import settings

from comments.exports import open_data_file
from comments.exports.open_data import Dataset
from comments.models import Plan, SubmissionEvent

FRESH_SECONDS = 30
# Seconds that a file is kept for each second that it takes to make it.
PATIENCE = 20
_LATEST = 64


@dataclass(frozen=True)
class Copy:
    """A file as it lies on the shelf: its rows, bytes, SHA-256, when its content became what it is, and until when it is good."""

    rows: int
    size: int
    sha256: str
    changed_at: float
    fresh_until: float
    # The last events of what was public; another one makes the copy worthless.
    after: list[int]


def last_events() -> list[int]:
    """Return the numbers of the last events of what was before the public.

    Several, because on PostgreSQL an event with a smaller number may come to light after one with a larger.
    """
    return list(SubmissionEvent.objects.in_public().order_by("-pk").values_list("pk", flat=True)[:_LATEST])


def fetch(dataset: Dataset, plan: Plan, form: str) -> tuple[Copy, IO[bytes]]:
    """Return the copy of a dataset and its file, opened, which the caller closes; make it where there is no good one.

    Raises OSError when the disk is full: a former copy is never offered as a new one.
    """
    label = Path(settings.OPEN_DATA_ROOT) / f"{plan.fiscal_year}-{dataset.name}-{form}.label"
    after = last_events()
    if found := _open(label, after):
        return found
    with _alone(label):
        return _open(label, after) or _make(dataset, plan, form, label, after)


def _open(label: Path, after: list[int]) -> tuple[Copy, IO[bytes]] | None:
    """Return the copy that the label tells of, and its file; None where there is none, or none that is good."""
    copy = _read(label)
    if copy is None or copy.after != after or time.time() >= copy.fresh_until:
        return None
    try:
        return copy, _file(label, copy.sha256).open("rb")
    except FileNotFoundError:
        return None


def _read(label: Path) -> Copy | None:
    try:
        return Copy(**json.loads(label.read_text(encoding="utf-8")))
    # After a power cut it may be empty, or torn.
    except (FileNotFoundError, TypeError, ValueError):
        return None


def _file(label: Path, sha256: str) -> Path:
    return label.with_name(f"{label.stem}-{sha256}")


@contextmanager
def _alone(label: Path) -> Iterator[None]:
    """Keep every other process from making the same file meanwhile."""
    label.parent.mkdir(parents=True, exist_ok=True)
    with label.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make(dataset: Dataset, plan: Plan, form: str, label: Path, after: list[int]) -> tuple[Copy, IO[bytes]]:
    began, former, draft = time.time(), _read(label), label.with_suffix(".draft")
    with draft.open("wb+") as file:
        rows = open_data_file.write(dataset, plan, form, file)
        file.seek(0)
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    now = time.time()
    copy = Copy(
        rows=rows,
        size=draft.stat().st_size,
        sha256=sha256,
        changed_at=former.changed_at if former and former.sha256 == sha256 else now,
        fresh_until=now + max(FRESH_SECONDS, PATIENCE * (now - began)),
        after=after,
    )
    draft.replace(_file(label, sha256))
    draft.write_text(json.dumps(asdict(copy)), encoding="utf-8")
    draft.replace(label)
    if former and former.sha256 != sha256:
        # Whoever reads it now reads it to its end.
        _file(label, former.sha256).unlink(missing_ok=True)
    return copy, _file(label, sha256).open("rb")
