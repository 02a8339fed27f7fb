"""Give themes to opinions and take them away: on the page of one, one by one, or many in the queue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from comments import answering, roles, themes
from comments.admin.base import signed_in, ticked
from comments.models import Submission, Tag, Theme

if TYPE_CHECKING:
    from comments.admin.submissions import SubmissionAdmin

# There are no more digits to press.
MOST_KEYS = 9
GONE = gettext_lazy("Not done: this theme is not in the list, or was merged into another in the meantime.")
TOLD = {
    "add": ngettext_lazy("Gave the theme to %d opinion.", "Gave the theme to %d opinions."),
    "remove": ngettext_lazy("Took the theme away from %d opinion.", "Took the theme away from %d opinions."),
}


class TagForm(forms.Form):
    """Which theme is given or taken away."""

    theme = forms.ModelChoiceField(Theme.objects.standing())


@dataclass(frozen=True)
class Pick:
    """A theme to press: whether it is given, by which key words it is suggested, and the digit that presses it."""

    theme: Theme
    is_given: bool
    words: list[str]
    key: int | None


def urls(model_admin: SubmissionAdmin) -> list[URLPattern]:
    """Return both deeds, which are POST only."""

    def address(deed: str) -> URLPattern:
        def view(request: HttpRequest) -> HttpResponse:
            if not request.user.has_perm(roles.TAG):
                raise PermissionDenied
            if request.method != "POST":
                return HttpResponseNotAllowed(["POST"])
            return change(request, model_admin, deed)

        wrapped = model_admin.admin_site.admin_view(view)
        return path(f"themes/{deed}/", wrapped, name=f"comments_submission_theme_{deed}")

    return [address(deed) for deed in TOLD]


def context(request: HttpRequest, rows: Sequence[Submission]) -> dict[str, Any]:
    """Return what a page shows of the themes of `rows`: those of the first, and what can be given to all of them."""
    if not rows or rows[0].parent_id:
        return {}
    first = rows[0]
    tags = list(Tag.objects.filter(submission=first).select_related("theme", "actor"))
    if not (request.user.has_perm(roles.TAG) and first.is_kept):
        return {"tags": tags}
    offered = list(Theme.objects.standing().filter(plan=first.plan_id))
    given = {tag.theme_id for tag in tags}
    # What is covered suggests nothing: not everybody who gives themes may read it.
    words = themes.suggested(first.public_body, offered)
    picks = [
        Pick(row, row.pk in given, words.get(row.pk, []), n if n <= MOST_KEYS else None)
        for n, row in enumerate(offered, start=1)
    ]
    return {"tags": tags, "theme_picks": picks, "tagged_rows": rows}


def change(request: HttpRequest, model_admin: SubmissionAdmin, deed: str) -> HttpResponse:
    """Give a theme to what is ticked, or take it away, and go back to where that was pressed."""
    form = TagForm(request.POST)
    rows = list(model_admin.get_queryset(request).opinions().filter(pk__in=ticked(request)).order_by("pk"))
    if not rows:
        messages.error(request, _("Nothing was ticked."))
    elif not form.is_valid():
        messages.error(request, GONE if request.POST.get("theme") else _("Please choose a theme."))
    else:
        act = themes.tag if deed == "add" else themes.untag
        theme = form.cleaned_data["theme"]
        try:
            changed = act(rows, theme, actor=signed_in(request))
        except themes.MergedError:
            messages.error(request, GONE)
        else:
            answering.catch_up_on(theme)
            messages.success(request, TOLD[deed] % len(changed))
    return _back(request, model_admin, rows)


def _back(request: HttpRequest, model_admin: SubmissionAdmin, rows: list[Submission]) -> HttpResponse:
    if request.POST.get("back") == "triage":
        query = request.GET.urlencode()
        address = reverse("admin:comments_submission_triage")
        return redirect(f"{address}?{query}#item" if query else f"{address}#item")
    if request.POST.get("back") == "change" and rows:
        address = reverse("admin:comments_submission_change", args=[rows[0].pk])
        return redirect(str(add_preserved_filters(model_admin.context(request), address)) + "#themes")
    address = reverse("admin:comments_submission_changelist")
    return redirect(add_preserved_filters(model_admin.context(request), address))
