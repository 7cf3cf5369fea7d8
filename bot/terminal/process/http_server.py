"""A small HTTP door in this process, on loopback: the demo's. Servers use gunicorn (`web`)."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from bot.app import build, wsgi
from bot.context import Context
from bot.health import Health


class ThreadedServer(ThreadingMixIn, WSGIServer):
    """A thread for each request."""

    daemon_threads = True


class QuietHandler(WSGIRequestHandler):
    """Handles a request without a line in the log."""

    def log_message(self, format: str, *args: Any) -> None:
        """Nobody reads the access log of a demo or of health checks."""


@dataclass(frozen=True)
class HttpServer:
    """A running server; `url` is where Slack's requests go."""

    server: WSGIServer

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/slack/events"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def start_server(context: Context, signing_secret: str) -> HttpServer:
    """Listens on any free port of loopback, in a thread of its own."""
    app = wsgi(build(context, signing_secret), Health(context))
    server = make_server("127.0.0.1", 0, app, ThreadedServer, QuietHandler)
    threading.Thread(target=server.serve_forever, name="http", daemon=True).start()
    return HttpServer(server)
