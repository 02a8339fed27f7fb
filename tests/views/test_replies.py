import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from comments import moderation
from comments.models import Plan, Submission
from comments.views import paging
from tests.factories import reason, receive, reply, staff, submission, unlike

pytestmark = pytest.mark.django_db

KEY = "0123456789abcdef0123456789abcdef"
WORDS = "เห็นด้วย และขอให้ทำที่ซอยข้าง ๆ ด้วย <b>&amp;"
SENT = {
    "body": WORDS,
    "sector": "citizen",
    "display_name": "คนริมคลอง",
    "consent_display_name": "on",
    "idempotency_key": KEY,
}


@pytest.fixture
def opinion():
    return submission("published")


def path(opinion, prefix=""):
    return f"{prefix}/comments/{opinion.reference}/reply/"


def published_reply(opinion, **said):
    return reply(opinion, "published", **said)


def test_the_form_asks_for_words_sector_and_a_name_to_show(client, opinion):
    response = client.get(path(opinion))
    assert list(response.context["form"].fields) == [
        "body",
        "sector",
        "display_name",
        "consent_display_name",
        "idempotency_key",
        "keeps_personal_data",
    ]
    assert opinion.body in response.content.decode()
    assert "no-store" not in response.headers["Cache-Control"]
    assert "private" in response.headers["Cache-Control"]


def test_a_reply_leads_to_its_receipt_and_waits_for_a_moderator(client, opinion):
    response = client.post(path(opinion), SENT)
    assert (response.status_code, response.url) == (303, "/receipt/")
    row = Submission.everything.get(parent=opinion)
    assert (row.body, row.display_name, row.status, row.channel) == (WORDS, "คนริมคลอง", "pending", "web")
    shown = client.get("/receipt/").content.decode()
    assert row.reference in shown
    assert WORDS not in client.get(f"/comments/{opinion.reference}/").content.decode()


def test_sending_twice_is_one_reply_and_one_receipt(client, opinion):
    secrets = []
    for _ in range(2):
        client.post(path(opinion), SENT)
        secrets.append(client.get("/receipt/").context["secret"])
    assert secrets[0] == secrets[1]
    assert Submission.everything.filter(parent=opinion).count() == 1


def test_the_receipt_shows_the_state_and_takes_a_reply_back(client, opinion):
    client.post(path(opinion), SENT)
    secret = client.get("/receipt/").context["secret"]
    row = Submission.everything.get(parent=opinion)
    moderation.publish(row, actor=staff())
    keys = {"reference": row.reference, "secret": secret}
    assert f'href="/comments/{opinion.reference}/#reply-{row.reference}"' in (
        client.post("/receipt/", keys).content.decode()
    )
    assert client.post("/receipt/withdraw/", keys).context["notice"] == "withdrawn"
    assert Submission.objects.get(pk=opinion.pk).reply_count == 0


def test_the_receipt_takes_no_longer_words_than_the_form_of_a_reply(client, opinion):
    sent = receive(parent=opinion, body=WORDS)
    words = {
        "reference": sent.submission.reference,
        "secret": sent.secret,
        "edition": "1",
        "body": "ก" * 2001,
    }
    response = client.post("/receipt/edit/", words)
    assert set(response.context["edit_form"].errors) == {"body"}
    assert f"{words['body']}</textarea>" in response.content.decode()
    assert 'data-count="2000"' in response.content.decode()


def test_a_receipt_has_no_link_where_nothing_can_be_read(client, opinion):
    client.post(path(opinion), SENT)
    secret = client.get("/receipt/").context["secret"]
    row = Submission.everything.get(parent=opinion)
    moderation.publish(row, actor=staff())
    moderation.withdraw(opinion)
    page = client.post("/receipt/", {"reference": row.reference, "secret": secret}).content.decode()
    assert f"/comments/{opinion.reference}/" not in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("body", "สั้น"),
        ("body", "ก" * 2_001),
        ("body", "ก" * 12 + "\x00"),
        ("sector", "nobody"),
        ("display_name", "x" * 121),
    ],
)
def test_a_mistake_is_told_beside_its_field_and_keeps_what_was_typed(client, opinion, field, value):
    response = client.post(path(opinion), SENT | {field: value})
    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    assert response.context["form"]["display_name"].value() == (SENT | {field: value})["display_name"]
    assert "no-store" in response.headers["Cache-Control"]
    assert not Submission.everything.filter(parent=opinion).exists()


def test_the_form_of_an_opinion_keeps_its_words_after_that_of_a_reply(client, opinion):
    client.get(path(opinion))
    answer = client.post("/en/submit/", {"idempotency_key": KEY, "sector": "citizen"})
    assert answer.context["form"].errors["body"] == ["Please write your opinion."]


def test_personal_data_that_is_never_published_stops_the_form_once(client, opinion):
    data = SENT | {"body": "เลขประจำตัวประชาชนของผมคือ 1-1017-00230-70-8 ครับ"}
    form = client.post(path(opinion), data).context["form"]
    assert "body" in form.errors
    assert client.post(path(opinion), data | {"keeps_personal_data": form.mark_to_keep}).status_code == 303


@pytest.mark.parametrize("status", ["pending", "rejected", "withdrawn", None])
def test_what_is_not_published_takes_no_reply_and_is_not_shown_but_the_words_come_back(client, status):
    hidden = submission(status) if status else Submission(reference="67-0000-0000")
    assert client.get(path(hidden)).status_code == 404
    response = client.post(path(hidden), SENT)
    page = response.content.decode()
    assert response.status_code == 409
    assert "ซอยข้าง ๆ" in page
    assert hidden.body == "" or hidden.body not in page
    assert not Submission.everything.filter(parent__isnull=False).exists()


def test_a_reply_has_no_reply_page_and_no_page_of_its_own(client, opinion):
    row = published_reply(opinion)
    assert client.get(path(row)).status_code == 404
    assert client.get(f"/comments/{row.reference}/").status_code == 404


def test_nothing_is_lost_when_the_consultation_has_closed(client, opinion):
    Plan.objects.update(closes_at=opinion.received_at)
    assert client.get(path(opinion)).status_code == 200
    response = client.post(path(opinion), SENT)
    assert response.status_code == 409
    assert "ซอยข้าง ๆ" in response.content.decode()
    assert "reply/" not in client.get(f"/comments/{opinion.reference}/").content.decode()


def test_nothing_is_lost_when_the_page_had_expired(opinion):
    response = Client(enforce_csrf_checks=True).post(path(opinion), SENT)
    assert response.status_code == 403
    assert "ซอยข้าง ๆ" in response.content.decode()


def test_other_words_under_a_used_key_are_told_and_can_be_sent_again(client, opinion):
    client.post(path(opinion), SENT)
    response = client.post(path(opinion), SENT | {"body": "คนละเรื่องกับที่ส่งไปก่อนหน้านี้"})
    assert response.status_code == 409
    assert response.context["form"]["idempotency_key"].value() != KEY


def test_an_address_as_a_person_types_it_leads_to_the_form(client, opinion):
    response = client.get(path(opinion).replace("-", "").lower())
    assert response.url == path(opinion)


def test_the_page_shows_published_replies_the_oldest_first(client, opinion):
    rows = [published_reply(opinion) for _ in range(2)]
    for status in ("pending", "rejected", "withdrawn"):
        reply(opinion, status, body=f"ไม่ควรมีใครเห็นคำนี้ {status}")
    published_reply(submission("published", body=unlike()))
    response = client.get(f"/comments/{opinion.reference}/")
    assert response.context["replies"].rows == rows
    assert response.context["submission"].reply_count == 2
    assert "ไม่ควรมีใครเห็น" not in response.content.decode()


def test_the_pages_of_replies_hold_every_one_once(client, opinion, monkeypatch):
    monkeypatch.setattr(paging, "SIZE", 2)
    rows = [published_reply(opinion) for _ in range(5)]
    met, cursor = [], ""
    while True:
        page = client.get(f"/comments/{opinion.reference}/?after={cursor}").context["replies"]
        met += page.rows
        if not (cursor := page.next_cursor):
            break
    assert met == rows


def test_a_name_is_shown_only_with_consent(client, opinion):
    published_reply(opinion, display_name="ผู้ไม่ยินยอม")
    published_reply(opinion, display_name="ผู้ยินยอม", shows_name=True)
    page = client.get(f"/comments/{opinion.reference}/").content.decode()
    assert "ผู้ยินยอม" in page
    assert "ผู้ไม่ยินยอม" not in page


def test_the_list_says_how_many_replies_there_are_and_shows_none(client, opinion):
    row = published_reply(opinion)
    response = client.get("/en/comments/?sort=discussed")
    assert response.context["page"].rows == [opinion]
    assert response.context["heard"].opinions == 1
    assert "1 reply" in response.content.decode()
    assert row.body not in response.content.decode()


def test_most_discussed_is_offered(client):
    assert (
        "discussed" in dict(client.get("/comments/").context["form"].fields["sort"].widget.choices)
    ) is True


def test_replies_cost_the_same_queries_however_many(client, opinion, django_assert_num_queries):
    published_reply(opinion)
    with CaptureQueriesContext(connection) as one:
        client.get(f"/comments/{opinion.reference}/")
    for _ in range(2):
        published_reply(opinion)
    with django_assert_num_queries(len(one)):
        client.get(f"/comments/{opinion.reference}/")


def test_what_is_below_a_withheld_opinion_is_gone_with_it(client, opinion):
    published_reply(opinion)
    moderation.reject(opinion, actor=staff(), reason=reason())
    assert client.get(f"/comments/{opinion.reference}/").status_code == 404
