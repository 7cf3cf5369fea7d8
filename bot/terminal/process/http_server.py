"""A small HTTP server in a thread of this process, for the demo and for health checks."""

import threading
from collections.abc import Callable
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from bot.app import build, wsgi
from bot.context import Context
from bot.health import Health


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
