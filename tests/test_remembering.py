from django.utils import translation

from comments import remembering


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
