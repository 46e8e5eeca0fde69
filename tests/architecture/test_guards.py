"""Every address has a guard: who may open it stands beside the view."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

from satuatap.web.guards import Guard


def _views(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for part in resolver.url_patterns:
        if isinstance(part, URLResolver):
            yield from _views(part, before + str(part.pattern))
        else:
            yield before + str(part.pattern), part


def test_every_address_has_a_guard() -> None:
    found = dict(_views(get_resolver()))
    assert found
    assert [
        address for address, part in found.items() if not isinstance(getattr(part.callback, "guard", None), Guard)
    ] == []
