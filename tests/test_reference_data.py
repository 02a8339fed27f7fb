from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from comments import reference_data
from comments.models import (
    DevelopmentGoal,
    District,
    DistrictGroup,
    Meeting,
    Plan,
    Sector,
    Strategy,
)

pytestmark = pytest.mark.django_db


def test_all_of_the_source_is_there():
    assert District.objects.count() == 50
    assert DistrictGroup.objects.count() == 6
    assert Strategy.objects.filter(parent=None).count() == 7
    assert Strategy.objects.exclude(parent=None).count() == 29
    assert DevelopmentGoal.objects.count() == 41
    assert all(goal.is_sample for goal in DevelopmentGoal.objects.all())
    assert set(Sector.objects.values_list("key", flat=True)) == {
        "citizen",
        "government",
        "external_agency",
        "academic",
    }


def test_districts_stand_in_thai_order():
    first, *_, last = District.objects.all()
    assert (first.title_th, last.title_th) == ("คลองเตย", "ห้วยขวาง")
    assert list(District.objects.values_list("thai_rank", flat=True)) == list(range(1, 51))


def test_meeting_is_told_as_the_source_tells_it():
    meeting = Meeting.objects.get()
    assert (str(meeting.held_on), meeting.mode) == ("2022-02-23", "online")
    assert meeting.mode_note_th == "ออนไลน์ผ่านสื่ออิเล็กทรอนิกส์"
    chair, participant, *groups = meeting.participants.all()
    assert (chair.name_th, chair.position_th, chair.role) == (
        "นายเกรียงยศ สุดลาภา",
        "รองผู้ว่าราชการกรุงเทพมหานคร",
        "chair",
    )
    assert participant.name_th == "นายขจิต ชัชวานิชย์"
    assert len(groups) == 5
    assert [item.kind for item in meeting.agenda.all()] == ["panel", "presentation", "open_forum"]
    assert len(meeting.purpose_th.splitlines()) == 3
    assert not meeting.attendance.exists()


def test_loading_again_changes_nothing():
    changes = reference_data.load()
    assert not changes.created
    assert not changes.updated
    assert changes.unchanged["District"] == 50


def test_facts_are_mended_and_what_staff_decided_is_kept():
    District.objects.filter(code="1001").update(population=1)
    Plan.objects.update(question_th="ถามใหม่")
    Sector.objects.filter(key="academic").update(is_active=False)
    out = StringIO()
    call_command("load_reference", stdout=out)
    assert "District: 0 created, 1 updated, 49 unchanged" in out.getvalue()
    assert District.objects.get(code="1001").population == 43062
    assert Plan.objects.get().question_th == "ถามใหม่"
    assert not Sector.objects.get(key="academic").is_active


def test_every_district_has_inhabitants():
    district = District.objects.get(code="1001")
    district.population = 0
    with pytest.raises(ValidationError, match="population"):
        district.full_clean()
