"""Take in what a citizen says."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from comments import intake
from comments.forms import SubmissionForm, WordsForm, review, told
from comments.limits import TooManyTriesError
from comments.models import Plan, Submission
from comments.text import language
from comments.views import empty_forms, floods, sent_key
from comments.views.caching import remembers
from comments.views.current import current_plan
from comments.views.packing import packed
from comments.views.receipts import hand_over


@require_http_methods(["GET", "HEAD", "POST"])
@remembers
def submit(request: HttpRequest) -> HttpResponse:
    """Draw the form, or store what it says and lead to the receipt; show it first where that is asked for."""
    plan = current_plan()
    if request.method != "POST":
        return _empty(request, plan)
    form = SubmissionForm(request.POST, request.FILES, plan=plan)
    try:
        floods.uploading(request)
    except TooManyTriesError as error:
        form.leave_files()
        return _too_many(request, form, error)
    if "change" in request.POST or not form.is_valid():
        return _draw(request, form)
    # Files can't be carried through a second page, so what comes with them is taken as it is.
    if "review" in request.POST and not request.FILES:
        return _review(request, form)
    return _send(request, form)


def _empty(request: HttpRequest, plan: Plan) -> HttpResponse:
    """Hand out the form as it was drawn for somebody else, with another token and key; else draw it."""
    if drawn := empty_forms.find(request, plan):
        return _for_this_browser_alone(drawn.answer(request))
    form = SubmissionForm(plan=plan, wanted=request.GET)
    response = _page(request, form)
    empty_forms.keep(request, form, response.content)
    return keep_for_the_back_button(request, response, form)


def _send(request: HttpRequest, form: SubmissionForm) -> HttpResponse:
    statement, key = form.statement(), form.cleaned_data["idempotency_key"]
    try:
        floods.sending(request)
    except TooManyTriesError as error:
        # What was sent already still leads to its receipt.
        if not intake.sent_before(statement, idempotency_key=key):
            return _too_many(request, form, error)
    try:
        receipt = intake.receive(statement, idempotency_key=key, channel=Submission.Channel.WEB)
    except intake.NotAcceptingError:
        return _draw(request, form, notice="closed", status=409)
    except intake.AlreadySentError as error:
        form.take_new_key()
        return _draw(request, form, notice="already_sent", sent=error.submission, status=409)
    response = hand_over(receipt)
    sent_key.remember(response, key)
    return response


def _review(request: HttpRequest, form: SubmissionForm) -> HttpResponse:
    """Show what was written as it will stand; what was sent already leads to its receipt."""
    statement, key = form.statement(), form.cleaned_data["idempotency_key"]
    if intake.sent_before(statement, idempotency_key=key):
        return _send(request, form)
    earlier = sent_key.recall(request)
    sent = intake.sent_before(statement, idempotency_key=earlier) if earlier else None
    if not sent and not form.plan.is_accepting():
        return _draw(request, form, notice="closed", status=409)
    context = {
        "plan": form.plan,
        "body": statement.body,
        "language": language.detect(statement.body),
        "public_lines": review.public_lines(form),
        "inside_lines": review.inside_lines(form),
        "told": told.findings(statement.body),
        "carried": review.carried(form),
        "key": key,
        "earlier": earlier,
        "sent": sent,
        "hides_language": True,
    }
    response = render(request, "submit_review.html", context)
    add_never_cache_headers(response)
    return response


@never_cache
@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """Say what in the words looks like personal data, before they are sent; nothing is kept of them.

    The answer's `keep` is what the form's field `keeps_personal_data` holds to send just these words.
    """
    form = WordsForm(request.POST)
    if not form.is_valid():
        return JsonResponse({}, status=400)
    try:
        floods.searching(request)
    except TooManyTriesError as error:
        return floods.later(JsonResponse({}, status=429), error)
    body = form.cleaned_data["body"]
    found = [one.as_json() for one in told.findings(body)]
    return JsonResponse({"keep": told.mark(body), "findings": found})


def redraw_without_token(request: HttpRequest) -> HttpResponse:
    """Give everything typed back with a fresh token, after the old one was refused."""
    form = SubmissionForm(request.POST, request.FILES, plan=current_plan())
    form.leave_files()
    return _draw(request, form, notice="token", status=403)


def _too_many(request: HttpRequest, form: SubmissionForm, error: TooManyTriesError) -> HttpResponse:
    return floods.later(_draw(request, form, notice="too_many", wait=error.minutes, status=429), error)


def _draw(request: HttpRequest, form: SubmissionForm, **said: Any) -> HttpResponse:
    return keep_for_the_back_button(request, _page(request, form, **said), form)


def _page(
    request: HttpRequest,
    form: SubmissionForm,
    *,
    notice: str = "",
    sent: Submission | None = None,
    wait: int = 0,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "plan": form.plan,
        "is_open": form.plan.is_accepting(),
        "notice": notice or ("unknown_wish" if form.has_unknown_wish else ""),
        "sent": sent,
        "wait": wait,
        "hides_language": form.is_bound,
    }
    return render(request, "submit.html", context, status=status)


def keep_for_the_back_button(
    request: HttpRequest, response: HttpResponse, form: SubmissionForm
) -> HttpResponse:
    """Let the browser alone keep an empty form, and nobody one with words in it."""
    if form.is_bound:
        add_never_cache_headers(response)
    else:
        _for_this_browser_alone(response)
        # Token and key are drawn anew for each answer: many sizes betray no more than one.
        packed(request, response)
    return response


def _for_this_browser_alone(response: HttpResponse) -> HttpResponse:
    # With no-store, the back button would draw a new form with a new key, and a second press
    # on "send" would be a second opinion.
    patch_cache_control(response, private=True, no_cache=True)
    return response
