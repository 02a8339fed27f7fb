"""The least that Django can do: a constant view, twenty rows by key, one row stored. Without our code and middleware.

Settings, addresses and WSGI application in one, for gunicorn to serve: `gunicorn benchmarks.bare`.
"""

from __future__ import annotations

import os
from urllib.parse import unquote

import django
from django.conf import settings

if not settings.configured:
    import environ

    settings.configure(
        SECRET_KEY="bare",  # noqa: S106 - signs nothing
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF="benchmarks.bare",
        DATABASES={
            "default": environ.Env.db_url_config(unquote(os.environ["DATABASE_URL"])) | {"CONN_MAX_AGE": 600}
        },
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
        USE_TZ=True,
    )
    django.setup()

from django.core.wsgi import get_wsgi_application
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

SIZE = 20


class Opinion(models.Model):
    """Some columns of a submission."""

    reference = models.CharField(max_length=12)
    received_at = models.DateTimeField()
    status = models.CharField(max_length=10)
    body = models.TextField()

    class Meta:
        app_label = "bare"
        managed = False
        db_table = "comments_submission"

    def __str__(self) -> str:
        return self.reference


class Row(models.Model):
    """Words, and nothing else."""

    words = models.TextField()

    class Meta:
        app_label = "bare"
        managed = False
        db_table = "bare_row"

    def __str__(self) -> str:
        return self.words


_LIST = """<!doctype html><title>Opinions</title><ol>{% for row in rows %}
<li><a href="/{{ row.reference }}/">{{ row.reference }}</a> {{ row.received_at }} <p>{{ row.body }}</p></li>{% endfor %}
</ol><a href="?after={{ last }}">Next</a>"""


def constant(_request: HttpRequest) -> HttpResponse:
    """Answer the same to everybody."""
    return HttpResponse("ok")


def rows(request: HttpRequest) -> HttpResponse:
    """Draw twenty rows after a key."""
    found = Opinion.objects.filter(status="published").order_by("-received_at", "-id")
    if after := request.GET.get("after"):
        found = found.filter(received_at__lt=after)
    shown = list(found[:SIZE])
    page = (
        engines["django"]
        .from_string(_LIST)
        .render({"rows": shown, "last": shown[-1].received_at.isoformat()})
    )
    return HttpResponse(page)


def store(request: HttpRequest) -> HttpResponse:
    """Store one row."""
    return HttpResponse(Row.objects.create(words=request.POST["body"]).pk)


urlpatterns = [path("constant", constant), path("rows", rows), path("store", store)]
application = get_wsgi_application()
