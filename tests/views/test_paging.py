import pytest
from django.http import Http404

from comments.models import Submission
from comments.views.paging import ORDERS, page
from tests.factories import submission

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("sort", ORDERS)
def test_a_cursor_needs_no_quoting_in_an_address(monkeypatch, sort):
    monkeypatch.setattr("comments.views.paging.SIZE", 1)
    submission("published"), submission("published")
    cursor = page(Submission.objects.published(), sort, "").next_cursor
    assert cursor
    assert set(cursor) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789~._-")


def test_the_last_page_has_no_cursor():
    submission("published")
    assert page(Submission.objects.published(), "newest", "").next_cursor == ""


def test_a_changed_cursor_is_not_found(monkeypatch):
    monkeypatch.setattr("comments.views.paging.SIZE", 1)
    _older, _newer = submission("published"), submission("published")
    cursor = page(Submission.objects.published(), "newest", "").next_cursor
    with pytest.raises(Http404):
        page(Submission.objects.published(), "newest", cursor.replace("newest", "oldest"))
