"""Scope x operation, every cell really asked: a key opens what its scope names and nothing else."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from satuatap.features.commons.states import ApiScope
from tests.web.api.conftest import DESK, MALL, SERVICE, Make, Program, problem

pytestmark = pytest.mark.database

SOME = "6f1c0d7e-8b7e-4a3e-9a53-0c8d5f7f3f10"
C, Q, V, R, T, D, W = ApiScope.CATALOGUE, ApiScope.QUEUE, ApiScope.VISITS, ApiScope.REPORTS, ApiScope.TICKETS, \
    ApiScope.DESKS, ApiScope.WEBHOOKS  # fmt: skip
# operation -> the one scope that opens it (None: any key)
TABLE: dict[tuple[str, str], ApiScope | None] = {
    ("get", "/api/v1/me"): None,
    ("get", "/api/v1/agencies"): C,
    ("get", "/api/v1/services"): C,
    ("get", "/api/v1/search"): C,
    ("get", "/api/v1/services/{code}"): C,
    ("get", "/api/v1/malls"): C,
    ("get", "/api/v1/malls/{mall}"): C,
    ("get", "/api/v1/malls/{mall}/booths"): C,
    ("get", "/api/v1/malls/{mall}/desks"): C,
    ("get", "/api/v1/malls/{mall}/hours"): C,
    ("get", "/api/v1/malls/{mall}/queue"): Q,
    ("get", "/api/v1/malls/{mall}/board"): Q,
    ("get", "/api/v1/malls/{mall}/report"): R,
    ("post", "/api/v1/malls/{mall}/tickets"): T,
    ("get", "/api/v1/visits/{token}"): V,
    ("get", "/api/v1/desks/{desk}"): D,
    ("post", "/api/v1/desks/{desk}/call"): D,
    ("post", "/api/v1/desks/{desk}/start"): D,
    ("post", "/api/v1/desks/{desk}/finish"): D,
    ("post", "/api/v1/desks/{desk}/open"): D,
    ("post", "/api/v1/desks/{desk}/close"): D,
    ("post", "/api/v1/desks/{desk}/pause"): D,
    ("post", "/api/v1/desks/{desk}/recall"): D,
    ("post", "/api/v1/desks/{desk}/miss"): D,
    ("post", "/api/v1/desks/{desk}/transfer"): D,
    ("post", "/api/v1/desks/{desk}/undo"): D,
    ("get", "/api/v1/webhooks"): W,
    ("post", "/api/v1/webhooks"): W,
    ("delete", "/api/v1/webhooks/{hook}"): W,
    ("get", "/api/v1/webhooks/{hook}/deliveries"): W,
    ("post", "/api/v1/webhooks/{hook}/deliveries/{delivery}/resend"): W,
}
FILLED = {"mall": MALL, "desk": str(DESK), "code": SERVICE, "token": "x" * 20, "hook": SOME, "delivery": SOME}
BODIES: dict[str, Any] = {
    "tickets": {"services": []},
    "finish": {"result": "x"},
    "pause": {},
    "transfer": {"service": "x", "reason": "equipment"},
    "webhooks": {"target": "https://[::1]/", "events": ["day.closed"]},
}


def ask(program: Program, method: str, path: str) -> Any:
    address = path.removeprefix("/api/v1").format(**FILLED) + ("?q=ktp" if path.endswith("search") else "")
    body = BODIES.get(path.rpartition("/")[2], {}) if method == "post" else None
    headers = {"idempotency-key": str(uuid4())}
    return program.http.request(method, address, json=body, headers=headers)


@pytest.fixture(scope="module")
def by_scope(client: Make) -> dict[ApiScope, Program]:
    return {scope: client(scope.value) for scope in ApiScope}


def test_the_table_names_every_operation(program: Program) -> None:
    described = program.get("/openapi.json").json()["paths"]
    found = {(m, p): one["x-scope"] for p, operations in described.items() for m, one in operations.items()}
    assert found == TABLE


@pytest.mark.parametrize(("method", "path"), TABLE, ids=lambda word: str(word))
def test_each_scope_opens_its_own_operations_and_no_other(
    by_scope: dict[ApiScope, Program], served: Any, method: str, path: str
) -> None:
    needed = TABLE[(method, path)]
    for scope, program in by_scope.items():
        answer = ask(program, method, path)
        if needed in (None, scope):
            assert answer.status_code not in (401, 403, 405), (scope, answer.text[:300])
            assert answer.status_code < 500, answer.text[:300]
        else:
            assert problem(answer, 403)["code"] == "scope_missing"
            assert str(needed) in answer.json()["detail"]
    for key in (None, "sat_aaaaaaaaaa_" + "A" * 43, "x"):
        answer = ask(Program(served.url, key), method, path)
        assert problem(answer, 401)["code"] == "key_needed"
        assert answer.headers["www-authenticate"].startswith("Bearer")
