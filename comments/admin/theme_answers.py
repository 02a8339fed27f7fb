"""Begin an answer to every opinion with one theme, or to those on one goal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments import answering, roles, tally
from comments.admin.answers import NOT_PUBLISHED, AnswerForm, draw
from comments.admin.base import signed_in
from comments.models import DevelopmentGoal, Submission, Theme

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.db.models import QuerySet

    from comments.admin.themes import ThemeAdmin

NOT_ALL_YOURS = gettext_lazy(
    "Not all of these opinions fall to your offices. Choose a goal that your office leads, or answer one by one."
)


class ThemeAnswerForm(AnswerForm):
    """What an answer says, and to which part of a theme."""

    goal = forms.ModelChoiceField(
        DevelopmentGoal.objects.none(),
        label=gettext_lazy("Only to opinions on"),
        to_field_name="code",
        required=False,
        empty_label=gettext_lazy("every goal, and the plan as a whole"),
    )

    def __init__(self, data: Any = None, *, user: User, theme: Theme, **more: Any) -> None:
        super().__init__(data, user=user, **more)
        self.user, self.theme = user, theme
        tagged = Submission.objects.published().with_theme(theme.pk).order_by()
        goal: Any = self.fields["goal"]
        goal.queryset = DevelopmentGoal.objects.filter(pk__in=tagged.values("goal"))

    def clean(self) -> dict[str, Any]:
        """Refuse an answer that would reach what falls to other offices."""
        data = super().clean() or {}
        if "goal" in data and not roles.may_answer_all(self.user, reached(self.theme, data["goal"])):
            self.add_error("goal", NOT_ALL_YOURS)
        return data


def reached(theme: Theme, goal: DevelopmentGoal | None) -> QuerySet[Submission]:
    """Return the published opinions with `theme`, those on `goal` if one is given."""
    rows = Submission.objects.published().with_theme(theme.pk)
    return rows.filter(goal=goal) if goal else rows


def urls(model_admin: ThemeAdmin) -> list[URLPattern]:
    """Return the address of the page."""

    def view(request: HttpRequest, pk: int) -> HttpResponse:
        return begin(request, model_admin, pk)

    return [path("<int:pk>/answer/", model_admin.admin_site.admin_view(view), name="comments_theme_answer")]


def begin(request: HttpRequest, model_admin: ThemeAdmin, pk: int) -> HttpResponse:
    """Draft an answer to a theme."""
    user = signed_in(request)
    if not user.has_perm(roles.DRAFT):
        raise PermissionDenied
    theme = get_object_or_404(Theme.objects.standing(), pk=pk)
    form = ThemeAnswerForm(
        request.POST if request.method == "POST" else None,
        user=user,
        theme=theme,
        initial={"goal": request.GET.get("goal")},
    )
    if form.is_bound and form.is_valid():
        try:
            draft = answering.draft(theme, form.content, goal=form.cleaned_data["goal"], author=user)
        except answering.NotPublishedError:
            form.add_error(None, NOT_PUBLISHED)
        else:
            messages.success(request, _("The draft is saved. Nobody outside the staff reads it."))
            return redirect("admin:comments_answerdraft_change", draft.pk)
    more = {"theme": theme, "reached": tally.count(reached(theme, None))}
    return draw(request, model_admin, None, form, title=_("Answer the theme %s") % theme, **more)
