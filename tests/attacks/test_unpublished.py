"""What is not published can be reached in none of nine representations, nor by the staff who may not read it."""

import json
import re
from types import SimpleNamespace

import pytest
from django.test import Client

from comments import answering, appeals, authoring, erasure, flags, moderation, placing, second_persons
from comments.models import Meeting, Plan, Submission
from tests.admin.staff import answers_for, listed, page, signed_in
from tests.factories import (
    attached,
    content,
    office,
    reason,
    receive,
    reply,
    staff,
    submission,
    unlike,
)

pytestmark = pytest.mark.django_db

GOAL = "G67-1.1-01"
# Each stands in one place only.
SHOWN, SHOWN_REPLY = "zqshown", "zqsaidback"
HIDDEN_ROWS = ("pending", "rejected", "withdrawn", "erased", "proposed", "elsewhere", "replied", "orphan")
HIDDEN_WORDS = (
    *("covered", "before", "name", "mail", "phone", "filename", "note", "appeal", "draft", "flag", "reason"),
)
MARKS = [f"zq{name}" for name in (*HIDDEN_ROWS, *HIDDEN_WORDS)]


def said(name, status="pending", **more):
    return submission(
        status, body=f"{unlike()} zq{name}", **{"goal": GOAL, "meeting": Meeting.objects.get()} | more
    )


def hidden_plan():
    plan = Plan.objects.current()
    plan.pk, plan.fiscal_year, plan.is_public = None, 2566, False
    plan.save()
    return plan


@pytest.fixture
def rows(media, settings, tmp_path):
    """Make one of each that nobody outside shall read, and one that everybody may."""
    settings.OPEN_DATA_ROOT = tmp_path / "open-data"
    found = {name: said(name, name) for name in ("rejected", "withdrawn")}
    found["pending"] = said("pending", attachments=attached("zqfilename.pdf"))
    found["erased"] = said("erased", "published")
    erasure.erase(found["erased"], actor=staff("administrator"), ground="writing")
    found["proposed"] = said("proposed")
    found["proposed"].plan.rejection_needs_second_person = True
    second_persons.reject(found["proposed"], actor=staff("other"), reason=reason("insult"), note="zqreason")
    found["elsewhere"] = said("elsewhere", "published", plan=hidden_plan(), goal=None, meeting=None)
    shown = receive(
        body=f"{unlike()} zqbefore",
        goal=GOAL,
        meeting=Meeting.objects.get(),
        display_name="zqname",
        email="zqmail@example.org",
        phone="zqphone 02 000 0000",
        attachments=attached("a.jpg", "b.pdf"),
    ).submission
    words = f"{unlike()} {SHOWN} zqcovered"
    authoring.edit(shown, words)
    shown.refresh_from_db()
    start = words.index("zqcovered")
    moderation.redact(shown, [(start, start + len("zqcovered"), "other")], actor=staff(), note="zqnote")
    moderation.publish(Submission.objects.get(pk=shown.pk), actor=staff(), note="zqnote")
    shown.refresh_from_db()
    moderation.withhold_file(shown.attachments.get(position=2), actor=staff(), note="zqnote")
    placing.note(shown, "zqnote", actor=staff())
    appeals.lodge(found["rejected"], f"{unlike()} zqappeal")
    answering.draft(shown, content(text_th="zqdraft"), author=staff("planner"))
    flags.flag(shown, voter="v", client="c", reason="other", words="zqflag")
    reply(shown, "published", body=f"{unlike()} {SHOWN_REPLY}")
    found["replied"] = reply(shown, body=f"{unlike()} zqreplied")
    parent = said("parent", "published")
    found["orphan"] = reply(parent, "published", body=f"{unlike()} zqorphan")
    moderation.reject(parent, actor=staff(), reason=reason())
    return SimpleNamespace(shown=shown, hidden=found)


def meeting_pages():
    return [f"/meetings/{Meeting.objects.get().pk}/", f"/meetings/{Meeting.objects.get().pk}/wall/"]


def representations(rows):
    """Return nine ways to read, each with its addresses and with what has to be in every one of them."""
    reference, code = rows.shown.reference, GOAL
    lists = [
        "/comments/",
        f"/comments/?goal={code}&sort=oldest",
        "/comments/?sort=agreed",
        "/comments/?sort=discussed",
    ]
    searched = [f"/comments/?q={SHOWN}", f"/comments/?q={SHOWN}&sort=best", f"/api/v1/opinions/?q={SHOWN}"]
    files = [f"/open-data/2567/opinions.{form}" for form in ("csv", "json")]
    return {
        "page": ([f"/comments/{reference}/", f"/comments/{reference}/flag/", f"/goals/{code}/"], SHOWN),
        "list": ([*lists, *meeting_pages()], SHOWN),
        "search": (searched, SHOWN),
        "count": (["/", "/results/", "/results/moderation/", "/api/v1/tallies/", "/goals/"], ""),
        "feed": (["/comments/feed/", f"/comments/feed/?goal={code}"], SHOWN),
        "api": (["/api/v1/opinions/", f"/api/v1/opinions/{reference}/", "/api/v1/goals/"], ""),
        "open data": (files, SHOWN),
        "sitemap": (["/sitemap-opinions.xml"], reference),
        "preview": ([f"/comments/{reference}/"], "og:description"),
    }


def body(path, **headers):
    response = Client().get(path, headers=headers)
    assert response.status_code == 200, path
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode("utf-8")


def test_what_is_not_published_stands_in_none_of_nine_representations(rows):
    forbidden = [*MARKS, *(row.reference for row in rows.hidden.values())]
    leaks, empty = [], []
    for name, (paths, needed) in representations(rows).items():
        for path in paths:
            for prefix in ("", "/en") if "." not in path and not path.startswith("/api/") else ("",):
                text = body(prefix + path)
                leaks += [(name, prefix + path, one) for one in forbidden if one in text]
                empty += [(name, prefix + path)] if needed not in text else []
    assert not leaks
    # A way to read that shows nothing at all would leak nothing, either.
    assert not empty


def test_no_search_and_no_count_knows_of_it(rows):
    def found(word):
        return json.loads(body(f"/api/v1/opinions/?q={word}"))["count"]

    assert found(SHOWN) == 1
    assert {mark: found(mark) for mark in MARKS} == dict.fromkeys(MARKS, 0)
    assert re.search(r"zq\w+", body("/comments/?q=zqpending").replace("zqpending", "")) is None
    home = json.loads(body("/api/v1/opinions/"))
    assert home["count"] == 1


def test_no_address_of_it_says_more_than_that_there_is_nothing(rows):
    nobody = "67-0000-0000"
    for name, row in rows.hidden.items():
        for end in ("", "files/1", "vote/", "flag/", "reply/"):
            # Byte for byte what is said of a reference that nobody has.
            asked = [Client().get(f"/comments/{one}/{end}") for one in (row.reference, nobody)]
            assert [response.status_code for response in asked] == [404, 404], (name, end)
            there, nothing = (response.content.decode() for response in asked)
            assert there.replace(row.reference, nobody) == nothing, (name, end)
        assert Client().get(f"/api/v1/opinions/{row.reference}/").status_code == 404, name
        assert Client().get(f"/comments/{row.reference.lower()}/").status_code == 404, name
        press = {"value": "agree"}
        said_by = {"Sec-Fetch-Site": "same-origin"}
        vote = Client().post(f"/comments/{row.reference}/vote/?given=1", press, headers=said_by)
        assert vote.status_code == 404, name
    shown = rows.shown.reference
    assert b"".join(Client().get(f"/comments/{shown}/files/1"))
    assert Client().get(f"/comments/{shown}/files/2").status_code == 404
    assert Client().get("/open-data/2566/opinions.csv").status_code == 404


@pytest.mark.parametrize("role", ["moderator", "planner", "responder"])
def test_a_search_of_the_staff_finds_what_is_covered_for_those_who_may_read_it(rows, role):
    if role == "responder":
        answers_for(role, office(5))
        answering.assign(rows.shown, office(5), actor=staff("planner"))
    client, queue = signed_in(role), "/admin/comments/submission/?status=all&q="
    assert listed(client.get(f"{queue}{SHOWN}")) == [rows.shown.reference]
    assert listed(client.get(f"{queue}zqcovered")) == ([rows.shown.reference] if role == "moderator" else [])
    if role == "planner":
        for word, number in ((SHOWN, 1), ("zqcovered", 0)):
            asked = {"q": word}
            exported = client.post("/admin/comments/submission/export/", asked).getvalue()
            summary = client.get("/admin/comments/submission/summary/", asked)
            assert (exported.count(b"\r\n") - 1, summary.context["totals"].received) == (number, number)


def tag_of(path):
    response = Client().get(path)
    # A download closes its file once it is read to the end.
    assert SHOWN in b"".join(response).decode(), path
    return response["ETag"]


@pytest.mark.parametrize("decision", ["reject", "withdraw", "erase", "cover"])
def test_a_cache_is_never_told_that_what_was_taken_down_is_as_it_was(rows, decision):
    reference = rows.shown.reference
    paths = [
        f"/comments/{reference}/",
        "/comments/",
        "/comments/feed/",
        "/api/v1/opinions/",
        *meeting_pages(),
    ]
    paths += ["/open-data/2567/opinions.csv", f"/api/v1/opinions/{reference}/"]
    tags = {path: tag_of(path) for path in paths}
    row = rows.shown
    start = row.words.index(SHOWN)
    match decision:
        case "reject":
            moderation.reject(row, actor=staff(), reason=reason())
        case "withdraw":
            moderation.withdraw(row)
        case "erase":
            erasure.erase(row, actor=staff("administrator"), ground="writing")
        case "cover":
            moderation.redact(row, [(start, start + len(SHOWN), "other")], actor=staff())
    for path, tag in tags.items():
        response = Client().get(path, headers={"If-None-Match": tag})
        assert response.status_code in {200, 404}, path
        assert SHOWN not in b"".join(response).decode(), path


def test_a_responder_reads_nothing_that_is_not_published_or_of_another_office(rows):
    other = said("another-office", "published", goal=None)
    answers_for("responder", office(5))
    answering.assign(rows.shown, office(5), actor=staff("planner"))
    client = signed_in("responder")
    unread = [*(set(MARKS) - {"zqdraft", "zqcovered"}), "zqanother-office"]
    for path in (
        "/admin/",
        "/admin/comments/submission/?status=all",
        page(rows.shown),
        "/admin/comments/answerdraft/",
    ):
        text = client.get(path).content.decode()
        assert [mark for mark in unread if mark in text] == [], path
    assert SHOWN in client.get("/admin/comments/submission/?status=all").content.decode()
    for row in (*rows.hidden.values(), other):
        for end in ("change/", "answer/", "files/1/"):
            assert client.get(f"/admin/comments/submission/{row.pk}/{end}").status_code in {302, 403, 404}, (
                end
            )
