"""Open the files of a submission among the staff, keep one from the public, show it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from comments import moderation, roles
from comments.admin import decisions
from comments.admin.base import signed_in
from comments.intake import check_storable
from comments.models import Attachment, Submission
from comments.models.attachments import AttachmentQuerySet
from comments.views.attachments import download

if TYPE_CHECKING:
    from comments.admin.submissions import SubmissionAdmin

DEEDS = {"withhold": moderation.withhold_file, "release": moderation.release_file}
WITHHELD = _("The public can't open this file any more.")
RELEASED = _("The public can open this file while the opinion is published.")


class FileForm(forms.Form):
    """Why a file is kept from the public, or shown again."""

    use_required_attribute = False

    note = forms.CharField(
        label=_("Reason"),
        max_length=1_000,
        validators=[check_storable],
        help_text=_("For colleagues; the author does not see it."),
    )


def of(submission: Submission, request: HttpRequest) -> AttachmentQuerySet:
    """Return the files of `submission` that the member of staff may open: all, or those for the public."""
    rows = Attachment.objects.kept().filter(submission=submission).select_related("submission")
    return rows if roles.sees_every_status(request.user) else rows.published()


def urls(model_admin: SubmissionAdmin) -> list[URLPattern]:
    """Return the addresses of a file and of what is decided about it."""

    def one(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
        return open_file(request, model_admin, pk, number)

    def deed(request: HttpRequest, pk: int, number: int, name: str) -> HttpResponse:
        return decide(request, model_admin, pk, number, name)

    wrap = model_admin.admin_site.admin_view
    found = [path("<int:pk>/files/<int:number>/", wrap(one), name="comments_submission_file")]
    for name in DEEDS:
        route, label = f"<int:pk>/files/<int:number>/{name}/", f"comments_submission_file_{name}"
        found.append(path(route, wrap(deed), {"name": name}, name=label))
    return found


def open_file(request: HttpRequest, model_admin: SubmissionAdmin, pk: int, number: int) -> HttpResponseBase:
    """Hand out a file, shut off from the staff's pages as from the public ones."""
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET"])
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    submission = get_object_or_404(model_admin.get_queryset(request), pk=pk)
    return download(get_object_or_404(of(submission, request), position=number))


def decide(
    request: HttpRequest, model_admin: SubmissionAdmin, pk: int, number: int, name: str
) -> HttpResponse:
    """Keep a file from the public, or show it again, for a reason."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not model_admin.has_moderate_permission(request):
        raise PermissionDenied
    submission = get_object_or_404(model_admin.get_queryset(request), pk=pk)
    row = get_object_or_404(of(submission, request), position=number)
    form = FileForm(request.POST, auto_id=f"file_{number}_%s")
    if not form.is_valid():
        return model_admin.page(request, submission, file_form=form, wrong_file=number)
    try:
        DEEDS[name](row, actor=signed_in(request), note=form.cleaned_data["note"])
    except moderation.StaleDecisionError:
        messages.error(request, decisions.STALE % submission.reference)
    else:
        messages.success(request, WITHHELD if row.is_withheld else RELEASED)
    address = reverse("admin:comments_submission_change", args=[pk])
    return redirect(add_preserved_filters(model_admin.context(request), address))
