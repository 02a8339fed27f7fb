"""What became of my words: the receipt, shown once, and the look-up with reference and secret."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from comments import answering, appeals, moderation
from comments.forms import AppealForm, CopyForm, EditForm, ReceiptForm, WishesForm, told
from comments.intake import Receipt
from comments.models import AnswerNotice, Appeal, Attachment, Contact, ErasureRequest, Submission
from comments.models.storing_rows import refer_to
from comments.text import tone
from comments.views import floods
from comments.views.caching import remembers
from comments.views.cookies import SignedCookie
from comments.views.timeline import steps

COOKIE = SignedCookie("receipt", 10 * 60)
# What was typed beside the keys, and where it was to go: it waits in the look-up for a second try.
_TYPED = {
    "receipt_edit": ("body", "edition", "keeps_personal_data"),
    "receipt_appeal": ("body",),
    "receipt_wishes": ("email", "remove_email", "phone", "remove_phone", "consent_updates"),
    "receipt_copy": ("email",),
}


class SeeOther(HttpResponseRedirect):
    """A redirect after a POST that every browser follows with GET."""

    status_code = 303


def hand_over(receipt: Receipt) -> HttpResponse:
    """Lead to the receipt page; the secret travels in a cookie, never in an address."""
    response = SeeOther(reverse("receipt"))
    COOKIE.give(response, [receipt.submission.reference, receipt.secret])
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def receipt(request: HttpRequest) -> HttpResponse:
    """Show the receipt that was just handed over, once; else look one up."""
    if request.method == "POST":
        form = floods.keys(request)
        return state(request, form) if form.is_valid() else look_up(request, form)
    handed = _handed_over(request)
    if handed is None:
        return look_up(request, ReceiptForm.asked_for(request.GET))
    response = fresh(request, *handed)
    COOKIE.take_away(response)
    return response


def redraw_without_token(request: HttpRequest) -> HttpResponse:
    """Give what was typed back with a fresh token, after the old one was refused."""
    form = floods.keys(request)
    form.add_error(None, _("The page had expired. Please press the button again."))
    return look_up(request, form, status=403)


def _handed_over(request: HttpRequest) -> tuple[Submission, str] | None:
    if not (handed := COOKIE.read(request)):
        return None
    reference, secret = handed
    submission = Submission.everything.filter(reference=reference).order_by().first()
    return (submission, secret) if submission else None


def link_to(request: HttpRequest, submission: Submission) -> str:
    """Return the full address of the look-up with the reference filled in, which is public; never the secret."""
    return request.build_absolute_uri(f"{reverse('receipt')}?reference={submission.reference}")


def contact_of(submission: Submission) -> Contact:
    """Return the stored contact details, or empty ones."""
    return Contact.objects.filter(submission=submission).first() or Contact(submission=submission)


@remembers
def look_up(request: HttpRequest, form: ReceiptForm, *, status: int = 200) -> HttpResponse:
    """Ask for both keys; what else was typed stays on the page, ready for the next try."""
    name = request.resolver_match.view_name if request.resolver_match else ""
    typed = [(one, request.POST[one]) for one in _TYPED.get(name, ()) if one in request.POST]
    context = {
        "form": form,
        "typed": typed,
        "action": request.path if typed else reverse("receipt"),
        "hides_language": form.is_bound,
    }
    if form.wait is not None:
        status = 429
    response = render(request, "receipts/look_up.html", context, status=status)
    if form.wait is not None:
        response.headers["Retry-After"] = str(form.wait)
    return response


@remembers
def fresh(
    request: HttpRequest,
    submission: Submission,
    secret: str,
    *,
    copy_form: CopyForm | None = None,
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    """Show both keys of an opinion that has just arrived."""
    context = {
        "submission": submission,
        "secret": secret,
        "link": link_to(request, submission),
        "told": told.findings(submission.words),
        "is_street_level": any(nudge.code == "street_level" for nudge in tone.nudges(submission.words)),
        "copy_form": copy_form or CopyForm(contact=contact_of(submission)),
        "sends_email": settings.SENDS_EMAIL,
        "notice": notice,
        "hides_language": True,
    }
    return render(request, "receipts/new.html", context, status=status)


@remembers
def state(
    request: HttpRequest,
    form: ReceiptForm,
    *,
    edit_form: EditForm | None = None,
    wishes_form: WishesForm | None = None,
    appeal_form: AppealForm | None = None,
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    """Show where an opinion stands and what its author can still do."""
    submission = opened(form)
    # Most opinions have none of these, and to ask for each would take longer than all the rest.
    asked_for_erasure, is_answered, has_appeals, has_files, is_reachable = refer_to(
        submission, ErasureRequest, AnswerNotice, Appeal, Attachment, Contact
    )
    contact = contact_of(submission) if is_reachable else Contact(submission=submission)
    context = {
        "submission": submission,
        "form": form,
        "steps": steps(submission, asked_for_erasure=asked_for_erasure),
        "answer": answering.answer_to(submission) if is_answered else None,
        "covered": moderation.redactions(submission) if submission.redacted_body else [],
        "files": submission.attachments.kept() if has_files else [],
        "can_withdraw": moderation.can_withdraw(submission),
        "is_editable": submission.is_editable(),
        "edit_form": edit_form or EditForm(submission=submission),
        "wishes_form": wishes_form or WishesForm(contact=contact),
        "appeal": submission.appeal if has_appeals else None,
        "can_appeal": appeals.can_appeal(submission),
        "appeal_form": appeal_form or AppealForm(),
        "asked_for_erasure": asked_for_erasure,
        "notice": notice,
        "hides_language": True,
    }
    return render(request, "receipts/state.html", context, status=status)


def opened(form: ReceiptForm) -> Submission:
    """Return the submission that a valid form has opened."""
    assert form.submission is not None  # noqa: S101 - the form was valid
    return form.submission
