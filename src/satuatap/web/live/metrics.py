"""Figures for Prometheus at /metrics: how many requests, how fast, who listens, what is left. No person in any of them.

Counting must cost nothing in the hot paths: plain integers here, put into words only when somebody asks. Asked may be
from this machine itself (not through a proxy), or with the token of SATUATAP_METRICS_TOKEN.
"""

from __future__ import annotations

import hmac
import os
import resource
import time
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path

from django.conf import settings
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

import satuatap
from satuatap.plumbing.space import space
from satuatap.web.live.http import Scope, header
from satuatap.web.live.works import Works

EDGES = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)  # seconds
TOKEN = "SATUATAP_METRICS_TOKEN"  # noqa: S105  (the name of a setting)
THROUGH_A_PROXY = (b"x-forwarded-for", b"x-real-ip", b"forwarded", b"via")
CONTENT_TYPE = b"text/plain; version=0.0.4; charset=utf-8"


class Counts:
    """What this process has answered so far."""

    def __init__(self) -> None:
        self.requests: defaultdict[tuple[str, int], int] = defaultdict(int)
        self.times: defaultdict[str, list[int]] = defaultdict(lambda: [0] * (len(EDGES) + 1))
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.began = time.time()

    def count(self, route: str, status: int, seconds: float | None) -> None:
        """One answer; ``seconds`` is ``None`` for a stream, which lasts as long as its screen."""
        self.requests[route, status // 100] += 1
        if seconds is not None:
            self.times[route][bisect_left(EDGES, seconds)] += 1
            self.seconds[route] += seconds


counts = Counts()


def may_ask(scope: Scope) -> bool:
    """This machine itself, or who has the token."""
    given = os.environ.get(TOKEN, "")
    said = header(scope, b"authorization")
    if given and hmac.compare_digest(said.encode(), f"Bearer {given}".encode()):
        return True
    if any(header(scope, name) for name in THROUGH_A_PROXY):
        return False
    client = scope.get("client") or ("",)
    try:
        return ip_address(client[0]).is_loopback
    except ValueError:
        return False


class _Collector:
    def __init__(self, works: Works) -> None:
        self._works = works

    def collect(self) -> Iterator[Metric]:
        yield self._info()
        yield self._requests()
        yield self._times()
        yield from self._gauges()

    def _info(self) -> Metric:
        family = GaugeMetricFamily("satuatap_info", "The version that runs", labels=["version"])
        family.add_metric([satuatap.__version__], 1)
        return family

    def _requests(self) -> Metric:
        family = CounterMetricFamily("satuatap_requests", "Answers by route and class", labels=["route", "status"])
        for (route, status), number in sorted(counts.requests.items()):
            family.add_metric([route, f"{status}xx"], number)
        return family

    def _times(self) -> Metric:
        family = HistogramMetricFamily("satuatap_seconds", "Seconds until answered, streams left out", labels=["route"])
        for route, numbers in sorted(counts.times.items()):
            total, buckets = 0, []
            for edge, number in zip((*map(str, EDGES), "+Inf"), numbers, strict=True):
                total += number
                buckets.append((edge, total))
            family.add_metric([route], buckets, counts.seconds[route])
        return family

    def _gauges(self) -> Iterator[Metric]:
        hub, pool = self._works.hub, self._works.pool.get_stats()
        here = space(Path(settings.HOME))
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        for name, text, value in (
            ("satuatap_ready", "1 once everything serves", int(hub.ready.is_set())),
            ("satuatap_streams", "Screens and phones that listen now", hub.streams),
            ("satuatap_journal_position", "The newest position that was read", hub.position),
            ("satuatap_pool_size", "Connections of the front", pool.get("pool_size", 0)),
            ("satuatap_pool_waiting", "Requests that wait for a connection", pool.get("requests_waiting", 0)),
            ("satuatap_disk_free_bytes", "Room left for the database", here.free),
            ("satuatap_disk_stop_bytes", "Below this imports stop", here.stop),
            ("satuatap_memory_bytes", "Memory of this process", pages * resource.getpagesize()),
            ("satuatap_started_seconds", "When this process began, Unix time", counts.began),
        ):
            yield GaugeMetricFamily(name, text, value=value)


def text(works: Works) -> bytes:
    """Everything, in Prometheus's words."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collector(works))  # type: ignore[arg-type]
    return generate_latest(registry)
