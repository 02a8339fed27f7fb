import pytest

from comments.models import SavedView
from tests.admin.staff import QUEUE, listed, member, signed_in, text
from tests.factories import submission, unlike

pytestmark = pytest.mark.django_db
SAVE = f"{QUEUE}views/save/"


def test_a_view_keeps_filters_order_and_search_under_a_name_of_one_s_own():
    thai = submission(body=unlike())
    english = submission(body="More shade along the canal, please")
    client = signed_in("moderator")
    page = client.post(
        SAVE, {"name": "อังกฤษ", "query": "q=shade&language=en&sort=newest&p=3&x=1"}, follow=True
    )
    assert page.redirect_chain[-1][0] == f"{QUEUE}?q=shade&language=en&sort=newest"
    assert listed(page) == [english.reference]
    assert "อังกฤษ" in text(client.get(QUEUE))
    assert "/drop/" in client.get(QUEUE).content.decode()
    assert "/drop/" not in signed_in("administrator").get(QUEUE).content.decode()
    # The same name takes the new filters.
    assert listed(client.post(SAVE, {"name": "อังกฤษ", "query": "language=th"}, follow=True)) == [
        thai.reference
    ]
    assert SavedView.objects.count() == 1


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"name": "ก" * 61}, {"name": "a\x00"}, {"name": "a", "query": "q=" + "x" * 2_001}]
)
def test_what_is_wrong_is_told_on_the_page_and_kept(wrong):
    row = submission(body=unlike())
    page = signed_in("moderator").post(SAVE, {"query": "sort=newest"} | wrong)
    assert page.status_code == 200
    assert "errorlist" in page.content.decode()
    if "query" not in wrong:
        assert listed(page) == [row.reference]
        assert (
            f'value="{wrong["name"]}"'.replace("\x00", "") in page.content.decode().replace("\x00", "")
            or not wrong["name"]
        )
    assert not SavedView.objects.exists()


def test_there_are_no_more_than_twenty_and_one_drops_only_one_s_own():
    user = member("moderator")
    for number in range(20):
        user.saved_views.create(name=f"view {number}")
    client = signed_in("moderator")
    assert "ครบ 20 รายการแล้ว" in text(client.post(SAVE, {"name": "one more"}))
    view = user.saved_views.first()
    assert signed_in("planner").post(f"{QUEUE}views/{view.pk}/drop/").status_code == 404
    client.post(f"{QUEUE}views/{view.pk}/drop/")
    assert user.saved_views.count() == 19


def test_the_queue_says_what_waits_longest_and_filters_by_language():
    rows = [submission(body=body) for body in (unlike(), "More shade along the canal, please")]
    client = signed_in("moderator")
    page = client.get(QUEUE)
    assert "รอนานที่สุด" in text(page)
    assert f"{QUEUE}{rows[0].pk}/change/" in page.content.decode().split("รอนานที่สุด")[0].rsplit("<a", 1)[1]
    assert listed(client.get(QUEUE, {"language": "en"})) == [rows[1].reference]
