"""Three addresses for machines: /healthz (it lives), /readyz (it works), /metrics (figures). Clock
and delivery may run in other processes: their rounds are read from the database."""

import json
import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.context import Context
from bot.metrics import REGISTRY
from db.ops import health
from db.ops.health import Figures

log = logging.getLogger(__name__)

STALE_AFTER = timedelta(seconds=90)
#: What every installation runs, in one process or several. Each notes a round every few seconds.
PARTS = ("clock", "delivery")
_CACHED_SECONDS = 5.0

LastHeard = Callable[[], datetime | None]


class Health:
    """The three addresses of one process. `own` are further parts of this process (the socket) by
    name, each with its last sign of life."""

    def __init__(self, context: Context, own: Mapping[str, LastHeard] | None = None) -> None:
        self._context = context
        self._own = dict(own or {})
        self._registry = CollectorRegistry()
        self._registry.register(_DatabaseMetrics(context))

    def answers(self, path: str) -> bool:
        return path in ("/healthz", "/readyz", "/metrics")

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """WSGI: GET and HEAD only; anything else here is a 404 or a 405."""
        path = environ.get("PATH_INFO", "")
        if not self.answers(path):
            return _respond(start_response, "404 Not Found", b"not found\n")
        if environ.get("REQUEST_METHOD", "GET") not in ("GET", "HEAD"):
            return _respond(start_response, "405 Method Not Allowed", b"GET only\n")
        if path == "/healthz":
            return _respond(start_response, "200 OK", b"ok\n")
        if path == "/readyz":
            return self._ready(start_response)
        body = generate_latest(REGISTRY) + generate_latest(self._registry)
        return _respond(start_response, "200 OK", body, CONTENT_TYPE_LATEST)

    def stale(self) -> dict[str, str]:
        """The parts that have stopped, and since when; empty when all is well."""
        now = self._context.now()
        try:
            beats = health.last_beats(self._context.engine)
        except Exception:  # whatever is wrong with the database
            log.exception("the database does not answer")
            return {"database": "does not answer"}
        last = {name: beats.get(name) for name in PARTS}
        last |= {name: ask() for name, ask in self._own.items()}
        return {
            name: _age_text(at) for name, at in last.items() if at is None or now - at > STALE_AFTER
        }

    def _ready(self, start_response: Callable[..., Any]) -> Iterable[bytes]:
        stale = self.stale()
        status = "503 Service Unavailable" if stale else "200 OK"
        body = json.dumps({"ready": not stale, "stale": stale}) + "\n"
        return _respond(start_response, status, body.encode(), "application/json")


class _DatabaseMetrics(Collector):
    """Figures of the database, read at scrape, at most once in 5 s."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._lock = threading.Lock()
        self._read_at: float | None = None
        self._figures: Figures | None = None

    def collect(self) -> Iterator[Metric]:
        figures = self._recent()
        yield GaugeMetricFamily(
            "linchpin_database_up", "1 if the database answers.", float(figures is not None)
        )
        if figures is not None:
            yield from _metric_families(figures)

    def describe(self) -> Iterable[Metric]:
        return ()  # without it, registering would ask the database

    def _recent(self) -> Figures | None:
        with self._lock:
            if self._read_at is None or time.monotonic() - self._read_at >= _CACHED_SECONDS:
                try:
                    self._figures = health.figures(self._context.engine, self._context.now())
                except Exception:
                    log.exception("the figures could not be read")
                    self._figures = None
                self._read_at = time.monotonic()
            return self._figures


def _metric_families(figures: Figures) -> Iterator[Metric]:
    rows = GaugeMetricFamily(
        "linchpin_outbox_rows", "Messages by state and kind.", labels=("state", "kind")
    )
    for (state, kind), count in sorted(figures.rows.items()):
        rows.add_metric((state, kind), count)
    yield rows
    nudges = sum(count for (_, kind), count in figures.rows.items() if kind == "nudge")
    yield CounterMetricFamily("linchpin_nudges", "Nudges ever put into the outbox.", nudges)
    yield GaugeMetricFamily(
        "linchpin_outbox_oldest_due_seconds",
        "How long the oldest due message waits; parked channels do not count.",
        figures.oldest_due,
    )
    yield GaugeMetricFamily(
        "linchpin_parked_lanes", "Channels and people that refuse messages.", figures.parked_lanes
    )
    yield GaugeMetricFamily(
        "linchpin_findings", "What the auditor found when it last looked.", figures.findings
    )
    ages = GaugeMetricFamily(
        "linchpin_heartbeat_age_seconds", "Since a part's last round.", labels=("part",)
    )
    for name, age in sorted(figures.beats.items()):
        ages.add_metric((name,), age)
    yield ages


def _age_text(at: datetime | None) -> str:
    return "not heard of yet" if at is None else f"silent since {at:%Y-%m-%d %H:%M:%S} UTC"


def _respond(
    start_response: Callable[..., Any],
    status: str,
    body: bytes,
    kind: str = "text/plain; charset=utf-8",
) -> Iterable[bytes]:
    start_response(status, [("Content-Type", kind), ("Content-Length", str(len(body)))])
    return [body]
