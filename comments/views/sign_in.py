"""How the staff come in: the password, then a code; and how the code is set up.

Nobody is signed in before the last step. Between the steps the session holds only who has shown a password, and when.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import login
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from comments import mail, passwords, second_factor, signing_in
from comments.forms.sign_in import CodeForm, EnrolForm
from comments.limits import Limit, TooManyTriesError
from comments.models import SignIn
from comments.views import clients

Kind = SignIn.Kind
_BACKEND = "django.contrib.auth.backends.ModelBackend"
_PASSED, _NEW_KEY = "staff_passed", "staff_new_key"
# Seconds for the second step, or to set it up.
PATIENCE = 15 * 60
LAPSED = _(
    "This first password has lapsed, because it was not used in time. Please ask an administrator for another one."
)
# Characters; what is shorter is quickly typed again.
_WORTH_KEEPING = 20
# A connection may fill the log with names that nobody has, but not faster than this.
UNKNOWN_NAMES = Limit("unknown names", most=60, within=timedelta(hours=1))


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def first_step(request: HttpRequest) -> HttpResponse:
    """Ask for name and password."""
    form = AdminAuthenticationForm(request, data=request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if form.is_valid() and not passwords.has_lapsed(form.get_user()):
            return _passed(request, form.get_user())
        if form.is_valid():
            form.add_error(None, LAPSED)
            _log(request, Kind.LAPSED, form.get_user())
        else:
            _note_refusal(request, form)
    context = {
        "form": form,
        "title": _("Log in"),
        "app_path": request.get_full_path(),
        "next": _goal(request),
    }
    return _page(request, "login", context)


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """Ask who has shown a password for a code."""
    account = _waiting(request)
    if account is None:
        return redirect("admin:login")
    if not second_factor.is_enrolled(account):
        return redirect("admin:enrol")
    form = CodeForm(request.POST if request.method == "POST" else None, account=account)
    if form.is_valid():
        return _with_code(request, account, is_recovery=form.is_recovery)
    if form.is_wrong:
        _log(request, Kind.CODE_REFUSED, account)
    since = second_factor.enrolled_at(account)
    return _page(request, "second_step", {"form": form, "title": _("Second step"), "since": since})


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """Set the second step up, for who comes in for the first time or changes the telephone."""
    account = _waiting(request)
    comes_in = account is not None
    if account is None:
        if not admin.site.has_permission(request):
            return redirect("admin:login")
        account = cast(User, request.user)
    if not settings.STAFF_TWO_FACTOR or (comes_in and second_factor.is_enrolled(account)):
        return redirect("admin:second_step" if comes_in else "admin:index")
    key = request.session.setdefault(_NEW_KEY, second_factor.draw_key())
    form = EnrolForm(request, account=account, key=key, comes_in=comes_in)
    try:
        if form.is_valid():
            return _enrolled(request, account, form.codes, comes_in=comes_in)
    except second_factor.AlreadyEnrolledError:
        return redirect("admin:second_step")
    context = {
        "form": form,
        "title": _("Set up the second step"),
        "uri": second_factor.uri(key, account),
        "key": " ".join(key[start : start + 4] for start in range(0, len(key), 4)),
        "account": account,
        "comes_in": comes_in,
        "codes_left": second_factor.codes_left(account),
    }
    return _page(request, "enrol", context)


def words_sent(request: HttpRequest) -> list[str]:
    """Return what of a form is worth keeping: words that are long to type again, no codes and no passwords."""
    return [
        value
        for name, values in request.POST.lists()
        if "password" not in name
        for value in values
        if len(value) >= _WORTH_KEEPING and (" " in value or not value.isascii())
    ]


@never_cache
def give_back(request: HttpRequest, words: list[str]) -> HttpResponse:
    """Answer 403 to a form that came when nobody was signed in any more, with the words in it."""
    return _page(request, "signed_out", {"title": _("Signed out"), "words": words}, status=403)


def locked(request: HttpRequest, _response: HttpResponse, _credentials: object = None) -> HttpResponse:
    """Answer 429 where a name is locked for an address."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    return _page(request, "locked", {"title": _("Locked for a while"), "minutes": minutes}, status=429)


def _passed(request: HttpRequest, account: User) -> HttpResponse:
    goal = _goal(request)
    if not settings.STAFF_TWO_FACTOR:
        return _come_in(request, account, goal)
    # Whoever sat here before leaves nothing behind, and nobody knows the new session's key.
    request.session.flush()
    request.session[_PASSED] = {
        "account": account.pk,
        "hash": account.get_session_auth_hash(),
        "at": int(timezone.now().timestamp()),
        "next": goal,
    }
    return redirect("admin:second_step")


def _waiting(request: HttpRequest) -> User | None:
    """Return who has shown a password here lately, if it is still theirs."""
    passed = request.session.get(_PASSED)
    if not passed or timezone.now().timestamp() >= passed["at"] + PATIENCE:
        return None
    account = User.objects.filter(pk=passed["account"], is_active=True, is_staff=True).first()
    if account is None or not constant_time_compare(passed["hash"], account.get_session_auth_hash()):
        return None
    return account


def _with_code(request: HttpRequest, account: User, *, is_recovery: bool) -> HttpResponse:
    goal = request.session[_PASSED]["next"]
    response = _come_in(request, account, goal)
    if is_recovery:
        _log(request, Kind.RECOVERED, account)
        left = second_factor.codes_left(account)
        told = ngettext(
            "You came in with a recovery code. %(n)d is left. If the telephone is lost, set up another one under your name.",
            "You came in with a recovery code. %(n)d are left. If the telephone is lost, set up another one under your name.",
            left,
        )
        messages.warning(request, told % {"n": left})
    return response


def _enrolled(request: HttpRequest, account: User, codes: list[str], *, comes_in: bool) -> HttpResponse:
    del request.session[_NEW_KEY]
    _log(request, Kind.ENROLLED, account)
    goal = reverse("admin:index")
    if comes_in:
        goal = request.session[_PASSED]["next"]
        _come_in(request, account, goal)
    else:
        signing_in.renew(request.session, account)
    # Whoever has only learnt the first password can set a telephone up; the owner shall hear of it.
    told = mail.tell_of_telephone(account)
    context = {"title": _("Recovery codes"), "codes": codes, "goal": goal, "told": told, "account": account}
    return _page(request, "recovery_codes", context)


def _come_in(request: HttpRequest, account: User, goal: str) -> HttpResponse:
    request.session.pop(_PASSED, None)
    login(request, account, backend=_BACKEND)
    entry = _log(request, Kind.SIGNED_IN, account)
    signing_in.begin(request.session, account, entry=entry, is_given=passwords.is_given(account))
    return redirect(goal)


def _note_refusal(request: HttpRequest, form: AdminAuthenticationForm) -> None:
    """Log a wrong name or password, and the moment at which they became too many; not what comes after it."""
    typed = form.cleaned_data.get("username")
    if not typed or not form.cleaned_data.get("password"):
        return
    is_locked = getattr(request, "axes_locked_out", False)
    if is_locked and getattr(request, "axes_failures_since_start", None) is None:
        return
    account = User.objects.filter(username=typed).first()
    if account is None:
        try:
            UNKNOWN_NAMES.take(clients.address(request))
        except TooManyTriesError:
            return
    _log(request, Kind.REFUSED, account)
    if is_locked:
        _log(request, Kind.LOCKED, account)


def _log(request: HttpRequest, kind: SignIn.Kind, account: User | None) -> SignIn:
    return signing_in.record(kind, account, address=clients.address(request))


def _goal(request: HttpRequest) -> str:
    """Return where to go after signing in: a page of ours that was asked for, or the first one of the staff."""
    asked: str = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if is_ours else reverse("admin:index")


def _page(request: HttpRequest, name: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    request.current_app = admin.site.name
    whole = admin.site.each_context(request) | {"subtitle": None} | context
    return render(request, f"admin/{name}.html", whole, status=status)
