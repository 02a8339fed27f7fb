"""Erase an opinion for good, on its page; and the list of those whose authors asked for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from comments import erasure, roles
from comments.admin import decisions
from comments.admin.base import SealedMixin, StaffAdmin, moment_column, signed_in
from comments.intake import check_storable
from comments.models import ErasureRequest, Submission

if TYPE_CHECKING:
    from comments.admin.submissions import SubmissionAdmin

ERASED = _("Erased for good. It still counts as received.")


class EraseForm(forms.Form):
    """On whose word an opinion is erased."""

    use_required_attribute = False

    ground = forms.ChoiceField(
        label=_("Ground"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Please say on what ground."),
            "invalid_choice": _("Please say on what ground."),
        },
    )
    case_number = forms.CharField(
        label=_("File number"),
        required=False,
        max_length=60,
        validators=[check_storable],
        help_text=_("Where the request is filed. It stays: no name here, and nothing of the words."),
    )
    is_sure = forms.BooleanField(
        label=_("I have looked: this is the opinion that is meant, and it may be erased."),
        error_messages={"required": _("Please confirm. An erasure can't be undone.")},
    )

    def __init__(self, data: Any = None, *, submission: Submission) -> None:
        super().__init__(data, auto_id="erase_%s")
        ground: Any = self.fields["ground"]
        ground.choices = [(one.value, one.label) for one in erasure.grounds(submission)]


def urls(model_admin: SubmissionAdmin) -> list[URLPattern]:
    """Return the address of the deed, which is POST only."""

    def view(request: HttpRequest, pk: int) -> HttpResponse:
        return erase(request, model_admin, pk)

    wrapped = model_admin.admin_site.admin_view(view)
    return [path("<int:pk>/erase/", wrapped, name="comments_submission_erase")]


def erase(request: HttpRequest, model_admin: SubmissionAdmin, pk: int) -> HttpResponse:
    """Erase an opinion for good, on a ground that stays."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not request.user.has_perm(roles.ERASE):
        raise PermissionDenied
    submission = get_object_or_404(model_admin.get_queryset(request), pk=pk)
    form = EraseForm(request.POST, submission=submission)
    if not form.is_valid():
        return model_admin.page(request, submission, erase_form=form)
    ground, case_number = form.cleaned_data["ground"], form.cleaned_data["case_number"]
    try:
        erasure.erase(submission, actor=signed_in(request), ground=ground, case_number=case_number)
    except (erasure.NotAskedError, erasure.NotWithheldError):
        messages.error(request, decisions.STALE % submission.reference)
    else:
        messages.success(request, ERASED)
    address = reverse("admin:comments_submission_change", args=[pk])
    return redirect(add_preserved_filters(model_admin.context(request), address))


@admin.register(ErasureRequest)
class ErasureRequestAdmin(SealedMixin, StaffAdmin):
    """Read who waits for an erasure, the oldest first, and what was erased; the deed is on the opinion's page."""

    fields = list_display = readonly_fields = (
        "reference",
        moment_column("asked_at", _("asked")),
        moment_column("done_at", _("carried out")),
        "ground",
        "case_number",
        "done_by",
    )
    list_display_links = None
    list_select_related = ("submission", "done_by")

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        return False

    @admin.display(description=_("reference number"))
    def reference(self, row: ErasureRequest) -> SafeString:
        """Link to the submission."""
        address = reverse("admin:comments_submission_change", args=[row.submission_id])
        return format_html('<a class="number" href="{}">{}</a>', address, row.submission.reference)
