"""Who asks: the program behind the key of the request, and whether its key opens this operation."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja.security import HttpBearer

from satuatap.features.commons.queries import ApiClient
from satuatap.features.commons.states import ApiScope
from satuatap.web.clients import admit, find_client, key_in


class ApiKey(HttpBearer):
    """``Authorization: Bearer sat_...``; sessions and cookies do not count here."""

    def __init__(self, scope: ApiScope | None) -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> ApiClient:
        return self.authenticate(request, key_in(request.headers.get("Authorization", "")))

    def authenticate(self, request: HttpRequest, token: str) -> ApiClient:
        """The client, or a refusal (401, 403, 429)."""
        return admit(find_client(token), self.scope)


def needs(scope: ApiScope | None) -> dict[str, Any]:
    """What an operation says about who may ask; without a scope: any key."""
    return {"auth": ApiKey(scope), "openapi_extra": {"x-scope": scope.value if scope else None}}


def client_of(request: HttpRequest) -> ApiClient:
    """The client that was admitted."""
    client: ApiClient = request.auth  # type: ignore[attr-defined]
    return client
