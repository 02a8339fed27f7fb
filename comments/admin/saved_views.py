"""Keep filters, order and search of the queue under a name of one's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments.admin import queue
from comments.admin.base import signed_in
from comments.intake import check_storable
from comments.models import SavedView

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from comments.admin.submissions import SubmissionAdmin

MOST_VIEWS = 20


class SaveForm(forms.Form):
    """What to keep, and what to call it."""

    use_required_attribute = False

    name = forms.CharField(
        label=gettext_lazy("Name of this view"),
        max_length=60,
        validators=[check_storable],
        widget=forms.TextInput(attrs={"form": "save-view"}),
        error_messages={"required": gettext_lazy("Please give this view a name.")},
    )
    query = forms.CharField(required=False, max_length=2_000, strip=False)

    def __init__(self, data: Any = None, *, owner: User) -> None:
        super().__init__(data, auto_id="view_%s")
        self.owner = owner

    def clean_query(self) -> str:
        """Return what the queue understands of an address, without the page."""
        asked, kept = QueryDict(self.cleaned_data["query"]), QueryDict(mutable=True)
        for name in ("q", *queue.QueueFilter.base_fields):
            if value := asked.get(name, ""):
                kept[name] = value
        return kept.urlencode()

    def clean(self) -> dict[str, Any]:
        """Refuse more views than anybody finds their way through; an old name takes the new filters."""
        chosen = super().clean() or {}
        others = self.owner.saved_views.exclude(name=chosen.get("name", ""))
        if others.count() >= MOST_VIEWS:
            raise forms.ValidationError(_("There are %d saved views already. Delete one first.") % MOST_VIEWS)
        return chosen


def urls(model_admin: SubmissionAdmin) -> list[URLPattern]:
    """Return the deeds on saved views, which are POST only."""

    def address(route: str, name: str, deed: Callable[..., HttpResponse]) -> URLPattern:
        def checked(request: HttpRequest, **more: int) -> HttpResponse:
            if not model_admin.has_view_permission(request):
                raise PermissionDenied
            if request.method != "POST":
                return HttpResponseNotAllowed(["POST"])
            return deed(request, model_admin, **more)

        return path(route, model_admin.admin_site.admin_view(checked), name=f"comments_submission_{name}")

    return [
        address("views/save/", "view_save", save),
        address("views/<int:pk>/drop/", "view_drop", drop),
    ]


def of(user: User, request: HttpRequest) -> list[tuple[SavedView, bool]]:
    """Return the views of `user`, and whether each is the one shown."""
    shown = request.GET.urlencode()
    return [(view, view.query == shown) for view in user.saved_views.all()]


def save(request: HttpRequest, model_admin: SubmissionAdmin) -> HttpResponse:
    """Keep a view, and show it; what is wrong with it is told on the page it was made on."""
    user = signed_in(request)
    form = SaveForm(request.POST, owner=user)
    if not form.is_valid():
        return model_admin.changelist_view(_as_asked(request), {"save_form": form})
    name, query = form.cleaned_data["name"], form.cleaned_data["query"]
    SavedView.objects.update_or_create(owner=user, name=name, defaults={"query": query})
    messages.success(request, _("Saved as “%s”.") % name)
    return _to_queue(query)


def drop(request: HttpRequest, model_admin: SubmissionAdmin, pk: int) -> HttpResponse:  # noqa: ARG001
    """Forget a view of one's own."""
    view = get_object_or_404(signed_in(request).saved_views, pk=pk)
    view.delete()
    messages.success(request, _("Deleted the view “%s”.") % view.name)
    return _to_queue("")


def _to_queue(query: str) -> HttpResponse:
    address = reverse("admin:comments_submission_changelist")
    return redirect(f"{address}?{query}" if query else address)


def _as_asked(request: HttpRequest) -> HttpRequest:
    """Return `request` as if it asked for the page on which the view was made."""
    asked = QueryDict(request.POST.get("query", ""))
    request.method, request.GET, request.POST = "GET", asked, QueryDict()
    return request
