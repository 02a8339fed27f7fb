import re

import pytest

from comments import answering, moderation
from comments.models import DevelopmentGoal, Plan, Submission
from tests.factories import reason, staff, submission, unlike

pytestmark = pytest.mark.django_db

CODE = "G67-1.1-01"


def test_the_list_holds_every_goal(client):
    page = client.get("/goals/").content.decode()
    assert page.count('class="goal-row"') == DevelopmentGoal.objects.count() == 41


def test_the_list_says_that_the_goals_are_samples(client):
    assert "Sample data, not official goals." in client.get("/en/goals/").content.decode()


def test_a_goal_shows_what_it_aims_at_and_where_that_comes_from(client):
    goal = DevelopmentGoal.objects.get(code=CODE)
    page = client.get(f"/goals/{CODE}/").content.decode()
    for text in (goal.title_th, goal.indicator_th, goal.target_th, goal.lead_office.title_th):
        assert text in page
    assert "ข้อมูลตัวอย่าง" in page


def test_a_goal_shows_its_published_opinions_newest_first(client):
    old = submission("published", goal=CODE, body=unlike())
    new = submission("published", goal=CODE, body=unlike())
    submission("pending", goal=CODE)
    submission("published", goal="G67-1.2-01")
    response = client.get(f"/goals/{CODE}/")
    assert list(response.context["opinions"]) == [new, old]
    assert response.context["heard"].opinions == 2


def test_a_goal_leads_to_the_form_with_itself_chosen(client):
    assert f'href="/submit/?goal={CODE}"' in client.get(f"/goals/{CODE}/").content.decode()


def test_a_goal_shows_each_revision(client):
    response = client.get(f"/goals/{CODE}/")
    assert [(revision.number, before) for revision, before in response.context["history"]] == [(1, None)]


@pytest.mark.parametrize("code", ["G67-9.9-99", "x", "เป้าหมาย", "%00"])
def test_an_unknown_goal_is_not_found(client, code):
    assert client.get(f"/goals/{code}/").status_code == 404


def test_a_goal_of_a_hidden_plan_is_not_found(client):
    Plan.objects.update(is_public=False)
    assert client.get(f"/goals/{CODE}/").status_code == 404
    assert client.get("/goals/").status_code == 404


def test_they_only_answer_reading(client):
    assert client.post("/goals/").status_code == 405
    assert client.post(f"/goals/{CODE}/").status_code == 405


@pytest.mark.parametrize(("path", "most"), [("/goals/", 4), (f"/goals/{CODE}/", 13)])
def test_the_database_is_asked_as_often_for_three_opinions_as_for_one(
    client, django_assert_max_num_queries, path, most
):
    counts = []
    for more in (1, 2):
        for _ in range(more):
            submission("published", goal=CODE, display_name="ก", shows_name=True, body=unlike())
        with django_assert_max_num_queries(most) as asked:
            client.get(path)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def revise(*opinions, **wording):
    """Give the goal another wording because of some opinions."""
    goal = DevelopmentGoal.objects.get(code=CODE)
    return answering.revise_goal(
        goal, wording, reason_th="ตามความคิดเห็น", reason_en="As people asked", opinions=opinions, actor=staff()
    )


def test_a_revision_shows_what_was_removed_and_added(client):
    goal = DevelopmentGoal.objects.get(code=CODE)
    revise(target_th="ร้อยละ 15", target_en="15 percent")
    revise(target_th="ร้อยละ 25", target_en="25 percent", title_th=goal.title_th + "ทั่วเมือง")
    page = client.get(f"/goals/{CODE}/").content.decode()
    plain = re.sub(r"<span[^>]*>.*?</span>", "", page)
    assert "ร้อยละ <del>15</del><ins>25</ins>" in plain
    assert f"{goal.title_th}<ins>ทั่วเมือง</ins>" in plain
    assert "ตัดออก:" in page
    assert "<del>15</del><ins>25</ins> percent" in re.sub(
        r"<span[^>]*>.*?</span>", "", client.get(f"/en/goals/{CODE}/").content.decode()
    )


def test_a_revision_names_the_published_opinions_that_led_to_it_and_no_others(client):
    shown, withheld = (
        submission("published", body="ขอทางลาดหน้าตลาด"),
        submission("published", body="ขอไฟส่องสว่างริมคลอง"),
    )
    hidden = [
        submission(status, body=f"ไม่ควรมีใครเห็น {status}") for status in ("pending", "rejected", "withdrawn")
    ]
    revise(shown, withheld, *hidden, target_th="ร้อยละ 15")
    moderation.reject(withheld, actor=staff(), reason=reason())
    page = client.get(f"/goals/{CODE}/").content.decode()
    assert f'href="/comments/{shown.reference}/"' in page
    assert shown.body in page
    for row in (withheld, *hidden):
        assert row.reference not in page
        assert row.body not in page


def test_the_opinions_on_a_goal_are_narrowed_by_stance_and_ordered(client):
    rows = {
        stance: submission("published", goal=CODE, stance=stance, body=unlike())
        for stance in ("agree", "disagree", "neutral")
    }
    Submission.objects.filter(pk=rows["disagree"].pk).update(agree_count=2)

    def listed(query):
        return list(client.get(f"/goals/{CODE}/?{query}").context["opinions"])

    assert listed("sort=oldest") == [rows["agree"], rows["disagree"], rows["neutral"]]
    assert listed("sort=agreed") == [rows["disagree"], rows["neutral"], rows["agree"]]
    assert listed("stance=neutral") == [rows["neutral"]]
    response = client.get(f"/goals/{CODE}/?stance=disagree&sort=oldest")
    assert response.context["heard"].opinions == 1
    assert f'"/comments/?goal={CODE}&amp;sort=oldest&amp;stance=disagree"' in response.content.decode()


@pytest.mark.parametrize(
    "query", ["sort=best", "sort=upside-down", "stance=maybe", "stance=%00", "sort=%ED%A0%80"]
)
def test_an_unknown_order_or_stance_is_an_error_beside_its_field(client, query):
    submission("published", goal=CODE)
    response = client.get(f"/goals/{CODE}/?{query}")
    assert response.status_code == 400
    assert 'id="id_' in response.content.decode()
    assert "โปรดเลือกจากรายการ" in response.content.decode()


def test_a_goal_without_opinions_invites_the_first(client):
    page = client.get(f"/goals/{CODE}/").content.decode()
    empty = page.partition('class="empty"')[2]
    assert f'href="/submit/?goal={CODE}"' in empty
    Plan.objects.update(opens_at=None)
    page = client.get(f"/goals/{CODE}/").content.decode()
    assert f'href="/submit/?goal={CODE}"' not in page


def test_a_stance_that_nobody_takes_leads_back_to_all(client):
    submission("published", goal=CODE, stance="agree")
    page = client.get(f"/goals/{CODE}/?stance=neutral").content.decode()
    assert f'href="/goals/{CODE}/#opinions"' in page


def test_more_revisions_and_opinions_ask_the_database_no_more(client, django_assert_num_queries):
    for number in range(3):
        revise(submission("published", goal=CODE, body=unlike()), target_th=f"ร้อยละ {number}")
        with django_assert_num_queries(13):
            client.get(f"/goals/{CODE}/")
