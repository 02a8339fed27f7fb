"""The command does what the page does."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from comments.models import Submission
from tests.factories import staff
from tests.spreadsheets import csv_bytes, opinions

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def run(path, *args):
    out = StringIO()
    call_command("import_submissions", str(path), *args, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_the_command_tells_every_row_adds_and_repeats_safely(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(csv_bytes([*opinions(2), ["สั้น", "ภาคประชาชน"]]))
    with translation.override("en"):
        said = run(path, "--dry-run")
        assert "2: will be added" in said
        assert "4: can't be added. Opinion: 2 characters are too few; there must be at least 10." in said
        assert not Submission.objects.exists()
        with pytest.raises(CommandError, match="Nothing was added"):
            run(path, "--all-or-nothing")
        assert "0 will be added, 2 added" in run(path, "--user", staff("planner").username)
        assert "2 there already" in run(path)
    assert Submission.objects.count() == 2


@pytest.mark.parametrize(
    ("content", "args", "message"),
    [
        (b"", (), "The file is empty"),
        (b"a,b\r\n1,2", (), "No column of opinions"),
        (b"body\r\nx", ("--plan", "2400"), "matching query"),
        (b"body\r\nx", ("--received-on", "soon"), "not a date"),
    ],
)
def test_the_command_says_why_it_can_not(tmp_path, content, args, message):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with translation.override("en"), pytest.raises(CommandError, match=message):
        run(path, *args)
    with pytest.raises(CommandError, match=r"gone\.csv"):
        run(tmp_path / "gone.csv")
