"""Find secrets in files that git keeps. `python -m tests.leaks` lists them and fails when there are any."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.environment import FIXED, ROOT

# What each of these looks like is told by those who give them out; the last two are our own settings.
PATTERNS = {
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    "a key of Amazon": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "a token of GitHub": re.compile(r"\bgh[pousr]_[A-Za-z0-9]{36}\b|\bgithub_pat_\w{40,}"),
    "a token of GitLab": re.compile(r"\bglpat-[\w-]{20}\b"),
    "a token of Slack": re.compile(r"\bxox[abpr]-[\w-]{10,}"),
    "a key of Google": re.compile(r"\bAIza[\w-]{35}\b"),
    "a signed token": re.compile(r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}"),
    "a password in an address": re.compile(
        r"\b[a-z+]{3,12}://[^\s:/@\"'{}<>]+:(?!PASSWORD@|…@)[^\s:/@\"'{}<>$%]{3,}@[\w.-]+"
    ),
    "a Fernet key": re.compile(r"(?<![\w/+=-])[\w-]{43}=(?![\w=])"),
    "a setting with a secret": re.compile(
        r"\b(?:SECRET_KEY|CONTACT_KEYS|[A-Z_]*PASSWORD|[A-Z0-9_]*SECRET)=[\w+/=-]{12,}"
    ),
}
NEVER_KEPT = re.compile(r"(^|/)(\.env[^/]*|[^/]*\.(pem|key|p12|pfx|kdbx|sqlite3|dump)|id_(rsa|ed25519))$")
# The tests' own keys, which protect nothing.
KNOWN = (*FIXED.values(), "3q2-7wEjRWeJq83vASNFZ4mrze8BI0VniavN7wEjRWc=")


def in_name(name: str) -> list[str]:
    """Say of a file's name whether such files are never to be kept."""
    return [f"{name}: such a file holds secrets"] if NEVER_KEPT.search(name) else []


def in_text(text: str, known: tuple[str, ...] = KNOWN) -> Iterator[str]:
    """Yield what of a text looks like a secret, with its line; never the secret itself."""
    for number, line in enumerate(text.splitlines(), start=1):
        for what, pattern in PATTERNS.items():
            if any(not _is_known(found[0], known) for found in pattern.finditer(line)):
                yield f"line {number}: {what}"


def _is_known(found: str, known: tuple[str, ...]) -> bool:
    return any(value in found or found in value for value in known if len(value) > 20)


def tracked() -> list[str]:
    """Return the names of the files that git keeps, or is about to."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def all_findings(names: list[str], root: Path = ROOT) -> list[str]:
    """Return what the files of these names give away."""
    found = []
    for name in names:
        text = (root / name).read_bytes().decode("utf-8", "replace")
        inside = () if "\0" in text else in_text(text)
        found += [*in_name(name), *(f"{name}, {what}" for what in inside)]
    return found


if __name__ == "__main__":
    secrets = all_findings(tracked())
    print(*secrets, sep="\n")
    sys.exit(bool(secrets))
