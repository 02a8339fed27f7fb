"""Answers before the public and on the receipt: shown once approved, and nothing of drafts."""

import csv
import io

import pytest
from django.test import Client

from comments import answering, moderation
from comments.exports import download
from comments.models import DevelopmentGoal, Submission
from tests.admin.staff import text
from tests.factories import answered, content, receive, staff, submission, unlike
from tests.test_answering_people import MOMENT, alike

pytestmark = pytest.mark.django_db

GOAL = "G67-1.1-01"
ANSWER = "จะปรับทางเท้าหน้าโรงเรียนให้เสร็จภายในปีงบประมาณนี้"


def receipt_page(receipt):
    data = {"reference": receipt.submission.reference, "secret": receipt.secret}
    return text(Client().post("/receipt/", data))


def pages_of(receipt):
    row = receipt.submission
    return [text(Client().get(one)) for one in (f"/comments/{row.reference}/", f"/goals/{GOAL}/")] + [
        receipt_page(receipt)
    ]


@pytest.fixture
def receipt():
    found = receive(goal=GOAL, body=unlike())
    moderation.publish(found.submission, actor=staff())
    return found


def test_an_approved_answer_stands_on_the_receipt_the_opinion_and_the_goal(receipt):
    answer = answered(receipt.submission, at=MOMENT, text_th=ANSWER, outcome="partly_adopted")
    for page in pages_of(receipt):
        assert ANSWER in page
        assert answer.office.title_th in page
        assert "3 มีนาคม 2566" in page
        assert str(answer.get_outcome_display()).capitalize() in page
    steps = receipt_page(receipt)
    assert "กรุงเทพมหานครชี้แจงแล้ว" in steps


def test_a_draft_stands_nowhere(receipt):
    answering.draft(receipt.submission, content(text_th=ANSWER), author=staff("responder"))
    for page in pages_of(receipt):
        assert ANSWER not in page


def test_a_correction_is_shown_in_the_place_of_the_first(receipt):
    answered(receipt.submission, at=MOMENT, text_th=ANSWER)
    answered(receipt.submission, text_th="คำตอบฉบับแก้ไข")
    for page in pages_of(receipt):
        assert "คำตอบฉบับแก้ไข" in page
        assert ANSWER not in page
        assert "3 มีนาคม 2566" in page


def test_the_answer_to_a_withdrawn_opinion_stays_on_the_receipt_only(receipt):
    answered(receipt.submission, text_th=ANSWER)
    moderation.withdraw(Submission.objects.get(pk=receipt.submission.pk))
    assert ANSWER in receipt_page(receipt)
    assert ANSWER not in text(Client().get(f"/goals/{GOAL}/"))
    assert Client().get(f"/comments/{receipt.submission.reference}/").status_code == 404


def test_an_english_reader_reads_english_and_else_thai_that_says_so(receipt):
    address = f"/en/comments/{receipt.submission.reference}/"
    answered(receipt.submission, text_th=ANSWER)
    assert f'<p class="words" lang="th">{ANSWER}</p>' in Client().get(address).content.decode()
    answered(receipt.submission, text_th=ANSWER, text_en="The pavement will be mended.")
    assert '<p class="words">The pavement will be mended.</p>' in Client().get(address).content.decode()


def test_what_an_answer_says_is_text_and_no_markup(receipt):
    answered(receipt.submission, text_th="<script>alert(1)</script>")
    for one in (f"/comments/{receipt.submission.reference}/", f"/goals/{GOAL}/"):
        page = Client().get(one).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_a_goal_shows_an_answer_to_a_campaign_once(receipt):
    rows, campaign = alike(3)
    Submission.objects.filter(pk__in=[row.pk for row in rows]).update(
        goal=DevelopmentGoal.objects.get(code=GOAL)
    )
    answered(campaign, text_th=ANSWER)
    assert text(Client().get(f"/goals/{GOAL}/")).count(ANSWER) == 1
    assert ANSWER in text(Client().get(f"/comments/{rows[1].reference}/"))


def test_a_goal_asks_as_often_for_three_answers_as_for_one(django_assert_num_queries, receipt):
    answered(receipt.submission)
    with django_assert_num_queries(13):
        Client().get(f"/goals/{GOAL}/")
    for _ in range(2):
        answered(submission("published", goal=GOAL, body=unlike()))
    with django_assert_num_queries(13):
        Client().get(f"/goals/{GOAL}/")


def test_the_export_says_when_and_how_each_was_answered(receipt):
    blank = submission("published", body=unlike())
    answered(receipt.submission, at=MOMENT)
    answered(receipt.submission, at=MOMENT, outcome="outside")
    file = io.BytesIO()
    download.write_submissions(Submission.objects.all(), file)
    rows = {row["reference"]: row for row in csv.DictReader(io.StringIO(file.getvalue().decode("utf-8-sig")))}
    said = rows[receipt.submission.reference]
    assert (said["answered_at"], said["answer_outcome"]) == ("2023-03-03T12:00:00+07:00", "outside")
    assert (rows[blank.reference]["answered_at"], rows[blank.reference]["answer_outcome"]) == ("", "")
