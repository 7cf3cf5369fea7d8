"""Calls that write, over connections that are kept for a moment: a new one costs TLS's handshake.

A connection that Slack has closed meanwhile breaks in a way that cannot be told from a lost answer,
and such a post has to be read back. So none is used again after two idle seconds, far less than
any server waits, nor one that shows that it was closed.

The standard library's connections: urllib3 would take twice as long for a call, and of what it does
besides nothing is wanted here. No call is tried again, no redirect followed.
"""

from __future__ import annotations

import json
import select
import time
import weakref
from base64 import b64encode
from collections import deque
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPSConnection
from threading import Lock
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from bot.slack.wire import tls

_Kept = deque[tuple[float, HTTPConnection]]

KEPT_SECONDS = 2.0
MOST_KEPT = 128  # as many as four senders call at once; more may be open


@dataclass(frozen=True)
class Answer:
    """What came back; `data` is empty if it was no JSON object."""

    status: int
    headers: dict[str, str]
    data: dict[str, Any]


class Posts:
    """Calls of one bot token at one address. `timeout` in seconds, for each wait in a call."""

    def __init__(self, token: str, api_url: str, timeout: float) -> None:
        self._place = urlsplit(api_url)
        self._headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json;charset=utf-8",
        }
        self._timeout = timeout
        self._lock = Lock()
        self._kept: _Kept = deque()  # each with until when; the one used last is the last
        weakref.finalize(self, _close_all, self._kept)

    def __call__(self, method: str, args: dict[str, Any]) -> Answer:
        """POSTs JSON once."""
        connection = self._take() or _connection(self._place, self._timeout)
        try:
            body = json.dumps(args).encode()
            connection.request("POST", self._place.path + method, body, self._headers)
            answer = connection.getresponse()
            data = answer.read()
        except BaseException:
            connection.close()
            raise
        if answer.will_close:
            connection.close()
        else:
            self._keep(connection)
        return Answer(answer.status, dict(answer.headers), _object(data))

    def _take(self) -> HTTPConnection | None:
        """The connection that was used last; None if all have been idle for too long."""
        with self._lock:
            while self._kept:
                until, connection = self._kept.pop()
                if time.monotonic() < until and not _was_closed(connection):
                    return connection
                connection.close()
        return None

    def _keep(self, connection: HTTPConnection) -> None:
        now = time.monotonic()
        with self._lock:
            self._kept.append((now + KEPT_SECONDS, connection))
            while self._kept[0][0] < now or len(self._kept) > MOST_KEPT:
                self._kept.popleft()[1].close()


def _close_all(kept: _Kept) -> None:
    for _, connection in kept:
        connection.close()


def _was_closed(connection: HTTPConnection) -> bool:
    """Nothing was asked, so there is nothing to be read but the other side's good-bye."""
    waiting = select.poll()
    waiting.register(connection.sock, select.POLLIN)
    return bool(waiting.poll(0))


def _connection(place: SplitResult, timeout: float) -> HTTPConnection:
    """A new connection to there: through the environment's proxy, unless it is not meant for it."""
    host = place.hostname or ""
    proxy = getproxies().get(place.scheme)
    if not proxy or proxy_bypass(host):
        return _to(place, timeout, place.scheme)
    through = urlsplit(proxy if "//" in proxy else f"//{proxy}")
    connection = _to(through, timeout, place.scheme)
    connection.set_tunnel(host, place.port, _permission(through))
    return connection


def _to(place: SplitResult, timeout: float, scheme: str) -> HTTPConnection:
    host = place.hostname or ""
    if scheme == "https":
        return HTTPSConnection(host, place.port, timeout=timeout, context=tls())
    return HTTPConnection(host, place.port, timeout=timeout)


def _permission(proxy: SplitResult) -> dict[str, str]:
    if not proxy.username:
        return {}
    secret = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
    return {"Proxy-Authorization": f"Basic {b64encode(secret.encode()).decode()}"}


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
