from datetime import UTC, datetime
from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments import campaigns, likeness, moderation, tally
from comments.models import Band, Campaign, Submission
from tests.factories import receive, staff, submission
from tests.text.test_similarity import OTHER, REMARK, TEMPLATE

pytestmark = pytest.mark.django_db
CHANGED = TEMPLATE.replace("สามวัน", "ห้าวัน").replace("รายงาน", "ชี้แจง")


def send(body, **said):
    return receive(body=body, **said).submission


def stored(row):
    return Submission.objects.get(pk=row.pk)


def test_a_text_of_its_own_stands_alone():
    first, second = send(TEMPLATE), send(OTHER)
    assert (stored(first).campaign, stored(second).campaign) == (None, None)
    assert not Campaign.objects.exists()


@pytest.mark.parametrize(
    "copy",
    [TEMPLATE, TEMPLATE.replace(" ", "") + "ครับ", CHANGED, f"{REMARK} {CHANGED}", f"{TEMPLATE}\n{REMARK}"],
)
def test_a_copy_founds_a_campaign_with_what_it_is_a_copy_of(copy):
    first, second = send(TEMPLATE), send(copy)
    assert stored(first).campaign == stored(second).campaign == second.campaign
    assert second.campaign is not None
    assert tally.campaign_sizes(Submission.objects.all()) == {second.campaign.pk: 2}


def test_further_copies_join_it():
    rows = [send(f"{TEMPLATE} {REMARK} {number}") for number in range(8)]
    assert len({stored(row).campaign_id for row in rows}) == 1
    assert Campaign.objects.count() == 1


def test_the_words_stance_and_state_of_a_member_stay_its_own():
    first = send(TEMPLATE, stance="agree")
    second = send(f"{TEMPLATE} {REMARK}", stance="disagree")
    assert (stored(second).body, stored(second).status) == (f"{TEMPLATE} {REMARK}", "pending")
    assert tally.stances(first.plan.submissions.filter(campaign=second.campaign)) == {
        "agree": 1,
        "disagree": 1,
    }


def test_short_texts_are_put_together_only_when_equal():
    send("เห็นด้วยกับเป้าหมายนี้")
    assert send("เห็นด้วยกับเป้าหมายนี้ครับ").campaign is not None
    assert send("เห็นด้วยกับเป้าหมายนั้น").campaign is None


def test_texts_without_a_letter_are_equal_only_to_themselves():
    send("👍👍👍👍👍👍👍👍👍👍👍👍")
    assert send("👎👎👎👎👎👎👎👎👎👎👎👎").campaign is None


def test_the_first_may_be_the_one_that_says_more():
    """Copies with remarks of their own meet through the bare text, although not through each other."""
    first = send(f"{TEMPLATE} {OTHER[:90]}")
    bare = send(TEMPLATE)
    third = send(f"{REMARK} ขอให้ทำจริงภายในปีนี้และรายงานผลให้ชุมชนรู้ทุกเดือน {TEMPLATE}")
    assert {stored(row).campaign_id for row in (first, bare, third)} == {bare.campaign.pk}


def test_campaigns_of_different_plans_stay_apart():
    first = send(TEMPLATE)
    plan = first.plan
    plan.pk, plan.fiscal_year = None, 2568
    plan.save(force_insert=True)
    assert send(CHANGED, plan=plan).campaign is None
    assert send(TEMPLATE, plan=plan).campaign is not None
    assert stored(first).campaign is None


def test_the_same_submit_twice_is_no_campaign():
    first, second = receive(body=TEMPLATE, key="k"), receive(body=TEMPLATE, key="k")
    assert first.submission == second.submission
    assert not Campaign.objects.exists()


def test_opinions_and_distinct_texts_are_counted_apart():
    for body in (TEMPLATE, CHANGED, TEMPLATE, OTHER):
        send(body)
    rows = Submission.objects.all()
    assert (tally.count(rows), tally.distinct_texts(rows)) == (4, 2)


def test_in_the_list_one_published_member_stands_for_all():
    hidden = send(TEMPLATE)
    shown = [submission("published", body=CHANGED), submission("published", body=TEMPLATE)]
    alone = submission("published", body=OTHER)
    listed = Submission.objects.published().one_of_each_campaign()
    assert set(listed) == {shown[0], alone}
    moderation.publish(stored(hidden), actor=staff())
    assert set(Submission.objects.published().one_of_each_campaign()) == {hidden, alone}


def test_the_common_text_is_what_most_sent():
    rows = [send(body) for body in (f"{TEMPLATE} {REMARK}", TEMPLATE, TEMPLATE + " ครับ", CHANGED)]
    assert campaigns.common_text(stored(rows[0]).campaign) == TEMPLATE


def test_the_public_words_come_from_published_members_only():
    campaign = [send(TEMPLATE), send(TEMPLATE)][1].campaign
    published = submission("published", body=f"{TEMPLATE} {REMARK}")
    assert campaigns.representative(campaign.members.published()) == published
    moderation.restore(published, actor=staff())
    assert campaigns.representative(campaign.members.published()) is None


def test_a_member_shows_its_own_additions():
    first, second = send(TEMPLATE), send(f"{TEMPLATE} {REMARK}")
    (span,) = campaigns.own_additions(second, campaigns.common_text(second.campaign))
    assert second.body[span.start : span.end] == REMARK
    assert campaigns.own_additions(first, TEMPLATE) == []


def split(row, reason="คนละเรื่อง"):
    return campaigns.split(stored(row), actor=staff(), reason=reason)


def test_a_split_is_one_event_with_actor_and_reason():
    first, second = send(TEMPLATE), send(CHANGED)
    event = split(second)
    assert stored(second).campaign is None
    assert stored(first).campaign is not None
    assert (event.kind, event.actor, event.note) == ("split", staff(), "คนละเรื่อง")
    assert (event.from_status, event.to_status) == ("pending", "pending")


def test_what_was_split_off_never_returns():
    first, second = send(TEMPLATE), send(CHANGED)
    old = stored(first).campaign
    split(second)
    newcomers = [send(TEMPLATE), send(CHANGED), send(f"{CHANGED} {REMARK}")]
    assert stored(newcomers[0]).campaign == old
    assert stored(second).campaign == stored(newcomers[1]).campaign == stored(newcomers[2]).campaign != old


def test_a_campaign_is_still_found_when_its_first_member_was_split_off():
    first, second, third = send(TEMPLATE), send(f"{TEMPLATE} {REMARK}"), send(f"{TEMPLATE} {REMARK} ขอบคุณมาก")
    campaign = stored(third).campaign
    split(first)
    assert send(f"{REMARK} {TEMPLATE} {REMARK} ขอบคุณมากนะ").campaign == campaign == stored(second).campaign


def test_a_split_needs_a_reason_and_a_campaign():
    first = send(TEMPLATE)
    with pytest.raises(ValueError, match="reason"):
        split(first, " ")
    with pytest.raises(campaigns.NotAMemberError):
        split(first)


def test_joining_asks_the_same_number_of_questions_however_large_the_campaign():
    def asked(body):
        with CaptureQueriesContext(connection) as queries:
            send(body)
        return len(queries)

    send(TEMPLATE)
    send(CHANGED)
    few = asked(f"{TEMPLATE} {REMARK}")
    for number in range(30):
        send(f"{TEMPLATE} {REMARK} ครั้งที่ {number}")
    assert asked(f"{TEMPLATE} {REMARK} อีก") == few


def test_a_campaign_files_few_of_its_members():
    for number in range(30):
        send(f"{TEMPLATE} {REMARK} ครั้งที่ {number}")
    assert Band.objects.values("submission").distinct().count() <= 4


def test_no_more_than_fifty_are_looked_at(monkeypatch):
    looked_at = []
    real = campaigns.similarity.Sketch.nearness
    monkeypatch.setattr(
        campaigns.similarity.Sketch,
        "nearness",
        lambda one, other: looked_at.append(one) or min(0.1, real(one, other)),
    )
    for number in range(60):
        send(f"{TEMPLATE} {REMARK} ครั้งที่ {number}")
    looked_at.clear()
    send(f"{TEMPLATE} {REMARK} อีกครั้ง")
    assert len(looked_at) == likeness.MOST_LOOKED_AT


def test_a_campaign_begins_when_its_second_member_comes():
    at = datetime(2023, 9, 1, tzinfo=UTC)
    send(TEMPLATE)
    row = send(TEMPLATE)
    row.refresh_from_db()
    assert row.campaign.founded_at == row.received_at > at


def store_as_before(*bodies):
    """Return submissions as they stood when there were no campaigns yet: filed, and alone."""
    sent = [send(body).pk for body in bodies]
    Submission.objects.filter(pk__in=sent).update(campaign=None, fingerprint="")
    Band.objects.filter(submission__in=sent).delete()
    import_module("comments.migrations.0003_file_what_is_there").file_what_is_there(apps, None)
    return [Submission.objects.get(pk=pk) for pk in sent]


def groups(rows):
    return [stored(row).campaign_id for row in rows]


def test_what_was_stored_before_campaigns_were_is_put_together():
    rows = store_as_before(TEMPLATE, OTHER, f"{TEMPLATE} {REMARK}", TEMPLATE, CHANGED)
    assert groups(rows) == [None] * 5
    before = tally.totals(Submission.objects.all())
    assert sum(campaigns.gather(batch=2)) > 0
    first, other, *rest = groups(rows)
    assert first is not None
    assert (other, set(rest)) == (None, {first})
    assert tally.totals(Submission.objects.all()) == before
    assert stored(rows[0]).campaign.founded_at >= rows[0].received_at
    assert sum(campaigns.gather()) == 0


def test_the_command_puts_together_only_when_asked(capsys):
    rows = store_as_before(TEMPLATE, TEMPLATE)
    call_command("reread_submissions")
    assert groups(rows) == [None, None]
    call_command("reread_submissions", campaigns=True, batch=1)
    assert groups(rows)[0] == groups(rows)[1] is not None
    assert "1 put with their like" in capsys.readouterr().out


def test_what_was_split_off_is_neither_moved_nor_joined():
    first, second, third = (send(TEMPLATE) for _ in range(3))
    for row in (first, second, third):
        campaigns.split(stored(row), actor=staff(), reason="not the same")
    (old,) = store_as_before(TEMPLATE)
    Submission.objects.update(campaign=None)
    assert sum(campaigns.gather()) == 0
    assert groups([first, second, third, old]) == [None] * 4


def test_an_old_text_finds_the_campaign_that_later_ones_founded():
    first, second = store_as_before(TEMPLATE, CHANGED)
    Submission.objects.filter(pk=second.pk).update(campaign=Campaign.objects.create(plan=second.plan))
    assert sum(campaigns.gather()) == 1
    assert groups([first])[0] == groups([second])[0] is not None


def test_those_put_together_later_are_filed_as_sparsely_as_the_others():
    rows = store_as_before(*[f"{TEMPLATE} {REMARK} ครั้งที่ {number}" for number in range(12)])
    sum(campaigns.gather())
    assert len(set(groups(rows))) == 1
    assert Band.objects.values("submission").distinct().count() <= 4
    assert send(f"{TEMPLATE} {REMARK} อีกครั้ง").campaign_id == groups(rows)[0]


def test_a_campaign_is_never_deleted():
    campaign = [send(TEMPLATE), send(TEMPLATE)][1].campaign
    with pytest.raises(TypeError, match="split off"):
        campaign.delete()
