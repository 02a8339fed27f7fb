import itertools

import pytest
from django.template import Context, Template
from django.utils import translation

from comments.models import DevelopmentGoal, District, Submission
from tests.factories import submission

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script> & \"zz-reference-zz\" 'zz-day-zz' zz-words-zz ไม่ได้ " * 12
PATTERN = Template("{% load cards %}{% cards opinions %}")
WHOLE = Template('<li>{% include "submissions/card.html" %}</li>')


def both(submission, **context):
    context |= {"submission": submission, "opinions": [submission]}
    drawn = [template.render(Context(context)) for template in (PATTERN, WHOLE)]
    return [" ".join(text.split()) for text in drawn]


def looks():
    """Yield what a card may differ in, each with each that matters to it."""
    goal, district = DevelopmentGoal.objects.first(), District.objects.first()
    stances = ("", "agree", "disagree", "neutral", "agree_with_changes")
    for stance, of, votes in itertools.product(stances, (None, goal), (0, 12_345)):
        yield {"stance": stance, "goal": of, "agree_count": votes}
    yield from ({"district": district}, {"is_outside_bangkok": True}, {"about": "past_work"})
    for language in ("th", "en", "und"):
        yield {"language": language, "kind": "need", "channel": "sample"}
    yield {"display_name": HOSTILE[:80], "shows_name": True, "redacted_body": HOSTILE}
    yield {"display_name": HOSTILE[:80], "shows_name": False, "edited_body": HOSTILE}


@pytest.mark.parametrize("language", ["th", "en"])
def test_a_card_from_a_pattern_is_the_card_of_the_template(language):
    row = submission("published")
    with translation.override(language):
        for look, is_open in itertools.product(looks(), (True, False)):
            Submission.objects.filter(pk=row.pk).update(**look)
            shown = Submission.objects.with_card().get(pk=row.pk)
            shown.alike = None
            for goal in (None, shown.goal):
                pattern, whole = both(shown, is_open=is_open, goal=goal)
                assert pattern == whole, look
            Submission.objects.filter(pk=row.pk).update(
                **{field: Submission._meta.get_field(field).get_default() for field in look}
                | {"about": "goals", "kind": "opinion"}
            )


def test_hostile_words_are_words():
    row = submission("published", body=HOSTILE)
    shown = Submission.objects.with_card().get(pk=row.pk)
    shown.alike = None
    pattern, whole = both(shown, is_open=True)
    assert pattern == whole
    assert "<script>" not in pattern
