import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from comments.fields import PdfFormField
from comments.models import Meeting
from tests.admin.staff import signed_in, text
from tests.meetings import PDF, meeting, paper

pytestmark = pytest.mark.django_db
INLINES = ("agenda", "participants", "attendance", "documents")


def address(row):
    return f"/admin/comments/meeting/{row.pk}/change/"


def form(client, row, **changes):
    """Return what the form of a meeting holds, its inlines too, with some changes."""
    context = client.get(address(row)).context
    data = {}
    for one in (context["adminform"].form, *(f for s in context["inline_admin_formsets"] for f in s.formset)):
        data |= {bound.html_name: bound.value() for bound in one if bound.name != "file"}
    for formset in context["inline_admin_formsets"]:
        data |= {bound.html_name: bound.value() for bound in formset.formset.management_form}
    data = {name: "" if value is None else value for name, value in data.items() if value is not False}
    return data | changes


def upload(content=PDF, name="รายงาน.pdf", content_type="application/pdf"):
    return SimpleUploadedFile(name, content, content_type)


def with_paper(client, row, **columns):
    """Return the form with one more document."""
    number = row.documents.count()
    prefix = f"documents-{number}"
    data = form(client, row, **{"documents-TOTAL_FORMS": number + 1})
    plain = {"meeting": row.pk, "position": 1, "kind": "minutes", "title_th": "รายงาน", "title_en": "Minutes"}
    return data | {f"{prefix}-{name}": value for name, value in (plain | columns).items()}


def test_a_planner_writes_the_days_in_the_buddhist_era():
    client, row = signed_in("planner"), Meeting.objects.get()
    changes = {
        "notice_published_on": "01/02/2565",
        "summary_published_on": "10/03/2565",
        "clocks_apply": "on",
    }
    assert client.post(address(row), form(client, row, **changes)).status_code == 302
    row.refresh_from_db()
    assert (row.notice_clock.state(), row.summary_clock.state()) == ("met", "met")
    assert 'value="01/02/2565"' in client.get(address(row)).content.decode()


def test_days_in_the_wrong_order_are_told_and_what_was_typed_stays():
    client, row = signed_in("planner"), Meeting.objects.get()
    response = client.post(address(row), form(client, row, notice_published_on="24/02/2565"))
    assert response.status_code == 200
    assert "วันที่ประกาศต้องไม่อยู่หลังวันประชุม" in text(response)
    assert 'value="24/02/2565"' in response.content.decode()


def test_a_planner_adds_a_paper_and_the_public_gets_it(client):
    planner, row = signed_in("planner"), meeting()
    assert planner.post(address(row), with_paper(planner, row, file=upload())).status_code == 302
    document = row.documents.get()
    assert "รายงาน" not in document.file.name
    response = client.get(document.get_absolute_url())
    assert b"".join(response.streaming_content) == PDF
    assert document.get_absolute_url() in planner.get(address(row)).content.decode()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<script>alert(1)</script>", "ไม่ใช่ไฟล์ PDF ที่สมบูรณ์"),
        (b"GIF89a %PDF-1.7 %%EOF", "ไม่ใช่ไฟล์ PDF ที่สมบูรณ์"),
        (PDF[:-6], "ไม่ใช่ไฟล์ PDF ที่สมบูรณ์"),
        (PDF + b" " * 3000, "ไม่ใช่ไฟล์ PDF ที่สมบูรณ์"),
        (b"%PDF-" + b" " * PdfFormField.MOST_BYTES + b"%%EOF", "ใหญ่เกิน 20 เมกะไบต์"),
    ],
)
def test_a_file_is_looked_into_whatever_it_says_it_is(content, said):
    planner, row = signed_in("planner"), meeting()
    response = planner.post(address(row), with_paper(planner, row, file=upload(content)))
    assert response.status_code == 200
    assert said in text(response)
    assert not row.documents.exists()


@pytest.mark.parametrize("columns", [{}, {"url": "https://example.org", "file": upload}])
def test_a_paper_is_either_a_file_or_a_link(columns):
    planner, row = signed_in("planner"), meeting()
    columns = {name: value() if callable(value) else value for name, value in columns.items()}
    response = planner.post(address(row), with_paper(planner, row, **columns))
    assert response.status_code == 200
    assert "เป็นไฟล์ PDF หรือลิงก์ อย่างใดอย่างหนึ่ง" in text(response)


def test_saving_again_keeps_the_file():
    planner, row = signed_in("planner"), meeting()
    document = paper(row)
    assert planner.post(address(row), form(planner, row)).status_code == 302
    assert row.documents.get().file.name == document.file.name
    assert document.file.storage.exists(document.file.name)


@pytest.mark.parametrize("changes", [{"documents-0-DELETE": "on"}, {"documents-0-file": upload}])
def test_a_file_that_is_replaced_or_deleted_is_gone(changes, django_capture_on_commit_callbacks):
    planner, row = signed_in("planner"), meeting()
    document = paper(row)
    changes = {name: value() if callable(value) else value for name, value in changes.items()}
    with django_capture_on_commit_callbacks(execute=True):
        assert planner.post(address(row), form(planner, row, **changes)).status_code == 302
    assert not document.file.storage.exists(document.file.name)
    for kept in row.documents.all():
        assert kept.file.storage.exists(kept.file.name)


def test_a_meeting_that_is_deleted_takes_its_files_along(django_capture_on_commit_callbacks):
    row = meeting()
    document = paper(row)
    delete = f"/admin/comments/meeting/{row.pk}/delete/"
    with django_capture_on_commit_callbacks(execute=True):
        assert signed_in("administrator").post(delete, {"post": "yes"}).status_code == 302
    assert not Meeting.objects.filter(pk=row.pk).exists()
    assert not document.file.storage.exists(document.file.name)


def test_a_moderator_only_reads():
    row = meeting()
    document = paper(row)
    response = signed_in("moderator").get(address(row))
    assert document.get_absolute_url() in response.content.decode()
    assert 'type="file"' not in response.content.decode()
