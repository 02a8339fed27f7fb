"""`manage.py official_report`: the report for the council from the command line."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from comments.exports import download, moments
from comments.exports.report import compose, facts
from comments.models import Plan


class Command(BaseCommand):
    """Write the official report on a plan as a Word document."""

    help = "Write the official report on a plan as a Word document, as of one moment."

    def add_arguments(self, parser: CommandParser) -> None:
        """Ask for the file; the plan and the moment may be left out."""
        parser.add_argument("--out", required=True, type=Path, help="the file to write")
        parser.add_argument("--plan", type=int, help="fiscal year (B.E.); the newest public plan")
        parser.add_argument("--as-of", default="", help="ISO 8601, in Bangkok where it names no zone; now")

    def handle(self, **options: Any) -> None:
        """Write to a neighbouring file first, so that no half report ever bears the name."""
        year, out = options["plan"], options["out"]
        plan = Plan.objects.filter(fiscal_year=year).first() if year else Plan.objects.current()
        if plan is None:
            raise CommandError("There is no such plan.")
        part = out.with_name(f"{out.name}.part")
        try:
            at = moments.parse(options["as_of"]) if options["as_of"] else None
            if at:
                moments.check(at, plan=plan)
            with closing(facts.gather(plan, at=at, door="command")) as found, part.open("w+b") as file:
                compose.write_docx(found, file)
            part.replace(out)
        except ValidationError as error:
            raise CommandError(f"--as-of: {error.messages[0]}") from error
        except OSError as error:
            raise CommandError(f"{out}: {error.strerror}") from error
        except download.NOT_MADE as error:
            raise CommandError(str(download.why_not(error))) from error
        finally:
            part.unlink(missing_ok=True)
        self.stdout.write(f"{out}: export {found.record.pk}, as of {found.at.isoformat()}")
