"""Attachments from the form to the public download."""

import html
import io

import pytest
from django.conf import settings as project
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from comments import attachments, moderation
from comments.models import Attachment, Submission
from comments.views.uploads import LARGEST_REQUEST
from tests import files
from tests.factories import attached, reason, receive, staff, submission
from tests.views.test_submit import EVERYTHING, KEY, LEAST, errors, keeps_everything

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def send(client, *uploads, prefix="/en", **data):
    return client.post(f"{prefix}/submit/", EVERYTHING | {"attachments": list(uploads)} | data)


def photo(name="ทางเท้า.jpg"):
    return SimpleUploadedFile(name, files.told_jpeg(), "image/jpeg")


def paper(name="แผนที่.pdf", data=None):
    return SimpleUploadedFile(name, data or files.pdf(), "application/pdf")


def text(response):
    return html.unescape(response.content.decode())


def address(row, number=1):
    return f"/comments/{row.reference}/files/{number}"


def fetched(client, where, method="get", **more):
    """Return status and headers of a file, and what is in it."""
    response = getattr(client, method)(where, **more)
    # Reading it to its end closes the file.
    return response.status_code, response.headers, response.getvalue()


def status(client, where, method="get", **more):
    return fetched(client, where, method, **more)[0]


def test_the_form_takes_several_files_also_without_javascript(client):
    page = client.get("/submit/").content.decode()
    assert 'enctype="multipart/form-data"' in page
    assert '<input type="file" name="attachments"' in page
    assert " multiple" in page


def test_files_are_stored_with_the_words(client):
    assert send(client, photo(), paper()).status_code == 303
    row = Submission.objects.get()
    assert [one.name for one in row.attachments.all()] == ["ทางเท้า.jpg", "แผนที่.pdf"]
    shown = text(client.get("/en/receipt/"))
    assert "ทางเท้า.jpg" in shown
    assert "JPEG picture" in shown
    assert "64 × 48" in shown


def test_sent_twice_there_are_no_more_files(client, media):
    for _ in range(2):
        assert send(client, photo(), paper()).status_code == 303
    assert Attachment.objects.count() == len(list((media / "attachments").iterdir())) == 2


WRONG = {
    "another kind": (b"<svg onload='alert(1)'/>", "neither a JPEG, PNG or WebP picture nor a PDF"),
    "damaged": (files.jpeg()[:200], "damaged or incomplete"),
    "empty": (b"", "is empty"),
    "under a password": (files.pdf(trailer=b"/Encrypt 9 0 R"), "protected by a password"),
    "acts": (files.pdf(b"<</S /JavaScript>>"), "can do more than be read"),
    "two files": (files.jpeg() + files.archive(), "second file hidden"),
    "moves": (files.moving("PNG"), "moves"),
    "too many pixels": (files.raw_png(65_000, 65_000), "too many pixels"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_file_is_named_beside_the_field_with_the_reason_and_nothing_typed_is_lost(client, name):
    data, said = WRONG[name]
    response = send(client, photo(), SimpleUploadedFile("my file.jpg", data, "image/jpeg"))
    assert response.status_code == 200
    assert set(errors(response)) == {"attachments"}
    assert keeps_everything(response, EVERYTHING)
    shown = text(response)
    assert "“my file.jpg”" in shown
    assert said in shown
    assert 'id="id_attachments_error"' in shown
    assert not Submission.objects.exists()


def test_ten_megabytes_and_a_byte_are_too_large_and_the_message_says_both_sizes(client):
    data = files.jpeg().ljust(attachments.LARGEST + 1, b"\x00")
    shown = text(send(client, SimpleUploadedFile("large.jpg", data)))
    assert "“large.jpg” has 10.0\xa0MB. A file may have at most 10.0\xa0MB." in shown


def test_six_files_are_too_many(client):
    response = send(client, *(photo(f"{number}.jpg") for number in range(6)))
    assert set(errors(response)) == {"attachments"}
    assert "You chose 6 files. At most 5" in text(response)
    assert keeps_everything(response, EVERYTHING)


def test_a_request_of_more_than_all_files_may_have_is_refused_with_a_page_of_its_own(client):
    response = client.generic(
        "POST", "/en/submit/", bytes(LARGEST_REQUEST + 1), content_type="multipart/form-data; boundary=x"
    )
    assert response.status_code == 413
    assert "fewer or smaller files" in text(response)


def test_files_that_add_up_to_too_much_are_refused_whatever_the_request_said(client):
    parts = [SimpleUploadedFile(f"{number}.jpg", bytes(attachments.LARGEST)) for number in range(6)]
    assert send(client, *parts).status_code == 413
    waiting = list(project.FILE_UPLOAD_TEMP_DIR.iterdir())
    assert waiting == []


@pytest.mark.parametrize("harm", ["another field is wrong", "the token is wrong"])
def test_a_form_that_comes_back_says_that_files_must_be_chosen_again_and_is_not_sent_without(harm):
    client = Client(enforce_csrf_checks=harm == "the token is wrong")
    data = {} if harm == "the token is wrong" else {"email": "x"}
    response = send(client, photo(), **data)
    shown = text(response)
    assert "Please choose your files again." in shown
    assert "ทางเท้า.jpg (" in shown
    again = EVERYTHING | {"had_attachments": "on"}
    if harm == "the token is wrong":
        again["csrfmiddlewaretoken"] = response.cookies["csrftoken"].value
    refused = client.post("/en/submit/", again)
    assert set(errors(refused)) == {"attachments"}
    assert "without_attachments" in text(refused)
    assert not Submission.objects.exists()
    assert client.post("/en/submit/", again | {"without_attachments": "on"}).status_code == 303


def test_chosen_again_they_are_sent(client):
    assert send(client, photo(), had_attachments="on").status_code == 303
    assert Attachment.objects.count() == 1


def test_a_published_file_is_a_download_shut_off_from_our_pages(client):
    row = submission("published", attachments=attached("ทางเท้า.jpg", "map.pdf"))
    page = text(client.get(f"/en/comments/{row.reference}/"))
    assert f'href="/en{address(row, 1)}"' in page
    assert f'href="/en{address(row, 2)}"' in page
    _status, headers, content = fetched(client, address(row))
    assert headers["Content-Type"] == "image/jpeg"
    assert headers["Content-Disposition"].startswith("attachment; filename*=utf-8''%E0%B8%97")
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
    assert Image.open(io.BytesIO(content)).format == "JPEG"
    _status, headers, content = fetched(client, address(row, 2))
    assert headers["Content-Type"] == "application/pdf"
    assert content.startswith(b"%PDF-")


@pytest.mark.parametrize("state", ["pending", "rejected", "withdrawn"])
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_nothing_of_an_unpublished_opinion_can_be_had(client, state, prefix):
    row = submission(state, attachments=attached("secret-plan.jpg"))
    for method in ("get", "head"):
        assert status(client, prefix + address(row), method) == 404
        assert status(client, prefix + address(row), method, headers={"range": "bytes=0-9"}) == 404
    for page in ("/comments/", "/comments/?q=secret", f"/comments/{row.reference}/", "/"):
        assert "secret-plan" not in client.get(prefix + page).content.decode()


def test_it_is_gone_with_the_decision_and_back_with_the_next(client):
    row = submission("published", attachments=attached("a.jpg"))
    assert status(client, address(row)) == 200
    moderation.reject(row, actor=staff(), reason=reason())
    assert status(client, address(row)) == 404
    moderation.restore(row, actor=staff())
    moderation.publish(row, actor=staff())
    assert status(client, address(row), "head") == 200
    row.plan.is_public = False
    row.plan.save()
    assert status(client, address(row)) == 404


def test_a_withheld_file_is_gone_though_the_words_are_published(client):
    row = submission("published", attachments=attached("first-a.jpg", "second-bb.jpg"))
    moderation.withhold_file(row.attachments.get(position=1), actor=staff(), note="a face")
    assert [status(client, address(row, number)) for number in (1, 2)] == [404, 200]
    page = text(client.get(f"/comments/{row.reference}/"))
    assert "first-a.jpg" not in page
    assert "second-bb.jpg" in page


@pytest.mark.parametrize("number", ["0", "2", "99999999999999999999", "-1", "x", "1/"])
def test_no_other_number_leads_anywhere(client, number):
    row = submission("published", attachments=attached("a.jpg"))
    assert status(client, address(row, number)) == 404


def test_addresses_as_people_type_them_lead_to_the_right_one(client):
    row = submission("published", attachments=attached("a.jpg"))
    assert client.get(f"/comments/{row.reference.lower()}/files/1").headers["Location"] == address(row)
    assert client.get("/comments/nothing/files/1").status_code == 404
    assert client.post(address(row)).status_code == 405


def test_a_file_that_the_disk_has_lost_is_not_found_and_logged(client, media, caplog):
    row = submission("published", attachments=attached("a.jpg"))
    (media / row.attachments.get().file.name).unlink()
    assert status(client, address(row)) == 404
    assert "is missing" in caplog.text


def test_the_author_reads_which_files_came_with_the_words(client):
    receipt = receive(attachments=attached("mine-a.jpg", "mine-bb.pdf"))
    moderation.withhold_file(
        receipt.submission.attachments.get(position=2), actor=staff(), note="a name in it"
    )
    keys = {"reference": receipt.submission.reference, "secret": receipt.secret}
    shown = text(client.post("/en/receipt/", keys))
    assert "mine-a.jpg" in shown
    assert "withheld by staff" in shown
    assert "a name in it" not in shown
    assert "/files/" not in shown


def test_a_page_with_files_takes_as_many_questions_for_one_as_for_three(client, django_assert_num_queries):
    rows = [
        submission("published", attachments=attached(*names))
        for names in (["a.jpg"], ["a.jpg", "b.png", "c.pdf"])
    ]
    for row in rows:
        with django_assert_num_queries(3):
            client.get(f"/comments/{row.reference}/")


def test_the_least_form_needs_no_files(client):
    assert client.post("/submit/", LEAST | {"idempotency_key": KEY}).status_code == 303
    assert not Attachment.objects.exists()
