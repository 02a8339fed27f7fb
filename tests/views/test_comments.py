import re

import pytest
from django.core.signing import Signer

from comments import moderation
from comments.models import District, Meeting, Plan, Submission
from comments.views import paging
from tests.factories import staff, submission, unlike

pytestmark = pytest.mark.django_db

GOAL = "G67-1.1-01"


def published(**said):
    """Return a published opinion whose words are its own."""
    return submission("published", **{"body": unlike()} | said)


def rows(client, query=""):
    return client.get(f"/comments/{query}").context["page"].rows


def walk(client, query=""):
    """Follow the pages to the end and return every row met."""
    met, cursor = [], ""
    while True:
        page = client.get(f"/comments/?{query}&after={cursor}").context["page"]
        met += page.rows
        if not (cursor := page.next_cursor):
            return met


def test_only_what_is_published_is_listed_and_counted(client):
    shown = published()
    for status in ("pending", "rejected", "withdrawn"):
        submission(status, body=f"ไม่ควรมีใครเห็นคำนี้ {status}")
    response = client.get("/comments/")
    assert response.context["page"].rows == [shown]
    assert response.context["heard"].opinions == 1
    assert "ไม่ควรมีใครเห็น" not in response.content.decode()


def test_the_search_finds_nothing_unpublished(client):
    submission("pending", body="ต้นจามจุรีใหญ่ริมคลอง")
    assert rows(client, "?q=จามจุรี") == []


@pytest.mark.parametrize(
    "query",
    [
        f"goal={GOAL}",
        "strategy=1",
        "strategy=1.1",
        "sector=academic",
        "district=1001",
        "stance=disagree",
        "kind=need",
        "q=จามจุรี",
        "meeting={meeting}",
    ],
)
def test_a_filter_keeps_what_fits_and_nothing_else(client, query):
    meeting = Meeting.objects.get()
    fits = submission(
        "published",
        goal=GOAL,
        sector="academic",
        district=District.objects.get(code="1001"),
        stance="disagree",
        kind="need",
        body="ต้นจามจุรีใหญ่ริมคลอง",
        meeting=meeting,
    )
    published(goal="G67-2.1-01", stance="agree")
    query = query.format(meeting=meeting.pk)
    response = client.get(f"/comments/?{query}")
    assert response.context["page"].rows == [fits]
    assert response.context["heard"].opinions == 1
    assert [chip.name for chip in response.context["chips"]] == [query.split("=")[0]]


def test_outside_bangkok_is_a_filter_of_its_own(client):
    outside = published(is_outside_bangkok=True)
    published(district=District.objects.get(code="1001"))
    assert rows(client, "?district=outside") == [outside]


def test_a_chip_removes_its_own_filter_only(client):
    page = client.get("/comments/?sector=citizen&kind=need").content.decode()
    assert 'href="?kind=need"' in page
    assert 'href="?sector=citizen"' in page


def test_a_chip_says_what_it_removes(client):
    page = client.get("/en/comments/?kind=need").content.decode()
    chip = re.search(r'<a class="chip" href="\?">(.*?)</a>', page, re.DOTALL)[1]
    assert " ".join(re.sub(r"<[^>]+>", "", chip).split()) == "Remove filter: Kind: A need ✕"


def test_filters_at_work_are_folded_away_and_a_wrong_one_is_open(client):
    folded = "<details><summary>Filters</summary>"
    for query, is_folded in {"": True, "?kind=need": True, "?kind=x": False}.items():
        page = re.sub(r">\s+<", "><", client.get(f"/en/comments/{query}").content.decode())
        assert (folded in page) == is_folded


@pytest.mark.parametrize(
    "query",
    [
        "sort=upside-down",
        "goal=x",
        "strategy=99",
        "sector=x",
        "district=1051",
        "stance=x",
        "kind=x",
        "meeting=0",
    ],
)
def test_an_unknown_value_is_an_error_beside_its_field_and_lists_nothing(client, query):
    published()
    response = client.get(f"/en/comments/?{query}")
    name = query.split("=")[0]
    assert response.status_code == 400
    assert "page" not in response.context
    assert f'id="id_{name}_error"' in response.content.decode()


@pytest.mark.parametrize("query", ["q=%00", "q=%ED%A0%80", "q=x%EF%BF%BD"])
def test_a_search_that_cannot_be_is_an_error_beside_the_field(client, query):
    response = client.get(f"/comments/?{query}")
    assert response.status_code == 400
    assert 'id="id_q_error"' in response.content.decode()


@pytest.mark.parametrize(("prefix", "locale"), [("", "th_TH"), ("/en", "en_GB")])
def test_a_preview_tells_the_opening_of_the_public_words(client, prefix, locale):
    body = "<b>ติดต่อ somying@example.org</b> " + "ทางเท้าแคบ " * 40
    row = submission(body=body, display_name="ผู้ไม่ยินยอม")
    moderation.redact(row, [(10, 29, "email")], actor=staff())
    moderation.publish(row, actor=staff())
    path = f"{prefix}/comments/{row.reference}/"
    page = client.get(f"{path}?q=ทางเท้า").content.decode()
    told = dict(re.findall(r'<meta (?:property|name)="([\w:]+)" content="([^"]*)">', page))
    assert told["og:description"] == told["description"]
    assert "ทางเท้าแคบ" in told["description"]
    assert "somying" not in page
    assert "ผู้ไม่ยินยอม" not in page
    assert len(told["description"]) < 250
    assert row.reference in told["og:title"]
    assert (told["og:type"], told["og:locale"], told["og:url"]) == (
        "article",
        locale,
        f"http://testserver{path}",
    )
    assert told["og:image"].startswith("http://testserver/static/img/preview")
    assert f'<link rel="canonical" href="http://testserver{path}">' in page
    for language in ("th", "en"):
        assert f'hreflang="{language}"' in page


@pytest.mark.parametrize(
    ("query", "is_hidden"), [("", False), ("?stance=agree", True), ("?sort=oldest", False)]
)
def test_crawlers_keep_the_list_and_not_each_of_its_filters(client, query, is_hidden):
    published(stance="agree")
    page = client.get(f"/comments/{query}").content.decode()
    assert ('<meta name="robots" content="noindex, follow">' in page) is is_hidden


def test_the_newest_come_first_unless_the_oldest_are_asked_for(client):
    old, new = published(), published()
    assert rows(client) == [new, old]
    assert rows(client, "?sort=oldest") == [old, new]


def test_most_agreed_and_most_discussed_lead_their_orders(client):
    quiet, agreed, discussed = (published() for _ in range(3))
    Submission.objects.filter(pk=agreed.pk).update(agree_count=3)
    Submission.objects.filter(pk=discussed.pk).update(reply_count=3)
    assert rows(client, "?sort=agreed") == [agreed, discussed, quiet]
    assert rows(client, "?sort=discussed") == [discussed, agreed, quiet]


@pytest.mark.parametrize("sort", paging.ORDERS)
def test_the_pages_hold_every_row_once(client, monkeypatch, sort):
    monkeypatch.setattr(paging, "SIZE", 2)
    made = [published() for _ in range(5)]
    Submission.objects.filter(pk__in=[made[0].pk, made[3].pk]).update(agree_count=1, reply_count=1)
    met = walk(client, f"sort={sort}")
    assert len(met) == 5
    assert set(met) == set(made)


def test_a_row_that_comes_between_two_pages_moves_nothing(client, monkeypatch):
    monkeypatch.setattr(paging, "SIZE", 2)
    made = [published() for _ in range(3)]
    cursor = client.get("/comments/").context["page"].next_cursor
    published()
    assert rows(client, f"?after={cursor}") == [made[0]]


@pytest.mark.parametrize("cursor", ["x", "newest~1~1", "newest~1~1.forged", "%ED%A0%80"])
def test_a_cursor_from_nowhere_is_not_found(client, cursor):
    assert client.get(f"/comments/?after={cursor}").status_code == 404


def test_a_cursor_signed_for_something_else_is_not_found(client):
    foreign = Signer(salt="elsewhere", sep=".").sign("newest~1~1")
    assert client.get("/comments/", {"after": foreign}).status_code == 404


def test_a_cursor_of_another_order_is_not_found(client, monkeypatch):
    monkeypatch.setattr(paging, "SIZE", 1)
    published(), published()
    cursor = client.get("/comments/").context["page"].next_cursor
    assert client.get("/comments/", {"after": cursor, "sort": "oldest"}).status_code == 404


def test_the_next_page_keeps_the_filters(client, monkeypatch):
    monkeypatch.setattr(paging, "SIZE", 1)
    published(), published()
    assert 'href="?sector=citizen&amp;after=' in client.get("/comments/?sector=citizen").content.decode()


def test_nothing_found_says_so(client):
    page = client.get("/en/comments/?stance=neutral").content.decode()
    assert "No published opinion fits these filters." in page


def test_they_only_answer_reading(client):
    assert client.post("/comments/").status_code == 405


def test_the_list_asks_the_database_thirteen_times_however_many_rows(client, django_assert_num_queries):
    query = f"/comments/?strategy=1&goal={GOAL}&sector=citizen"
    published(goal=GOAL, meeting=Meeting.objects.get(), body="ทางเท้าหน้าโรงเรียนควรกว้างกว่านี้มาก")
    submission("published", goal=GOAL)
    submission("published", goal=GOAL)
    # Of these are ten for reference rows, which a process remembers.
    with django_assert_num_queries(13):
        client.get(query)
    submission("published", goal=GOAL, district=District.objects.get(code="1001"))
    with django_assert_num_queries(13):
        client.get(query)


def test_a_published_opinion_has_a_page(client):
    row = published(goal=GOAL, display_name="คนริมคลอง", shows_name=True)
    page = client.get(f"/comments/{row.reference}/").content.decode()
    assert row.body in page
    assert "คนริมคลอง" in page


def test_a_name_without_consent_is_not_shown(client):
    row = published(display_name="คนริมคลอง", shows_name=False)
    assert "คนริมคลอง" not in client.get(f"/comments/{row.reference}/").content.decode()
    assert "คนริมคลอง" not in client.get("/comments/").content.decode()


@pytest.mark.parametrize("status", ["pending", "rejected", "withdrawn"])
def test_anything_else_has_none(client, status):
    row = submission(status)
    assert client.get(f"/comments/{row.reference}/").status_code == 404
    assert client.get(f"/comments/{row.reference.lower()}/").status_code == 404


@pytest.mark.parametrize("reference", ["67-0000-0001", "x", "ความคิดเห็น", "67-UUUU-UUUU"])
def test_a_reference_nobody_has_is_not_found(client, reference):
    assert client.get(f"/comments/{reference}/").status_code == 404


def test_a_reference_typed_loosely_leads_to_the_page(client):
    row = published()
    loose = row.reference.lower().replace("-", "")
    assert client.get(f"/en/comments/{loose}/").headers["Location"] == f"/en/comments/{row.reference}/"


def test_an_opinion_of_a_hidden_plan_is_not_found(client):
    row = published()
    Plan.objects.update(is_public=False)
    assert client.get(f"/comments/{row.reference}/").status_code == 404


def test_words_cannot_become_markup(client):
    row = published(body="<script>alert('สวัสดีชาวกรุงเทพ')</script>")
    for path in ("/comments/", f"/comments/{row.reference}/"):
        assert "<script>alert" not in client.get(path).content.decode()
