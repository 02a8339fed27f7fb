import pytest
from django.template import Context, Template
from django.utils import translation

from comments import remembering
from comments.forms import FilterForm, GoalOpinionsForm, kept
from comments.models import Plan


def test_nothing_is_remembered_unless_it_is_known_as_of_when():
    made = []
    for _ in range(2):
        remembering.of_frame(lambda: made.append(1), "nothing")
    assert len(made) == 2


def test_a_thing_is_made_once_for_a_version_and_a_language():
    newest = 1 + remembering._frame._known[0]
    with remembering.at((newest, 0)):
        first = remembering.of_frame(object, "thing")
        assert remembering.of_frame(object, "thing") is first
        assert remembering.of_frame(object, "other thing") is not first
        with translation.override("en"):
            assert remembering.of_frame(object, "thing") is not first
    with remembering.at((newest + 1, 0)):
        second = remembering.of_frame(object, "thing")
        assert second is not first
    with remembering.at((newest, 0)):
        assert remembering.of_frame(object, "thing") not in (first, second)


def test_what_is_shown_may_change_without_the_reference_rows():
    frame, shown = 1 + remembering._frame._known[0], 1 + remembering._shown._known[0]
    with remembering.at((frame, shown)):
        framed, counted = remembering.of_frame(object, "a"), remembering.of_shown(object, "a")
        assert remembering.of_shown(object, "a") is counted
    with remembering.at((frame, shown + 1)):
        assert remembering.of_frame(object, "a") is framed
        assert remembering.of_shown(object, "a") is not counted


@pytest.mark.django_db
def test_a_form_that_asks_only_for_what_is_offered_is_checked_once():
    with remembering.at((1 + remembering._frame._known[0], 0)):
        plan = Plan.objects.current()
        chosen = FilterForm.of({"sector": "citizen", "page": "1"}, plan=plan)
        assert FilterForm.of({"sector": "citizen", "page": "2"}, plan=plan) is chosen
        assert FilterForm.of({"sector": "private"}, plan=plan) is not chosen
        for asked in ({"q": "น้ำ"}, {"sector": "nobody"}):
            assert FilterForm.of(asked, plan=plan) is not FilterForm.of(asked, plan=plan)


@pytest.mark.django_db
def test_there_is_an_end_to_how_many_forms_are_kept(monkeypatch):
    monkeypatch.setattr(kept, "MOST", 1)
    with remembering.at((1 + remembering._frame._known[0], 0)):
        first, second = GoalOpinionsForm.of({"sort": "oldest"}), GoalOpinionsForm.of({"sort": "newest"})
        assert GoalOpinionsForm.of({"sort": "oldest"}) is first
        assert GoalOpinionsForm.of({"sort": "newest"}) is not second


def test_a_piece_of_what_is_shown_is_drawn_anew_when_that_changes():
    piece = Template("{% load pieces %}{% once_shown name %}{{ number }}{% endonce_shown %}")

    def drawn(**values):
        return piece.render(Context(values))

    frame, shown = 1 + remembering._frame._known[0], 1 + remembering._shown._known[0]
    with remembering.at((frame, shown)):
        assert (drawn(name="a", number=1), drawn(name="a", number=2), drawn(name="b", number=3)) == (
            "1",
            "1",
            "3",
        )
        with translation.override("en"):
            assert drawn(name="a", number=4) == "4"
    with remembering.at((frame, shown + 1)):
        assert drawn(name="a", number=5) == "5"
