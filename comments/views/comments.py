"""The published opinions: the list, and each at its own address."""

from collections.abc import Hashable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from comments import answering, moderation, references, remembering, search, tally
from comments.forms import FilterForm
from comments.forms.choices import SORTS_BY_COUNTER
from comments.models import Submission
from comments.models.submissions import SubmissionQuerySet
from comments.text.query import parse
from comments.views import floods
from comments.views.caching import public
from comments.views.current import current_plan
from comments.views.listing import listed, once_each
from comments.views.paging import RANKED, Page, page, ranked_page
from comments.views.stale import may_be_old

# Of narrowed lists, kept until something is changed that is shown.
_MOST_COUNTS = 1_000


@require_safe
@public(max_age=30, heeds_arrivals=False)
@floods.of_searches
@may_be_old
def comments(request: HttpRequest) -> HttpResponse:
    """List published opinions by filter, order and page; a campaign once, unless its members are asked for."""
    plan = current_plan()
    form = FilterForm.of(request.GET, plan=plan)
    context = {"form": form, "plan": plan, "is_open": plan.is_accepting()}
    if not form.is_valid():
        return render(request, "submissions/list.html", context, status=400)
    cursor, heard = request.GET.get("after", ""), _heard(form)
    context |= {
        "chips": form.chips(),
        "heard": heard,
        "common": form.cleaned_data["campaign"],
        "page": _best(form, cursor) if form.order == RANKED else _by_column(form, cursor),
        "is_later_page": bool(cursor),
        "query": form.query,
        "notes": form.notes(),
        "goals": [] if cursor or not form.query else search.suggest_goals(form.query, plan),
        "ranked": search.MOST_RANKED if form.order == RANKED and heard.opinions > search.MOST_RANKED else 0,
    }
    return render(request, "submissions/list.html", context)


@require_safe
@public(max_age=30, heeds_arrivals=False)
def comment(request: HttpRequest, reference: str) -> HttpResponse:
    """Show one published opinion and its replies; an address as a person may type it leads to the right one.

    Whoever comes from a search brings it along as `q`, and finds its words marked.
    """
    try:
        canonical = references.parse(reference)
    except ValueError:
        raise Http404("not a reference") from None
    row = get_object_or_404(Submission.objects.published().with_labels(), reference=canonical)
    if reference != canonical:
        return redirect(row)
    # Asked only where something is covered; each kind is named once, in the order of the text.
    covered = moderation.redactions(row) if row.redacted_body else []
    kinds = list(dict.fromkeys(one.get_reason_display() for one in covered))
    context = {
        "submission": row,
        "covered": kinds,
        "files": row.attachments.published(),
        "answer": answering.answer_to(row),
        "query": parse(request.GET.get("q", "")),
        "replies": _replies(row, request.GET.get("after", "")),
        "is_later_page": "after" in request.GET,
        "is_open": row.plan.is_accepting(),
    }
    return render(request, "submissions/detail.html", context)


def _found(form: FilterForm) -> SubmissionQuerySet:
    return form.narrow(Submission.objects.published())


def _heard(form: FilterForm) -> tally.Heard:
    if form.is_search or form.cleaned_data["campaign"]:
        return tally.heard_up_to(_found(form), tally.MOST_COUNTED)
    if not form.is_narrowed:
        return remembering.of_shown(lambda: tally.heard_on(form.plan), "heard", form.plan.pk)
    counted: dict[Hashable, tally.Heard] = remembering.of_shown(dict, "heard", "narrowed")
    if (heard := counted.get(form.key)) is None:
        heard = tally.heard_up_to(_found(form), tally.MOST_COUNTED)
        if len(counted) < _MOST_COUNTS:
            counted[form.key] = heard
    return heard


def _replies(row: Submission, cursor: str) -> Page:
    if not row.reply_count:
        return Page([], "")
    return page(Submission.everything.published_replies_to(row).with_labels(), "oldest", cursor)


def in_order(form: FilterForm, rows: SubmissionQuerySet) -> tuple[SubmissionQuerySet, str]:
    """Return the narrowed `rows` as their order needs them, and the name of that order for paging."""
    if not form.is_search:
        return rows, form.order
    if form.order in SORTS_BY_COUNTER:
        return form.narrow(Submission.objects.published(), row_by_row=True), form.order
    return rows, f"found-{form.order}"


def _by_column(form: FilterForm, cursor: str) -> Page:
    def rows() -> SubmissionQuerySet:
        return _found(form)

    if form.cleaned_data["campaign"]:
        return page(*in_order(form, rows().with_labels()), cursor)
    if form.is_search:
        found, order = in_order(form, rows())
        shown = page(once_each(found), order, cursor)
    else:
        shown = page(lambda: once_each(rows()), form.order, cursor, key=form.key)
    return Page(listed(shown.rows, rows), shown.next_cursor)


def _best(form: FilterForm, cursor: str) -> Page:
    published = Submission.objects.published()
    keys = search.best_first(form.within(published), form.query, audience="public")
    if form.cleaned_data["campaign"]:
        return ranked_page(published.with_labels(), keys, cursor)
    found = ranked_page(published.with_card(), _best_of_each_campaign(keys), cursor)
    return Page(listed(found.rows, lambda: _found(form)), found.next_cursor)


def _best_of_each_campaign(keys: list[int]) -> list[int]:
    """Return `keys` without those of which the campaign has one before."""
    campaigns = Submission.objects.filter(pk__in=keys, campaign__isnull=False).values_list("pk", "campaign")
    campaign_of = dict(campaigns)
    first: dict[tuple[str, int], int] = {}
    for key in keys:
        first.setdefault(("of", campaign_of[key]) if key in campaign_of else ("alone", key), key)
    return list(first.values())
