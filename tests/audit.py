"""Ask pip-audit for known vulnerabilities in what is pinned, and don't take silence for a good answer.

`python -m tests.audit`: 0 means that every pinned package was looked up and none has a known vulnerability; 1 means findings, or
packages that were not looked up; 3 means that the advisory service can't be reached, so that nothing is known.
"""

import json
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

from tests.conventions import requirements
from tests.environment import ROOT

FILES = ("requirements.txt", "requirements-s3.txt")
# Of the kind that pip-audit asks for each package, and certain to have an advisory. Where nothing answers, or only a mirror
# without advisories, pip-audit says "not found" of every package, and ends well.
SERVICE = "https://pypi.org/pypi/Django/3.0/json"
FOUND, UNREACHABLE = 1, 3


def is_reachable(address: str = SERVICE) -> bool:
    """Tell whether the service answers with advisories."""
    try:
        with urlopen(address, timeout=20) as answer:
            return bool(json.load(answer).get("vulnerabilities"))
    except (OSError, ValueError):
        return False


def asked(files: list[Path]) -> str:
    """Return what pip-audit says, as JSON, of the packages in `files`."""
    named = [word for file in files for word in ("--requirement", str(file))]
    command = [sys.executable, "-m", "pip_audit", *named, "--no-deps", "--disable-pip", "--format=json"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout


def findings(answer: str, pinned: set[str]) -> list[str]:
    """Return what is wrong by pip-audit's answer: vulnerabilities, and packages of which it says nothing."""
    try:
        told = json.loads(answer)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return ["pip-audit gave no answer"]
    looked_up = {one["name"].lower(): one["vulns"] for one in told if "vulns" in one}
    missed = sorted(pinned - looked_up.keys())
    return [f"{name} was not looked up" for name in missed] + [
        f"{name}: {vulnerability['id']}, mended in {', '.join(vulnerability['fix_versions']) or 'no version'}"
        for name, vulnerabilities in looked_up.items()
        for vulnerability in vulnerabilities
    ]


def main() -> int:
    """Audit, say what was found, and return the exit code."""
    files = [ROOT / name for name in FILES if (ROOT / name).exists()]
    pinned = {name for file in files for name in requirements(file.read_text(encoding="utf-8"))}
    found = findings(asked(files), pinned)
    if not found:
        print(f"{len(pinned)} packages were looked up; none has a known vulnerability.")
        return 0
    if not is_reachable():
        print(f"NOTHING WAS AUDITED: the advisory service {SERVICE} can't be reached.")
        return UNREACHABLE
    print(*found, sep="\n")
    return FOUND


if __name__ == "__main__":
    sys.exit(main())
