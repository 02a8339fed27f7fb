"""Nobody stays signed in for too long, nor with rights that are no longer theirs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from comments import signing_in
from comments.models import SignIn
from comments.views import clients

_TOLD = {
    SignIn.Kind.IDLE: _("You were signed out because nothing was done for a while. Please sign in again."),
    SignIn.Kind.EXPIRED: _(
        "You were signed out because you had been signed in for long. Please sign in again."
    ),
    SignIn.Kind.CHANGED: _("You were signed out because the account was changed. Please sign in again."),
}


# What is open to who has yet to change a password that somebody else gave.
_BEFORE_THE_CHANGE = frozenset({"password_change", "logout", "login"})


class StaffSessions:
    """Look at the session of whoever asks for a page of the staff; no other page is touched."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Hand on; `process_view` does the work, when it is known which page is asked for."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """End a session that is over, and say so; note that another is used. Who has a first password changes it."""
        match = request.resolver_match
        if match is None or "admin" not in match.namespaces or SESSION_KEY not in request.session:
            return None
        pk = request.session[SESSION_KEY]
        account = request.user
        # Nobody: Django has found that the password is another, or that the account may not sign in.
        known = account if account.is_authenticated else None
        why = signing_in.why_over(request.session, known) if known else SignIn.Kind.CHANGED
        if why is None:
            signing_in.touch(request.session)
            if signing_in.must_change(request.session) and match.url_name not in _BEFORE_THE_CHANGE:
                return redirect("admin:password_change")
            return None
        owner = User.objects.filter(pk=pk).first()
        signing_in.record(why, owner, address=clients.address(request))
        logout(request)
        messages.warning(request, _TOLD[why])
        return None
