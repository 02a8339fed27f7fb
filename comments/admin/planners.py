"""What the planner's pages share: who may see them, and the moment that a file or a report is made as of."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy

from comments.admin.date_fields import MomentField
from comments.exports import moments

if TYPE_CHECKING:
    from comments.admin.submissions import SubmissionAdmin


class AsOfForm(forms.Form):
    """As of when."""

    as_of = MomentField(
        label=gettext_lazy("As of"),
        help_text=gettext_lazy("How opinions stood at this moment; empty: now."),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Refuse a moment of which nothing is known."""
        cleaned = super().clean() or {}
        if at := cleaned.get("as_of"):
            try:
                moments.check(at, plan=cleaned.get("plan"))
            except forms.ValidationError as error:
                self.add_error("as_of", error)
        return cleaned


def for_planners(
    model_admin: SubmissionAdmin, page: Callable[..., HttpResponseBase]
) -> Callable[..., HttpResponseBase]:
    """Return the view of a page of `model_admin` that only those who may export can open."""

    def view(request: HttpRequest, **named: int) -> HttpResponseBase:
        if not model_admin.has_export_permission(request):
            raise PermissionDenied
        return page(request, model_admin, **named)

    return model_admin.admin_site.admin_view(view)
