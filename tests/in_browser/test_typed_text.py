"""What a citizen has typed is never lost, whatever goes wrong, with JavaScript and without it."""

import pytest
from playwright.sync_api import expect

from tests.in_browser import people
from tests.in_browser.people import ENGLISH, THAI

BODY = "ข้อความที่พิมพ์มานาน ๆ\n  ย่อหน้าที่สอง  มีช่องว่าง\n=1+1 <b>&amp;</b> 👩‍👩‍👧"
SAID = {
    "body": BODY,
    "sector": "academic",
    "kind": "fact",
    "stance": "disagree",
    "goal": "G67-4.3-01",
    "district": "1003",
    "display_name": "ปิติ <มานะ>",
    "organisation": "มหาวิทยาลัย",
    "email": "piti@example.org",
    "phone": "02 123 4567",
}
CLOSE = (
    "from django.utils import timezone; from comments.models import Plan; Plan.objects.update(closes_at={})"
)
ROWS = "SELECT count(*) FROM comments_submission"


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without"])
def writer(request, new_page, server):
    return new_page(base_url=server.url, java_script_enabled=request.param)


@pytest.fixture
def closing(server):
    yield lambda: server.shell(CLOSE.format("timezone.now()"))
    server.shell(CLOSE.format("None"))


def assert_all_is_back(page, **changed):
    """Every field holds what was typed, and there is a message above the form that tells why."""
    for name, value in (SAID | changed).items():
        field = page.locator(f"main form [name={name}]")
        is_radio = field.first.get_attribute("type") == "radio"
        expect(page.locator(f"[name={name}]:checked") if is_radio else field).to_have_value(value)
    expect(page.locator("main [role=alert]").first).to_be_in_viewport()


def test_a_failed_validation(writer):
    people.write(writer, **SAID | {"email": "piti at example"})
    people.send(writer)
    assert_all_is_back(writer, email="piti at example")
    expect(writer.locator("#div_id_email .field-error")).to_be_visible()
    people.fill(writer, email=SAID["email"])
    people.send(writer)
    people.keys_shown(writer)
    expect(writer.locator(".slip .words")).to_have_text(BODY, use_inner_text=True)


@pytest.mark.parametrize(("prefix", "harm"), [(THAI, "no cookie"), (ENGLISH, "another token")])
def test_an_expired_token(writer, server, prefix, harm):
    before = server.query(ROWS)
    people.write(writer, prefix=prefix, **SAID)
    cookie = {"name": "csrftoken", "value": "x" * 32, "url": server.url}
    writer.context.clear_cookies()
    if harm == "another token":
        writer.context.add_cookies([cookie])
    people.send(writer)
    assert_all_is_back(writer)
    assert server.query(ROWS) == before
    people.send(writer)
    people.keys_shown(writer)
    assert writer.url == f"{server.url}{prefix}/receipt/"


def test_the_plan_closes_while_somebody_writes(writer, server, closing):
    before = server.query(ROWS)
    people.write(writer, **SAID)
    closing()
    people.send(writer)
    assert_all_is_back(writer)
    assert server.query(ROWS) == before


def test_other_words_under_the_same_key_are_kept_and_become_another_opinion(page):
    people.write(page, **SAID)
    people.send(page)
    first = people.keys_shown(page)
    page.go_back()
    people.fill(page, **SAID | {"body": f"{BODY} และอีกเรื่อง"})
    people.send(page)
    people.confirm(page)
    assert_all_is_back(page, body=f"{BODY} และอีกเรื่อง")
    expect(page.locator("main [role=alert]")).to_contain_text(first.reference)
    people.send(page)
    assert people.keys_shown(page) != first


def test_back_and_send_again_is_the_same_receipt(page, server):
    before = server.query(ROWS)[0][0]
    people.write(page, **SAID)
    people.send(page)
    first = people.keys_shown(page)
    page.go_back()
    expect(page.locator("[name=body]")).to_have_value(BODY)
    people.send(page)
    assert people.keys_shown(page) == first
    assert server.query(ROWS) == [(before + 1,)]


def test_back_to_the_form_without_javascript_is_the_same_receipt(new_page, server):
    page = new_page(base_url=server.url, java_script_enabled=False)
    before = server.query(ROWS)[0][0]
    people.write(page, **SAID)
    people.send(page)
    first = people.keys_shown(page)
    page.evaluate("history.go(-2)")
    expect(page.locator("textarea[name=body]")).to_have_value(BODY)
    people.send(page)
    assert people.keys_shown(page) == first
    assert server.query(ROWS) == [(before + 1,)]


@pytest.mark.parametrize(("button", "more"), [("[data-send]", 0), (".btn-line", 1)])
def test_a_form_drawn_anew_without_javascript_notices_the_same_words(new_page, server, button, more):
    page = new_page(base_url=server.url, java_script_enabled=False)
    said = {"body": f"{BODY} {button}", "sector": "citizen"}
    first = people.speak(page, **said)
    before = server.query(ROWS)[0][0]
    people.write(page, **said)
    people.send(page)
    expect(page.locator("main [role=alert]")).to_contain_text(first.reference)
    page.locator(f"main form {button}").click()
    assert (people.keys_shown(page) == first) is (more == 0)
    assert server.query(ROWS) == [(before + more,)]


@pytest.mark.both_databases
def test_a_double_click_is_one_opinion(writer, server):
    before = server.query(ROWS)[0][0]
    people.write(writer, **SAID)
    writer.locator("main form [type=submit]").dblclick()
    writer.locator("[data-send]").dblclick()
    expect(writer.locator("#receipt-secret")).to_be_visible()
    keys = people.keys_shown(writer)
    assert server.query(ROWS) == [(before + 1,)]
    people.look_up(writer, keys)
    expect(writer.locator("#receipt-status")).to_be_visible()


@pytest.mark.parametrize(("prefix", "language"), [(THAI, "th"), (ENGLISH, "en")])
def test_too_much_is_refused_in_the_reader_s_language_and_stays_in_the_form(page, server, prefix, language):
    before = server.query(ROWS)
    people.write(page, prefix=prefix, **SAID)

    def is_sent(response):
        return response.request.method == "POST" and response.request.is_navigation_request()

    with page.expect_response(is_sent) as answer:
        people.send_too_much(page)
    assert answer.value.status == 413
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.get_by_text("413", exact=True)).to_be_visible()
    page.go_back()
    expect(page.locator("[name=body]")).to_have_value(BODY)
    assert server.query(ROWS) == before
