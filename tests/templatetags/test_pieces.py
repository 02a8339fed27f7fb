from django.template import Context, Template
from django.utils import translation

from comments import remembering

PIECE = Template("{% load i18n pieces %}{% once a %}{{ a }}{{ seen }}{% translate 'Goals' %}{% endonce %}")


def drawn(**context):
    return PIECE.render(Context(context))


def test_a_piece_is_drawn_once_for_each_value_and_language():
    with remembering.at((1 + remembering._frame._known[0], 0)), translation.override("en"):
        assert drawn(a="<1>", seen="<first>") == "&lt;1&gt;&lt;first&gt;Goals"
        assert drawn(a="<1>", seen="second") == "&lt;1&gt;&lt;first&gt;Goals"
        assert drawn(a="2", seen="second") == "2secondGoals"
        with translation.override("th"):
            assert drawn(a="<1>", seen="third").startswith("&lt;1&gt;third")
    with remembering.at((2 + remembering._frame._known[0], 0)), translation.override("en"):
        assert drawn(a="2", seen="later") == "2laterGoals"


def test_a_piece_without_a_value_or_a_known_version_is_drawn_each_time():
    assert [drawn(a=1, seen=n)[:2] for n in (1, 2)] == ["11", "12"]
    with remembering.at((1 + remembering._frame._known[0], 0)):
        assert drawn(a=None, seen=1) != drawn(a=None, seen=2)
