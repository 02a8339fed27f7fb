"""Files chosen, sent, published and saved in a real browser, with JavaScript and without it."""

import pytest
from playwright.sync_api import expect

from tests import files
from tests.in_browser import people
from tests.in_browser.checks import barriers, misfits, report

MEGABYTE = 1024 * 1024
PHOTO = {"name": "ทางเท้า.jpg", "mimeType": "image/jpeg", "buffer": files.told_jpeg()}
PAPER = {"name": "แผนที่.pdf", "mimeType": "application/pdf", "buffer": files.pdf()}
DRAWING = {"name": "drawing.svg", "mimeType": "image/svg+xml", "buffer": b"<svg onload='alert(1)'/>"}
PUBLISH = """
from comments import moderation
from comments.models import Submission
from tests.factories import staff
moderation.publish(Submission.objects.get(reference="{}"), actor=staff())
"""


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without"])
def writer(request, new_page, server):
    return new_page(
        base_url=server.url, java_script_enabled=request.param, viewport={"width": 390, "height": 844}
    )


def choose(page, *chosen):
    page.locator("[name=attachments]").set_input_files(list(chosen))


def has_javascript(page):
    return page.locator("html.has-js").count() == 1


def test_files_go_all_the_way_to_the_public_download(writer, server):
    people.write(writer)
    choose(writer, PHOTO, PAPER)
    people.send(writer)
    keys = people.keys_shown(writer)
    expect(writer.locator(".files li")).to_have_count(2)
    server.shell(PUBLISH.format(keys.reference))
    writer.goto(f"/comments/{keys.reference}/")
    with writer.expect_download() as saved:
        writer.locator(".files a").first.click()
    assert saved.value.suggested_filename == "ทางเท้า.jpg"
    content = saved.value.path().read_bytes()
    assert content.startswith(b"\xff\xd8\xff")
    assert files.NEEDLE not in content


def test_a_wrong_file_is_told_beside_the_field_and_the_words_stay(writer):
    people.write(writer, display_name="คนริมคลอง")
    choose(writer, PHOTO, DRAWING)
    people.send(writer)
    if has_javascript(writer):
        people.confirm(writer)
    expect(writer.locator("#div_id_attachments .field-error").first).to_contain_text("drawing.svg")
    expect(writer.locator("[name=body]")).to_have_value(people.BODY)
    expect(writer.locator(".files-lost li")).to_have_count(2)
    findings = misfits(writer)
    assert findings == [], report(findings)
    with writer.expect_navigation():
        people.send(writer)
    expect(writer.locator("#div_id_attachments .field-error").first).to_be_visible()
    choose(writer, PHOTO)
    people.send(writer)
    people.keys_shown(writer)
    expect(writer.locator(".files li")).to_have_count(1)


def test_what_is_too_large_is_told_before_it_is_sent(page):
    sent = []
    page.on("request", lambda request: sent.append(request.method))
    people.write(page)
    choose(page, {"name": "large.jpg", "mimeType": "image/jpeg", "buffer": bytes(10 * MEGABYTE + 1)})
    told = page.locator(".files-chosen .field-error")
    expect(told).to_contain_text("large.jpg")
    people.send(page)
    expect(page.locator("[name=attachments]")).to_be_focused()
    assert "POST" not in sent
    findings = barriers(page) + misfits(page)
    assert findings == [], report(findings)
    choose(page, PHOTO)
    expect(told).to_have_count(0)
    people.send(page)
    people.keys_shown(page)


def test_without_javascript_the_server_tells_what_is_too_large(new_page, server):
    page = new_page(base_url=server.url, java_script_enabled=False)
    people.write(page)
    choose(page, {"name": "large.jpg", "mimeType": "image/jpeg", "buffer": bytes(10 * MEGABYTE + 1)})
    people.send(page)
    expect(page.locator("#div_id_attachments .field-error")).to_contain_text("large.jpg")
    expect(page.locator("[name=body]")).to_have_value(people.BODY)


def test_a_double_click_is_one_set_of_files(writer, server):
    before = server.query("SELECT count(*) FROM comments_attachment")[0][0]
    people.write(writer)
    choose(writer, PHOTO)
    writer.locator("main form [type=submit]").dblclick()
    people.keys_shown(writer)
    assert server.query("SELECT count(*) FROM comments_attachment") == [(before + 1,)]
