"""The published opinions: the list, and each at its own address."""

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
from comments.views.paging import RANKED, Page, page, ranked_page
from comments.views.stale import may_be_old


@require_safe
@public(max_age=30, heeds_arrivals=False)
@floods.of_searches
@may_be_old
def comments(request: HttpRequest) -> HttpResponse:
    """List published opinions by filter, order and page; a campaign once, unless its members are asked for."""
    plan = current_plan()
    form = FilterForm(request.GET, plan=plan)
    context = {"form": form, "plan": plan, "is_open": plan.is_accepting()}
    if not form.is_valid():
        return render(request, "submissions/list.html", context, status=400)
    rows, cursor = form.narrow(Submission.objects.published()), request.GET.get("after", "")
    heard = _heard(form, rows)
    context |= {
        "chips": form.chips(),
        "heard": heard,
        "common": form.cleaned_data["campaign"],
        "page": _best(form, rows, cursor) if form.order == RANKED else _by_column(form, rows, cursor),
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


def _heard(form: FilterForm, rows: SubmissionQuerySet) -> tally.Heard:
    if form.is_narrowed:
        return tally.heard_up_to(rows, tally.MOST_COUNTED)
    # Beside every page of a list of a million it would take longer than all the rest.
    return remembering.of_shown(lambda: tally.heard(rows), "heard", form.plan.pk)


def _replies(row: Submission, cursor: str) -> Page:
    if not row.reply_count:
        return Page([], "")
    return page(Submission.everything.published_replies_to(row).with_labels(), "oldest", cursor)


def once_each(rows: SubmissionQuerySet) -> SubmissionQuerySet:
    """Return those of `rows` that a list shows, each with the number of others that say the same."""
    return rows.one_of_each_campaign().with_card().annotate(alike=tally.alike(rows))


def in_order(form: FilterForm, rows: SubmissionQuerySet) -> tuple[SubmissionQuerySet, str]:
    """Return the narrowed `rows` as their order needs them, and the name of that order for paging."""
    if not form.is_search:
        return rows, form.order
    if form.order in SORTS_BY_COUNTER:
        return form.narrow(Submission.objects.published(), row_by_row=True), form.order
    return rows, f"found-{form.order}"


def _by_column(form: FilterForm, rows: SubmissionQuerySet, cursor: str) -> Page:
    rows, order = in_order(form, rows)
    return page(rows.with_labels() if form.cleaned_data["campaign"] else once_each(rows), order, cursor)


def _best(form: FilterForm, rows: SubmissionQuerySet, cursor: str) -> Page:
    published = Submission.objects.published()
    keys = search.best_first(form.within(published), form.query, audience="public")
    if form.cleaned_data["campaign"]:
        return ranked_page(published.with_labels(), keys, cursor)
    once = published.with_labels().annotate(alike=tally.alike(rows))
    return ranked_page(once, _best_of_each_campaign(keys), cursor)


def _best_of_each_campaign(keys: list[int]) -> list[int]:
    """Return `keys` without those of which the campaign has one before."""
    campaigns = Submission.objects.filter(pk__in=keys, campaign__isnull=False).values_list("pk", "campaign")
    campaign_of = dict(campaigns)
    first: dict[tuple[str, int], int] = {}
    for key in keys:
        first.setdefault(("of", campaign_of[key]) if key in campaign_of else ("alone", key), key)
    return list(first.values())
