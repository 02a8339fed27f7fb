"""Describe the interface for programs as OpenAPI 3.1, from the same tables that answer."""

from __future__ import annotations

from typing import Any

from comments.exports import open_data
from comments.exports.open_data import GOALS, MEETINGS, OPINIONS, TALLIES, Dataset
from comments.forms import FilterForm
from comments.forms.choices import KINDS, SORTS, SORTS_OF_A_SEARCH, STANCES

_CHOICES = {
    "sort": [value for value, _label in SORTS if value not in SORTS_OF_A_SEARCH],
    "stance": [value for value, _label in STANCES],
    "kind": [value for value, _label in KINDS],
}
_MEANINGS = {
    "q": 'Words to look for: words are ANDed, "exact phrase", -without.',
    "sort": "Order; newest unless asked otherwise.",
    "strategy": "Code of a strategy.",
    "goal": "Code of a goal.",
    "sector": "Code of a sector.",
    "district": "1001 to 1050, or outside.",
    "stance": "What the author said of the goal.",
    "kind": "What sort of statement.",
    "meeting": "Number of a meeting.",
    "theme": "Code of a theme, as in the links on the page of a goal.",
    "campaign": "Number of a group of texts alike.",
}

Described = dict[str, Any]


def document(address: str) -> Described:
    """Return the description of the interface at `address`."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "BMA Consult",
            "version": f"1.{open_data.SCHEMA_VERSION}",
            "description": "What people said about the goals of Bangkok's annual action plan, and the numbers. Read only.",
        },
        "servers": [{"url": address.rstrip("/")}],
        "paths": {
            "/goals/": _path("Every goal of the current plan", _list_of(GOALS)),
            "/goals/{code}/": _path("One goal", _reference(GOALS), [_part("code")]),
            "/meetings/": _path("Every meeting of the current plan", _list_of(MEETINGS)),
            "/opinions/": _path("Published opinions, a page at a time", _page(), _filters(), (400, 429)),
            "/opinions/{reference}/": _path(
                "One published opinion", _reference(OPINIONS), [_part("reference")]
            ),
            "/tallies/": _path("The numbers of the results page", _list_of(TALLIES)),
        },
        "components": {
            "schemas": {each.name: _schema(each) for each in (GOALS, MEETINGS, OPINIONS, TALLIES)}
            | {"error": _ERROR}
        },
    }


_ERROR: Described = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["status", "message"],
            "properties": {
                "status": {"type": "integer"},
                "message": {"type": "string"},
                "fields": {
                    "type": "object",
                    "additionalProperties": {"type": "array", "items": {"type": "string"}},
                },
            },
        }
    },
}


def _schema(dataset: Dataset) -> Described:
    return {
        "type": "object",
        "required": [column.name for column in dataset.columns],
        "additionalProperties": False,
        "properties": {
            column.name: {"type": [column.type, "null"], "description": str(column.meaning)}
            for column in dataset.columns
        },
    }


def _reference(dataset: Dataset) -> Described:
    return {"$ref": f"#/components/schemas/{dataset.name}"}


def _list_of(dataset: Dataset) -> Described:
    return _object({"plan_year": {"type": "integer"}, dataset.name: _array(dataset)})


def _page() -> Described:
    return _object(
        {
            "plan_year": {"type": "integer"},
            "count": {"type": "integer"},
            "count_is_exact": {"type": "boolean"},
            "opinions": _array(OPINIONS),
            "next": {"type": ["string", "null"], "format": "uri"},
        }
    )


def _array(dataset: Dataset) -> Described:
    return {"type": "array", "items": _reference(dataset)}


def _object(properties: Described) -> Described:
    return {"type": "object", "required": list(properties), "properties": properties}


def _path(
    summary: str, schema: Described, parameters: list[Described] | None = None, errors: tuple[int, ...] = ()
) -> Described:
    wrong = {"description": "What is wrong", "content": _json({"$ref": "#/components/schemas/error"})}
    return {
        "get": {
            "summary": summary,
            "parameters": parameters or [],
            "responses": {"200": {"description": summary, "content": _json(schema)}}
            | {str(status): wrong for status in (404, *errors)},
        }
    }


def _json(schema: Described) -> Described:
    return {"application/json": {"schema": schema}}


def _part(name: str) -> Described:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _filters() -> list[Described]:
    found = [_query(name, _MEANINGS[name], _values(name)) for name in FilterForm.base_fields]
    limit = {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}
    return [
        *found,
        _query("limit", "How many on a page.", limit),
        _query("after", "Cursor of the page before, as `next` gives it.", {"type": "string"}),
    ]


def _values(name: str) -> Described:
    return {"type": "string"} | ({"enum": _CHOICES[name]} if name in _CHOICES else {})


def _query(name: str, meaning: str, schema: Described) -> Described:
    return {"name": name, "in": "query", "required": False, "description": meaning, "schema": schema}
