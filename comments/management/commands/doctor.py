"""`manage.py doctor`: look at the whole installation, and say what to mend."""

from __future__ import annotations

import json
import os
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import translation
from django.utils.translation import gettext as _

from comments import doctor

MARKS = {"trouble": "!!", "remark": " ?"}


class Command(BaseCommand):
    """Examine, and change nothing."""

    help = "Say what is wrong with this installation and how to mend it; exit status 1 when anything is."
    # They are among the findings, with everything else.
    requires_system_checks: list[str] | tuple[str, ...] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the form of the answer."""
        parser.add_argument(
            "--json", action="store_true", dest="as_json", help="answer in JSON, for programs"
        )

    def handle(self, *, as_json: bool, **_options: Any) -> None:
        """Print what was found in the language of LANGUAGE (`th`, `en`). Exits with 1 when there is trouble."""
        with translation.override(_language()):
            examined = list(doctor.examine())
            troubles = sum(finding.is_trouble for one in examined for finding in one.findings)
            self.stdout.write(_as_json(examined, troubles) if as_json else _as_text(examined, troubles))
        if troubles:
            raise SystemExit(1)


def _language() -> str:
    asked = os.environ.get("LANGUAGE", "")[:2]
    return asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _as_json(examined: list[doctor.Examined], troubles: int) -> str:
    found = [{"check": one.name} | asdict(finding) for one in examined for finding in one.findings]
    answer = {"healthy": not troubles, "checks": [one.name for one in examined], "findings": found}
    return json.dumps(answer, ensure_ascii=False, indent=2)


def _as_text(examined: list[doctor.Examined], troubles: int) -> str:
    lines = []
    for one in examined:
        lines += [] if one.findings else [f"ok {one.name}"]
        for finding in one.findings:
            lines += [f"{MARKS[finding.level]} {one.name}: {finding.text}", f"   → {finding.mend}"]
    said = (
        _("Things to mend: %(count)d") % {"count": troubles} if troubles else _("Nothing has to be mended.")
    )
    return "\n".join([*lines, said])
