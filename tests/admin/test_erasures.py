import pytest

from comments import authoring
from comments.models import ErasureRequest, Submission
from tests.admin.staff import QUEUE, page, signed_in, text
from tests.factories import BODY, submission, unlike

pytestmark = pytest.mark.django_db

LIST = "/admin/comments/erasurerequest/"
SURE = {"ground": "writing", "case_number": "กท 1/2569", "is_sure": "on"}


def erase(client, row, **data):
    return client.post(f"{QUEUE}{row.pk}/erase/", SURE | data, follow=True)


def test_an_administrator_erases_for_good():
    row = submission("published", display_name="คนริมคลอง", organisation="ชมรม")
    client = signed_in("administrator")
    assert f"{QUEUE}{row.pk}/erase/" in client.get(page(row)).content.decode()
    response = erase(client, row)
    assert "ลบถาวรแล้ว" in text(response)
    assert BODY not in text(response)
    row = Submission.objects.get()
    assert (row.body, row.status, row.organisation) == ("", "withdrawn", "")
    assert row.erasure_request.done_by.username == "administrator"
    assert f"{QUEUE}{row.pk}/erase/" not in client.get(page(row)).content.decode()


@pytest.mark.parametrize("role", ["moderator", "planner", "responder", "nobody"])
def test_nobody_else_may(role):
    row = submission("published")
    assert erase(signed_in(role), row).status_code == 403
    assert "/erase/" not in signed_in(role).get(page(row)).content.decode()
    assert Submission.objects.get().body == BODY


def test_it_is_a_post():
    assert signed_in("administrator").get(f"{QUEUE}{submission().pk}/erase/").status_code == 405


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"is_sure": ""}, "โปรดยืนยัน"),
        ({"ground": ""}, "โปรดระบุเหตุ"),
        ({"ground": "receipt"}, "โปรดระบุเหตุ"),
        ({"ground": "order"}, "โปรดระบุเหตุ"),
        ({"case_number": "x" * 61}, "60"),
        ({"case_number": "a\x00b"}, "อักขระ"),
    ],
)
def test_a_form_that_lacks_something_says_what_and_keeps_the_rest(data, said):
    row = submission("published")
    response = erase(signed_in("administrator"), row, **data)
    assert response.status_code == 200
    assert said in text(response)
    if "case_number" not in data:
        assert 'value="กท 1/2569"' in response.content.decode()
    assert Submission.objects.get().body == BODY


def test_who_waits_stands_first_in_the_list():
    done, waits = submission(body=unlike()), submission(body=unlike())
    for row in (done, waits):
        authoring.ask_for_erasure(row)
        row.refresh_from_db()
    client = signed_in("administrator")
    erase(client, done, ground="receipt")
    said = text(client.get(LIST))
    assert said.index(waits.reference) < said.index(done.reference)
    assert "ผู้เขียนขอ" in text(client.get(page(waits)))


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_as_many_queries_for_three_as_for_one(number, django_assert_num_queries):
    for _ in range(number):
        authoring.ask_for_erasure(submission(body=unlike()))
    client = signed_in("administrator")
    client.get(LIST)
    with django_assert_num_queries(6):
        client.get(LIST)


def test_an_erased_one_can_be_found_and_read_everywhere_without_words():
    row = submission("rejected", display_name="คนริมคลอง")
    client = signed_in("administrator")
    erase(client, row, ground="order")
    for address in (QUEUE + "?status=all", page(row), QUEUE + f"?q={row.reference}"):
        response = client.get(address)
        assert response.status_code == 200
        assert row.reference in text(response)
        assert BODY not in text(response)
    response = client.post(f"{QUEUE}{row.pk}/restore/", {"seen": f"{row.pk}:rejected"}, follow=True)
    assert row.reference in text(response)
    assert Submission.objects.get().status == "rejected"
    assert ErasureRequest.objects.get().ground == "order"
