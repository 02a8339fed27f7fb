"""Nobody gets at what is another's by its number: two citizens, two plans, two meetings, two members of the staff."""

from datetime import time

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.utils import timezone

from comments import answering, authoring, themes
from comments.models import (
    AnswerDraft,
    DevelopmentGoal,
    ExportJob,
    Meeting,
    OfficeMembership,
    Plan,
    SavedView,
    Submission,
    Tag,
)
from tests import meetings
from tests.admin.staff import answers_for, come_in, member, signed_in
from tests.attacks.rows import changed, tables
from tests.factories import attached, content, office, receive, staff, submission, theme, unlike

pytestmark = pytest.mark.django_db
# Long, for a signed token on the same page spells every short word now and then.
MARK = "zqhidden"
DEEDS = {
    "/receipt/": {},
    "/receipt/withdraw/": {},
    "/receipt/edit/": {"body": f"{unlike()} ถ้อยคำของคนอื่น", "edition": "1"},
    "/receipt/appeal/": {"body": f"{unlike()} ขอให้พิจารณาใหม่"},
    "/receipt/wishes/": {"email": "thief@example.org", "consent_updates": "on"},
    "/receipt/erasure/": {},
    "/receipt/copy/": {"email": "thief@example.org"},
}
QUEUE = "/admin/comments/submission/"


@pytest.mark.parametrize("path", DEEDS)
def test_the_secret_of_one_receipt_opens_no_other(path, settings, mailoutbox):
    settings.SENDS_EMAIL = True
    mine = receive(body=f"{unlike()} zqmine", email="mine@example.org")
    other = receive(body=f"{unlike()} zqother", email="other@example.org")
    other_deed = DEEDS[path]
    before = tables()
    for secret in (
        mine.secret,
        "",
        other.secret[:-1],
        other.submission.secret_hash,
        mine.submission.secret_hash,
    ):
        keys = {"reference": other.submission.reference, "secret": secret}
        response = Client().post(path, keys | other_deed)
        text = response.content.decode()
        assert "zqother" not in text
        assert "other@" not in text
    # Wrong secrets are counted, and that is all.
    assert changed(before, tables()) == {"comments_tries"}
    assert mailoutbox == []


def test_a_cookie_of_one_receipt_shows_no_other():
    other = receive(body=f"{unlike()} zqother")
    client = Client()
    client.cookies["receipt"] = f'["{other.submission.reference}","x"]:1abc:def'
    assert other.secret not in client.get("/receipt/").content.decode()
    form = {"body": f"{unlike()} zqnew", "sector": "citizen", "idempotency_key": "a" * 32}
    client.post("/submit/", form)
    signed = client.cookies["receipt"].value
    voter = Client()
    # What is signed for one purpose is good for no other.
    voter.cookies["voter"] = signed
    answer = voter.post(
        "/goals/G67-1.1-01/vote/", {"value": "agree"}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert answer.status_code == 307
    tampered = Client()
    tampered.cookies["receipt"] = signed[:-1] + ("A" if signed[-1] != "A" else "B")
    assert "zqnew" not in tampered.get("/receipt/").content.decode()


def test_a_file_is_found_only_under_its_own_opinion(media):
    with_files = submission("published", body=unlike(), attachments=attached("a.jpg", "b.jpg"))
    without = submission("published", body=unlike())
    pending = submission(body=unlike(), attachments=attached("c.jpg"))
    client = signed_in("moderator")
    for number in (0, 1, 2, 3, 10**9):
        assert Client().get(f"/comments/{without.reference}/files/{number}").status_code == 404
        assert Client().get(f"/comments/{pending.reference}/files/{number}").status_code == 404
        assert client.get(f"{QUEUE}{without.pk}/files/{number}/").status_code == 404
    assert client.post(f"{QUEUE}{without.pk}/files/1/withhold/", {"note": "x"}).status_code == 404
    assert list(with_files.attachments.values_list("is_withheld", flat=True)) == [False, False]


def test_a_paper_is_found_only_under_its_own_meeting(media):
    mine, other, hidden = meetings.meeting(), meetings.meeting(), meetings.meeting(is_public=False)
    paper, secret = meetings.paper(mine), meetings.paper(hidden)
    assert b"".join(Client().get(f"/meetings/{mine.pk}/documents/{paper.pk}/"))
    for row, document in ((other, paper), (mine, secret), (hidden, secret)):
        assert Client().get(f"/meetings/{row.pk}/documents/{document.pk}/").status_code == 404
    for end in ("", "floor/", "wall/"):
        assert Client().get(f"/meetings/{hidden.pk}/{end}").status_code == 404
    assert Client().get(f"/meetings/{hidden.pk}.ics").status_code == 404
    assert Client().get(f"/m/{hidden.pk}").status_code == 404


@pytest.fixture
def other_plan():
    """Return a plan that the public doesn't see, with a goal and a meeting of its own."""
    plan = Plan.objects.current()
    goal = DevelopmentGoal.objects.select_related("strategy").first()
    plan.pk, plan.fiscal_year, plan.is_public = None, 2568, False
    plan.save()
    goal.pk, goal.plan, goal.code, goal.title_th = None, plan, "G68-9.9-99", f"{MARK}goal"
    goal.save()
    Meeting.objects.create(
        plan=plan,
        slug="hidden",
        title_th=f"{MARK}meeting",
        title_en=f"{MARK}meeting",
        held_on=timezone.localdate(),
        starts_at=time(9),
        mode="online",
    )
    return plan


def test_a_citizen_reaches_nothing_of_a_plan_that_is_not_shown(other_plan):
    row = submission("published", body=f"{unlike()} {MARK}words", plan=other_plan, goal="G68-9.9-99")
    meeting = other_plan.meetings.get()
    gone = ["/goals/G68-9.9-99/", "/api/v1/goals/G68-9.9-99/", f"/meetings/{meeting.pk}/"]
    gone += [f"/comments/{row.reference}/", f"/api/v1/opinions/{row.reference}/", "/open-data/2568/goals.csv"]
    assert {path: Client().get(path).status_code for path in gone} == dict.fromkeys(gone, 404)
    headers = {"Sec-Fetch-Site": "same-origin"}
    for path in ("/goals/G68-9.9-99/vote/?given=1", "/goals/G68-9.9-99/questions/?given=1"):
        assert Client().post(path, {"value": "agree", "suitable": "yes"}, headers=headers).status_code == 404
    form = {"body": unlike(), "sector": "citizen", "idempotency_key": "b" * 32}
    for more in ({"goal": "G68-9.9-99"}, {"meeting": str(meeting.pk)}):
        assert Client().post("/submit/", form | more).status_code == 200
        assert MARK not in Client().get("/submit/", more).content.decode()
    assert Submission.objects.count() == 1
    for path in ("/", "/goals/", "/meetings/", "/sitemap-goals.xml", "/sitemap-meetings.xml", "/open-data/"):
        text = b"".join(Client().get(path)).decode()
        assert MARK not in text, path
        assert "G68-9.9" not in text, path


def test_what_belongs_to_one_plan_is_given_to_nothing_of_another(other_plan):
    row = submission("published", body=unlike(), goal="G67-1.1-01")
    foreign = theme(plan=other_plan)
    goal = DevelopmentGoal.objects.get(code="G68-9.9-99")
    client = signed_in("administrator")
    before = tables(without={"django_session", "comments_lease"})
    client.post(f"{QUEUE}themes/add/", {"theme": foreign.pk, "_selected_action": row.pk})
    client.post(f"{QUEUE}{row.pk}/move/", {"goal": goal.pk, "now": "G67-1.1-01", "note": "x"})
    client.post(f"{QUEUE}{row.pk}/move/", {"goal": goal.code, "now": "G67-1.1-01", "note": "x"})
    assert changed(before, tables(without={"django_session", "comments_lease"})) == set()
    assert not themes.tag([row], foreign, actor=staff())
    assert not Tag.objects.exists()


def planner(name):
    """Return a second planner, signed in."""
    person = staff(name)
    person.groups.set(member("planner").groups.all())
    client = Client()
    come_in(client, person)
    return person, client


def test_exports_and_views_of_a_colleague_are_nobody_elses():
    owner = member("planner")
    _other, client = planner("second")
    job = ExportJob.objects.create(
        actor=owner, purpose="x", filters={}, as_of=timezone.now(), format="csv", expected=1
    )
    view = SavedView.objects.create(owner=owner, name="mine", query="status=all")
    for end in ("", "file/"):
        assert client.get(f"{QUEUE}export/{job.pk}/{end}").status_code == 404
    assert client.post(f"{QUEUE}export/{job.pk}/go-on/").status_code == 404
    assert client.post(f"{QUEUE}views/{view.pk}/drop/").status_code == 404
    assert SavedView.objects.filter(pk=view.pk).exists()
    assert signed_in("planner").get(f"{QUEUE}export/{job.pk}/").status_code == 200


def test_a_responder_answers_and_reads_drafts_for_no_other_office():
    mine, other = office(0), office(1)
    answers_for("responder", mine)
    row = submission("published", body=f"{unlike()} {MARK}foreign")
    answering.assign(row, other, actor=staff("planner"))
    draft = answering.draft(row, content(office=other, text_th=f"{MARK}draft"), author=staff("colleague"))
    client = signed_in("responder")
    before = tables(without={"django_session"})
    said = {"outcome": "adopted", "text_th": "ตอบแทนสำนักอื่น", "office": other.pk}
    for path in (
        f"{QUEUE}{row.pk}/answer/",
        f"{QUEUE}{row.pk}/change/",
        f"/admin/comments/answerdraft/{draft.pk}/change/",
        f"/admin/comments/answerdraft/{draft.pk}/discard/",
        f"/admin/comments/answerdraft/{draft.pk}/approve/",
    ):
        for answer in (client.get(path), client.post(path, said)):
            assert answer.status_code in {302, 403, 404, 405}, path
            assert MARK not in answer.content.decode(), path
    assert changed(before, tables(without={"django_session"})) == set()
    assert AnswerDraft.objects.get().text_th == f"{MARK}draft"
    # For an office of its own it may not answer as another one, either.
    own = submission("published", body=unlike())
    answering.assign(own, mine, actor=staff("planner"))
    client.post(f"{QUEUE}{own.pk}/answer/", said)
    assert AnswerDraft.objects.exclude(pk=draft.pk).filter(office=other).count() == 0
    OfficeMembership.objects.all().delete()
    assert client.get(f"{QUEUE}{own.pk}/change/").status_code in {302, 403, 404}


def test_the_way_to_the_public_page_tells_no_number_of_what_one_may_not_see(media):
    hidden, mine = submission(body=unlike()), submission("published", body=unlike())
    answers_for("responder", office(0))
    answering.assign(mine, office(0), actor=staff("planner"))
    kind = ContentType.objects.get_for_model(Submission).pk
    client = signed_in("responder")
    for key in (
        f"{kind}/{hidden.pk}",
        f"%20{kind}/{hidden.pk}",
        f"{kind}/%20{hidden.pk}",
        f"+{kind}/{hidden.pk}",
    ):
        response = client.get(f"/admin/r/{key}/")
        assert response.status_code == 404
        assert hidden.reference not in str(response.headers)
    for key in (f"{kind}/{10**9}", f"{kind}/{10**30}", f"{kind}/x", f"{kind}/\x00", "x/1", f"{10**30}/1"):
        assert client.get(f"/admin/r/{key}/").status_code == 404
    paper = meetings.paper(meetings.meeting())
    of_papers = ContentType.objects.get_for_model(type(paper)).pk
    assert client.get(f"/admin/r/{of_papers}/{paper.pk}/").url == paper.get_absolute_url()
    assert client.get(f"/admin/r/{kind}/{mine.pk}/").url == f"/comments/{mine.reference}/"
    assert signed_in("moderator").get(f"/admin/r/{kind}/{hidden.pk}/").status_code == 302


def test_the_history_of_a_goal_names_no_opinion_that_one_may_not_see():
    hidden, shown = submission(body=unlike()), submission("published", body=unlike(), goal="G67-1.1-01")
    goal = DevelopmentGoal.objects.get(code="G67-1.1-01")
    answers_for("responder", goal.lead_office)
    words = {"reason_th": "x", "opinions": [hidden, shown], "actor": staff()}
    answering.revise_goal(goal, {"title_th": "ใหม่"}, **words)
    for role, names in (("responder", [shown]), ("moderator", [hidden, shown])):
        page = signed_in(role).get(f"/admin/comments/developmentgoal/{goal.pk}/change/").content.decode()
        assert [row for row in (hidden, shown) if row.reference in page] == names


def test_a_reply_to_a_plan_that_is_not_shown_is_answered_like_one_to_nothing(other_plan):
    other_plan.title_th = f"{MARK}plan"
    other_plan.save()
    row = submission("published", body=unlike(), plan=other_plan, goal="G68-9.9-99")
    said = {"body": f"{unlike()} ตอบ", "sector": "citizen", "idempotency_key": "c" * 32}
    there, nothing = (
        Client().post(f"/comments/{reference}/reply/", said) for reference in (row.reference, "67-0000-0000")
    )
    assert there.status_code == nothing.status_code == 409
    assert MARK not in there.content.decode()
    assert there.content.decode().count("2568") == nothing.content.decode().count("2568")


def test_asking_for_erasure_reaches_one_opinion_alone():
    mine, other = receive(body=unlike()), receive(body=unlike())
    authoring.ask_for_erasure(mine.submission)
    assert not Submission.objects.filter(pk=other.submission.pk, erasure_request__isnull=False).exists()
