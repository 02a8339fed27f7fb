"""Reports of readers about an opinion, on its page: what they say, and that somebody has looked at them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from comments import flags, tally
from comments.admin.base import signed_in
from comments.admin.decisions import NoteField
from comments.models import Flag, Submission

if TYPE_CHECKING:
    from comments.admin.submissions import SubmissionAdmin

MOST_SHOWN = 50
CLOSED = _("The reports are closed.")
STALE = _("Not closed: a colleague was faster. This is how it stands now.")


class CloseForm(forms.Form):
    """What came of the reports that the page showed."""

    use_required_attribute = False

    note = NoteField(
        label=_("What came of the reports"),
        help_text=_("For colleagues: what you did about it, or why nothing needs to be done."),
    )
    last = forms.IntegerField(min_value=0, max_value=2**63 - 1, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, auto_id="flags_%s", initial=initial)

    def clean_note(self) -> str:
        """Ask for a note."""
        note: str = self.cleaned_data["note"]
        if not note:
            raise forms.ValidationError(_("Please write what came of it."))
        return note


def urls(model_admin: SubmissionAdmin) -> list[URLPattern]:
    """Return the address of the deed, which is POST only."""

    def view(request: HttpRequest, pk: int) -> HttpResponse:
        return close(request, model_admin, pk)

    wrapped = model_admin.admin_site.admin_view(view)
    return [path("<int:pk>/flags/", wrapped, name="comments_submission_flags")]


def close(request: HttpRequest, model_admin: SubmissionAdmin, pk: int) -> HttpResponse:
    """Close the reports that the page showed, with a note."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not model_admin.has_moderate_permission(request):
        raise PermissionDenied
    submission = get_object_or_404(model_admin.get_queryset(request), pk=pk)
    form = CloseForm(request.POST)
    if not form.is_valid():
        return model_admin.page(request, submission, flags_form=form)
    try:
        flags.close(submission, actor=signed_in(request), **form.cleaned_data)
    except flags.NothingOpenError:
        messages.error(request, STALE)
    else:
        messages.success(request, CLOSED)
    address = reverse("admin:comments_submission_change", args=[pk])
    return redirect(add_preserved_filters(model_admin.context(request), address))


def context(submission: Submission, *, may_moderate: bool) -> dict[str, Any]:
    """Return the open reports, the first of them word by word, the form that closes these, and when others were closed."""
    if not may_moderate:
        return {}
    told = {"flags_closed": tally.closed_flags(submission)}
    if not submission.flag_count:
        return told
    rows = list(Flag.objects.open().filter(submission=submission)[:MOST_SHOWN])
    form = CloseForm(initial={"last": rows[-1].pk if rows else 0})
    by_reason = tally.flags([submission])[submission.pk]
    return told | {"flags": rows, "flags_by_reason": by_reason, "flags_form": form}
