"""Keep the Thai catalogue equal to the texts in the code.

`python -m tests.catalogue` collects the texts into locale/ and compiles what is there; with `--check` it
changes nothing and fails when that would change anything.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

from tests.environment import ROOT

CATALOGUE = Path("locale/th/LC_MESSAGES/django.po")
# What holds texts that people read, and the catalogue itself.
SOURCES = ("bma_consult", "comments", "templates", "locale")
OPTIONS = (
    "--locale=th",
    # File names without line numbers, and lines as they come: a change of code moves nothing.
    "--add-location=file",
    "--no-wrap",
    "--no-obsolete",
    "--verbosity=0",
)


def collect(root: Path) -> None:
    """Bring the catalogue under `root` up to date and compile it."""
    manage = [sys.executable, str(root / "manage.py")]
    others = [
        f"--ignore={path.name}" for path in root.iterdir() if path.is_dir() and path.name not in SOURCES
    ]
    subprocess.run([*manage, "makemessages", *OPTIONS, *others], cwd=root, check=True)
    subprocess.run([*manage, "compilemessages", "--locale=th", "--verbosity=0"], cwd=root, check=True)


def is_stale(root: Path = ROOT) -> bool:
    """Tell whether `collect` would change an entry of the catalogue."""
    with tempfile.TemporaryDirectory(prefix="bma-consult-catalogue-") as directory:
        copy = Path(directory)
        for name in SOURCES:
            shutil.copytree(root / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(root / "manage.py", copy)
        collect(copy)
        return _entries(root) != _entries(copy)


def _entries(root: Path) -> list[str]:
    """Return the entries as text, without the head of the file, which holds the time it was made."""
    path = root / CATALOGUE
    return [str(entry) for entry in polib.pofile(str(path))] if path.exists() else []


def main() -> int:
    """Collect, or check, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    if not parser.parse_args().check:
        collect(ROOT)
        return 0
    if is_stale():
        sys.stderr.write(f"{CATALOGUE} is out of date: run `make messages` and translate what is new.\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
