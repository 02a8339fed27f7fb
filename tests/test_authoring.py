import csv
import io
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from comments import authoring, campaigns, moderation, search
from comments.exports import download
from comments.limits import TooManyTriesError
from comments.models import Band, Contact, ErasureRequest, Submission, SubmissionVersion
from comments.text import similarity
from tests.factories import BODY, receive, staff, submission, unlike
from tests.test_redaction import BODY as WITH_ID
from tests.test_redaction import SPAN

pytestmark = pytest.mark.django_db

OTHER = "ขอเปลี่ยนเป็นเรื่องไฟส่องสว่างริมคลองทุกสายในเขตของเรา"


def fresh(row):
    return Submission.objects.get(pk=row.pk)


def found(word):
    return list(search.matching(Submission.objects.all(), word, audience="staff"))


def test_an_edit_is_a_new_version_and_the_words_as_received_stay():
    row = submission()
    assert authoring.edit(row, OTHER) is True
    row = fresh(row)
    assert (row.body, row.words, row.public_body, row.edition) == (BODY, OTHER, OTHER, 2)
    (version,) = row.versions.all()
    assert (version.number, version.body, version.language) == (2, OTHER, "th")
    event = row.events.get(kind="edited")
    assert (event.actor, event.from_status, event.to_status) == (None, "pending", "pending")


def test_an_edit_counts_wherever_words_count():
    row = submission()
    before = row.fingerprint
    authoring.edit(row, "Please put more lamps along the canals of our district")
    row = fresh(row)
    assert row.fingerprint != before
    assert row.language == "en"
    assert (found("lamps"), found("โรงเรียน")) == ([row], [])
    file = io.BytesIO()
    download.write_submissions(Submission.objects.all(), file)
    (exported,) = csv.DictReader(io.StringIO(file.getvalue().decode("utf-8-sig"), newline=""))
    assert (exported["body"], exported["language"]) == (row.words, "en")


def test_the_same_edit_twice_is_one_version_and_so_is_one_with_other_line_ends():
    row = submission()
    authoring.edit(row, f"{OTHER}\r\nจบ")
    assert authoring.edit(row, f"{OTHER}\nจบ") is False
    assert fresh(row).edition == 2
    assert SubmissionVersion.objects.count() == 1


def test_of_two_different_edits_of_the_same_words_the_second_is_told():
    row = submission()
    seen = fresh(row)
    authoring.edit(row, OTHER)
    with pytest.raises(authoring.StaleEditError):
        authoring.edit(seen, BODY + "ครับ")
    assert fresh(row).words == OTHER


def test_a_decision_that_came_first_stops_the_edit():
    row = submission()
    seen = fresh(row)
    moderation.publish(row, actor=staff())
    with pytest.raises(authoring.StaleEditError):
        authoring.edit(seen, OTHER)
    assert fresh(row).words == BODY
    assert not row.events.filter(kind="edited").exists()


@pytest.mark.parametrize("deed", ["publish", "restore", "redact"])
def test_an_edit_that_came_first_stops_what_was_decided_on_the_old_words(deed):
    row = submission()
    seen = fresh(row)
    authoring.edit(row, OTHER)
    deeds = {
        "publish": lambda: moderation.publish(seen, actor=staff()),
        "restore": lambda: moderation.withdraw(seen),
        "redact": lambda: moderation.redact(seen, [(0, 4, "other")], actor=staff()),
    }
    with pytest.raises(moderation.StaleDecisionError):
        deeds[deed]()
    assert (fresh(row).status, fresh(row).public_body) == ("pending", OTHER)


def test_what_was_covered_in_the_old_words_is_covered_in_the_new_ones_no_longer():
    row = receive(body=WITH_ID).submission
    moderation.redact(row, [SPAN], actor=staff())
    authoring.edit(row, OTHER)
    row = fresh(row)
    assert (moderation.redactions(row), row.public_body) == ([], OTHER)
    moderation.redact(row, [(0, 9, "other")], actor=staff())
    assert fresh(row).public_body == "▇▇▇" + OTHER[9:]


def test_new_words_are_checked_for_what_is_never_published():
    row = submission()
    authoring.edit(row, WITH_ID)
    with pytest.raises(moderation.PersonalDataError):
        moderation.publish(fresh(row), actor=staff())


@pytest.mark.parametrize("words", ["สั้น", "ก" * 8_001, "มีอักขระว่าง\x00ในข้อความนี้"])
def test_words_that_could_not_be_received_are_no_edit_either(words):
    row = submission()
    with pytest.raises(ValidationError):
        authoring.edit(row, words)
    assert fresh(row).words == BODY


@pytest.mark.parametrize(
    ("passed", "may"), [(timedelta(hours=24) - timedelta(seconds=1), True), (timedelta(hours=24), False)]
)
def test_the_author_may_edit_for_24_hours_and_both_rules_agree(passed, may):
    at = timezone.now() - timedelta(hours=1)
    row = receive(at=at).submission
    assert row.is_editable(at + passed) is may
    assert Submission.objects.editable(at + passed).exists() is may
    if may:
        assert authoring.edit(row, OTHER, at=at + passed)
    else:
        with pytest.raises(authoring.StaleEditError):
            authoring.edit(row, OTHER, at=at + passed)


@pytest.mark.parametrize("status", ["published", "rejected", "withdrawn"])
def test_only_what_waits_can_be_edited(status):
    row = submission(status)
    assert not row.is_editable()
    assert not Submission.objects.editable().exists()
    with pytest.raises(authoring.StaleEditError):
        authoring.edit(row, OTHER)


def test_an_edit_leaves_its_campaign_and_joins_that_of_its_new_words():
    first, second, other = submission(), submission(), submission(body=OTHER)
    assert fresh(second).campaign == fresh(first).campaign is not None
    authoring.edit(second, OTHER)
    assert fresh(second).campaign == fresh(other).campaign is not None
    assert fresh(second).campaign != fresh(first).campaign
    # The old campaign is still found by those who send its words.
    assert fresh(submission()).campaign == fresh(first).campaign


def test_nobody_joins_an_edited_text_by_the_words_that_it_had():
    words = unlike()
    row = submission(body=words)
    authoring.edit(row, OTHER)
    assert submission(body=f"{words} ด้วยครับ").campaign is None
    assert fresh(submission(body=OTHER)).campaign == fresh(row).campaign is not None


def test_an_edited_text_is_filed_under_its_new_words_only():
    row = submission(body=unlike())
    authoring.edit(row, OTHER)
    filed = Band.objects.filter(submission=row).values_list("number", flat=True)
    assert set(filed) == set(similarity.bands(OTHER, scope=str(row.plan_id)))


def test_one_that_staff_took_out_of_its_campaign_stays_alone():
    _first, second = submission(), submission()
    campaigns.split(fresh(second), actor=staff(), reason="อีกเรื่องหนึ่ง")
    authoring.edit(fresh(second), BODY + "นะ")
    assert fresh(second).campaign is None


def test_wishes_are_stored_encrypted_and_told_by_an_event_without_them():
    row = submission()
    authoring.change_wishes(row, email="b@example.org", phone="", wants_updates=True)
    authoring.change_wishes(row, email="", phone="02 123 4567", wants_updates=True)
    contact = Contact.objects.get()
    assert (contact.email, contact.phone, contact.wants_updates) == ("", "02 123 4567", True)
    assert [event.note for event in row.events.filter(kind="contact_changed")] == ["", ""]


def test_without_an_address_there_is_no_news():
    row = submission(email="a@example.org", wants_updates=True)
    authoring.change_wishes(row, email="", phone="", wants_updates=True)
    assert Contact.objects.get().wants_updates is False


@pytest.mark.parametrize(
    ("status", "after"),
    [
        ("pending", "withdrawn"),
        ("published", "withdrawn"),
        ("rejected", "rejected"),
        ("withdrawn", "withdrawn"),
    ],
)
def test_who_asks_for_erasure_is_shown_to_nobody_at_once(status, after):
    row = submission(status)
    authoring.ask_for_erasure(row)
    authoring.ask_for_erasure(row)
    row = fresh(row)
    assert (row.status, row.body) == (after, BODY)
    assert ErasureRequest.objects.count() == row.events.filter(kind="erasure_asked").count() == 1


def test_both_keys_open_it_and_nothing_else_does():
    receipt, other = receive(), receive(body=OTHER)
    reference = receipt.submission.reference
    assert authoring.open_receipt(reference, receipt.secret) == receipt.submission
    assert authoring.open_receipt(reference, other.secret) is None
    assert authoring.open_receipt("67-0000-0000", receipt.secret) is None


def test_after_five_wrong_secrets_not_even_the_right_one_is_looked_at_for_a_quarter_of_an_hour():
    receipt, at = receive(), timezone.now()
    reference = receipt.submission.reference
    for _ in range(5):
        assert authoring.open_receipt(reference, "wrong", at=at) is None
    with pytest.raises(TooManyTriesError) as refused:
        authoring.open_receipt(reference, receipt.secret, at=at + timedelta(minutes=5))
    assert (refused.value.seconds, refused.value.minutes) == (600, 10)
    assert authoring.open_receipt(reference, receipt.secret, at=at + timedelta(minutes=15))


def test_right_secrets_are_not_counted():
    receipt = receive()
    for _ in range(9):
        assert authoring.open_receipt(receipt.submission.reference, receipt.secret)
