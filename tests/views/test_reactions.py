import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from comments import reactions, tally
from comments.models import Assessment, DevelopmentGoal, Plan, Vote
from tests.factories import submission

pytestmark = pytest.mark.django_db

CODE = "G67-1.1-01"
GOAL = f"/goals/{CODE}/vote/"
QUESTIONS = f"/goals/{CODE}/questions/"
OURS = {"sec-fetch-site": "same-origin"}


def send(client, path, data, **headers):
    """Send a form as a browser does: from a page of ours, and again when a number was given."""
    headers = headers or OURS
    response = client.post(path, data, headers=headers)
    if response.status_code == 307:
        response = client.post(response.url, data, headers=headers)
    return response


def goal():
    return DevelopmentGoal.objects.get(code=CODE)


def text(response):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


@pytest.fixture(params=["goal", "opinion"])
def target(request):
    return goal() if request.param == "goal" else submission("published")


def test_a_vote_leads_to_what_this_browser_pressed(client, target):
    path = reactions.address(target)
    response = send(client, path, {"value": "agree"})
    assert (response.status_code, response.url) == (303, f"{path}#votes")
    assert "คุณเห็นด้วย" in text(client.get(path))
    assert tally.votes(target) == tally.Pressed(1, 0)
    send(client, path, {"value": "disagree"})
    assert tally.votes(target) == tally.Pressed(0, 1)
    send(client, path, {"value": ""})
    assert tally.votes(target) == tally.Pressed()


def test_a_vote_takes_few_statements(client, target):
    path = reactions.address(target)
    send(client, path, {"value": "agree"})
    for value in ("disagree", "agree"):
        with CaptureQueriesContext(connection) as asked:
            assert send(client, path, {"value": value}).status_code == 303
        written = [one["sql"] for one in asked if "SAVEPOINT" not in one["sql"]]
        assert len(written) == (1 if connection.vendor == "postgresql" else 3)
    assert tally.votes(target) == tally.Pressed(1, 0)


def test_two_browsers_are_two_votes(target):
    for client in (Client(), Client()):
        send(client, reactions.address(target), {"value": "agree"})
    target.refresh_from_db()
    assert target.agree_count == 2


def test_the_first_press_gives_a_number_and_counts_nothing_yet(client):
    response = client.post(GOAL, {"value": "agree"}, headers=OURS)
    assert (response.status_code, response.url) == (307, f"{GOAL}?given=1")
    assert Vote.objects.count() == 0
    cookie = response.cookies["voter"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert cookie["max-age"] == 365 * 24 * 60 * 60
    assert not client.post(response.url, {"value": "agree"}, headers=OURS).cookies


def test_the_cookie_is_for_https_only_where_there_is_https(client, settings):
    settings.SESSION_COOKIE_SECURE = True
    assert client.post(GOAL, {"value": "agree"}, headers=OURS).cookies["voter"]["secure"]


def test_the_number_itself_is_not_stored(client):
    send(client, GOAL, {"value": "agree"})
    assert Vote.objects.get().voter not in client.cookies["voter"].value
    assert re.fullmatch("[0-9a-f]{64}", Vote.objects.get().voter)


@pytest.mark.parametrize("path", [GOAL, QUESTIONS])
def test_a_browser_without_cookies_is_told(path):
    client = Client()
    url = client.post(path, {"value": "agree", "suitable": "yes"}, headers=OURS).url
    client.cookies.clear()
    response = client.post(url, {"value": "agree", "suitable": "yes"}, headers=OURS)
    assert response.status_code == 400
    assert "เบราว์เซอร์ของคุณไม่เก็บคุกกี้" in text(response)
    assert Vote.objects.count() == Assessment.objects.count() == 0


def test_a_cookie_that_we_did_not_sign_is_none(client):
    client.cookies["voter"] = "somebody-else"
    assert client.post(GOAL, {"value": "agree"}, headers=OURS).status_code == 307


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "same-origin"},
        {"origin": "http://testserver"},
        {"referer": "http://testserver/goals/"},
        {"sec-fetch-site": "same-origin", "origin": "http://behind.a.proxy"},
    ],
)
def test_a_page_of_ours_may_send(headers):
    # Whatever the form's token is worth: this client would check it.
    client = Client(enforce_csrf_checks=True)
    assert send(client, GOAL, {"value": "agree"}, **headers).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "origin": "http://testserver"},
        {"sec-fetch-site": "none"},
        {"origin": "https://evil.example"},
        {"origin": "https://testserver"},
        {"origin": "null"},
        {"referer": "https://evil.example/http://testserver/"},
        {"referer": "http://["},
        {"user-agent": "something without a word on where it comes from"},
    ],
)
@pytest.mark.parametrize("path", [GOAL, QUESTIONS])
def test_a_page_of_others_is_refused(client, path, headers):
    response = client.post(path, {"value": "agree", "suitable": "yes"}, headers=headers)
    assert response.status_code == 403
    assert "403" in text(response)
    assert not response.cookies
    assert Vote.objects.count() == Assessment.objects.count() == 0


def test_an_origin_that_the_settings_trust_may_send(client, settings):
    settings.CSRF_TRUSTED_ORIGINS = ["https://consult.example.org"]
    assert send(client, GOAL, {"value": "agree"}, origin="https://consult.example.org").status_code == 303


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"value": "maybe"},
        {"value": "agree\x00"},
        {"value": "ก" * 9000},
        {"value": "\ud800".encode("utf-8", "surrogatepass")},
    ],
)
def test_anything_else_is_refused_aloud(client, data):
    response = send(client, GOAL, data)
    assert response.status_code == 400
    assert "ไม่อยู่ในตัวเลือกที่มี" in text(response)
    assert not response.cookies
    assert Vote.objects.count() == 0


def test_an_answer_that_is_not_offered_is_refused_aloud(client):
    assert send(client, QUESTIONS, {"suitable": "perhaps", "doable": "yes"}).status_code == 400
    assert Assessment.objects.count() == 0


@pytest.mark.parametrize("status", ["pending", "rejected", "withdrawn"])
def test_what_is_not_published_is_not_found(client, status):
    path = reactions.address(submission(status))
    assert client.get(path).status_code == 404
    assert client.get(f"{path}?part=small").status_code == 404
    assert send(client, path, {"value": "agree"}).status_code == 404


@pytest.mark.parametrize(
    "path", ["/goals/x/vote/", "/goals/x/questions/", "/comments/x/vote/", "/comments/67-0000-0000/vote/"]
)
def test_what_there_is_not_is_not_found(client, path):
    assert send(client, path, {"value": "agree"}).status_code == 404


def test_a_closed_plan_takes_no_vote_and_still_shows_the_result(client, target):
    path = reactions.address(target)
    send(client, path, {"value": "agree"})
    Plan.objects.update(closes_at="2020-01-02T00:00Z", opens_at="2020-01-01T00:00Z")
    assert send(client, path, {"value": "disagree"}).status_code == 409
    assert send(client, QUESTIONS, {"suitable": "yes"}).status_code == 409
    assert tally.votes(target) == tally.Pressed(1, 0)
    page = client.get(target.get_absolute_url()).content.decode()
    assert "100%" in page
    assert "<form method" not in re.sub(r"(?s)<search>.*?</search>", "", page)


def test_what_a_browser_pressed_is_kept_nowhere_on_the_way(client, target):
    path = reactions.address(target)
    send(client, path, {"value": "agree"})
    for address in (path, f"{path}?part=votes", f"{path}?part=small", f"/en{path}"):
        assert "no-store" in client.get(address).headers["Cache-Control"]


def test_looking_sets_no_cookie(client, target):
    response = client.get(reactions.address(target))
    assert response.status_code == 200
    assert not response.cookies
    assert '<meta name="robots" content="noindex">' in response.content.decode()


def test_pages_are_the_same_for_those_who_voted(client, target):
    page = target.get_absolute_url()
    before = client.get(page)
    send(client, reactions.address(target), {"value": "agree"})
    send(client, reactions.address(target), {"value": ""})
    after = client.get(page)
    assert before.content == after.content
    assert "Cookie" not in after.headers.get("Vary", "")
    assert not after.cookies


@pytest.mark.parametrize("part", ["votes", "small", "questions"])
def test_a_script_gets_the_part_that_it_asked_for(client, part):
    response = send(client, GOAL, {"value": "agree", "part": part})
    assert response.url == f"{GOAL}?part={part}"
    drawn = client.get(response.url).content.decode()
    assert "<html" not in drawn
    assert drawn.count("data-drawn") == 1


@pytest.mark.parametrize("part", ["", "gone", "../x", "questions\n"])
def test_an_unknown_part_is_the_page(client, part):
    assert send(client, GOAL, {"value": "agree", "part": part}).url == f"{GOAL}#votes"
    assert "<html" in client.get(GOAL, {"part": part}).content.decode()


def test_an_opinion_has_no_questions(client):
    path = reactions.address(submission("published"))
    assert client.get(f"{path}?part=questions").status_code == 404


def test_five_questions_are_asked_and_answered(client):
    page = text(client.get(f"/goals/{CODE}/"))
    for question in ("เหมาะสม", "ครบถ้วน", "สอดคล้องกับสถานการณ์", "ตอบสนองความต้องการ", "สามารถปฏิบัติได้จริง"):
        assert question in page
    response = send(client, QUESTIONS, {"suitable": "yes", "doable": "no"})
    assert (response.status_code, response.url) == (303, f"{GOAL}#questions")
    own = client.get(GOAL).content.decode()
    assert len(re.findall(r'value="(?:yes|no)" checked', own)) == 2
    send(client, QUESTIONS, {"suitable": "", "doable": "yes"})
    assert tally.assessments(goal())["doable"] == tally.Pressed(1, 0)
    assert tally.assessments(goal())["suitable"] == tally.Pressed()
    assert client.get(QUESTIONS).url == GOAL


def test_results_say_that_they_stand_for_nobody_else(client, target):
    page = client.get(f"/en{target.get_absolute_url()}").content.decode()
    assert "Not representative: anyone may press, once per browser." in page
    assert "Counted apart from the stances" in page


def test_a_card_shows_the_votes_of_readers(client):
    row = submission("published", goal=CODE)
    send(client, reactions.address(row), {"value": "agree"})
    for path in ("/comments/", f"/goals/{CODE}/"):
        assert f'action="/comments/{row.reference}/vote/"' in client.get(path).content.decode()
        assert 'เห็นด้วย <b class="number">1</b>' in client.get(path).content.decode()


def test_most_agreed_is_offered_and_leads(client):
    rows = [
        submission("published", goal=CODE, body=body)
        for body in ("ขอทางเท้าใหม่ริมคลอง", "ขอสวนสาธารณะเพิ่มใกล้บ้าน")
    ]
    send(client, reactions.address(rows[0]), {"value": "agree"})
    assert '<option value="agreed">' in client.get("/comments/").content.decode()
    assert client.get("/comments/?sort=agreed").context["page"].rows == rows
    assert list(client.get(f"/goals/{CODE}/?sort=agreed").context["opinions"]) == rows
