"""Serves the health addresses of a process that answers no Slack requests over HTTP."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from wsgiref.simple_server import make_server

from bot.context import Context
from bot.health import Health, LastHeard
from bot.terminal.process.http_server import QuietHandler, ThreadedServer

log = logging.getLogger(__name__)


@contextmanager
def serve_health(
    context: Context, address: str, own: Mapping[str, LastHeard] | None = None
) -> Iterator[str]:
    """Answers at `address` ("host:port"; empty: nowhere) meanwhile; yields where it does.

    A port that is taken is no reason not to work: it is logged, and nobody is answered.
    """
    host, _, port = address.rpartition(":")
    if not address:
        yield ""
        return
    try:
        server = make_server(host, int(port), Health(context, own), ThreadedServer, QuietHandler)
    except OSError as error:
        log.warning("/healthz, /readyz and /metrics cannot be answered at %s: %s", address, error)
        yield ""
        return
    threading.Thread(target=server.serve_forever, name="health", daemon=True).start()
    log.info("/healthz, /readyz and /metrics answer at %s:%s", host, server.server_port)
    try:
        yield f"{host}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
