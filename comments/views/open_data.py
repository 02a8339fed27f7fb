"""The open data: a page that explains them, the files, their dictionary and their description for catalogues."""

from __future__ import annotations

import errno
import json
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.html import format_html
from django.utils.http import http_date
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.http import require_safe

from comments import disclosure
from comments.exports import open_data, shelf
from comments.exports.open_data import DATASETS, Dataset
from comments.exports.open_data_file import FORMATS
from comments.models import Plan
from comments.views.caching import public

MAX_AGE = 30
LANGUAGES = ("th", "en")


@require_safe
@public(max_age=MAX_AGE, heeds_arrivals=False)
def page(request: HttpRequest) -> HttpResponse:
    """Tell which data there are, what their columns mean, and how a program gets them."""
    context = {
        "plans": [(plan, _files(plan)) for plan in _plans()],
        "datasets": DATASETS.values(),
        "licence": settings.OPEN_DATA_LICENCE,
        "least": disclosure.LEAST,
        "schema_version": open_data.SCHEMA_VERSION,
        "origin": f"{request.scheme}://{request.get_host()}",
        "catalogue": _data_block(catalogue(request)),
    }
    return render(request, "open_data/page.html", context)


def _plans() -> list[Plan]:
    return list(Plan.objects.filter(is_public=True).order_by("-fiscal_year"))


def _files(plan: Plan) -> list[tuple[Dataset, list[tuple[str, str]]]]:
    return [
        (dataset, [(form, _address(plan, dataset, form)) for form in FORMATS])
        for dataset in DATASETS.values()
    ]


def _address(plan: Plan, dataset: Dataset, form: str) -> str:
    # One address in every language: the data are the same.
    with override(settings.LANGUAGE_CODE):
        return reverse("open_data_file", args=[plan.fiscal_year, dataset.name, form])


@require_safe
def file(request: HttpRequest, year: int, name: str, form: str) -> HttpResponseBase:
    """Hand out a dataset of a public plan; 304 to whoever has it as it is."""
    plan = get_object_or_404(Plan, is_public=True, fiscal_year=year)
    if name not in DATASETS or form not in FORMATS:
        raise Http404("no such file")
    try:
        copy, content = shelf.fetch(DATASETS[name], plan, form)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        return _no_room()
    response = FileResponse(content, content_type=FORMATS[form], filename=f"{name}-{year}.{form}")
    response["X-Row-Count"] = str(copy.rows)
    response["ETag"] = f'"{copy.sha256}"'
    response["Last-Modified"] = http_date(copy.changed_at)
    for_programs(response)
    known = get_conditional_response(request, etag=response["ETag"], last_modified=int(copy.changed_at))
    if known is None:
        return response
    content.close()
    for_programs(known)
    return known


def _no_room() -> HttpResponse:
    text = _("The file can't be made at the moment. Please try again in a few minutes.")
    response = HttpResponse(text, status=503, content_type="text/plain; charset=utf-8")
    response["Retry-After"] = "300"
    return response


def for_programs(response: HttpResponseBase) -> HttpResponseBase:
    """Let pages of other sites read an answer, and anybody keep it for as long as our pages."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = "ETag, X-Row-Count"
    patch_cache_control(response, public=True, max_age=MAX_AGE)
    return response


@require_safe
@public(max_age=MAX_AGE, heeds_arrivals=False)
def dictionary(request: HttpRequest) -> HttpResponse:
    """Give the meaning of every column, in both languages."""
    tables = {
        dataset.name: {
            "title": _in_both(dataset.title),
            "columns": [
                {
                    "name": column.name,
                    "type": column.type,
                    "meaning": _in_both(column.meaning),
                    "codes": column.codes,
                }
                for column in dataset.columns
            ],
        }
        for dataset in DATASETS.values()
    }
    answer = {"schema_version": open_data.SCHEMA_VERSION, "datasets": tables}
    return _json(answer)


@require_safe
@public(max_age=MAX_AGE, heeds_arrivals=False)
def catalogue_file(request: HttpRequest) -> HttpResponse:
    """Give the description for catalogues by itself."""
    response = _json(catalogue(request))
    response["Content-Type"] = "application/ld+json"
    return response


def _json(answer: dict[str, Any]) -> HttpResponse:
    response = JsonResponse(answer, json_dumps_params={"ensure_ascii": False})
    for_programs(response)
    return response


def _in_both(text: object) -> dict[str, str]:
    said = {}
    for language in LANGUAGES:
        with override(language):
            said[language] = str(text)
    return said


def catalogue(request: HttpRequest) -> dict[str, Any]:
    """Return the open data as catalogues of data describe them (DCAT 3, as JSON-LD)."""
    home = request.build_absolute_uri(reverse("open_data"))
    return {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
        },
        "@id": home,
        "@type": "dcat:Catalog",
        "dct:title": _texts(_in_both(open_data.TITLE)),
        "dct:license": {"@id": settings.OPEN_DATA_LICENCE},
        "dct:publisher": {"@type": "foaf:Organization", "foaf:name": _texts(_publisher())},
        "dcat:dataset": [
            _described(request, plan, dataset, files) for plan in _plans() for dataset, files in _files(plan)
        ],
    }


def _described(
    request: HttpRequest, plan: Plan, dataset: Dataset, files: list[tuple[str, str]]
) -> dict[str, Any]:
    return {
        "@type": "dcat:Dataset",
        "dct:identifier": f"{plan.fiscal_year}-{dataset.name}",
        "dct:title": _texts(
            {key: f"{text} {plan.fiscal_year}" for key, text in _in_both(dataset.title).items()}
        ),
        "dct:description": _texts(_in_both(dataset.about)),
        "dct:license": {"@id": settings.OPEN_DATA_LICENCE},
        "dct:accrualPeriodicity": {
            "@id": "http://publications.europa.eu/resource/authority/frequency/UPDATE_CONT"
        },
        "dcat:version": str(open_data.SCHEMA_VERSION),
        "dcat:distribution": [
            {
                "@type": "dcat:Distribution",
                "dcat:downloadURL": {"@id": request.build_absolute_uri(address)},
                "dcat:mediaType": FORMATS[form].partition(";")[0],
            }
            for form, address in files
        ],
    }


def _publisher() -> dict[str, str]:
    said = _in_both(gettext_lazy("Bangkok Metropolitan Administration"))
    own = {"th": settings.CONTROLLER_NAME, "en": settings.CONTROLLER_NAME_EN or settings.CONTROLLER_NAME}
    return said | {language: name for language, name in own.items() if name}


def _data_block(answer: dict[str, Any]) -> SafeString:
    """Return data for programs that read pages; a browser never runs it."""
    text = json.dumps(answer, ensure_ascii=False).replace("<", "\\u003c")
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308


def _texts(said: dict[str, str]) -> list[dict[str, str]]:
    return [{"@language": language, "@value": text} for language, text in said.items()]
