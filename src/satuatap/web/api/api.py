"""The API as one object: its routers, its refusals, its description."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.operation import Operation

from satuatap.basics.refusal import Refusal
from satuatap.web import problems
from satuatap.web.api import catalogue, desks, floor, hooks, tickets, words
from satuatap.web.api.schemas import Problem
from satuatap.web.inputs import BadInput, BadJson
from satuatap.web.refusals import refusal_of

ALWAYS = (400, 401, 403, 404, 422, 429, 503)  # any operation may answer these
WRITES = (409, 413, 421)
WRONG_SHOWN = 10
PREFIX = "/api/v1/"


class InvalidInput(BadInput):
    code = "invalid_input"
    status = 422

    def __init__(self, fields: list[str]) -> None:
        super().__init__(_("Tidak sah: %(fields)s. Tidak ada yang berubah.") % {"fields": ", ".join(fields)})


class Api(NinjaAPI):
    """The description comes in the language that is active, with every refusal in it."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> Any:
        schema = super().get_openapi_schema(path_prefix=path_prefix or PREFIX, path_params=path_params)
        schema["info"] |= {"title": words.TITLE, "description": str(words.ABOUT)}
        schema["tags"] = [{"name": name, "description": str(text)} for name, text in words.TAGS.items()]
        schema["components"]["schemas"]["Problem"] = Problem.model_json_schema()
        for operations in schema["paths"].values():
            for method, operation in operations.items():
                _describe(method, operation)
        return schema


def _describe(method: str, operation: dict[str, Any]) -> None:
    operation["summary"] = str(words.OPERATIONS[operation["operationId"]])
    operation.pop("description", None)
    responses = {str(status): answer for status, answer in operation["responses"].items()}
    for status in (*ALWAYS, *(WRITES if method != "get" else ())):
        said: dict[str, Any] = {
            "description": str(problems.STATUSES[status][0]),
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        if status == 429:
            said["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "required": True}}
        responses.setdefault(str(status), said)
    operation["responses"] = responses


api = Api(
    title=words.TITLE, version="1", openapi_url="/openapi.json", docs_url=None, urls_namespace="api",
    servers=[{"url": settings.PUBLIC_URL}],
)  # fmt: skip
for part in (catalogue, floor, tickets, desks, hooks):
    api.add_router("", part.router)


@api.exception_handler(Refusal)
def refused(request: HttpRequest, error: Refusal) -> HttpResponse:
    """The house says no."""
    return problems.answer(error)


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Values that the description does not allow: each is named."""
    found = [
        {"where": ".".join(str(part) for part in one["loc"]), "why": str(one["msg"])}
        for one in error.errors[:WRONG_SHOWN]
    ]  # fmt: skip
    names = list(dict.fromkeys(str(one["where"]).rpartition(".")[2] or str(one["where"]) for one in found))
    return problems.answer(InvalidInput(names), errors=found)


@api.exception_handler(HttpError)
def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    """A body that is no JSON."""
    return problems.answer(BadJson())


@api.exception_handler(Exception)
def other(request: HttpRequest, error: Exception) -> HttpResponse:
    """The database is away, a value it can't hold; anything else is a defect and Django's to tell."""
    refusal = refusal_of(error)
    if refusal is None:
        raise error
    return problems.answer(refusal)
