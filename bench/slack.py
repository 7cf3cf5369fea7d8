"""A quick stand-in for Slack, in a process of its own: it says yes, counts, and may keep the pace.

`python -m bench.slack [--pace] [--tls CERTIFICATE KEY]` says its port. The sandbox imitates Slack
far better and would be the slowest part of every measurement.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import ssl
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from bench.data import BOT, WORKSPACE
from bench.machine import process


@dataclass
class Heard:
    """What came in so far; times are this machine's monotonic clock."""

    posts: int = 0
    limited: int = 0
    first: float = 0.0
    last: float = 0.0
    spaced: dict[str, float] = field(default_factory=dict)


class Connection(asyncio.Protocol):
    """One connection that is kept alive."""

    def __init__(self, heard: Heard, pace: float) -> None:
        self._heard, self._pace = heard, pace
        self._data = b""

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._data += data
        while (end := self._data.find(b"\r\n\r\n")) >= 0:
            head = self._data[:end].lower()
            at = head.find(b"content-length:")
            length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            if len(self._data) < end + 4 + length:
                return
            path = self._data.split(b" ", 2)[1].decode()
            body = self._data[end + 4 : end + 4 + length]
            self._data = self._data[end + 4 + length :]
            self._transport.write(_response(*self._answer(path, body)))
            if b"connection: close" in head:
                self._transport.close()

    def _answer(self, path: str, body: bytes) -> tuple[int, dict[str, Any]]:
        method = path.rpartition("/")[2]
        if method == "stats":
            heard = self._heard
            return 200, {
                "posts": heard.posts,
                "limited": heard.limited,
                "first": heard.first,
                "last": heard.last,
                "now": time.monotonic(),
            }
        if method == "reset":
            self._heard.__init__()  # type: ignore[misc]
            return 200, {}
        if method == "chat.postMessage":
            return self._post(json.loads(body)["channel"])
        return 200, {"ok": True, "team_id": WORKSPACE, "user_id": BOT, "team": "Bench"}

    def _post(self, channel: str) -> tuple[int, dict[str, Any]]:
        heard, now = self._heard, time.monotonic()
        if now - heard.spaced.get(channel, 0.0) < self._pace:
            heard.limited += 1
            return 429, {"ok": False, "error": "ratelimited"}
        heard.spaced[channel] = heard.last = now
        heard.first = heard.first or now
        heard.posts += 1
        return 200, {"ok": True, "channel": channel, "ts": f"{1_700_000_000 + heard.posts}.000100"}


def _response(status: int, body: dict[str, Any]) -> bytes:
    data = json.dumps(body).encode()
    head = f"HTTP/1.1 {status} OK\r\nContent-Type: application/json\r\n"
    retry = "Retry-After: 1\r\n" if status == 429 else ""
    return f"{head}{retry}Content-Length: {len(data)}\r\n\r\n".encode() + data


@dataclass(frozen=True)
class Stand:
    """A running stand-in."""

    port: int
    scheme: str = "http"

    @property
    def api_url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}/api/"

    def stats(self) -> dict[str, float]:
        with urllib.request.urlopen(self.api_url + "stats") as answer:
            found: dict[str, float] = json.load(answer)
        return found

    def reset(self) -> None:
        urllib.request.urlopen(self.api_url + "reset").close()


@contextmanager
def stand(*arguments: str) -> Iterator[Stand]:
    scheme = "https" if "--tls" in arguments else "http"
    with process("bench.slack", *arguments) as port:
        yield Stand(int(port), scheme)


async def _serve(asked: argparse.Namespace) -> None:
    context = None
    if asked.tls:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(*asked.tls)
    heard = Heard()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: Connection(heard, 1.0 if asked.pace else 0.0),
        "127.0.0.1",
        0,
        ssl=context,
        backlog=500,
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--pace", action="store_true")
    parser.add_argument("--tls", nargs=2)
    asyncio.run(_serve(parser.parse_args()))
