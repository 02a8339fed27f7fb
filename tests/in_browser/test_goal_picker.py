"""A citizen finds one of many goals by a word or a code, with any keyboard, by touch, and without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from comments.text.normalise import normalise
from tests.in_browser import people
from tests.in_browser.checks import barriers, misfits, report

CODE = "G67-4.3-01"
TITLE = "ทางเท้าเป็นระเบียบและเดินได้จริง"
SENT_ABOUT = """
SELECT goal.code FROM comments_submission said JOIN comments_developmentgoal goal ON goal.id = said.goal_id
"""
DRAFTED = "() => JSON.parse(sessionStorage.draft).said.goal"


def box(page):
    return page.locator("input[role=combobox]")


def options(page):
    return page.locator("[role=option]:visible")


def active(page):
    return page.locator(".picker-option.is-active")


def told(page):
    return page.locator(".picker [role=status]")


def choice(page):
    return page.locator("select[name=goal]")


def codes(page):
    return options(page).evaluate_all("found => found.map(one => one.dataset.value)")


@pytest.fixture
def form(page):
    page.goto("/submit/")
    return page


@pytest.fixture
def phone(new_page, server):
    return new_page(
        base_url=server.url, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )


def test_the_box_names_the_list_and_every_goal_stands_under_its_strategy(form):
    expect(box(form)).to_have_accessible_name(re.compile("เป้าหมาย"))
    expect(box(form)).to_have_accessible_description(re.compile("แผนทั้งฉบับ.*พิมพ์คำ"))
    expect(box(form)).to_have_attribute("aria-expanded", "false")
    expect(choice(form)).to_be_hidden()
    box(form).click()
    expect(box(form)).to_have_attribute("aria-expanded", "true")
    expect(options(form)).to_have_count(choice(form).locator("option").count())
    groups = form.get_by_role("listbox").get_by_role("group")
    expect(groups).to_have_count(choice(form).locator("optgroup").count())
    expect(groups.first).to_have_accessible_name(re.compile(r"^1\. "))


def test_the_keyboard_alone_searches_moves_chooses_and_leaves(form):
    box(form).focus()
    form.keyboard.press("ArrowDown")
    expect(active(form)).to_have_attribute("data-value", "")
    form.keyboard.press("End")
    last = choice(form).locator("option").last.get_attribute("value")
    expect(active(form)).to_have_attribute("data-value", last)
    expect(active(form)).to_be_in_viewport()
    expect(box(form)).to_have_attribute("aria-activedescendant", active(form).get_attribute("id"))
    form.keyboard.press("ArrowDown")
    expect(active(form)).to_have_attribute("data-value", "")
    form.keyboard.press("ArrowUp")
    expect(active(form)).to_have_attribute("data-value", last)
    form.keyboard.press("Home")
    expect(active(form)).to_have_attribute("data-value", "")
    form.keyboard.press("Escape")
    expect(options(form)).to_have_count(0)
    expect(box(form)).to_have_value("")
    form.keyboard.insert_text("G67-4")
    found = codes(form)
    assert CODE in found
    assert len(found) > 1
    form.keyboard.press("ArrowDown")
    form.keyboard.press("Enter")
    expect(choice(form)).to_have_value(found[0])
    expect(box(form)).to_be_focused()
    expect(box(form)).to_have_value(re.compile(re.escape(found[0])))
    expect(form.locator(".picker-chosen")).to_contain_text(found[0])
    assert form.url.endswith("/submit/")


def test_words_that_were_not_chosen_are_no_choice(form):
    people.pick_goal(form, CODE)
    label = box(form).input_value()
    box(form).fill("น้ำ")
    form.keyboard.press("Tab")
    expect(options(form)).to_have_count(0)
    expect(box(form)).to_have_value(label)
    expect(choice(form)).to_have_value(CODE)


def test_an_option_under_the_cursor_is_chosen_when_the_keyboard_moves_on(form):
    box(form).fill(CODE)
    form.keyboard.press("ArrowDown")
    form.keyboard.press("Tab")
    expect(choice(form)).to_have_value(CODE)
    expect(box(form)).not_to_be_focused()


def test_enter_takes_the_only_goal_that_fits_and_never_sends_the_form(form):
    box(form).fill(CODE.lower())
    form.keyboard.press("Enter")
    expect(choice(form)).to_have_value(CODE)
    form.keyboard.press("Enter")
    form.keyboard.press("Escape")
    box(form).fill("น้ำ")
    form.keyboard.press("Enter")
    expect(choice(form)).to_have_value(CODE)
    expect(form.locator("[data-error-summary], dialog")).to_have_count(0)


def test_however_it_is_spelt_the_same_goals_are_found(form):
    for plain, variants in {
        "น้ำ": ("น\u0e4d\u0e49า", "น\u0e49\u0e4dา", "นำ\u0e49", "น\u200b้ำ", "น้้ำ"),
        "แ": ("เเ",),
        "4.3": ("๔.๓",),
        "G67-4.3": ("g67-๔.๓",),
        "water": ("  WATER ",),
        "G67-2.1 water": ("water  g67-2.1",),
    }.items():
        box(form).fill(plain)
        found = codes(form)
        assert 0 < len(found) < choice(form).locator("option").count(), plain
        for variant in variants:
            box(form).fill("")
            box(form).fill(variant)
            assert codes(form) == found, variant


def test_the_browser_brings_a_text_to_the_same_form_as_the_server(form):
    for text in (
        "เเม่นํ้า ๒๕๖๗  Bangkok",
        "น\u0e4d\u0e49า น\u0e49\u0e4dา นำ\u0e49",
        "ก\u200bก",
        "ก" + "่" * 90,
        "ก" + "่้" * 40,
        "ÉÈ e\u0301",
    ):
        assert form.evaluate("text => normalise(text)", text) == normalise(text), text


@pytest.mark.parametrize("prefix", [people.THAI, people.ENGLISH])
def test_a_goal_is_found_by_its_title_in_either_language(page, prefix):
    other = {people.THAI: people.ENGLISH, people.ENGLISH: people.THAI}[prefix]
    page.goto(f"{other}/submit/?goal={CODE}")
    title = box(page).input_value().removesuffix(f" ({CODE})")
    page.goto(f"{prefix}/submit/")
    box(page).fill(title)
    assert CODE in codes(page)


def test_how_many_fit_is_told_after_a_pause(form):
    box(form).fill("G67-4.3")
    expect(told(form)).to_have_text("")
    expect(told(form)).to_contain_text(str(len(codes(form))))
    box(form).fill(CODE)
    expect(told(form)).to_contain_text("1")
    box(form).fill("ไดโนเสาร์")
    expect(box(form)).to_have_attribute("aria-expanded", "false")
    expect(form.locator(".picker-none")).to_be_visible()
    expect(told(form)).to_have_text(form.locator(".picker-none").inner_text())
    form.keyboard.press("ArrowDown")
    form.keyboard.press("Enter")
    expect(form.locator(".picker-none")).to_be_visible()


@pytest.mark.parametrize("way", ["emptied", "button", "option"])
def test_an_empty_box_is_the_plan_as_a_whole(form, way):
    people.pick_goal(form, CODE)
    match way:
        case "emptied":
            box(form).fill("")
            expect(choice(form)).to_have_value("")
            form.keyboard.press("Tab")
        case "button":
            form.locator(".picker-chosen button").click()
            expect(box(form)).to_be_focused()
        case "option":
            form.locator(".picker-open").click()
            options(form).first.click()
    expect(choice(form)).to_have_value("")
    expect(box(form)).to_have_value("")
    expect(box(form)).to_have_attribute("placeholder", "แผนในภาพรวม")
    expect(form.locator(".picker-chosen")).to_be_hidden()


def test_a_finger_chooses_while_a_keyboard_covers_half_the_screen(phone):
    phone.goto("/submit/")
    box(phone).tap()
    expect(options(phone).first).to_be_visible()
    phone.set_viewport_size({"width": 390, "height": 420})
    box(phone).press_sequentially("น้ำ")
    listed = phone.get_by_role("listbox").bounding_box()
    assert listed["height"] >= 120
    assert listed["y"] + listed["height"] <= 420
    assert not (found := [*misfits(phone), *barriers(phone)]), report(found)
    wanted = codes(phone)[1]
    options(phone).nth(1).tap()
    expect(choice(phone)).to_have_value(wanted)
    expect(box(phone)).to_be_focused()
    phone.locator(".picker-open").tap()
    expect(phone.locator("[role=option][aria-selected=true]")).to_be_in_viewport()
    phone.locator("h1").tap()
    expect(options(phone)).to_have_count(0)


@pytest.mark.parametrize("typed", ["", "G67-4", "dinosaur"])
def test_the_open_list_fits_every_reader(new_page, server, typed):
    page = new_page(base_url=server.url, reduced_motion="reduce")
    page.goto(f"/submit/?goal={CODE}")
    findings = []
    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        page.locator("h1").click()
        box(page).click()
        if typed:
            box(page).fill(typed)
            page.keyboard.press("ArrowDown")
        findings += [f"{width} px: {line}" for line in misfits(page)]
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        findings += [f"{scheme}: {line}" for line in barriers(page)]
    assert not findings, report(findings)


def test_without_javascript_the_list_itself_is_there(new_page, server):
    page = new_page(base_url=server.url, java_script_enabled=False)
    people.write(page, goal=CODE)
    expect(page.locator(".picker")).to_have_count(0)
    expect(page.locator("label[for=id_goal]")).to_be_visible()
    page.locator("#id_goal").select_option("")
    page.locator("#id_goal").select_option(CODE)
    people.send(page)
    expect(page.locator("[data-review]")).to_contain_text(TITLE)


def test_the_goal_of_a_draft_comes_back_and_goes_with_it(form):
    people.fill(form, body=people.BODY, goal=CODE)
    label = box(form).input_value()
    form.wait_for_function(f"() => sessionStorage.draft && ({DRAFTED})()")
    assert form.evaluate(DRAFTED) == CODE
    form.goto("/submit/")
    expect(choice(form)).to_have_value(CODE)
    expect(box(form)).to_have_value(label)
    form.locator("[data-discard]").click()
    expect(choice(form)).to_have_value("")
    expect(box(form)).to_have_value("")


def test_the_goal_stays_through_errors_the_last_look_and_sending(form, server):
    people.fill(form, body="สั้นไป", goal=CODE)
    people.send(form)
    expect(form.locator("[data-error-summary]")).to_be_focused()
    expect(choice(form)).to_have_value(CODE)
    expect(box(form)).to_have_value(re.compile(re.escape(CODE)))
    people.fill(form, body=people.BODY, sector="citizen")
    people.send(form)
    expect(form.locator("dialog [data-review]")).to_contain_text(TITLE)
    form.locator("[data-change]").click()
    expect(choice(form)).to_have_value(CODE)
    people.send(form)
    people.keys_shown(form)
    assert server.query(SENT_ABOUT) == [(CODE,)]


def test_a_goal_that_is_not_offered_is_told_at_the_box(form):
    people.fill(form, body=people.BODY, sector="citizen")
    choice(form).evaluate("list => { list.add(new Option('x', 'G67-9.9-99')); list.value = 'G67-9.9-99' }")
    people.send(form)
    form.locator("[data-error-summary] a").click()
    expect(box(form)).to_be_focused()
    expect(box(form)).to_have_attribute("aria-invalid", "true")
    expect(box(form)).to_have_accessible_description(re.compile("เลือกจากรายการ"))
