"""Report a published opinion to the staff, without an account."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from comments import flags, references
from comments.forms import FlagForm
from comments.limits import TooManyTriesError
from comments.models import Submission
from comments.views import clients, voters
from comments.views.receipts import SeeOther


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def flag(request: HttpRequest, reference: str) -> HttpResponse:
    """Draw the form, or keep what it says; whoever has reported it reads that, and no form."""
    row = _shown(reference)
    if request.method != "POST":
        return (
            _draw(request, row, FlagForm()) if reference == row.reference else redirect("flag", row.reference)
        )
    form = FlagForm(request.POST)
    if not form.is_valid():
        return _draw(request, row, form)
    if not (voter := voters.number_of(request)):
        return voters.give_number(request) or _draw(request, row, form, notice="no_cookie", status=400)
    try:
        flags.flag(row, voter=voter, client=clients.masked_network(request), **form.cleaned_data)
    except TooManyTriesError as error:
        return _too_many(request, row, form, error)
    except flags.NotShownError:
        raise Http404("taken down in the meantime") from None
    return SeeOther(request.path)


def redraw_without_token(request: HttpRequest) -> HttpResponse:
    """Give what was typed back with a fresh token, after the old one was refused."""
    match = request.resolver_match
    row = _shown(match.kwargs["reference"] if match else "")
    return _draw(request, row, FlagForm(request.POST), notice="token", status=403)


def _shown(reference: str) -> Submission:
    """Return the opinion or reply that the public reads under this reference."""
    try:
        canonical = references.parse(reference)
    except ValueError:
        raise Http404("not a reference") from None
    row = get_object_or_404(Submission.everything.published().with_labels(), reference=canonical)
    if not row.is_shown:
        raise Http404("what it replies to is not shown")
    return row


def _too_many(
    request: HttpRequest, row: Submission, form: FlagForm, error: TooManyTriesError
) -> HttpResponse:
    told = ngettext(
        "Many reports came from your connection. Please try again in %(minutes)d minute.",
        "Many reports came from your connection. Please try again in %(minutes)d minutes.",
        error.minutes,
    )
    form.add_error(None, told % {"minutes": error.minutes})
    response = _draw(request, row, form, status=429)
    response.headers["Retry-After"] = str(error.seconds)
    return response


def _draw(
    request: HttpRequest, row: Submission, form: FlagForm, *, notice: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "submission": row,
        "form": form,
        "notice": notice,
        "own": flags.own(row, voters.number_of(request)),
        "hides_language": form.is_bound,
    }
    return render(request, "submissions/flag.html", context, status=status)
