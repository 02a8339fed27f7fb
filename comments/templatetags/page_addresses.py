"""The addresses of a page: in the other language, in full, and with one filter less."""

from typing import NamedTuple

from django import template
from django.http import HttpRequest, QueryDict
from django.template import RequestContext
from django.utils.encoding import escape_uri_path
from django.utils.translation import get_language

register = template.Library()

ENGLISH = "/en"
# The addresses that the navigation leads to.
SECTIONS = frozenset({"goals", "meetings", "comments", "results", "receipt"})


class Addresses(NamedTuple):
    """The full addresses of one page in Thai and in English, that of the active language, and of our site."""

    th: str
    en: str
    own: str
    host: str


def in_language(path: str, language: str) -> str:
    """Return the path of the same page in a language: Thai at /, English at /en/."""
    bare = path[len(ENGLISH) :] if path == ENGLISH or path.startswith(f"{ENGLISH}/") else path
    return f"{ENGLISH}{bare or '/'}" if language == "en" else bare or "/"


@register.simple_tag(takes_context=True)
def switch_language(context: RequestContext) -> str:
    """Return this page and its query in the language that is not active."""
    request: HttpRequest = context["request"]
    other = "th" if (get_language() or "").startswith("en") else "en"
    query = request.META.get("QUERY_STRING", "")
    return in_language(request.path, other) + (f"?{query}" if query else "")


@register.simple_tag(takes_context=True)
def addresses(context: RequestContext) -> Addresses:
    """Return this page's full addresses without its query."""
    request: HttpRequest = context["request"]
    host, path = f"{request.scheme}://{request.get_host()}", escape_uri_path(request.path)
    th, en = (host + in_language(path, language) for language in ("th", "en"))
    return Addresses(th, en, en if get_language() == "en" else th, host)


@register.simple_tag(takes_context=True)
def section(context: RequestContext) -> str:
    """Return the name of the section of the navigation that this page lies in; empty for none."""
    request: HttpRequest | None = context.get("request")
    name, slash, _rest = in_language(request.path_info, "th")[1:].partition("/") if request else ("", "", "")
    return name if slash and name in SECTIONS else ""


@register.simple_tag(takes_context=True)
def query_without(context: RequestContext, *names: str) -> str:
    """Return this page's query without some of its parameters, and without empty ones."""
    return f"?{_without(context, *names).urlencode()}"


@register.simple_tag(takes_context=True)
def is_under(context: RequestContext, path: str) -> bool:
    """Tell whether this page lies at or below a path."""
    request: HttpRequest = context["request"]
    return request.path.startswith(path)


@register.simple_tag(takes_context=True)
def next_page(context: RequestContext, cursor: str) -> str:
    """Return this page's query with the cursor of the page that follows."""
    return _from_the_start(context, after=cursor)


@register.simple_tag(takes_context=True)
def alike_query(context: RequestContext, campaign: int) -> str:
    """Return this page's query, from the first page, narrowed to the members of a campaign."""
    return _from_the_start(context, campaign=str(campaign))


def _from_the_start(context: RequestContext, **more: str) -> str:
    query = _without(context, "after")
    for name, value in more.items():
        query[name] = value
    return f"?{query.urlencode()}"


def _without(context: RequestContext, *names: str) -> QueryDict:
    request: HttpRequest = context["request"]
    kept = QueryDict(mutable=True)
    for name, values in request.GET.lists():
        if name not in names and any(values):
            kept.setlist(name, values)
    return kept
