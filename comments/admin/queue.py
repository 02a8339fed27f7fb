"""The moderation queue: which submissions are listed, in which order, and how many stand where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib.admin.views.main import ChangeList
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments import references, roles, tally
from comments.admin import readings
from comments.admin.base import signed_in
from comments.exports.filters import SubmissionFilter
from comments.models import Submission, Tag, Theme
from comments.models.answers import is_answered
from comments.search import Audience, matching

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from comments.models.submissions import SubmissionQuerySet

ALL = "all"
FOUND = "found"
NO_THEME = "none"
REPLIES = "replies"
WAITS = "waits"
ORDERS = {
    "oldest": _("Oldest first"),
    "newest": _("Newest first"),
    "attention": _("Needs attention first"),
    "campaign": _("Largest campaigns first"),
}
LANGUAGES = {"th": _("Thai"), "en": _("English"), "und": _("other languages")}
ANSWERS = {
    "answered": _("Answered"),
    "blank": _("Not answered"),
    "overdue": _("Overdue"),
}
Status = Submission.Status


class QueueFilter(SubmissionFilter):
    """The filters of the exports, with more of its own, over opinions and replies; the other three stand apart as links."""

    status = forms.ChoiceField(
        choices=[*Status.choices, (ALL, _("All"))], required=False, widget=forms.HiddenInput
    )
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("All")), *Submission.Kind.choices], required=False
    )
    channel = forms.ChoiceField(
        label=_("Channel"), choices=[("", _("All")), *Submission.Channel.choices], required=False
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=[("", _("All")), *LANGUAGES.items()], required=False
    )
    only = forms.ChoiceField(
        label=_("Opinions or replies"),
        choices=[("", _("Both")), ("opinions", _("Opinions")), (REPLIES, _("Replies"))],
        required=False,
    )
    answer = forms.ChoiceField(label=_("Answer"), choices=[("", _("All")), *ANSWERS.items()], required=False)
    theme = forms.ChoiceField(label=_("Theme"), required=False)
    sort = forms.ChoiceField(
        label=_("Sort by"), choices=[("", "–"), *ORDERS.items()], required=False, widget=forms.HiddenInput
    )
    personal_data = forms.ChoiceField(
        choices=[("", "–"), (FOUND, _("Personal data found"))], required=False, widget=forms.HiddenInput
    )
    second = forms.ChoiceField(
        choices=[("", "–"), (WAITS, _("For a second person"))], required=False, widget=forms.HiddenInput
    )
    flagged = forms.ChoiceField(
        choices=[("", "–"), (FOUND, _("Reported by readers"))], required=False, widget=forms.HiddenInput
    )

    def __init__(self, data: Any) -> None:
        if asked := data.get("theme"):
            # A link may name a theme that was merged since.
            aliases = {str(pk): str(into) for pk, into in Theme.objects.aliases().items()}
            data = data.copy()
            data["theme"] = aliases.get(asked, asked)
        super().__init__(data, auto_id="filter_%s")
        self.themes = list(Theme.objects.standing())
        named = [(str(theme.pk), theme) for theme in self.themes]
        field: Any = self.fields["theme"]
        field.choices = [("", _("All")), (NO_THEME, _("No theme yet")), *named]

    def among(self) -> SubmissionQuerySet:
        """Return opinions and replies: both wait for a moderator."""
        return Submission.everything.all()

    def rows(self) -> QuerySet[Submission]:
        """Return the chosen submissions of every status."""
        chosen, rows = self.cleaned_data, cast("SubmissionQuerySet", self.in_any_status())
        if chosen["only"]:
            rows = rows.filter(parent__isnull=chosen["only"] != REPLIES)
        if chosen["answer"]:
            rows = rows.filter(_answer(chosen["answer"]), parent=None)
        if theme := chosen["theme"]:
            rows = rows.without_theme() if theme == NO_THEME else rows.with_theme(int(theme))
        own = {name: chosen[name] for name in ("kind", "channel", "language") if chosen[name]}
        return rows.filter(**own)

    def noticed(self, rows: SubmissionQuerySet) -> SubmissionQuerySet:
        """Return those of `rows` that the links beside the orders choose."""
        if self.cleaned_data["personal_data"]:
            rows = rows.with_personal_data()
        return rows.for_a_second_person() if self.cleaned_data["second"] else rows

    @property
    def narrows(self) -> bool:
        """Tell whether anything but the status and the order is chosen."""
        return self.opens or any(self.data.get(name) for name in ("personal_data", "second", "flagged"))

    @property
    def opens(self) -> bool:
        """Tell whether anything is chosen among the fields that can be seen."""
        return any(self.data.get(field.name) for field in self.visible_fields())


def _answer(chosen: str) -> Q:
    """Return the condition that `chosen` stands for; only what is published waits for an answer."""
    if chosen == "answered":
        return is_answered()
    waits = Q(status=Status.PUBLISHED) & ~is_answered()
    if chosen == "blank":
        return waits
    return waits & tally.is_overdue(timezone.now())


def status_shown(request: HttpRequest) -> str:
    """Return the status that is listed: what was asked for, else pending.

    A reference is looked up whatever its status. Who may read published words only sees all of them.
    """
    asked = request.GET.get("status", "")
    if not roles.sees_every_status(request.user):
        return ALL
    if asked in {*Status.values, ALL}:
        return asked
    return ALL if reference_in(request.GET.get("q", "")) else str(Status.PENDING)


def is_of_two(request: HttpRequest) -> bool:
    """Tell whether only what waits for a second person is listed."""
    return request.GET.get("second") == WAITS


def reference_in(text: str) -> str:
    """Return the reference number that `text` is, or the empty string."""
    try:
        return references.parse(text)
    except ValueError:
        return ""


def search(rows: SubmissionQuerySet, text: str, user: User) -> SubmissionQuerySet:
    """Return those of `rows` with this reference number or, failing that, with these words among those that `user` may read."""
    if reference := reference_in(text):
        return rows.filter(reference=reference)
    audience: Audience = "staff" if user.has_perm(roles.MODERATE) else "public"
    return matching(rows, text, audience=audience) if text else rows


def order_shown(request: HttpRequest) -> str:
    """Return the order that was asked for; what waits is read oldest first, the rest newest first."""
    by_default = "oldest" if status_shown(request) == Status.PENDING else "newest"
    asked = request.GET.get("sort", "")
    return asked if asked in ORDERS else by_default


def ordering(request: HttpRequest) -> list[Any]:
    """Return the columns of the order; among equals the oldest comes first."""
    oldest = ["received_at", "pk"]
    match order_shown(request):
        case "newest":
            return ["-received_at", "-pk"]
        case "attention":
            return ["-flag_count", "-attention", *oldest]
        case "campaign":
            return [tally.among_alike().desc(), "campaign_id", *oldest]
    return oldest


def ordering_of_texts(request: HttpRequest, rows: SubmissionQuerySet) -> list[Any]:
    """Return the columns of the order for those that stand for all of `rows` alike."""
    if order_shown(request) == "campaign":
        # A window would count those that stand for others, each as one.
        return [tally.alike(rows).desc(nulls_last=True), "received_at", "pk"]
    return ordering(request)


def orders(request: HttpRequest) -> list[tuple[str, Any, bool]]:
    """Return each order, its label and whether it is the one shown."""
    shown = order_shown(request)
    return [(order, label, order == shown) for order, label in ORDERS.items()]


class QueueList(ChangeList):
    """One page of the queue, with the totals of everything that passes the filters."""

    filter_form: QueueFilter
    totals: tally.Totals
    status: str
    orders: list[tuple[str, Any, bool]]
    longest: Submission | None
    with_personal_data: int
    appeals: int
    for_a_second_person: int
    is_of_two: bool
    flagged: int
    user: User

    def get_filters_params(self, params: dict[str, Any] | None = None) -> dict[str, Any]:
        """Keep our form's parameters from Django, which would take them for columns."""
        found: dict[str, Any] = super().get_filters_params(params)
        return {name: value for name, value in found.items() if name not in QueueFilter.base_fields}

    def get_queryset(
        self, request: HttpRequest, exclude_parameters: list[str | None] | None = None
    ) -> SubmissionQuerySet:
        """Return the rows to list; the totals count them over every status."""
        found = cast("SubmissionQuerySet", super().get_queryset(request, exclude_parameters))
        self.filter_form = form = QueueFilter(request.GET)
        self.status = status_shown(request)
        self.user = signed_in(request)
        self.orders = orders(request)
        found = found & form.rows() if form.is_valid() else found.none()
        self.totals = tally.totals(found)
        self.appeals = tally.count(roles.visible_submissions(request.user).appealed())
        self.longest = found.pending().order_by("received_at", "pk").first()
        self.flagged = tally.count(found.flagged())
        found = found if self.status == ALL else found.filter(status=self.status)
        found = found.flagged() if self.is_of_flagged else found
        self.with_personal_data, self.for_a_second_person = tally.noticed(found)
        self.is_of_two = is_of_two(request)
        shown = form.noticed(found) if form.is_valid() else found
        return shown.with_labels().prefetch_related(Prefetch("tags", Tag.objects.select_related("theme")))

    @property
    def readings(self) -> list[readings.Reading]:
        """Return the rows of the page as their reader may see them."""
        return readings.of(self.result_list, user=self.user)

    @property
    def is_of_personal_data(self) -> bool:
        """Tell whether only those with personal data in sight are listed."""
        return self.filter_form.data.get("personal_data") == FOUND

    @property
    def is_of_flagged(self) -> bool:
        """Tell whether only those are listed that readers reported."""
        return self.filter_form.data.get("flagged") == FOUND

    @property
    def tabs(self) -> list[tuple[str, Any, int, bool]]:
        """Return status, label, count and whether it is the one listed; the last is their sum."""
        rows = [(str(status), status.label, getattr(self.totals, str(status))) for status in Status]
        rows.append((ALL, _("All"), self.totals.received))
        return [(value, label, n, value == self.status) for value, label, n in rows]
