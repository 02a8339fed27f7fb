"""The interface for programs: goals, meetings, published opinions and numbers of the current plan, to be read only."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import override

from comments import references, tally
from comments.exports import csv_file, open_data
from comments.exports.open_data import GOALS, MEETINGS, OPINIONS, TALLIES, Dataset
from comments.forms import FilterForm
from comments.limits import TooManyTriesError
from comments.models import Submission
from comments.views import api_description, floods
from comments.views.caching import public
from comments.views.comments import in_order
from comments.views.current import current_plan
from comments.views.open_data import MAX_AGE, for_programs
from comments.views.paging import RANKED, page
from comments.views.stale import may_be_old

MOST_ROWS, USUAL_ROWS = 100, 20
_METHODS = ("GET", "HEAD", "OPTIONS")

Answer = dict[str, Any]


def answers(view: Callable[..., Answer]) -> Callable[..., HttpResponseBase]:
    """Answer in JSON that pages of other sites may read: what `view` returns, or what is wrong with the request."""

    @public(max_age=MAX_AGE)
    @may_be_old
    def found(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            with override("en"):
                return _json(view(request, *args, **kwargs))
        except TooManyTriesError as error:
            refusal = {"error": {"status": 429, "message": "too many searches; see Retry-After"}}
            return floods.later(_json(refusal, status=429), error)
        except Http404 as error:
            return _json({"error": {"status": 404, "message": str(error)}}, status=404)
        except BadRequest as error:
            return _json(
                {"error": {"status": 400, "message": str(error), "fields": error.args[1]}}, status=400
            )

    @wraps(view)
    def answer(request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method not in _METHODS:
            response = _json({"error": {"status": 405, "message": "only GET"}}, status=405)
            response["Allow"] = ", ".join(_METHODS)
            return response
        if request.method == "OPTIONS":
            response = HttpResponse(status=204, headers={"Allow": ", ".join(_METHODS)})
            response["Access-Control-Allow-Methods"] = ", ".join(_METHODS)
            response["Access-Control-Allow-Headers"] = "If-None-Match"
            for_programs(response)
            return response
        return found(request, *args, **kwargs)

    return answer


def _json(answer: Answer, status: int = 200) -> HttpResponse:
    response = JsonResponse(answer, status=status, json_dumps_params={"ensure_ascii": False})
    response["Access-Control-Allow-Origin"] = "*"
    return response


@answers
def index(request: HttpRequest) -> Answer:
    """Name what there is."""
    names = ("goals", "meetings", "opinions", "tallies", "openapi")
    return {name: request.build_absolute_uri(reverse(f"api_{name}")) for name in names}


@answers
def openapi(request: HttpRequest) -> Answer:
    """Describe this interface for programs that write programs."""
    return api_description.document(request.build_absolute_uri(reverse("api")))


@answers
def goals(request: HttpRequest) -> Answer:
    """Give every goal of the current plan."""
    return _all_of(GOALS)


@answers
def goal(request: HttpRequest, code: str) -> Answer:
    """Give one goal."""
    for row in GOALS.rows(current_plan()):
        if row.code == code:
            return GOALS.row(row)
    raise Http404("no such goal")


@answers
def meetings(request: HttpRequest) -> Answer:
    """Give every meeting of the current plan."""
    return _all_of(MEETINGS)


@answers
def tallies(request: HttpRequest) -> Answer:
    """Give the numbers of the results page, all of one moment."""
    with csv_file.snapshot():
        return _all_of(TALLIES)


def _all_of(dataset: Dataset) -> Answer:
    plan = current_plan()
    return {"plan_year": plan.fiscal_year, dataset.name: [dataset.row(row) for row in dataset.rows(plan)]}


@answers
def opinions(request: HttpRequest) -> Answer:
    """Give a page of the published opinions by filter and order, and where the next page is."""
    if request.GET.get("q"):
        floods.searching(request)
    plan = current_plan()
    form = FilterForm(request.GET, plan=plan)
    # The order by relevance is the list's alone: it changes with every word that is published.
    wrong = {} if form.is_valid() else {name: list(map(str, errors)) for name, errors in form.errors.items()}
    if not wrong and form.order == RANKED:
        wrong = {"sort": ["best is not offered here"]}
    size = _size(request.GET.get("limit", ""), wrong)
    if wrong:
        raise BadRequest("unknown or unfit parameters", wrong)
    narrowed = form.narrow(Submission.objects.published())
    rows, order = in_order(form, narrowed)
    found = page(open_data.with_answers(rows), order, request.GET.get("after", ""), size)
    counted = tally.heard_up_to(narrowed, tally.MOST_COUNTED)
    return {
        "plan_year": plan.fiscal_year,
        "count": counted.opinions,
        "count_is_exact": not counted.is_more,
        "opinions": [OPINIONS.row(row) for row in found.rows],
        "next": _next(request, found.next_cursor),
    }


def _size(asked: str, wrong: dict[str, list[str]]) -> int:
    if not asked:
        return USUAL_ROWS
    if not (asked.isascii() and asked.isdigit() and len(asked) <= 3 and 1 <= int(asked) <= MOST_ROWS):
        wrong["limit"] = [f"a whole number from 1 to {MOST_ROWS}"]
        return USUAL_ROWS
    return int(asked)


def _next(request: HttpRequest, cursor: str) -> str | None:
    if not cursor:
        return None
    asked = request.GET.copy()
    asked["after"] = cursor
    return request.build_absolute_uri(f"{request.path}?{asked.urlencode()}")


@answers
def opinion(request: HttpRequest, reference: str) -> Answer:
    """Give one published opinion."""
    try:
        canonical = references.parse(reference)
    except ValueError:
        raise Http404("not a reference") from None
    for row in open_data.with_answers(Submission.objects.published().filter(reference=canonical)):
        return OPINIONS.row(row)
    raise Http404("no such published opinion")


@answers
def unknown(request: HttpRequest, unknown: str) -> Answer:
    """Say in JSON, too, that there is nothing at an address."""
    raise Http404("no such address")
