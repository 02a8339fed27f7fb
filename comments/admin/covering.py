"""Cover personal data, and uncover it, on the page of a submission."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from comments import moderation
from comments.admin import decisions, readings
from comments.admin.base import signed_in
from comments.models import Redaction, Submission
from comments.text import spans

if TYPE_CHECKING:
    from comments.admin.submissions import SubmissionAdmin

Part = tuple[int, int, str]
Reason = Redaction.Reason

COVERED = ngettext_lazy("Covered %d part of the text.", "Covered %d parts of the text.")
UNCOVERED = _("Nothing is covered any more.")
STILL_NEEDED = _("Not uncovered: it is published, and its words hold personal data that is never published.")
NOTHING_CHANGES = _("Nothing would change: tick or untick a part, or write other words.")
TICKED_AT_FIRST = frozenset({"block", "mask"})


class RedactForm(forms.Form):
    """Which parts of a text are to be covered, and why each."""

    use_required_attribute = False

    covered = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    parts = forms.MultipleChoiceField(
        label=_("Cover these parts"), required=False, widget=forms.CheckboxSelectMultiple
    )
    words = forms.CharField(
        label=_("Cover other words"),
        required=False,
        max_length=500,
        help_text=_("Copy them from the text; they are covered wherever they stand."),
    )
    words_reason = forms.ChoiceField(label=_("These are"), choices=Reason, initial=Reason.OTHER)
    note = decisions.NoteField(label=_("Note"), help_text=_("For colleagues; the author does not see it."))

    def __init__(self, data: Any = None, *, reading: readings.Reading, prefix: str | None = None) -> None:
        super().__init__(data, auto_id="redact_%s", prefix=prefix)
        self.body, self.language = reading.submission.words, reading.submission.language
        self.before: list[Part] = [(one.start, one.end, one.reason) for one in reading.covered]
        now = [(part, _("covered now"), True) for part in self.before]
        found = [
            (
                (one.start, one.end, str(one.kind)),
                readings.SEVERITIES[one.severity],
                one.severity in TICKED_AT_FIRST,
            )
            for one in reading.findings
        ]
        offered = sorted(now + found, key=lambda row: row[0])
        parts: Any = self.fields["parts"]
        parts.choices = [(_value(part), self._label(part, state)) for part, state, _ticked in offered]
        parts.initial = [_value(part) for part, _state, is_ticked in offered if is_ticked]
        self.fields["covered"].initial = self.seen

    @property
    def seen(self) -> str:
        """Return what is covered now in a form in which a page can carry it."""
        return ",".join(map(_value, self.before))

    @property
    def is_stale(self) -> bool:
        """Tell whether something was covered or uncovered since the page was drawn."""
        return str(self.data.get(self.add_prefix("covered"), "")) != self.seen

    def clean_words(self) -> list[tuple[int, int]]:
        """Return every place where the words stand."""
        words: str = self.cleaned_data["words"]
        if not words:
            return []
        places = [spans.Span(*match.span()) for match in re.finditer(re.escape(words), self.body)]
        if not places:
            raise forms.ValidationError(_("These words do not stand in the text as you wrote them."))
        return [(start, end) for start, end in spans.snap(self.body, places)]

    def clean(self) -> dict[str, Any]:
        """Add `spans`: all that is to be covered, in order and apart. What changes nothing is refused."""
        chosen = super().clean() or {}
        if self.errors:
            return chosen
        parts = [_part(value) for value in chosen["parts"]]
        more = [(start, end, chosen["words_reason"]) for start, end in chosen["words"]]
        chosen["spans"] = _apart(parts + more)
        if chosen["spans"] == self.before:
            raise forms.ValidationError(NOTHING_CHANGES)
        return chosen

    def _label(self, part: Part, state: Any) -> str:
        start, end, reason = part
        return format_html(
            '<b class="what" lang="{}">{}</b> <span class="hint">{} · {}</span>',
            self.language,
            self.body[start:end],
            Reason(reason).label,
            state,
        )


def _value(part: Part) -> str:
    return "{}-{}-{}".format(*part)


def _part(value: str) -> Part:
    start, end, reason = value.split("-")
    return int(start), int(end), reason


def _apart(parts: list[Part]) -> list[Part]:
    """Return `parts` in order; of those that overlap one, for the first reason that isn't "other"."""
    found: list[Part] = []
    for part in sorted(parts):
        if found and part[0] < found[-1][1]:
            start, end, reason = found[-1]
            found[-1] = (start, max(end, part[1]), part[2] if reason == Reason.OTHER else reason)
        else:
            found.append(part)
    return found


def urls(model_admin: SubmissionAdmin) -> list[URLPattern]:
    """Return the address that covers, POST only."""

    def view(request: HttpRequest, pk: int) -> HttpResponse:
        return redact(request, model_admin, pk)

    return [
        path("<int:pk>/redact/", model_admin.admin_site.admin_view(view), name="comments_submission_redact")
    ]


def redact(request: HttpRequest, model_admin: SubmissionAdmin, pk: int) -> HttpResponse:
    """Cover what is ticked and nothing else, if the page showed how things stand."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not model_admin.has_moderate_permission(request):
        raise PermissionDenied
    submission = get_object_or_404(model_admin.get_queryset(request), pk=pk)
    (reading,) = readings.of([submission], user=signed_in(request))
    form = RedactForm(request.POST, reading=reading)
    # First of all: the choices of a page that is out of date are not those of this form.
    if form.is_stale or not decisions.is_as_seen(request, submission):
        messages.error(request, decisions.STALE % submission.reference)
    elif not form.is_valid():
        return model_admin.page(request, submission, redact_form=form)
    else:
        _cover(request, submission, form)
    address = reverse("admin:comments_submission_change", args=[pk])
    return redirect(add_preserved_filters(model_admin.context(request), address))


def _cover(request: HttpRequest, submission: Submission, form: RedactForm) -> None:
    chosen, note = form.cleaned_data["spans"], form.cleaned_data["note"]
    try:
        moderation.redact(submission, chosen, actor=signed_in(request), note=note)
    except moderation.StaleDecisionError:
        messages.error(request, decisions.STALE % submission.reference)
    except moderation.PersonalDataError:
        messages.error(request, f"{submission.reference}: {STILL_NEEDED}")
    else:
        messages.success(request, COVERED % len(chosen) if chosen else UNCOVERED)
