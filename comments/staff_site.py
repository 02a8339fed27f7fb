"""The staff's site: Django's admin, with two steps to come in and a log of who did."""

from __future__ import annotations

from functools import update_wrapper
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, URLResolver, path
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from comments import signing_in
from comments.models import SignIn
from comments.views import clients, own_account, sign_in


class StaffSite(AdminSite):
    """The site on which everything of the staff is registered."""

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Add the second step, and how it is set up."""
        own: list[URLPattern | URLResolver] = [
            path("second-step/", sign_in.second_step, name="second_step"),
            path("second-step/new/", sign_in.enrol, name="enrol"),
            path("places/", self.admin_view(own_account.places), name="places"),
            path(
                "r/<path:content_type_id>/<path:object_id>/",
                self.admin_view(self.view_on_site),
                name="view_on_site",
            ),
        ]
        return own + super().get_urls()

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Give the words back that somebody sends whose session is over, instead of losing them at the door."""
        guarded = super().admin_view(view, cacheable)

        def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            words = [] if self.has_permission(request) else sign_in.words_sent(request)
            return sign_in.give_back(request, words) if words else guarded(request, *args, **kwargs)

        return update_wrapper(kept, guarded)

    def view_on_site(self, request: HttpRequest, content_type_id: str, object_id: str) -> HttpResponse:
        """Lead to the public page of what the user may see; Django would tell the address of any row."""
        if not (_is_key(content_type_id) and _is_key(object_id)):
            raise Http404
        model = get_object_or_404(ContentType, pk=int(content_type_id)).model_class()
        row = self._seen(request, model, object_id) if model and hasattr(model, "get_absolute_url") else None
        if row is None:
            raise Http404
        return redirect(row.get_absolute_url())

    def _seen(self, request: HttpRequest, model: Any, key: str) -> Any:
        """Return the row, None where the user may not see it; what has no page of its own is on that of another row."""
        if room := self._registry.get(model):
            row = room.get_object(request, key)
            return row if row and room.has_view_permission(request, row) else None
        may = request.user.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}")
        return model._default_manager.filter(pk=int(key)).first() if may else None

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Say whether there is a second step."""
        return super().each_context(request) | {"two_factor": settings.STAFF_TWO_FACTOR}

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, _extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Lead who is signed in to the first page, and ask all others for name and password."""
        if request.method == "GET" and self.has_permission(request):
            return redirect("admin:index")
        return sign_in.first_step(request)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Change one's own password; who came with a first one is told that it has to be changed."""
        if request.method == "GET" and signing_in.must_change(request.session):
            messages.warning(request, own_account.CHANGE_FIRST)
        request.current_app = self.name
        context = self.each_context(request) | (extra_context or {})
        return own_account.ChangePassword.as_view(extra_context=context)(request)

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Log who leaves, and let the browser forget; Django answers 405 to anything but POST."""
        if request.method == "POST":
            account = cast(User, request.user)
            signing_in.record(SignIn.Kind.SIGNED_OUT, account, address=clients.address(request))
        response = super().logout(request, extra_context)
        # Not "storage": a citizen's draft may lie there.
        response["Clear-Site-Data"] = '"cache"'
        return response


def _is_key(text: str) -> bool:
    # As we write them, and short enough for every database.
    return text.isascii() and text.isdigit() and len(text) < 19
