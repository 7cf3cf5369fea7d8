"""A small HTTP server in a thread of this process, for the demo and for health checks."""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from bot.app import build, wsgi
from bot.context import Context
from bot.health import Health, LastHeard

log = logging.getLogger(__name__)


class HttpServer(ThreadingMixIn, WSGIServer):
    """A server with a thread for each request."""

    daemon_threads = True

    @property
    def url(self) -> str:
        """Where Slack's requests go."""
        return f"http://127.0.0.1:{self.server_port}/slack/events"

    def close(self) -> None:
        self.shutdown()
        self.server_close()


class _QuietHandler(WSGIRequestHandler):
    """Handles a request without a line in the log."""

    def log_message(self, format: str, *args: Any) -> None:
        """Nobody reads the access log of a demo or of health checks."""


def serve(app: Callable[..., Any], host: str, port: int, name: str) -> HttpServer:
    """Serves a WSGI app in a thread called `name`; port 0 takes any. Raises OSError."""
    server = make_server(host, port, app, HttpServer, _QuietHandler)
    threading.Thread(target=server.serve_forever, name=name, daemon=True).start()
    return server


def start_server(context: Context, signing_secret: str) -> HttpServer:
    """Answers Slack's requests and health checks on any free port of loopback."""
    return serve(wsgi(build(context, signing_secret), Health(context)), "127.0.0.1", 0, "http")


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
