import csv
import io
import json
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from comments import authoring, campaigns, checks, erasure, moderation, search, tally
from comments.exports import download
from comments.models import (
    Attachment,
    Band,
    Contact,
    ErasureRequest,
    Submission,
    SubmissionEvent,
)
from comments.models.search import FTS_TABLE
from tests.factories import BODY, attached, reason, receive, staff, submission, unlike

pytestmark = pytest.mark.django_db

# Words that stand nowhere else; each is a leaf of its own to the search.
MARKS = ("zqmarkwords", "zqmarkedit", "zqmarkname", "zqmarkfirm", "zqmarknote", "zqmarkfile", "zqmarkmail")
WORDS, EDIT, NAME, FIRM, NOTE, FILE, MAIL = MARKS
ERASE = "from comments import erasure as e, models as m; e.erase(m.Submission.objects.get(), actor=None, ground='writing')"


@pytest.fixture
def said(media):
    """Return a published submission that has everything that can be erased, each with its mark."""
    row = receive(
        body=f"{BODY} {WORDS}",
        display_name=NAME,
        shows_name=True,
        organisation=FIRM,
        email=f"{MAIL}@example.org",
        attachments=attached(f"{FILE}.pdf"),
    ).submission
    authoring.edit(row, f"{BODY} {EDIT}")
    row = fresh(row)
    moderation.redact(row, [(0, 5, "other")], actor=staff(), note=f"เขาเขียนว่า {NOTE}")
    moderation.publish(fresh(row), actor=staff(), note=NOTE)
    moderation.withhold_file(row.attachments.get(), actor=staff(), note=NOTE)
    return fresh(row)


def fresh(row):
    return Submission.objects.get(pk=row.pk)


def erase(row, ground="writing", **more):
    return erasure.erase(row, actor=staff("administrator"), ground=ground, **more)


def everything():
    """Return all that stands in the tables of the database, FTS5's own tables among them, as one text."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            found += [
                str(bytes(cell) if isinstance(cell, memoryview) else cell) for row in cursor for cell in row
            ]
    return "\n".join(found)


def marks_in(text):
    return {mark for mark in MARKS if mark in text}


def test_no_table_holds_any_of_it_afterwards(said):
    assert marks_in(everything()) == set(MARKS) - {MAIL}
    erase(said)
    erasure.wipe()
    assert marks_in(everything()) == set()


def test_the_row_stays_and_counts_where_it_stands(said):
    before = tally.totals(Submission.objects.all())
    erase(said)
    row, after = fresh(said), tally.totals(Submission.objects.all())
    assert (after.received, after.published, after.withdrawn) == (before.received, 0, 1)
    assert (row.reference, row.received_at, row.plan_id) == (said.reference, said.received_at, said.plan_id)
    assert (row.body, row.words, row.public_body, row.status) == ("", "", "", "withdrawn")
    assert row.versions.get().body == ""
    assert not row.is_kept
    assert not Submission.objects.kept().filter(pk=row.pk).exists()


def test_a_rejected_one_stays_rejected_with_its_reason():
    row = submission("rejected")
    erase(row, ground="order")
    assert (fresh(row).status, fresh(row).reason) == ("rejected", reason())


def test_contact_details_search_entries_and_bands_are_gone(said):
    erase(said)
    assert not Contact.objects.exists()
    assert not said.search_entries.exists()
    assert not Band.objects.filter(submission=said).exists()
    for audience in ("staff", "public"):
        assert not search.matching(Submission.objects.all(), EDIT, audience=audience).exists()


def test_files_go_once_it_is_sure_and_their_rows_stay(said, django_capture_on_commit_callbacks):
    name = str(said.attachments.get().file)
    with django_capture_on_commit_callbacks() as callbacks:
        erase(said)
    assert default_storage.exists(name)
    for callback in callbacks:
        callback()
    assert not default_storage.exists(name)
    row = said.attachments.get()
    assert (row.name, row.sha256, row.size > 0) == ("", "", True)
    assert not Attachment.objects.kept().exists()


def test_it_is_one_event_with_actor_and_ground_and_no_words(said):
    erase(said, case_number="กท 1/2569")
    event = said.events.get(kind="erased")
    assert (event.actor, event.from_status, event.to_status) == (
        staff("administrator"),
        "withdrawn",
        "withdrawn",
    )
    assert event.note.endswith("· กท 1/2569")
    assert said.events.get(kind="withdrawn").actor == staff("administrator")
    noted = said.events.exclude(kind__in=["erased"]).exclude(note="")
    assert not noted.exists()
    assert set(said.events.values_list("kind", flat=True)) >= {"received", "edited", "redacted", "published"}


def test_to_erase_again_changes_nothing(said):
    first = erase(said)
    events = SubmissionEvent.objects.count()
    assert erase(said, case_number="กท 2/2569").done_at == first.done_at
    assert SubmissionEvent.objects.count() == events
    assert ErasureRequest.objects.get().case_number == ""


def test_what_was_asked_for_with_the_receipt_is_carried_out(said):
    authoring.ask_for_erasure(said)
    request = erase(fresh(said), ground="receipt")
    assert request.asked_at < request.done_at
    assert (request.ground, request.done_by) == ("receipt", staff("administrator"))


def test_a_ground_that_does_not_hold_is_refused():
    row = submission("published")
    assert erasure.grounds(row) == ["writing"]
    with pytest.raises(erasure.NotAskedError):
        erase(row, ground="receipt")
    with pytest.raises(erasure.NotWithheldError):
        erase(row, ground="order")
    assert fresh(row).body == BODY
    moderation.reject(row, actor=staff(), reason=reason())
    assert erasure.grounds(row) == ["writing", "order"]


def test_nothing_brings_it_back(said):
    erase(said)
    row = fresh(said)
    with pytest.raises(authoring.StaleEditError):
        authoring.edit(row, BODY)
    with pytest.raises(authoring.StaleEditError):
        authoring.change_wishes(row, email="again@example.org", phone="", wants_updates=True)
    rejected = submission("rejected")
    erase(rejected)
    with pytest.raises(moderation.StaleDecisionError):
        moderation.restore(fresh(rejected), actor=staff())
    assert not Contact.objects.exists()


def test_its_like_stay_a_campaign_that_finds_the_next():
    rows = [submission(body=BODY) for _ in range(3)]
    erase(rows[0])
    assert fresh(rows[0]).campaign is None
    assert fresh(rows[1]).campaign == fresh(rows[2]).campaign
    near = submission(body=f"{BODY}ทุกวันครับ")
    assert near.campaign_id == fresh(rows[1]).campaign_id is not None


def test_erased_ones_are_no_campaign_and_not_missing_from_the_search():
    rows = [submission(body=unlike()) for _ in range(2)]
    for row in rows:
        erase(row)
    assert sum(campaigns.gather()) == 0
    assert sum(search.rebuild(everything=True)) == 0
    assert checks.search_knows_every_word(databases=["default"]) == []


def test_an_export_has_its_row_with_an_empty_body_and_the_mark(said):
    erase(said)
    file = io.BytesIO()
    download.write_submissions(Submission.objects.all(), file)
    (row,) = csv.DictReader(io.StringIO(file.getvalue().decode("utf-8-sig"), newline=""))
    assert (row["reference"], row["body"], row["language"]) == (said.reference, "", "zxx")
    assert (row["display_name"], row["organisation"], row["attachments"]) == ("", "", "1")
    assert marks_in(file.getvalue().decode()) == set()


REFUSED = [
    "UPDATE comments_submission SET body = ''",
    "UPDATE comments_submission SET body = 'x', erased_at = '2026-01-01'",
    "UPDATE comments_submission SET body = '', erased_at = '2026-01-01', reference = 'x'",
    "UPDATE comments_submissionevent SET note = ''",
    "UPDATE comments_submissionevent SET note = '', erased_at = '2026-01-01', kind = 'x'",
    "UPDATE comments_submissionversion SET body = ''",
    "UPDATE comments_submissionversion SET body = 'x', erased_at = '2026-01-01'",
    "UPDATE comments_attachment SET name = ''",
    "UPDATE comments_attachment SET name = '', sha256 = '', erased_at = '2026-01-01', size = 1",
]


@pytest.mark.parametrize("sql", REFUSED)
def test_the_database_allows_this_change_and_no_other(said, sql):
    with pytest.raises(DatabaseError, match="is sealed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE comments_submission SET erased_at = NULL",
        "UPDATE comments_submission SET erased_at = '2026-01-01'",
        "UPDATE comments_submission SET body = 'x'",
        "UPDATE comments_submissionevent SET note = 'x' WHERE kind = 'published'",
        "UPDATE comments_submissionversion SET erased_at = NULL, body = 'x'",
    ],
)
def test_the_database_does_not_take_it_back(said, sql):
    erase(said)
    with pytest.raises(DatabaseError, match="is sealed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize("columns", [{"edited_body": "x"}, {"display_name": "x"}, {"status": "pending"}])
def test_the_database_keeps_an_erased_row_empty_and_unseen(said, columns):
    erase(said)
    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.objects.update(**columns)


def test_the_list_of_erasures_repeats_them_on_an_older_database(said, tmp_path):
    other = submission("rejected", body=unlike())
    erase(other, ground="order", case_number="ศาล 7/2569")
    out = io.StringIO()
    call_command("erasures", stdout=out)
    (tmp_path / "list.csv").write_text(
        out.getvalue()
        + f"{said.reference},2026-11-22T10:00:00+07:00,receipt,\n67-0000-0000,2026-11-22,writing,\n",
        encoding="utf-8",
    )
    out = io.StringIO()
    call_command("erasures", repeat=tmp_path / "list.csv", stdout=out)
    assert out.getvalue().splitlines() == [
        f"{other.reference}: erased",
        f"{said.reference}: erased",
        "67-0000-0000: not in this database",
    ]
    assert fresh(said).body == ""
    assert ErasureRequest.objects.get(submission=said).ground == "receipt"


def test_sqlite_forgets_the_leaves_in_its_index(said):
    erase(said)
    if connection.vendor != "sqlite":
        assert erasure.wipe() is False
        return
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {FTS_TABLE}({FTS_TABLE}, rank) VALUES('integrity-check', 1)")
    assert erasure.wipe() is True


def test_the_files_of_the_database_hold_nothing_of_it(fresh_server):
    fresh_server.shell(
        "from tests.factories import BODY, receive\n"
        f"receive(body=f'{{BODY}} {WORDS}', display_name='{NAME}', organisation='{FIRM}')"
    )
    if connection.vendor == "postgresql":
        return
    where = json.loads(
        fresh_server.shell(
            "import json; from django.db import connection; print(json.dumps(str(connection.settings_dict['NAME'])))"
        )
    )
    assert marks_in(bytes_at(where)) == {WORDS, NAME, FIRM}
    fresh_server.shell(ERASE)
    assert "wiped" in fresh_server.manage("purge_expired").stdout
    assert marks_in(bytes_at(where)) == set()


def bytes_at(where):
    """Return the bytes of a SQLite file and of what lies beside it."""
    found = Path(where).parent.glob(f"{Path(where).name}*")
    return b"".join(path.read_bytes() for path in found).decode("latin-1")
