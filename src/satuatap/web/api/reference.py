"""The page that people read: made from the same description that programs read, without a script."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from satuatap.features.commons.states import ApiScope, Event
from satuatap.web import problems
from satuatap.web.api import words
from satuatap.web.api.api import api
from satuatap.web.guards import public


@dataclass(frozen=True, slots=True)
class Field:
    """One value that is sent or answered."""

    name: str
    kind: str
    required: bool
    text: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """One address and method."""

    method: str
    path: str
    text: str
    scope: str
    sent: tuple[Field, ...]
    answered: tuple[Field, ...]


@require_safe
@public
def reference(request: HttpRequest) -> HttpResponse:
    """Every operation by subject, every scope, event and problem."""
    schema = api.get_openapi_schema()
    groups = [(name, text, _operations(schema, name)) for name, text in words.TAGS.items()]
    context = {
        "about": words.ABOUT, "groups": groups, "scopes": list(ApiScope), "events": list(Event),
        "problems": [(status, *texts) for status, texts in problems.STATUSES.items()],
    }  # fmt: skip
    return render(request, "api/reference.html", context)


def _operations(schema: dict[str, Any], tag: str) -> list[Operation]:
    return [
        Operation(
            method.upper(), path, one["summary"], one.get("x-scope") or "", tuple(_sent(schema, one)),
            tuple(_answered(schema, one)),
        )
        for path, operations in schema["paths"].items()
        for method, one in operations.items()
        if tag in one["tags"]
    ]  # fmt: skip


def _sent(schema: dict[str, Any], operation: dict[str, Any]) -> list[Field]:
    found = [
        Field(p["name"], _kind(p["schema"]), p["required"], p["schema"].get("description", ""))
        for p in operation["parameters"]
    ]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    return found + (_fields(schema, body) if body else [])


def _answered(schema: dict[str, Any], operation: dict[str, Any]) -> list[Field]:
    good = next(answer for status, answer in operation["responses"].items() if status in ("200", "201"))
    return _fields(schema, good["content"]["application/json"]["schema"])


def _fields(schema: dict[str, Any], shape: dict[str, Any]) -> list[Field]:
    """The fields of an object, those of a list's rows named as ``items[].x``."""
    found = []
    resolved = _resolved(schema, shape)
    required = resolved.get("required", [])
    for name, one in resolved.get("properties", {}).items():
        found.append(Field(name, _kind(one), name in required, one.get("description", "")))
        inner = _resolved(schema, one.get("items", one))
        if inner.get("type") == "object":
            mark = f"{name}[]." if "items" in one else f"{name}."
            names = inner.get("required", [])
            found += [
                Field(mark + key, _kind(part), key in names, part.get("description", ""))
                for key, part in inner["properties"].items()
            ]
    return found


def _resolved(schema: dict[str, Any], shape: dict[str, Any]) -> dict[str, Any]:
    if "anyOf" in shape:
        shape = next((one for one in shape["anyOf"] if "$ref" in one), shape)
    if "$ref" in shape:
        found: dict[str, Any] = schema["components"]["schemas"][shape["$ref"].rpartition("/")[2]]
        return found
    return shape


def _kind(shape: dict[str, Any]) -> str:
    """A type in a few signs."""
    if "anyOf" in shape:
        return " | ".join(_kind(one) for one in shape["anyOf"])
    if "const" in shape:
        return str(shape["const"]).lower()
    if "enum" in shape:
        return " | ".join(str(one) for one in shape["enum"])
    if "$ref" in shape:
        return str(shape["$ref"].rpartition("/")[2])
    if shape.get("type") == "array":
        return f"[{_kind(shape.get('items', {}))}]"
    return str(shape.get("format") or shape.get("type", ""))
