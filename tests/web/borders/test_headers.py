"""What the browser is told with every answer of every kind, and that no page needs what is forbidden."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from csp.utils import build_policy
from django.test import Client, RequestFactory

from satuatap.web.live import watched
from satuatap.web.refusals import defect
from tests.factories.people import PASSWORD
from tests.web.borders.asks import ASKS, EVERYBODYS, OF_WHO_ASKS
from tests.web.borders.test_objects import Cookies, browser_of
from tests.web.borders.world import COLUMNS, World, browser, undone
from tests.web.routes import Address

pytestmark = pytest.mark.django_db(transaction=True)

STRICT = {"default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "base-uri": "'none'",
          "frame-ancestors": "'none'", "object-src": "'none'", "form-action": "'self'"}  # fmt: skip
SAID = {"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin"}  # fmt: skip
RUNS = re.compile(r"^on\w+$|^style$|^srcdoc$")
CODE = re.compile(r"^\s*(javascript|data|vbscript):", re.IGNORECASE)


class Inline(HTMLParser):
    """What would need ``unsafe-inline``: script and style in the page itself."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        plain = named.get("type") in ("application/json", "speculationrules")  # data, which runs nothing
        if tag == "style" or (tag == "script" and "src" not in named and not plain):
            self.found.append(f"<{tag}>")
        self.found += [f"{tag} {name}" for name in named if RUNS.match(name)]
        self.found += [f"{tag} {name}={value}" for name, value in attrs
                       if name in ("href", "src", "action", "formaction") and value and CODE.match(value)]  # fmt: skip


def inline_in(page: str) -> list[str]:
    parser = Inline()
    parser.feed(page)
    return parser.found


def wrong_in(answer: Any) -> list[str]:
    """Everything that this answer lacks."""
    policy = answer.headers.get("Content-Security-Policy", "")
    told = dict(part.strip().split(" ", 1) for part in policy.split(";") if " " in part.strip())
    wrong = [f"{name} is {told.get(name)}" for name, value in STRICT.items() if told.get(name) != value]
    wrong += [
        f"{name} is {answer.headers.get(name)}" for name, value in SAID.items() if answer.headers.get(name) != value
    ]
    wrong += [word for word in ("unsafe-inline", "unsafe-eval", "*") if word in policy]
    kind = answer.headers.get("Content-Type", "")
    if kind.startswith("text/") and "charset=utf-8" not in kind.lower():
        wrong.append(f"charset: {kind}")
    if "Access-Control-Allow-Origin" in answer.headers:
        wrong.append("opens itself to other sites")
    if kind.startswith("text/html"):
        wrong += inline_in(answer.content.decode())
    return wrong


def test_every_page_of_every_role_is_strict(world: World, keys: Cookies) -> None:
    """All GETs of the tables of borders, as everybody: pages, fragments, JSON, PDF, archives, refusals."""
    asked = [(one.route, Address(one.route).filled(one.holes(world, world.sides["own"])),
              one.words(world, world.sides["own"])) for one in ASKS if one.method == "GET"]  # fmt: skip
    asked += [(route, f"/{route}", {}) for route in sorted(OF_WHO_ASKS | EVERYBODYS)]
    wrong, kinds = [], set()
    with undone():
        for who in COLUMNS:
            client = browser_of(keys, who)
            for route, address, words in asked:
                if "aktifkan" in route and who != "anonymous":
                    continue  # it would sign the kiosk in, in her place
                answer = client.get(address, words)
                kinds.add(answer.headers.get("Content-Type", "").partition(";")[0])
                wrong += [f"{who} {route} ({answer.status_code}): {one}" for one in wrong_in(answer)]
    assert wrong == []
    assert {"text/html", "application/json", "application/pdf", "application/zip"} <= kinds


@pytest.mark.parametrize("method", ["get", "post", "put", "delete", "options", "trace"])
@pytest.mark.parametrize("address", ["/", "/tidak-ada", "/api/v1/me", "/masuk", "/papan/..%2f", "/loket/99999"])
def test_what_leads_nowhere_is_as_strict(world: World, method: str, address: str) -> None:
    answer = getattr(browser(), method)(address)
    assert wrong_in(answer) == []
    assert answer.status_code != 200 or method in ("get", "options", "post"), "TRACE and the like are not answered"
    if method == "trace":
        assert answer.status_code in (403, 404, 405) and b"TRACE /" not in answer.content


def test_a_defect_tells_nothing_and_has_no_script(world: World) -> None:
    page = defect(RequestFactory().get("/")).content.decode()
    assert inline_in(page) == [] and "Traceback" not in page and "django" not in page.lower()


def test_inline_code_is_noticed() -> None:
    pages = ("<p style='color:red'>", "<script>x()</script>", "<style>p{}</style>", "<a onclick='x()'>",
             "<a href=' JavaScript:x()'>", "<iframe srcdoc='x'>")  # fmt: skip
    assert all(inline_in(page) for page in pages)
    assert inline_in("<script src='/static/x.js'></script><a href='/x'>style</a>") == []


def test_cookies_are_closed(world: World) -> None:
    client = browser()
    with undone():
        client.get("/masuk")
        client.post("/bahasa", {"language": "en", "next": "/"})
        client.post("/masuk", {"login": "orang.own", "password": PASSWORD})
    found = client.cookies
    assert {"satuatap_session", "satuatap_csrf", "satuatap_pc", "satuatap_bahasa"} <= found.keys()
    for name, cookie in found.items():
        assert cookie["samesite"] in ("Lax", "Strict"), name
        assert bool(cookie["httponly"]) or name == "satuatap_bahasa", name


def scope(**headers: str) -> dict[str, Any]:
    return {"type": "http", "scheme": "http", "headers": [(k.encode(), v.encode()) for k, v in headers.items()]}


@pytest.mark.parametrize(
    ("hsts", "proxies", "proto", "sent"),
    [(31536000, ["10.0.0.1"], "https", True), (31536000, [], "https", False), (31536000, ["10.0.0.1"], "http", False),
     (0, ["10.0.0.1"], "https", False)],
)  # fmt: skip
def test_the_front_asks_for_https_only_behind_https(
    settings: Any, hsts: int, proxies: list[str], proto: str, sent: bool
) -> None:
    settings.SECURE_HSTS_SECONDS, settings.TRUSTED_PROXIES = hsts, proxies
    told = headers_of({"x-forwarded-proto": proto})
    assert told.get("Strict-Transport-Security") == ("max-age=31536000" if sent else None)


def test_django_asks_for_https_only_behind_https(world: World, settings: Any) -> None:
    settings.SECURE_HSTS_SECONDS, settings.SECURE_PROXY_SSL_HEADER = 31536000, ("HTTP_X_FORWARDED_PROTO", "https")
    fresh = Client()  # the middleware reads its settings when it is put together
    assert "Strict-Transport-Security" not in fresh.get("/").headers
    assert fresh.get("/", headers={"x-forwarded-proto": "https"}).headers["Strict-Transport-Security"] == (
        "max-age=31536000"
    )


@pytest.mark.parametrize("kind", [b"text/event-stream; charset=utf-8", b"application/json", b"image/svg+xml"])
def test_what_django_never_sees_is_as_strict(kind: bytes) -> None:
    told = headers_of({}, (b"content-type", kind))
    assert told["Content-Security-Policy"] == build_policy()
    assert {name: told.get(name) for name in SAID if "Opener" not in name} == {
        name: value for name, value in SAID.items() if "Opener" not in name
    }
    ours = headers_of({}, (b"content-security-policy", b"default-src 'none'"))
    assert ours["Content-Security-Policy"] == "default-src 'none'", "what an answer says itself is not said twice"


def headers_of(asked: dict[str, str], *own: tuple[bytes, bytes]) -> dict[str, str]:
    """What an answer of the front that says ``own`` reaches the browser with."""
    kept: list[Any] = []
    scope = {"type": "http", "scheme": "http", "headers": [(k.encode(), v.encode()) for k, v in asked.items()]}

    async def send(message: Any) -> None:
        kept.append(message)

    answer = watched.Watched(scope, send).send({"type": "http.response.start", "status": 200, "headers": list(own)})
    with pytest.raises(StopIteration):
        answer.send(None)
    return {name.decode().title(): value.decode() for name, value in kept[0]["headers"]}
