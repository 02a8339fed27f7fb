"""Take in a reply to a published opinion."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from comments import intake, references
from comments.forms import ReplyForm
from comments.limits import TooManyTriesError
from comments.models import Submission
from comments.views import floods
from comments.views.current import current_plan
from comments.views.receipts import hand_over
from comments.views.submit import keep_for_the_back_button


@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: HttpRequest, reference: str) -> HttpResponse:
    """Draw the form, or store what it says and lead to the receipt.

    A form that comes after its opinion was taken down is drawn again: what was typed isn't lost.
    """
    if request.method != "POST":
        row = get_object_or_404(Submission.objects.published().with_labels(), reference=_canonical(reference))
        if reference != row.reference:
            return redirect("reply", row.reference)
        return _draw(request, ReplyForm(plan=row.plan, parent=row))
    form = _sent(request, reference)
    return _take(request, form) if form.is_valid() else _draw(request, form)


def _take(request: HttpRequest, form: ReplyForm) -> HttpResponse:
    if form.parent is None:
        return _draw(request, form, status=409)
    statement, key = form.statement(), form.cleaned_data["idempotency_key"]
    try:
        floods.sending(request)
    except TooManyTriesError as error:
        if not intake.sent_before(statement, idempotency_key=key):
            return floods.later(
                _draw(request, form, notice="too_many", wait=error.minutes, status=429), error
            )
    try:
        receipt = intake.receive(statement, idempotency_key=key, channel=Submission.Channel.WEB)
    except intake.NotAcceptingError:
        return _draw(request, form, status=409)
    except intake.AlreadySentError as error:
        form.take_new_key()
        return _draw(request, form, notice="already_sent", sent=error.submission, status=409)
    return hand_over(receipt)


def redraw_without_token(request: HttpRequest) -> HttpResponse:
    """Give everything typed back with a fresh token, after the old one was refused."""
    match = request.resolver_match
    form = _sent(request, match.kwargs["reference"] if match else "")
    return _draw(request, form, notice="token", status=403)


def _sent(request: HttpRequest, reference: str) -> ReplyForm:
    """Return the form with its opinion, whatever became of that."""
    rows = Submission.objects.with_labels()
    try:
        row = rows.filter(reference=references.parse(reference)).first()
    except ValueError:
        row = None
    return ReplyForm(request.POST, plan=row.plan if row else current_plan(), parent=row)


def _canonical(reference: str) -> str:
    try:
        return references.parse(reference)
    except ValueError:
        raise Http404("not a reference") from None


def _draw(
    request: HttpRequest,
    form: ReplyForm,
    *,
    notice: str = "",
    sent: Submission | None = None,
    wait: int = 0,
    status: int = 200,
) -> HttpResponse:
    # Whether an opinion waits, was withheld or never was looks the same from outside.
    shown = form.parent if form.parent and form.parent.is_shown else None
    context = {
        "form": form,
        "plan": form.plan,
        "submission": shown,
        "is_open": form.plan.is_accepting() if shown else False,
        "notice": notice,
        "sent": sent,
        "wait": wait,
        "hides_language": form.is_bound,
    }
    response = render(request, "submissions/reply.html", context, status=status)
    return keep_for_the_back_button(request, response, form)
