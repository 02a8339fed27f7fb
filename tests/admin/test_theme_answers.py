"""Drafting an answer to a theme on the staff's pages, and whose offices may."""

import pytest

from comments import answering, themes
from comments.models import Answer, AnswerDraft
from tests.admin.staff import QUEUE, answers_for, member, page, signed_in, text
from tests.factories import content, office, staff, submission, theme, unlike

pytestmark = pytest.mark.django_db

LIST, DRAFTS = "/admin/comments/theme/", "/admin/comments/answerdraft/"
GOAL, OTHER = "G67-1.1-01", "G67-2.2-01"
ANSWER = "จะลอกท่อทุกสายให้เสร็จก่อนหน้าฝน"


@pytest.fixture
def flood():
    return theme()


@pytest.fixture
def row(flood):
    found = submission("published", goal=GOAL, body=unlike())
    themes.tag([found], flood, actor=staff())
    answers_for("responder", found.goal.lead_office)
    return found


@pytest.fixture
def elsewhere(row, flood):
    """Return an opinion with the theme that falls to another office."""
    found = submission("published", goal=OTHER, body=unlike())
    themes.tag([found], flood, actor=staff())
    stranger = next(one for one in map(office, range(2)) if one != row.goal.lead_office)
    answering.assign(found, stranger, actor=member("planner"))
    return found


def form(row, **changes):
    first = {
        "goal": "",
        "office": row.goal.lead_office.pk,
        "outcome": "adopted",
        "text_th": ANSWER,
        "text_en": "",
    }
    return first | changes


def test_a_responder_answers_a_theme_a_planner_approves_and_everybody_reads_it(row, flood, client):
    address = f"{LIST}{flood.pk}/answer/"
    assert address in signed_in("responder").get(f"{LIST}{flood.pk}/change/").content.decode()
    signed_in("responder").post(address, form(row))
    draft = AnswerDraft.objects.get()
    assert (draft.theme, draft.goal) == (flood, None)
    planner = signed_in("planner")
    shown = text(planner.get(f"{DRAFTS}{draft.pk}/change/"))
    assert flood.title in shown
    assert ANSWER not in text(planner.get(DRAFTS))
    assert flood.title in text(planner.get(DRAFTS))
    planner.post(f"{DRAFTS}{draft.pk}/approve/", {"edition": draft.edition})
    assert Answer.objects.get().theme == flood
    for path in (row.get_absolute_url(), row.goal.get_absolute_url()):
        public = text(client.get(path))
        assert ANSWER in public
        assert flood.title in public
    assert flood.title in text(planner.get("/admin/comments/answer/"))


def test_a_responder_answers_only_where_all_of_it_is_theirs(row, flood, elsewhere):
    client, address = signed_in("responder"), f"{LIST}{flood.pk}/answer/"
    refused = client.post(address, form(row))
    assert set(refused.context["form"].errors) == {"goal"}
    assert ANSWER in text(refused)
    assert not AnswerDraft.objects.exists()
    assert set(client.post(address, form(row, goal=OTHER)).context["form"].errors) == {"goal"}
    assert client.post(address, form(row, goal=GOAL)).status_code == 302
    draft = AnswerDraft.objects.get()
    assert draft.goal == row.goal
    answering.assign(row, answering.office_of(elsewhere), actor=member("planner"))
    assert client.post(f"{DRAFTS}{draft.pk}/change/", form(row, edition=1)).status_code == 403
    assert client.post(f"{DRAFTS}{draft.pk}/discard/", {"edition": 1}).status_code == 403
    assert signed_in("planner").post(address, form(row)).status_code == 302


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"goal": "x"}, {"goal"}),
        ({"goal": "a\x00b"}, {"goal"}),
        ({"goal": OTHER}, {"goal"}),
        ({"text_th": ""}, {"text_th"}),
        ({"outcome": "maybe", "office": "9" * 40}, {"outcome", "office"}),
    ],
)
def test_what_is_wrong_is_told_beside_the_field(row, flood, changes, wrong):
    response = signed_in("planner").post(f"{LIST}{flood.pk}/answer/", form(row, **changes))
    assert response.status_code == 200
    assert set(response.context["form"].errors) == wrong


def test_what_was_merged_is_answered_by_nobody_and_a_stranded_draft_can_be_discarded(row, flood):
    drains = theme("drains")
    themes.tag([row], drains, actor=staff())
    draft = answering.draft(drains, content(), author=member("planner"))
    themes.untag([row], drains, actor=staff())
    planner = signed_in("planner")
    planner.post(f"{DRAFTS}{draft.pk}/discard/", {"edition": 1})
    assert not AnswerDraft.objects.exists()
    themes.merge(drains, flood, actor=staff())
    assert planner.get(f"{LIST}{drains.pk}/answer/").status_code == 404
    assert signed_in("moderator").get(f"{LIST}{flood.pk}/answer/").status_code == 403


def test_giving_and_merging_on_the_pages_tells_of_the_answer_at_once(row, flood):
    answer = answering.approve(
        answering.draft(flood, content(), author=member("responder")), approver=member("planner")
    )
    drains = theme("drains")
    given, merged = (submission("published", body=unlike()) for _ in range(2))
    themes.tag([merged], drains, actor=staff())
    client = signed_in("planner")
    client.post(f"{QUEUE}themes/add/", {"theme": flood.pk, "_selected_action": given.pk})
    assert answering.answer_to(given) == answer
    client.post(f"{LIST}{drains.pk}/merge/", {"into": flood.pk})
    assert answering.answer_to(merged) == answer
    assert answer.text_th in text(client.get(page(given)))


def test_the_page_asks_as_often_for_three_opinions_as_for_one(row, flood, django_assert_num_queries):
    client, address = signed_in("responder"), f"{LIST}{flood.pk}/answer/"
    client.get(address)
    with django_assert_num_queries(8):
        client.get(address)
    for _ in range(2):
        themes.tag([submission("published", goal=GOAL, body=unlike())], flood, actor=staff())
    with django_assert_num_queries(8):
        client.get(address)
