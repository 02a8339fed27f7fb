"""The published opinions: the list, and each at its own address."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from comments import references, tally
from comments.forms import FilterForm
from comments.models import Submission
from comments.views.current import current_plan
from comments.views.paging import page


@require_safe
def comments(request: HttpRequest) -> HttpResponse:
    """List published opinions by filter, order and page."""
    plan = current_plan()
    form = FilterForm(request.GET, plan=plan)
    context = {"form": form, "plan": plan, "is_open": plan.is_accepting()}
    if not form.is_valid():
        return render(request, "submissions/list.html", context, status=400)
    rows = form.narrow(Submission.objects.published())
    cursor = request.GET.get("after", "")
    found = page(rows.with_labels(), form.cleaned_data["sort"] or "newest", cursor)
    context |= {
        "chips": form.chips(),
        "count": tally.count(rows),
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
    return render(request, "submissions/detail.html", {"submission": row})
