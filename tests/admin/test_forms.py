from datetime import UTC, date, datetime

import pytest

from comments.admin.date_fields import DayField, MomentField
from comments.models import Meeting, Plan, RejectionReason, Sector
from tests.admin.staff import signed_in, text
from tests.factories import submission

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "typed", ["23/02/2565", "23/02/2022", "2022-02-23", "2565-02-23", "๒๓/๐๒/๒๕๖๕", "23 ก.พ. 2565"]
)
def test_a_day_is_read_in_both_eras(typed):
    assert DayField().clean(typed) == date(2022, 2, 23)


def test_a_moment_is_a_day_and_a_time_in_bangkok():
    moment = datetime(2022, 2, 23, 2, 30, tzinfo=UTC)
    field = MomentField()
    assert field.clean(["23/02/2565", "09:30"]) == moment
    drawn = field.widget.render("opens_at", moment)
    assert 'value="23/02/2565"' in drawn
    assert 'value="09:30"' in drawn
    assert not field.has_changed(moment, ["23/02/2565", "09:30"])
    assert field.has_changed(moment, ["24/02/2565", "09:30"])


def plan_form(client, **changes):
    initial = client.get(f"/admin/comments/plan/{Plan.objects.get().pk}/change/").context["adminform"].form
    data = {}
    for name, bound in initial.fields.items():
        value = initial[name].value()
        if isinstance(bound, MomentField):
            day, clock = bound.widget.decompress(value)
            data |= {f"{name}_0": day.isoformat() if day else "", f"{name}_1": clock or ""}
        else:
            data[name] = "" if value is None else value
    return data | changes


def test_a_plan_is_opened_and_closed_by_buddhist_dates():
    client, plan = signed_in("planner"), Plan.objects.get()
    address = f"/admin/comments/plan/{plan.pk}/change/"
    changes = {"closes_at_0": "31/03/2570", "closes_at_1": "16:30", "summary_due_on": "30/04/2570"}
    assert client.post(address, plan_form(client, **changes)).status_code == 302
    stored = Plan.objects.get()
    assert stored.closes_at == datetime(2027, 3, 31, 9, 30, tzinfo=UTC)
    assert (stored.opens_at, stored.summary_due_on) == (plan.opens_at, date(2027, 4, 30))
    assert "31 มีนาคม 2570" in text(client.get("/admin/comments/plan/"))


def test_a_date_that_is_none_is_told_beside_its_field():
    client = signed_in("planner")
    address = f"/admin/comments/plan/{Plan.objects.get().pk}/change/"
    for none in ("31/02/2565", "01/01/0001"):
        response = client.post(address, plan_form(client, summary_due_on=none))
        assert response.status_code == 200
        assert "โปรดระบุวันที่" in text(response)


@pytest.mark.parametrize(
    ("model", "row"),
    [
        ("plan", Plan.objects.get),
        ("meeting", Meeting.objects.get),
        ("sector", lambda: Sector.objects.get(key="citizen")),
        ("rejectionreason", lambda: RejectionReason.objects.get(code="off_topic")),
    ],
)
def test_what_submissions_rest_on_is_not_deleted(model, row):
    submission("rejected", meeting=Meeting.objects.get())
    client, kept = signed_in("administrator"), row()
    delete = f"/admin/comments/{model}/{kept.pk}/delete/"
    for response in (client.get(delete), client.post(delete, {"post": "yes"})):
        assert response.status_code == 200
        assert "ไม่ได้ เพราะมีข้อมูลต่อไปนี้ใช้อยู่" in text(response)
        assert 'name="post"' not in response.content.decode()
    assert type(kept).objects.filter(pk=kept.pk).exists()


def test_a_meeting_carries_its_agenda_participants_attendance_and_documents():
    response = signed_in("planner").get(f"/admin/comments/meeting/{Meeting.objects.get().pk}/change/")
    prefixes = {formset.formset.prefix for formset in response.context["inline_admin_formsets"]}
    assert prefixes == {"agenda", "participants", "attendance", "documents"}


def test_nothing_is_deleted_in_bulk():
    client = signed_in("administrator")
    for model in ("developmentgoal", "sector", "agency", "district"):
        assert "delete_selected" not in client.get(f"/admin/comments/{model}/").content.decode()
