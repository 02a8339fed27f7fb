"""What the clients meant to send and what they were told, on disk before anything else happens; and its audit."""

import hashlib
import json
import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tests.server import Server


class Ledger:
    """A file with one line for each thing that happened, flushed to the disk before the next one begins."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def note(self, what: str, key: str, reference: str = "") -> None:
        """Write one line: `meant` before a form is sent for the first time, `told` for each receipt."""
        os.write(self._file, (json.dumps([what, key, reference]) + "\n").encode())
        os.fsync(self._file)

    def close(self) -> None:
        """Let the file go."""
        os.close(self._file)


@dataclass(frozen=True)
class Audit:
    """The ledger against the database: every finding is a number that has to be nought, but for the first three."""

    meant: int
    told: int
    stored: int
    # Receipts of which the database knows nothing, or says something else.
    lost: int
    # Forms that are more than one row, or that got more than one reference.
    doubled: int
    # Rows that nobody meant to send.
    invented: int
    # Rows without their event, or without being found by the search.
    half: int

    @property
    def is_clean(self) -> bool:
        """Tell whether nothing is lost, doubled, invented or half stored."""
        return not (self.lost or self.doubled or self.invented or self.half)


def audit(path: Path, server: Server) -> Audit:
    """Compare the ledger with what the server's database holds."""
    meant, told = set(), {}
    doubled = 0
    for line in path.read_text("utf-8").splitlines():
        what, key, reference = json.loads(line)
        if what == "meant":
            meant.add(_hash(key))
        elif told.setdefault(_hash(key), reference) != reference:
            doubled += 1
    rows = server.query(
        "SELECT idempotency_hash, reference, body,"
        " (SELECT count(*) FROM comments_submissionevent e WHERE e.submission_id = s.id AND kind = 'received'),"
        " (SELECT count(*) FROM comments_searchentry f WHERE f.submission_id = s.id) FROM comments_submission s"
    )
    stored = {row[0]: row[1] for row in rows}
    ours = [row for row in rows if row[2].startswith(MARK)]
    doubled += sum(count - 1 for count in Counter(row[2] for row in ours).values())
    return Audit(
        meant=len(meant),
        told=len(told),
        stored=len(ours),
        lost=sum(stored.get(key) != reference for key, reference in told.items()),
        doubled=doubled,
        invented=sum(row[0] not in meant for row in ours),
        half=sum(row[3] != 1 or not row[4] for row in ours),
    )


# What every body begins with that the clients of a test write.
MARK = "ข้อเสนอที่ "


def _hash(key: str) -> str:
    return hashlib.sha256(f"idempotency:{key}".encode()).hexdigest()
