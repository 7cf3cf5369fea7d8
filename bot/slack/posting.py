"""Calls that write, over connections that are kept for a moment: a new one costs a TLS handshake. A
post over a connection that Slack has closed looks like one whose answer was lost, and has to be
read back. So none is used after two idle seconds, far less than any server waits."""

import json
import time
from dataclasses import dataclass
from threading import Lock
from typing import Any
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3

from bot.slack.http_call import tls_context

KEEP_SECONDS = 2.0
MAX_CONNECTIONS = 128  # as many as four senders call at once; more may be open


@dataclass(frozen=True)
class HttpAnswer:
    """What came back; `data` is empty if it was no JSON object."""

    status: int
    headers: dict[str, str]
    data: dict[str, Any]


class WriteCalls:
    """Calls of one bot token at one address."""

    def __init__(self, token: str, api_url: str, timeout: float) -> None:
        self._api_url = api_url
        kind = "application/json;charset=utf-8"
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": kind}
        # Connecting gives up first: at the call's deadline nobody could tell it from a lost answer.
        self._timeout = urllib3.Timeout(connect=timeout / 3, read=timeout)
        self._lock = Lock()
        self._pools: urllib3.PoolManager | None = None
        self._used_at = 0.0

    def __call__(self, method: str, args: dict[str, Any]) -> HttpAnswer:
        """POSTs JSON once: nothing is tried again and no redirect followed."""
        answer = self._fresh().request(
            "POST",
            self._api_url + method,
            body=json.dumps(args).encode(),
            headers=self._headers,
            timeout=self._timeout,
            redirect=False,
        )
        self._used_at = time.monotonic()
        return HttpAnswer(answer.status, dict(answer.headers), _parse_object(answer.data))

    def _fresh(self) -> urllib3.PoolManager:
        """The connections, without those that have been idle for too long."""
        with self._lock:
            if self._pools is None:
                self._pools = _pools(self._api_url)
            elif time.monotonic() - self._used_at > KEEP_SECONDS:
                self._pools.clear()
            return self._pools


def _pools(url: str) -> urllib3.PoolManager:
    """Connections to `url`: through the environment's proxy, unless it is not meant for there."""
    how: dict[str, Any] = {"maxsize": MAX_CONNECTIONS, "retries": False}
    how["ssl_context"] = tls_context()
    parts = urlsplit(url)
    proxy = getproxies().get(parts.scheme)
    if not proxy or proxy_bypass(parts.hostname or ""):
        return urllib3.PoolManager(**how)
    user = urlsplit(proxy)
    if user.username:
        secret = f"{unquote(user.username)}:{unquote(user.password or '')}"
        how["proxy_headers"] = urllib3.make_headers(proxy_basic_auth=secret)
    return urllib3.ProxyManager(proxy, **how)


def _parse_object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
