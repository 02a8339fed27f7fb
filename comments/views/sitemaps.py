"""Which pages crawlers are told of: what everybody can read, in both languages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.sitemaps import Sitemap, views
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from comments.models import DevelopmentGoal, Meeting, Submission
from comments.views.caching import public
from comments.views.stale import may_be_old


class InBothLanguages(Sitemap):  # type: ignore[type-arg]
    """Pages that each name the other language's."""

    i18n = True
    alternates = True
    x_default = True
    limit = 5_000


class Pages(InBothLanguages):
    """The pages that are always there."""

    def items(self) -> list[str]:
        """Return their names."""
        return ["home", "goals", "meetings", "comments", "open_data", "about", "privacy", "accessibility"]

    def location(self, item: str) -> str:
        """Return the address of one."""
        return reverse(item)


class Goals(InBothLanguages):
    """The goals of the plans that are public."""

    def items(self) -> QuerySet[DevelopmentGoal]:
        """Return them in a fixed order."""
        return DevelopmentGoal.objects.public().order_by("pk")


class Meetings(InBothLanguages):
    """The meetings that are public."""

    def items(self) -> QuerySet[Meeting]:
        """Return them in a fixed order."""
        rows: QuerySet[Meeting] = Meeting.objects.public().order_by("pk")
        return rows


class Opinions(InBothLanguages):
    """The published opinions; replies stand on their pages."""

    def items(self) -> QuerySet[Submission]:
        """Return them in a fixed order."""
        return Submission.objects.published().select_related("parent").order_by("pk")

    def lastmod(self, item: Submission) -> datetime | None:
        """Return when one was published."""
        return item.moderated_at


SITEMAPS: dict[str, type[Sitemap[Any]] | Sitemap[Any]] = {
    "pages": Pages,
    "goals": Goals,
    "meetings": Meetings,
    "opinions": Opinions,
}


@require_safe
@public(max_age=30, heeds_arrivals=False)
@may_be_old
def index(request: HttpRequest) -> HttpResponse:
    """List the parts of the sitemap."""
    return views.index(request, SITEMAPS, sitemap_url_name="sitemap_section").render()


@require_safe
@public(max_age=30, heeds_arrivals=False)
@may_be_old
def section(request: HttpRequest, section: str) -> HttpResponse:
    """List the pages of one part."""
    return views.sitemap(request, SITEMAPS, section=section).render()
