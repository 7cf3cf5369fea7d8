"""Serves the health addresses of a process that answers no Slack requests over HTTP."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from bot.context import Context
from bot.health import Health, LastHeard
from bot.terminal.process.http_server import serve

log = logging.getLogger(__name__)


@contextmanager
def serve_health(
    context: Context, address: str, own: Mapping[str, LastHeard] | None = None
) -> Iterator[str]:
    """Serves at `address` ("host:port"; empty: nowhere) meanwhile; yields the address in use. A
    port that is taken does not stop the process: it is logged, and nothing is served."""
    if not address:
        yield ""
        return
    host, _, port = address.rpartition(":")
    try:
        running = serve(Health(context, own), host, int(port), "health")
    except OSError as error:
        log.warning("/healthz, /readyz and /metrics cannot be answered at %s: %s", address, error)
        yield ""
        return
    in_use = f"{host}:{running.server_port}"
    log.info("/healthz, /readyz and /metrics answer at %s", in_use)
    try:
        yield in_use
    finally:
        running.close()
