"""The connections that posts go through: kept for a moment, none in doubt, through a proxy."""

from __future__ import annotations

import json
import socket
from base64 import b64encode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

import pytest

from bot.slack import Offline, Sent, Slack, posting
from bot.slack.outcome import Outcome


class Door(BaseHTTPRequestHandler):
    """One connection: it says yes to every post, its own and a proxy's."""

    protocol_version = "HTTP/1.1"
    server: Listening

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        asked = json.loads(self.rfile.read(length))
        self.server.heard.append((self.path, self.headers["Host"], asked["text"]))
        self.server.permissions.append(self.headers["Proxy-Authorization"])
        told = json.dumps({"ok": True, "channel": "C1", "ts": "1.1"}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)
        self.close_connection = self.server.hangs_up

    def log_message(self, *_: Any) -> None:
        """Nobody reads it."""


class Listening(ThreadingHTTPServer):
    """A server that counts its connections."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Door)
        self.connections, self.hangs_up, self.hung_up = 0, False, Event()
        self.heard: list[tuple[str, str, str]] = []
        self.permissions: list[str | None] = []

    def process_request(self, request: Any, address: Any) -> None:
        self.connections += 1
        super().process_request(request, address)

    def shutdown_request(self, request: Any) -> None:
        super().shutdown_request(request)
        self.hung_up.set()

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.server_port}"


@pytest.fixture
def server() -> Iterator[Listening]:
    with Listening() as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def say(slack: Slack, text: str) -> Outcome:
    return slack.send("chat.postMessage", {"channel": "C1", "text": text})


def test_posts_one_after_the_other_share_a_connection(server: Listening) -> None:
    slack = Slack("xoxb-1", f"http://{server.place}/api/")
    assert [say(slack, text) for text in "abc"] == [Sent("C1", "1.1")] * 3
    assert server.heard == [("/api/chat.postMessage", server.place, text) for text in "abc"]
    assert server.connections == 1


def test_a_connection_that_was_idle_for_too_long_is_not_used_again(
    server: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "KEEP_SECONDS", 0.0)
    slack = Slack("xoxb-1", f"http://{server.place}/api/")
    assert [say(slack, text) for text in "ab"] == [Sent("C1", "1.1")] * 2
    assert server.connections == 2


def test_a_connection_that_the_other_side_closed_is_not_used_again(server: Listening) -> None:
    server.hangs_up = True
    slack = Slack("xoxb-1", f"http://{server.place}/api/")
    say(slack, "a")
    assert server.hung_up.wait(20)
    assert say(slack, "b") == Sent("C1", "1.1")
    assert server.connections == 2


@pytest.mark.parametrize("spared", [False, True], ids=["through it", "spared by no_proxy"])
def test_posts_go_through_the_proxy_of_the_environment(
    server: Listening, monkeypatch: pytest.MonkeyPatch, spared: bool
) -> None:
    host = "127.0.0.1" if spared else "slack.test"
    monkeypatch.setenv("http_proxy", f"http://us:se%40cret@{server.place}")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    there = f"{host}:{server.server_port}"
    assert say(Slack("xoxb-1", f"http://{there}/api/"), "a") == Sent("C1", "1.1")
    path = "/api/chat.postMessage"
    assert server.heard == [(path if spared else f"http://{there}{path}", there, "a")]
    permission = f"Basic {b64encode(b'us:se@cret').decode()}"
    assert server.permissions == [None if spared else permission]


def test_a_connection_that_is_never_accepted_sent_nothing() -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:  # its queue is full: the next one gets no answer
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        slack = Slack("xoxb-1", f"http://127.0.0.1:{full.getsockname()[1]}/api/", deadline=1.5)
        outcome = slack.send("chat.postMessage", {"channel": "C1", "text": "x"})
        for one in waiting:
            one.close()
    assert isinstance(outcome, Offline)
