"""What a member of the staff does with the own account: another password, and where it is signed in."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.contrib.auth.views import PasswordChangeView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from comments import signing_in
from comments.forms.sign_in import OwnPasswordForm, PlacesForm
from comments.models import SignIn
from comments.views import clients

CHANGE_FIRST = _("Somebody else knows your password. Please choose one of your own; then you can go on.")


class ChangePassword(PasswordChangeView):
    """Django's page, with our form."""

    form_class = OwnPasswordForm
    success_url = reverse_lazy("admin:password_change_done")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Give the form the request, by which wrong passwords are counted."""
        return super().get_form_kwargs() | {"request": self.request}

    def form_valid(self, form: Any) -> HttpResponse:
        """Let who came with a first password go on."""
        response = super().form_valid(form)
        signing_in.let_go_on(self.request.session)
        return response


def places(request: HttpRequest) -> HttpResponse:
    """Show where one is signed in, and end what is ticked of it."""
    account, this = cast(User, request.user), request.session.session_key
    found = signing_in.places(account)
    form = PlacesForm(request, account=account, others=[place for place in found if place.key != this])
    if form.is_valid():
        left = signing_in.leave(form.chosen)
        signing_in.record(SignIn.Kind.ENDED, account, address=clients.address(request))
        messages.success(
            request, ngettext("Signed out in %d other place.", "Signed out in %d other places.", left) % left
        )
        return redirect("admin:places")
    context = admin.site.each_context(request) | {
        "title": _("Where you are signed in"),
        "form": form,
        "own": next((place for place in found if place.key == this), None),
    }
    return TemplateResponse(request, "admin/places.html", context)
