"""The published opinions: the list, and each at its own address."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from comments import moderation, references, tally
from comments.forms import FilterForm
from comments.models import Submission
from comments.models.submissions import SubmissionQuerySet
from comments.views.current import current_plan
from comments.views.paging import page


@require_safe
def comments(request: HttpRequest) -> HttpResponse:
    """List published opinions by filter, order and page; a campaign once, unless its members are asked for."""
    plan = current_plan()
    form = FilterForm(request.GET, plan=plan)
    context = {"form": form, "plan": plan, "is_open": plan.is_accepting()}
    if not form.is_valid():
        return render(request, "submissions/list.html", context, status=400)
    rows = form.narrow(Submission.objects.published())
    cursor, common = request.GET.get("after", ""), form.cleaned_data["campaign"]
    sort = form.cleaned_data["sort"] or "newest"
    order = f"found-{sort}" if form.cleaned_data["q"] and sort in {"newest", "oldest"} else sort
    listed = rows.with_labels() if common else once_each(rows)
    found = page(listed, order, cursor)
    context |= {
        "chips": form.chips(),
        "heard": tally.heard(rows),
        "common": common,
        "page": found,
        "is_later_page": bool(cursor),
    }
    return render(request, "submissions/list.html", context)


@require_safe
def comment(request: HttpRequest, reference: str) -> HttpResponse:
    """Show one published opinion; an address as a person may type it leads to the right one."""
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
    return render(request, "submissions/detail.html", {"submission": row, "covered": kinds})


def once_each(rows: SubmissionQuerySet) -> SubmissionQuerySet:
    """Return those of `rows` that a list shows, each with the number of others that say the same."""
    return rows.one_of_each_campaign().with_labels().annotate(alike=tally.alike(rows))
