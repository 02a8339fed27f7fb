"""Personal data and secrets are found where the data dictionary says, and nowhere else."""

import shutil
from contextlib import contextmanager
from datetime import timedelta
from urllib.error import HTTPError
from urllib.parse import quote, urlencode

import pytest
from django.db import transaction
from django.utils import timezone

from comments import erasure, retention
from comments.fields import encrypt
from comments.models import Plan, Submission
from tests import canaries, canary_places
from tests.canaries import MARKS
from tests.documents import codes, rows, section
from tests.environment import ROOT
from tests.factories import staff
from tests.test_parallel import Sender

LONG_AFTER = timedelta(days=3_000)


@pytest.fixture
def marks(db, media, settings, caplog):
    settings.SENDS_EMAIL = settings.STAFF_TWO_FACTOR = True
    settings.OPEN_DATA_ROOT = media.with_name("open-data")
    with caplog.at_level("INFO"):
        return canaries.let_in()


@pytest.fixture(scope="module")
def told():
    """Return what the dictionary says of each canary: where it is at first, after its time, after an erasure."""
    dictionary = (ROOT / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    table = rows(section(dictionary, "Where marked data are found"))
    return {name: [set(codes(cell)) for cell in cells] for name, *cells in table if len(cells) == 3}


def places(marks, *found):
    """Return where each canary is, of several places."""
    return canary_places.found(marks, [each for one in found for each in one])


def kept(marks):
    return places(marks, canary_places.in_the_database(), canary_places.in_files(), canary_places.exports())


def of_these(told, which, found):
    """Return of what the dictionary tells only the places that `kept` looks into."""
    looked_into = ("comments_", "axes_", "django_", "encrypted ", "search", "files", "exports")
    return {name: {place for place in told[name][which] if place.startswith(looked_into)} for name in found}


def purge(at):
    """Remove what is over its time; the log of sign-ins stays, which PostgreSQL guards by a clock of its own."""
    for rule in retention.RULES:
        if rule.key != "sign_ins":
            rule.remove(rule.due(at), at)


@contextmanager
def taken_back(media):
    """Undo at the end what was done to the database and to the files."""
    shutil.copytree(media, before := media.with_name("before"))
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    shutil.rmtree(media)
    before.rename(media)


def test_marked_data_are_found_where_the_dictionary_says_and_nowhere_else(
    marks, told, media, caplog, django_capture_on_commit_callbacks
):
    assert canaries.handed_in() == {"opinions": 3, "replies": 1, "files": 2, "reports": 1, "mails": 1}
    # As every night: SQLite's index holds leaves of former words until then.
    erasure.wipe()
    assert canary_places.found(marks, canary_places.everywhere(caplog.text)) == {
        name: told[name][0] for name in told
    }
    with taken_back(media):
        Plan.objects.update(closes_at=timezone.now())
        with django_capture_on_commit_callbacks(execute=True):
            purge(at=timezone.now() + LONG_AFTER)
        found = kept(marks)
        assert found == of_these(told, 1, found)
    with django_capture_on_commit_callbacks(execute=True):
        for row in Submission.everything.all():
            erasure.erase(row, actor=staff("administrator"), ground="writing")
        erasure.wipe()
    found = kept(marks)
    assert found == of_these(told, 2, found)


def test_a_canary_that_got_out_is_found():
    assert canary_places.found({"a": "zq-mark"}, [("b", b"-ZQ-Mark-"), ("c", b"zqmark"), ("d", b"zq")]) == {
        "a": {"b", "c"}
    }
    assert [place for place, _ in canary_places.opened("a.b", encrypt(b"zqmark"))] == [
        "a.b",
        "encrypted a.b",
    ]


def test_a_real_server_logs_nothing_of_it_and_keeps_contact_details_encrypted(server):
    """It is asked in ways that go wrong, too: what is refused is logged more readily than what is taken."""
    sender = Sender(server.url)
    said = {"body": canaries.BODY.format("ไฟฟ้า"), "sector": "citizen", "email": MARKS["e-mail"]}
    _, secret = sender.send(sender.drawn_form() | said | {"phone": MARKS["telephone"]})
    fields = urlencode({"reference": "67-0000-0000", "secret": secret, "body": MARKS["appeal"]}).encode()
    wrong = [
        ("/receipt/", fields),
        ("/receipt/edit/", fields),
        (
            "/admin/login/",
            urlencode({"username": MARKS["e-mail"], "password": MARKS["wrong password"]}).encode(),
        ),
        (f"/comments/?q={MARKS['searched by a citizen']}&sort=wrong", None),
        (f"/{quote(MARKS['e-mail'])}/", None),
        ("/submit/", urlencode(said | {"body": "\0", "idempotency_key": "x"}).encode()),
    ]
    for path, data in wrong:
        try:
            sender.opener.open(server.url + path, data).read()
        except HTTPError as error:
            error.close()
    secrets = MARKS | {"secret of a receipt": secret}
    logged = {
        name for name, where in canary_places.found(secrets, [("log", server.log.encode())]).items() if where
    }
    assert logged == set()
    places = [*server.log_file.parent.rglob("*"), *server.log_file.parent.parent.glob("*.sqlite3*")]
    kept = [(path.name, path.read_bytes()) for path in places if path.is_file()]
    at_rest = canary_places.found(secrets, kept)
    assert not any(at_rest[name] for name in ("e-mail", "telephone", "secret of a receipt", "wrong password"))
