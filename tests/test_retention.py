from datetime import timedelta
from io import StringIO

import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone

from comments import attachments, moderation, retention
from comments.authoring import WRONG_SECRETS
from comments.models import Attachment, Contact, ImportRow, Plan, SignIn, Submission, SubmissionEvent, Tries
from tests.admin.staff import QUEUE, signed_in
from tests.factories import attached, reason, staff, submission, unlike
from tests.test_erasure_of_imports import add, brought_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]

DAY = timedelta(days=1)


def purged(at=None):
    return {rule.key: number for rule, number in retention.purge(at=at) if number}


def reachable(**said):
    return submission(email="citizen@example.org", display_name="คนริมคลอง", body=unlike(), **said)


def close_plan(days_ago):
    Plan.objects.filter(pk=Plan.objects.current().pk).update(closes_at=timezone.now() - days_ago * DAY)


def test_contact_details_go_when_the_plan_has_been_closed_long_enough(settings):
    settings.RETAIN_CONTACT_DAYS = 30
    row = reachable()
    close_plan(29)
    assert purged() == {}
    close_plan(30)
    assert purged() == {"contact": 1}
    assert not Contact.objects.exists()
    assert Submission.objects.get().display_name == ""
    event = row.events.get(kind="contact_expired")
    assert (event.actor, event.from_status, event.to_status) == (None, "pending", "pending")
    assert purged() == {}
    assert row.events.filter(kind="contact_expired").count() == 1


def test_while_the_plan_has_no_closing_moment_they_stay():
    reachable()
    assert purged(at=timezone.now() + 5_000 * DAY) == {}


def test_a_name_that_may_be_shown_stays(settings):
    settings.RETAIN_CONTACT_DAYS = 1
    reachable(shows_name=True)
    close_plan(2)
    assert purged() == {"contact": 1}
    assert Submission.objects.get().display_name == "คนริมคลอง"


def test_files_of_what_is_not_published_go_after_the_last_decision(
    settings, django_capture_on_commit_callbacks
):
    settings.RETAIN_UNPUBLISHED_FILE_DAYS = 30
    now = timezone.now()
    row = submission("published", attachments=attached("a.pdf"), body=unlike())
    kept = submission("published", attachments=attached("b.pdf"), body=unlike())
    moderation.reject(row, actor=staff(), reason=reason(), at=now - 30 * DAY)
    young = submission(attachments=attached("c.pdf"), body=unlike())
    moderation.withdraw(young, at=now - 29 * DAY)
    with django_capture_on_commit_callbacks(execute=True):
        assert purged(at=now) == {"files": 1}
    gone, *stay = [row.attachments.get(), kept.attachments.get(), young.attachments.get()]
    assert [default_storage.exists(str(one.file)) for one in (gone, *stay)] == [False, True, True]
    assert (gone.name, gone.sha256, gone.erased_at) == ("", "", now)
    assert row.events.filter(kind="files_expired").count() == 1
    assert purged(at=now) == {}
    assert list(attachments.broken()) == []


def test_many_go_in_batches(monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 2)
    for _ in range(5):
        reachable()
    close_plan(366)
    assert purged() == {"contact": 5}
    assert SubmissionEvent.objects.filter(kind="contact_expired").count() == 5


def test_counters_of_wrong_secrets_are_set_back_and_those_at_work_are_not(settings):
    settings.RETAIN_TRIES_DAYS = 2
    now = timezone.now()
    WRONG_SECRETS.take("old", at=now - 2 * DAY)
    WRONG_SECRETS.take("new", at=now - DAY)
    assert purged(at=now) == {"tries": 1}
    assert sorted(Tries.objects.values_list("count", flat=True)) == [0, 1]


def test_sessions_that_are_over_go(client):
    client.force_login(staff())
    assert purged() == {}
    assert purged(at=timezone.now() + DAY) == {"sessions": 1}
    assert not Session.objects.exists()


def test_the_log_of_sign_ins_and_the_counts_of_wrong_passwords_go_by_age(settings):
    settings.RETAIN_SIGN_INS_DAYS, settings.RETAIN_TRIES_DAYS = 180, 2
    now = timezone.now()
    for days in (0, 179, 181):
        SignIn.objects.create(kind="refused", at=now - days * DAY)
    AccessAttempt.objects.create(failures_since_start=1)
    assert purged(at=now) == {"sign_ins": 1}
    assert purged(at=now + 3 * DAY) == {"attempts": 1, "sign_ins": 1}
    assert SignIn.objects.count() == 1


def test_files_that_belong_to_nothing_go_after_a_day(settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    stray = default_storage.save("attachments/stray", ContentFile(b"x"))
    (tmp_path / "half.upload.pdf").write_bytes(b"x")
    (tmp_path / "something.else").write_bytes(b"x")
    (tmp_path / "sent.upload.pdf").symlink_to(tmp_path / "gone")
    now = timezone.now()
    assert purged(at=now) == {}
    assert purged(at=now + 2 * DAY) == {"leftovers": 2}
    assert not default_storage.exists(stray)
    assert not (tmp_path / "half.upload.pdf").exists()
    assert (tmp_path / "something.else").exists()


def test_the_command_says_what_it_did_and_a_dry_run_does_nothing():
    reachable()
    close_plan(366)

    def said(**options):
        out = StringIO()
        call_command("purge_expired", stdout=out, **options)
        return out.getvalue()

    assert "contact: 1 to be removed" in said(dry_run=True)
    assert Contact.objects.exists()
    assert not SubmissionEvent.objects.filter(kind="contact_expired").exists()
    assert "contact: 1 removed" in said()
    assert "contact: 0 removed" in said()
    assert "files: 0 removed" in said()


def test_what_is_published_is_never_purged():
    row = submission("published", attachments=attached("a.pdf"), body=unlike())
    close_plan(1)
    assert purged(at=timezone.now() + 36_000 * DAY) == {}
    assert Submission.objects.get().body == row.body
    assert Attachment.objects.kept().exists()


def test_tables_that_were_brought_in_go_with_the_contact_details_and_their_opinions_stay(settings):
    settings.RETAIN_CONTACT_DAYS = 30
    waiting, done = brought_in(), brought_in()
    add(done)
    close_plan(29)
    assert purged() == {}
    close_plan(30)
    assert purged() == {"imports": 2}
    assert default_storage.listdir("imports")[1] == []
    assert not ImportRow.objects.waiting().exists()
    assert Submission.objects.count() == 2
    assert purged() == {}
    planner = signed_in("planner")
    assert planner.get(f"{QUEUE}import/{waiting.pk}/").status_code == 200
    for deed in ("check", "add"):
        assert planner.post(f"{QUEUE}import/{waiting.pk}/{deed}/").status_code == 404
