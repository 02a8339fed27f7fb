"""Where files are kept, and that none is left over or lost."""

import hashlib
import os
import re
import time
from dataclasses import replace
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from comments import intake
from comments.models import Attachment, Plan, Submission
from tests.factories import attached, receive

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def stored(media):
    return sorted(path for path in media.rglob("*") if path.is_file())


def test_files_are_stored_apart_under_names_that_nobody_can_guess(media):
    row = receive(attachments=attached("ทางเท้า.jpg", "แผนที่.pdf")).submission
    first, second = row.attachments.all()
    assert (first.position, first.name, first.kind) == (1, "ทางเท้า.jpg", "image/jpeg")
    assert (second.position, second.name, second.kind, second.width) == (
        2,
        "แผนที่.pdf",
        "application/pdf",
        None,
    )
    assert len(stored(media)) == 2
    for one in (first, second):
        content = (media / one.file.name).read_bytes()
        assert re.fullmatch(r"attachments/[0-9a-f]{32}", one.file.name)
        assert (one.size, one.sha256) == (len(content), hashlib.sha256(content).hexdigest())


def test_what_the_same_form_brings_twice_is_stored_once(media):
    names = ("a.jpg", "bb.pdf")
    first = receive(key="k", attachments=attached(*names))
    again = receive(key="k", attachments=attached(*names))
    assert (first.submission, first.secret) == (again.submission, again.secret)
    assert len(stored(media)) == Attachment.objects.count() == 2


def test_a_retry_may_bring_fewer_files_but_no_others(media):
    first = receive(key="k", attachments=attached("a.jpg", "bb.jpg"))
    assert receive(key="k").submission == first.submission
    assert receive(key="k", attachments=attached("bb.jpg")).submission == first.submission
    with pytest.raises(intake.AlreadySentError):
        receive(key="k", attachments=attached("a.jpg", "other.jpg"))
    assert len(stored(media)) == 2


def test_a_closed_plan_leaves_no_file(media):
    Plan.objects.update(closes_at=timezone.now())
    with pytest.raises(intake.NotAcceptingError):
        receive(attachments=attached("a.jpg"))
    assert stored(media) == []


def test_a_transaction_that_fails_leaves_no_file_and_no_row(media):
    good, wrong = attached("a.jpg", "b.png")
    with pytest.raises(IntegrityError), transaction.atomic():
        receive(attachments=(good, replace(wrong, kind="text/html")))
    assert stored(media) == []
    assert not Submission.objects.exists()


def test_six_are_too_many_through_every_door(media):
    with pytest.raises(ValidationError) as caught:
        receive(attachments=attached(*(f"{'a' * number}.jpg" for number in range(1, 7))))
    assert caught.value.code == "too_many"
    assert stored(media) == []


@pytest.mark.parametrize(
    "column", ["name = 'x'", "sha256 = 'x'", "file = 'x'", "position = 9", "kind = 'image/png'"]
)
def test_what_was_stored_never_changes(column):
    receive(attachments=attached("a.jpg"))
    with pytest.raises(DatabaseError, match="is sealed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE comments_attachment SET {column}")  # noqa: S608


def test_application_refuses_to_delete():
    receive(attachments=attached("a.jpg"))
    with pytest.raises(TypeError, match="never deleted"):
        Attachment.objects.all().delete()
    with pytest.raises(TypeError, match="never deleted"):
        Attachment.objects.get().delete()


def checked(*options):
    out = StringIO()
    try:
        call_command("check_attachments", *options, stdout=out)
    except CommandError as error:
        out.write(str(error))
    return out.getvalue()


def test_the_check_finds_what_is_missing_changed_and_left_over(media):
    assert "as it was stored" in checked()
    row = receive(attachments=attached("a.jpg", "b.png")).submission
    first, second = (media / one.file.name for one in row.attachments.all())
    young, old = (media / "attachments" / name for name in ("young", "old"))
    young.touch()
    old.touch()
    long_ago = time.time() - 2 * 24 * 60 * 60
    os.utime(old, (long_ago, long_ago))
    assert checked() == "attachments/old: belongs to no opinion\nevery attachment is as it was stored\n"
    assert "attachments/old: removed" in checked("--remove-strays")
    assert stored(media) == sorted([first, second, young])
    first.write_bytes(b"changed")
    second.unlink()
    said = checked()
    assert f"changed, file 1 of {row.reference}" in said
    assert f"missing, file 2 of {row.reference}" in said
    assert "2 files are missing or changed" in said
