import pytest

from comments.models import DevelopmentGoal, Plan
from tests.factories import submission, unlike

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
    assert [revision.number for revision in response.context["revisions"]] == [1]


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


@pytest.mark.parametrize(("path", "most"), [("/goals/", 4), (f"/goals/{CODE}/", 6)])
def test_the_database_is_asked_as_often_for_three_opinions_as_for_one(
    client, django_assert_max_num_queries, path, most
):
    counts = []
    for more in (1, 2):
        for _ in range(more):
            submission("published", goal=CODE, display_name="ก", shows_name=True)
        with django_assert_max_num_queries(most) as asked:
            client.get(path)
        counts.append(len(asked))
    assert counts[0] == counts[1]
