import pytest
from django.template import Context
from django.test import RequestFactory
from django.utils import translation

from comments.templatetags.page_addresses import (
    alike_query,
    in_language,
    next_page,
    query_without,
    switch_language,
)


def at(address):
    return Context({"request": RequestFactory().get(address)})


@pytest.mark.parametrize(
    ("path", "thai", "english"),
    [
        ("/", "/", "/en/"),
        ("/en/", "/", "/en/"),
        ("/goals/", "/goals/", "/en/goals/"),
        ("/en/goals/", "/goals/", "/en/goals/"),
        ("/entry/", "/entry/", "/en/entry/"),
    ],
)
def test_each_page_lies_at_one_address_in_each_language(path, thai, english):
    assert (in_language(path, "th"), in_language(path, "en")) == (thai, english)


def test_the_switch_keeps_the_query():
    with translation.override("en"):
        assert switch_language(at("/en/comments/?q=น้ำ&sort=oldest")).startswith("/comments/?q=")


def test_a_query_loses_what_is_named_and_what_is_empty():
    assert query_without(at("/?q=a&goal=&sort=oldest"), "sort") == "?q=a"
    assert query_without(at("/?q=a"), "q") == "?"


def test_the_next_page_keeps_the_filters_and_replaces_the_cursor():
    assert next_page(at("/?q=a&after=old"), "new") == "?q=a&after=new"


def test_the_members_of_a_campaign_are_asked_from_the_first_page_with_the_filters_kept():
    assert alike_query(at("/?q=a&after=old"), 7) == "?q=a&campaign=7"
    assert alike_query(at("/?campaign=1"), 7) == "?campaign=7"
