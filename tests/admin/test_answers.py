"""Drafting, approving and reading answers on the staff's pages, and whose opinions they may answer."""

import re

import pytest

from comments import answering
from comments.models import Answer, AnswerDraft
from tests.admin.staff import QUEUE, answers_for, listed, member, page, signed_in, text
from tests.factories import answered, content, office, submission, unlike

pytestmark = pytest.mark.django_db

DRAFTS = "/admin/comments/answerdraft/"
GOAL = "G67-1.1-01"
ANSWER = "จะปรับทางเท้าหน้าโรงเรียนให้เสร็จภายในปีงบประมาณนี้"


@pytest.fixture
def row():
    return submission("published", goal=GOAL, body=unlike())


@pytest.fixture
def lead(row):
    """Return the lead office of the goal, for which the responder answers."""
    answers_for("responder", row.goal.lead_office)
    return row.goal.lead_office


@pytest.fixture
def elsewhere(lead):
    """Return a published opinion that falls to another office."""
    stranger = submission("published", goal=GOAL, body=unlike())
    other = next(one for one in map(office, range(2)) if one != lead)
    answering.assign(stranger, other, actor=member("planner"))
    return stranger


def form(office, **changes):
    return {"office": office.pk, "outcome": "adopted", "text_th": ANSWER, "text_en": ""} | changes


def draft_of(row, office, author="responder"):
    return answering.draft(row, content(office=office, text_th=ANSWER), author=member(author))


def test_a_responder_drafts_and_a_planner_approves(row, lead):
    drafted = signed_in("responder").post(f"{QUEUE}{row.pk}/answer/", form(lead), follow=True)
    draft = AnswerDraft.objects.get()
    assert drafted.redirect_chain[-1][0] == f"{DRAFTS}{draft.pk}/change/"
    assert "/approve/" not in drafted.content.decode()
    planner = signed_in("planner")
    assert "/approve/" in planner.get(f"{DRAFTS}{draft.pk}/change/").content.decode()
    planner.post(f"{DRAFTS}{draft.pk}/approve/", {"edition": draft.edition})
    answer = Answer.objects.get()
    assert (answer.author.username, answer.approver.username, answer.text_th) == (
        "responder",
        "planner",
        ANSWER,
    )
    assert ANSWER in text(planner.get(page(row)))
    assert ANSWER in text(signed_in("responder").get(f"/admin/comments/answer/{answer.pk}/change/"))


def test_what_is_missing_is_told_beside_the_field_and_what_was_typed_stays(row, lead):
    response = signed_in("responder").post(f"{QUEUE}{row.pk}/answer/", form(lead, outcome=""))
    assert response.status_code == 200
    assert set(response.context["form"].errors) == {"outcome"}
    assert ANSWER in text(response)
    assert not AnswerDraft.objects.exists()


@pytest.mark.parametrize("bad", ["a\x00b", "x" * 4_001])
def test_a_text_that_can_not_be_kept_is_refused(row, lead, bad):
    response = signed_in("responder").post(f"{QUEUE}{row.pk}/answer/", form(lead, text_th=bad))
    assert response.status_code == 200
    assert "text_th" in response.context["form"].errors


def test_nobody_answers_in_the_name_of_an_office_that_is_not_theirs(row, lead, elsewhere):
    other = answering.office_of(elsewhere)
    response = signed_in("responder").post(f"{QUEUE}{row.pk}/answer/", form(other))
    assert set(response.context["form"].errors) == {"office"}
    assert signed_in("planner").post(f"{QUEUE}{row.pk}/answer/", form(other)).status_code == 302


def test_a_responder_reaches_nothing_of_other_offices(row, lead, elsewhere):
    client, other = signed_in("responder"), answering.office_of(elsewhere)
    draft = draft_of(elsewhere, other, author="planner")
    answer = answered(elsewhere, office=other)
    assert listed(client.get(f"{QUEUE}?q={elsewhere.reference}")) == []
    assert listed(client.get(f"{QUEUE}?status=all")) == [row.reference]
    pages = [page(elsewhere), f"{QUEUE}{elsewhere.pk}/answer/"]
    assert [client.get(one).status_code for one in pages] == [404, 404]
    assert client.post(f"{QUEUE}{elsewhere.pk}/answer/", form(lead)).status_code == 404
    for one in (f"{DRAFTS}{draft.pk}/change/", f"/admin/comments/answer/{answer.pk}/change/"):
        assert client.get(one).status_code in {302, 404}
        assert elsewhere.reference not in text(client.get(one, follow=True))
    assert client.post(f"{DRAFTS}{draft.pk}/discard/", {"edition": 1}).status_code == 404
    assert client.post(f"{DRAFTS}{draft.pk}/change/", form(lead, edition=1)).status_code == 404
    assert elsewhere.reference not in text(client.get(DRAFTS))
    assert AnswerDraft.objects.get().text_th == ANSWER


def test_pending_words_stay_out_of_a_responder_s_reach(lead):
    pending = submission(goal=GOAL, body=unlike())
    client = signed_in("responder")
    assert client.get(f"{QUEUE}{pending.pk}/answer/").status_code == 404
    assert client.get(page(pending)).status_code == 404


def test_an_opinion_given_to_another_office_takes_its_draft_along(row, lead, elsewhere):
    draft = draft_of(row, lead)
    client = signed_in("responder")
    assert client.get(f"{DRAFTS}{draft.pk}/change/").status_code == 200
    answering.assign(row, answering.office_of(elsewhere), actor=member("planner"))
    assert client.post(f"{DRAFTS}{draft.pk}/discard/", {"edition": 1}).status_code == 404
    assert AnswerDraft.objects.exists()


def test_a_planner_gives_an_opinion_to_an_office_and_back(row, lead, elsewhere):
    other, client = answering.office_of(elsewhere), signed_in("planner")
    client.post(f"{QUEUE}{row.pk}/assign/", {"office": other.pk})
    assert answering.office_of(row) == other
    assert other.title_th in text(client.get(page(row)))
    client.post(f"{QUEUE}{row.pk}/assign/", {"office": ""})
    assert answering.office_of(row) == lead
    wrong = client.post(f"{QUEUE}{row.pk}/assign/", {"office": "9" * 30})
    assert set(wrong.context["assign_form"].errors) == {"office"}
    assert signed_in("responder").post(f"{QUEUE}{row.pk}/assign/", {"office": lead.pk}).status_code == 403


def test_who_wrote_it_is_not_offered_to_approve_it(row, lead):
    draft = draft_of(row, lead, author="planner")
    client = signed_in("planner")
    assert "/approve/" not in client.get(f"{DRAFTS}{draft.pk}/change/").content.decode()
    told = client.post(f"{DRAFTS}{draft.pk}/approve/", {"edition": draft.edition}, follow=True)
    assert "ต้องให้ผู้อื่นเป็นผู้อนุมัติ" in text(told)
    assert not Answer.objects.exists()
    responder = signed_in("responder").post(f"{DRAFTS}{draft.pk}/approve/", {"edition": draft.edition})
    assert responder.status_code == 403


def test_a_draft_changed_meanwhile_is_not_approved_and_nothing_typed_is_lost(row, lead):
    draft = draft_of(row, lead)
    answering.redraft(draft, content(office=lead, text_th="ถ้อยคำของอีกคน"), author=member("planner"))
    client = signed_in("administrator")
    for edition in (draft.edition, "", "x", "9" * 40):
        client.post(f"{DRAFTS}{draft.pk}/approve/", {"edition": edition})
    assert not Answer.objects.exists()
    told = client.post(f"{DRAFTS}{draft.pk}/change/", form(lead, edition=draft.edition))
    assert "ถ้อยคำของอีกคน" in text(told)
    assert ANSWER in text(told)
    again = re.search(r'name="edition" value="(\d+)"', told.content.decode())[1]
    assert client.post(f"{DRAFTS}{draft.pk}/change/", form(lead, edition=again)).status_code == 302
    assert AnswerDraft.objects.get().text_th == ANSWER


def test_what_was_typed_and_not_saved_is_not_passed_over_by_an_approval(row, lead):
    draft, client = draft_of(row, lead), signed_in("planner")
    address, changed = (
        f"{DRAFTS}{draft.pk}/approve/",
        form(lead, text_th="ถ้อยคำที่แก้แล้ว", edition=draft.edition),
    )
    told = client.post(address, changed)
    assert "ยังไม่ได้อนุมัติ" in text(told)
    assert "ถ้อยคำที่แก้แล้ว" in text(told)
    assert not Answer.objects.exists()
    client.post(address, form(lead, edition=draft.edition))
    assert Answer.objects.get().text_th == ANSWER


def test_a_responder_answers_a_campaign_only_when_all_of_it_is_theirs(row, lead, elsewhere):
    twin = submission("published", goal=GOAL, body=row.body)
    client, address = signed_in("responder"), f"{QUEUE}{row.pk}/answer/"
    assert "to_campaign" in client.get(address).context["form"].fields
    client.post(address, form(lead, to_campaign="on"))
    draft = AnswerDraft.objects.get()
    twin.refresh_from_db()
    assert draft.campaign == twin.campaign
    answering.assign(twin, answering.office_of(elsewhere), actor=member("planner"))
    assert "to_campaign" not in client.get(address).context["form"].fields
    changed = client.post(f"{DRAFTS}{draft.pk}/change/", form(lead, edition=1))
    assert changed.status_code == 403
    signed_in("planner").post(f"{DRAFTS}{draft.pk}/approve/", {"edition": 1})
    assert answering.answer_to(row) == answering.answer_to(twin) == Answer.objects.get()


def test_a_discarded_draft_is_gone(row, lead):
    draft = draft_of(row, lead)
    signed_in("responder").post(f"{DRAFTS}{draft.pk}/discard/", {"edition": 1})
    assert not AnswerDraft.objects.exists()


@pytest.mark.parametrize("address", [DRAFTS, "/admin/comments/answer/"])
def test_the_lists_ask_the_database_as_often_for_three_rows_as_for_one(
    django_assert_num_queries, lead, address
):
    client = signed_in("planner")

    def one_more():
        another = submission("published", goal=GOAL, body=unlike())
        draft_of(another, lead)
        answered(another, office=lead)

    one_more()
    client.get(address)
    with django_assert_num_queries(6 if address == DRAFTS else 7):
        client.get(address)
    one_more()
    one_more()
    with django_assert_num_queries(6 if address == DRAFTS else 7):
        client.get(address)
