from django.utils import translation

from comments import remembering


def test_nothing_is_remembered_unless_it_is_known_as_of_when():
    made = []
    for _ in range(2):
        remembering.of_frame(lambda: made.append(1), "nothing")
    assert len(made) == 2


def test_a_thing_is_made_once_for_a_version_and_a_language():
    newest = 1 + remembering._known[0]
    with remembering.at(newest):
        first = remembering.of_frame(object, "thing")
        assert remembering.of_frame(object, "thing") is first
        assert remembering.of_frame(object, "other thing") is not first
        with translation.override("en"):
            assert remembering.of_frame(object, "thing") is not first
    with remembering.at(newest + 1):
        second = remembering.of_frame(object, "thing")
        assert second is not first
    with remembering.at(newest):
        assert remembering.of_frame(object, "thing") not in (first, second)
