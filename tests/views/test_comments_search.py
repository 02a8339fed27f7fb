"""Searching the list: what is marked, counted, ranked, suggested and told."""

import html
import re
from urllib.parse import quote

import pytest
from django.template import Context, Template

from comments import moderation, search, tally
from comments.models import Plan, Submission
from comments.text import graphemes
from comments.views import paging
from tests.factories import receive, staff, submission, unlike

pytestmark = pytest.mark.django_db

FLOOD = "นํ้าท่วมซอยทุกครั้งที่ฝนตก อยากให้ขุดลอกท่อระบายน้ำ"


def found(client, typed, path="/en/comments/", **more):
    return client.get(path, {"q": typed, **more})


def published(body, **said):
    return submission("published", body=body, **said)


def marked(response):
    return re.findall(r"<mark>([^<]*)</mark>", response.content.decode())


def cards(response):
    """Return the words of each card, without its marks."""
    written = re.findall(r'<p class="words"[^>]*>(.*?)</p>', response.content.decode(), re.DOTALL)
    return [re.sub(r"<[^>]+>", "", words).removesuffix("\n") for words in written]


def text(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def heading(response):
    title = re.search(r'<h2 id="count".*?</h2>', response.content.decode(), re.DOTALL)[0]
    return " ".join(re.sub(r"<[^>]+>", " ", title).split())


def walk(client, typed, **more):
    """Follow the pages of a search to the end and return every row met."""
    met, cursor = [], ""
    while True:
        page = found(client, typed, after=cursor, **more).context["page"]
        met += page.rows
        if not (cursor := page.next_cursor):
            return met


def test_the_words_are_marked_as_they_were_written(client):
    published(FLOOD)
    response = found(client, "น้ำท่วม ท่อ")
    assert marked(response) == ["นํ้าท่วม", "ท่อ"]
    assert cards(response) == [FLOOD]


def test_nothing_is_marked_without_a_search_or_by_what_must_not_be_there(client):
    published(FLOOD)
    assert marked(client.get("/comments/")) == marked(found(client, "-ขยะ")) == []
    assert cards(found(client, "-ขยะ")) == [FLOOD]


def test_a_long_text_is_cut_around_the_first_hit_without_breaking_a_letter(client):
    body = "ไม่ได้ยินเรื่องนี้เลย " * 60 + FLOOD + " ไม่ได้ยินเรื่องนี้เลย" * 60
    published(body)
    (words,) = cards(response := found(client, "น้ำท่วม"))
    assert marked(response) == ["นํ้าท่วม"]
    assert words[0] == words[-1] == "…"
    assert graphemes.count(words) == 402
    assert words[1:-1] in body
    assert graphemes.count(body) > 800


def test_what_is_covered_stays_covered_and_around_it_is_marked(client):
    row = receive(body=f"{FLOOD} โทรหาผมได้ที่ 081-000-0000 เรื่องน้ำท่วมซอย").submission
    start = row.body.index("081")
    moderation.redact(row, [(start, start + 12, "mobile_phone")], actor=staff())
    moderation.publish(row, actor=staff())
    response = found(client, "น้ำท่วม")
    assert marked(response) == ["นํ้าท่วม", "น้ำท่วม"]
    assert "▇▇▇ เรื่อง" in cards(response)[0]
    assert "081-000" not in response.content.decode()
    assert found(client, "081-000-0000").context["page"].rows == []


def test_marked_words_cannot_become_markup(client):
    published("<script>alert('น้ำท่วม')</script> และ <b>ถนน</b> ทุกสาย")
    response = found(client, "script ถนน")
    assert "<script>alert" not in response.content.decode()
    assert marked(response) == ["script", "script", "ถนน"]


def test_the_page_of_an_opinion_marks_the_words_that_led_to_it(client):
    body = "ไม่ได้ยินเรื่องนี้เลย " * 60 + FLOOD + " แล้วน้ำท่วมอีก"
    row = published(body)
    address = re.search(r'href="(/en/comments/67[^"]+)"', found(client, "น้ำท่วม").content.decode())[1]
    assert marked(response := client.get(address)) == ["นํ้าท่วม", "น้ำท่วม"]
    assert body in html.unescape(re.sub(r"</?mark>", "", response.content.decode()))
    assert marked(client.get(row.get_absolute_url())) == []
    for typed in ("%00", "%ED%A0%80", "%22", "-", "คำ+" * 500):
        assert client.get(f"{row.get_absolute_url()}?q={typed}").status_code == 200


def test_the_count_is_of_the_rows_listed(client, monkeypatch):
    monkeypatch.setattr(paging, "SIZE", 2)
    for number in range(5):
        published(f"น้ำท่วม {unlike()} {number}")
    published(unlike())
    assert heading(found(client, "น้ำท่วม")) == "5 opinions"
    assert heading(client.get("/en/comments/")) == "6 opinions"
    for sort in ("newest", "oldest", "best", "agreed", "discussed"):
        met = walk(client, "น้ำท่วม", sort=sort)
        assert len(met) == len(set(met)) == 5


def test_beyond_a_thousand_a_search_says_more_than(client, monkeypatch):
    for _ in range(3):
        published(f"น้ำท่วม {unlike()}")
    rows = Submission.objects.published()
    assert tally.heard_up_to(rows, 3) == tally.Heard(3, 3)
    assert tally.heard_up_to(rows, 2) == tally.Heard(2, 2, is_more=True)
    monkeypatch.setattr(tally, "MOST_COUNTED", 2)
    assert heading(found(client, "น้ำท่วม")) == "more than 2 opinions"
    assert heading(found(client, "น้ำท่วม", "/comments/")) == "ความคิดเห็นมากกว่า 2 รายการ"
    assert heading(client.get("/en/comments/")) == "3 opinions"


def test_a_thousand_is_written_as_people_write_it():
    assert Template("{{ n|floatformat:'0g' }}").render(Context({"n": tally.MOST_COUNTED})) == "1,000"


def test_most_relevant_first_is_offered_with_a_search_only(client):
    assert 'value="best"' not in client.get("/comments/").content.decode()
    assert 'value="best"' not in found(client, " ").content.decode()
    assert '<option value="best" selected>' in found(client, "น้ำ", sort="best").content.decode()


def test_without_a_search_most_relevant_first_is_newest_first(client):
    old, new = published(unlike()), published(unlike())
    assert client.get("/comments/?sort=best").context["page"].rows == [new, old]


def test_the_most_relevant_come_first(client):
    best = published(f"น้ำท่วม {FLOOD} น้ำท่วม")
    newer = published(f"{unlike() * 4} แล้วน้ำท่วมด้วย")
    published(unlike())
    assert found(client, "น้ำท่วม").context["page"].rows == [newer, best]
    assert found(client, "น้ำท่วม", sort="best").context["page"].rows == [best, newer]
    assert found(client, "น้ำท่วม", sort="best", sector="academic").context["page"].rows == []


def test_a_campaign_stands_once_among_the_most_relevant(client):
    members = [published(FLOOD) for _ in range(3)]
    alone = published(f"{unlike() * 4} แล้วน้ำท่วมด้วย")
    rows = found(client, "น้ำท่วม", sort="best").context["page"].rows
    assert [(row, row.alike) for row in rows] == [(members[-1], 2), (alone, None)]
    campaign = rows[0].campaign_id
    inside = found(client, "น้ำท่วม", sort="best", campaign=campaign).context["page"].rows
    assert set(inside) == set(members)


def test_a_ranked_page_goes_on_after_the_row_last_seen(client, monkeypatch):
    monkeypatch.setattr(paging, "SIZE", 2)
    made = [published(f"น้ำท่วม {unlike()}") for _ in range(4)]
    first = found(client, "น้ำท่วม", sort="best").context["page"]
    assert first.rows == [made[3], made[2]]
    published(f"น้ำท่วม น้ำท่วม {unlike()}")
    again = found(client, "น้ำท่วม", sort="best", after=first.next_cursor).context["page"]
    assert again.rows == [made[1], made[0]]
    moderation.withdraw(made[2])
    moderation.withdraw(made[3])
    later = found(client, "น้ำท่วม", sort="best", after=first.next_cursor).context["page"]
    assert later.rows == [made[1], made[0]]


def test_a_cursor_of_a_ranking_serves_no_other_order(client, monkeypatch):
    monkeypatch.setattr(paging, "SIZE", 1)
    published(f"น้ำท่วม {unlike()}"), published(f"น้ำท่วม {unlike()}")
    cursor = found(client, "น้ำท่วม", sort="best").context["page"].next_cursor
    assert found(client, "น้ำท่วม", after=cursor).status_code == 404
    assert found(client, "น้ำท่วม", sort="best", after=cursor + "x").status_code == 404


def test_a_ranking_of_some_says_that_the_others_are_left_out(client, monkeypatch):
    for _ in range(3):
        published(f"น้ำท่วม {unlike()}")
    assert "Only the newest" not in text(found(client, "น้ำท่วม", sort="best"))
    monkeypatch.setattr(search, "MOST_RANKED", 2)
    response = found(client, "น้ำท่วม", sort="best")
    assert "Only the newest 2 of them are put in order by relevance" in text(response)
    assert len(response.context["page"].rows) == 2
    assert "Only the newest" not in text(found(client, "น้ำท่วม"))


def test_goals_about_the_words_are_suggested_on_the_first_page(client, monkeypatch):
    monkeypatch.setattr(paging, "SIZE", 1)
    published(f"น้ำท่วม {unlike()}"), published(f"น้ำท่วม {unlike()}")
    goal = Plan.objects.current().goals.get(code="G67-1.1-01")
    response = found(client, f'"{goal.title_th}"')
    assert f'<a href="/en/goals/{goal.code}/">' in response.content.decode()
    assert response.context["goals"][0] == goal
    response = found(client, "น้ำท่วม")
    later = found(client, "น้ำท่วม", after=response.context["page"].next_cursor)
    assert response.context["goals"]
    assert not later.context["goals"]
    for query in ("ๆๆๆ", "?!", "๙๙๙๙๙", "-น้ำท่วม"):
        assert "suggested" not in found(client, query).content.decode()


def test_what_was_not_searched_for_is_told_beside_the_box(client):
    published(FLOOD)
    response = found(client, "น้ำท่วม ?! ...")
    assert len(response.context["page"].rows) == 1
    assert "Left out, because it has no letters or numbers: ?! ..." in text(response)
    assert "search-notes" not in found(client, "น้ำท่วม").content.decode()
    assert found(client, "?!").context["page"].rows == []


@pytest.mark.parametrize("typed", [" ".join(f"คำที่{n}" for n in range(500)), "น้ำ" * 2_000])
def test_a_search_that_is_too_long_is_cut_and_the_page_says_so(client, typed):
    response = found(client, typed)
    assert response.status_code == 200
    assert "Only the first 32 words within the first 2,000 characters" in text(response)
    assert response.context["form"]["q"].value() == typed
    (chip,) = response.context["chips"]
    assert graphemes.count(chip.value) <= 60


@pytest.mark.parametrize("sort", ["newest", "best", "agreed"])
@pytest.mark.parametrize(
    "typed",
    [
        '"',
        '"""""',
        "-",
        "--",
        '-"',
        "'; DROP TABLE--",
        "%_",
        "a:* | !b",
        "NEAR(a b)",
        "(",
        "[.*",
        "\\",
        "{{ q }}",
        "%s",
        "<b>",
    ],
)
def test_no_sign_is_an_error(client, typed, sort):
    published(FLOOD)
    response = found(client, typed, sort=sort)
    assert response.status_code == 200
    assert "<b></b>" not in response.content.decode()


def test_an_empty_result_shows_ways_on(client):
    published(FLOOD)
    page = found(client, "จามจุรี -น้ำท่วม", kind="need").content.decode()
    assert "No published opinion fits this search." in page
    assert f'href="/en/comments/?q={quote("จามจุรี -น้ำท่วม", safe="")}"' in page
    assert 'href="/en/submit/"' in page
    alone = found(client, "จามจุรี").content.decode()
    assert "without the other filters" not in alone
    assert "A minus before a word" not in alone


def test_removing_the_search_keeps_the_other_filters(client):
    page = found(client, "น้ำท่วม", sector="citizen", sort="best").content.decode()
    assert 'href="?sector=citizen&amp;sort=best"' in page
    assert client.get("/en/comments/?sector=citizen&sort=best").status_code == 200


@pytest.mark.parametrize(("more", "queries"), [("", 13), ("&sort=agreed", 13), ("&sort=best", 15)])
def test_a_search_asks_as_often_however_many_rows(client, django_assert_num_queries, more, queries):
    query = f"/comments/?sector=citizen&q=น้ำท่วม{more}"
    for rows in (1, 3):
        while Submission.objects.count() < rows:
            published(f"น้ำท่วม {unlike()}")
        with django_assert_num_queries(queries):
            client.get(query)
