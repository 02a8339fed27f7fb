"""Large exports, made step by step."""

import fcntl
import io
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone

from comments import erasure, moderation, retention
from comments.exports import jobs, xlsx_file
from comments.models import ExportJob, ExportRecord
from tests.admin.staff import QUEUE, signed_in
from tests.exports.test_csv_file import read
from tests.exports.test_reading import file_of
from tests.factories import staff, submission, unlike

pytestmark = pytest.mark.django_db

EXPORT = f"{QUEUE}export/"


@pytest.fixture(autouse=True)
def _small_steps(settings, tmp_path, monkeypatch):
    settings.EXPORT_ROOT, settings.EXPORT_AT_ONCE = tmp_path / "drafts", 0
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr(jobs, "ROWS_OF_A_STEP", 2)


@pytest.fixture
def rows():
    return [submission(body=unlike()) for _ in range(5)]


@pytest.fixture
def planner():
    return signed_in("planner")


def begun(planner, **data):
    """Return the job that a large export begins."""
    response = planner.post(EXPORT, data)
    job = ExportJob.objects.get()
    assert response["Location"] == f"{EXPORT}{job.pk}/"
    return job


def of_before(planner, rows, **data):
    """Return a job as of a moment that somebody named, and after which something was changed."""
    job = begun(planner, **data)
    ExportJob.objects.update(asked_at=timezone.now())
    moderation.publish(rows[3], actor=staff())
    return job


def content(job):
    with jobs.fetch(job) as file:
        return file.read()


@pytest.mark.parametrize("form", ["csv", "xlsx", "jsonl"])
def test_step_by_step_it_is_the_same_file_as_at_once(rows, planner, form):
    job = of_before(planner, rows, format=form, purpose="รายงาน")
    expected = file_of(job.as_of, form)
    assert jobs.go_on(job, seconds=0).looked_at == 2
    # Somebody decides, somebody writes; a step breaks off in the middle of a line.
    moderation.publish(rows[4], actor=staff())
    submission()
    with job.draft.open("ab") as draft:
        draft.write(b'{"reference":')
    jobs.go_on(ExportJob.objects.get(), seconds=0)
    call_command("run_exports", stdout=io.StringIO())
    job.refresh_from_db()
    assert (job.state, job.looked_at, job.record.rows, job.record.purpose) == ("ready", 5, 5, "รายงาน")
    assert content(job) == expected
    assert default_storage.listdir("exports") == ([], [job.name])
    assert not list(job.draft.parent.iterdir())


def test_a_csv_as_of_now_takes_one_step_and_holds_what_was_changed_before_it(rows, planner):
    job = begun(planner)
    moderation.publish(rows[4], actor=staff())
    assert jobs.go_on(job, seconds=0).state == "ready"
    assert (job.looked_at, job.record.rows, job.record.published) == (5, 5, 1)
    assert content(job) == file_of(job.as_of, "csv")
    assert job.record.as_of == job.as_of
    assert not list(job.draft.parent.iterdir())


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize(
    ("form", "most", "is_made"), [("csv", 1, False), ("csv", 0, True), ("xlsx", 1, True), ("xlsx", 5, False)]
)
def test_a_csv_is_handed_out_at_once_up_to_ten_times_as_many_rows(planner, settings, form, most, is_made):
    settings.EXPORT_AT_ONCE = most
    response = planner.post(EXPORT, {"format": form})
    response.getvalue()
    assert ("X-Content-SHA256" in response) is not is_made
    assert ExportJob.objects.count() == is_made


def test_a_csv_of_a_moment_before_takes_as_long_as_any_other(rows, planner, settings):
    order = _order(begun(planner))
    settings.EXPORT_AT_ONCE = 1
    assert jobs.is_large(replace(order, at=timezone.now()))
    assert not jobs.is_large(order)


def test_whoever_has_no_draft_begins_again_and_comes_to_the_same_file(rows, planner):
    job = of_before(planner, rows)
    expected = file_of(job.as_of, "csv")
    jobs.go_on(job, seconds=0)
    job.draft.unlink()
    moderation.publish(rows[4], actor=staff())
    assert jobs.go_on(job, seconds=0).looked_at == 2
    jobs.go_on(job, seconds=60)
    assert content(job) == expected
    assert ExportRecord.objects.count() == 1


def test_the_page_shows_how_far_it_is_and_hands_over_the_file(rows, planner):
    job = begun(planner)
    page = f"{EXPORT}{job.pk}/"
    assert 'value="0" max="5"' in planner.get(page).content.decode()
    assert page in planner.get(EXPORT).content.decode()
    assert planner.get(f"{page}file/").status_code == 302
    done = planner.post(f"{page}go-on/", follow=True)
    assert f"{page}file/" in done.content.decode()
    given = planner.get(f"{page}file/")
    assert len(read(given.getvalue())) == int(given["X-Row-Count"]) == 5
    assert given["X-Export-Record"] == str(ExportRecord.objects.get().pk)
    assert signed_in("administrator").get(page).status_code == 404


def test_of_two_at_once_one_works(rows, planner):
    job = of_before(planner, rows)
    jobs.go_on(job, seconds=0)
    with job.draft.open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        assert jobs.go_on(job, seconds=9).looked_at == 2
    assert jobs.go_on(job, seconds=9).state == "ready"


def test_it_goes_after_a_day_and_once_anything_was_erased(rows, planner):
    job = begun(planner)
    jobs.go_on(job, seconds=9)
    erasure.erase(rows[0], actor=staff(), ground="writing")
    assert planner.get(f"{EXPORT}{job.pk}/file/", follow=True).status_code == 200
    assert not default_storage.exists(job.stored)
    assert ExportJob.objects.get().state == "gone"
    second = jobs.begin(_order(job), job.actor)
    jobs.go_on(second, seconds=0)
    for at, number in ((timezone.now(), 0), (timezone.now() + timedelta(days=1), 1)):
        assert {rule.key: n for rule, n in retention.purge(at=at)}["exports"] == number
    assert not second.draft.exists()


def _order(job):
    return jobs.Order(jobs.opinions.chosen_before(job.filters), "csv", "page", job.actor)


def test_more_than_a_sheet_holds_ends_it(rows, planner, monkeypatch):
    monkeypatch.setattr(xlsx_file, "MOST_ROWS", 2)
    job = jobs.go_on(begun(planner, format="xlsx"), seconds=9)
    assert (job.state, job.record) == ("failed", None)
    assert "1,048,575" in planner.get(f"{EXPORT}{job.pk}/").content.decode()
    assert not list(job.draft.parent.iterdir())
    assert not default_storage.exists(job.stored)
