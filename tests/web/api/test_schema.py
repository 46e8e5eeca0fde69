"""schemathesis asks everything that the description allows, and much that it does not: no 500, answers as described."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import schemathesis
from hypothesis import HealthCheck, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.web.api.conftest import DESK, MALL, OTHER_DESK, OTHER_SERVICE, SERVICE, Program
from tests.web.api.test_scopes import TABLE

pytestmark = pytest.mark.database

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance,
]  # fmt: skip
THIRD_DESK = 11  # of dpmptsp too; no other test works there
SEEN: dict[tuple[str, str], set[int]] = {}
# What needs somebody at the desk, or nobody, or a dead delivery: done by hand below and in test_answers.
NEED_SOMEBODY = {
    ("post", f"/api/v1/desks/{{desk}}/{what}")
    for what in ("call", "start", "finish", "recall", "miss", "transfer", "undo", "close")
} | {("post", "/api/v1/webhooks/{hook}/deliveries/{delivery}/resend")}  # fmt: skip


@pytest.fixture(scope="module")
def described(program: Program) -> Any:
    """The description, with some names of things that exist, so that not every answer is a 404."""
    schema = program.get("/openapi.json").json()
    token = program.take(SERVICE, OTHER_SERVICE)["token"]
    wish = {"target": "https://[2001:4860:4860::8888]/masuk", "events": ["day.closed"]}
    hook = program.post("/webhooks", wish).json()["id"]
    here = {"mall": [MALL, "tidak-ada"], "desk": [DESK, OTHER_DESK, 32767], "token": [token, "x" * 22],
            "code": [SERVICE, OTHER_SERVICE, "tidak-ada"], "hook": [hook, str(uuid4())]}  # fmt: skip
    for operations in schema["paths"].values():
        for operation in operations.values():
            for parameter in operation["parameters"]:
                if parameter["in"] == "path" and parameter["name"] in here:
                    parameter["schema"]["enum"] = here[parameter["name"]]
    shapes = schema["components"]["schemas"]
    shapes["NewTicket"]["properties"]["services"]["items"]["enum"] = [SERVICE, OTHER_SERVICE]
    shapes["NewWebhook"]["properties"]["target"]["enum"] = [wish["target"], "https://127.0.0.1/"]
    return schemathesis.openapi.from_dict(schema)


@pytest.fixture(scope="module", autouse=True)
def every_operation_was_asked_and_most_were_done() -> Iterator[None]:
    """Not only refused: else the shapes of good answers would stand unchecked."""
    yield
    assert set(SEEN) == set(TABLE)
    good = {operation for operation, statuses in SEEN.items() if statuses & {200, 201}}
    assert set(TABLE) - good <= NEED_SOMEBODY


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["allowed", "not_allowed"])
@pytest.mark.parametrize(("method", "path"), TABLE, ids=lambda word: str(word))
def test_no_answer_is_a_500_and_each_is_as_described(
    described: Any, program: Program, method: str, path: str, mode: GenerationMode
) -> None:
    operation = described[path][method.upper()]

    @seed(20261127)
    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Case) -> None:
        answer = case.call(base_url=program.url, headers={"authorization": f"Bearer {program.key}"})
        SEEN.setdefault((method, path), set()).add(answer.status_code)
        case.validate_response(answer, checks=CHECKS)

    try:
        ask()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE, "nothing that is allowed could be made"


def test_a_citizen_served_by_hand_is_answered_as_described(described: Any, program: Program) -> None:
    def press(what: str, body: Any = None) -> Any:
        answer = program.post(f"/desks/{THIRD_DESK}/{what}", body)
        assert answer.status_code == 200, answer.text
        described[f"/api/v1/desks/{{desk}}/{what}"]["POST"].validate_response(answer)
        return answer.json()

    program.take(OTHER_SERVICE)
    press("open")
    for end in ("finish", "transfer"):
        program.take(OTHER_SERVICE)
        called = press("call")["called"]
        press("undo")
        called = press("call")["called"]
        press("start")
        ended = {"result": "done", "visit": called["visit"], "seq": called["seq"]}
        press(end, ended if end == "finish" else {"service": SERVICE, "reason": "wrong_service"})
    press("close")
    described["/api/v1/desks/{desk}"]["GET"].validate_response(program.get(f"/desks/{THIRD_DESK}"))
