"""A small HTTP server in a thread of this process, for the demo and for health checks."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from bot.app import build, wsgi
from bot.context import Context
from bot.health import Health


class _ThreadedServer(ThreadingMixIn, WSGIServer):
    """A thread for each request."""

    daemon_threads = True


class _QuietHandler(WSGIRequestHandler):
    """Handles a request without a line in the log."""

    def log_message(self, format: str, *args: Any) -> None:
        """Nobody reads the access log of a demo or of health checks."""


@dataclass(frozen=True)
class HttpServer:
    server: WSGIServer

    @property
    def url(self) -> str:
        """Where Slack's requests go."""
        return f"http://127.0.0.1:{self.server.server_port}/slack/events"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def serve(app: Callable[..., Any], host: str, port: int, name: str) -> HttpServer:
    """Serves a WSGI app in a thread called `name`; port 0 takes any. Raises OSError."""
    server = make_server(host, port, app, _ThreadedServer, _QuietHandler)
    threading.Thread(target=server.serve_forever, name=name, daemon=True).start()
    return HttpServer(server)


def start_server(context: Context, signing_secret: str) -> HttpServer:
    """Answers Slack's requests and health checks on any free port of loopback."""
    return serve(wsgi(build(context, signing_secret), Health(context)), "127.0.0.1", 0, "http")
