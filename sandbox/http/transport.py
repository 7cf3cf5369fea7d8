"""One signed HTTP request to the bot, and what came back."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from sandbox import stopwatch

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


@dataclass(frozen=True)
class Ack:
    """The bot's answer. `status` 0: none came in time. `body` is parsed when it is JSON."""

    status: int
    body: Any = ""
    seconds: float = 0.0
    error: str = field(default="")

    @property
    def ok(self) -> bool:
        """True for a 200 in time."""
        return self.status == 200 and not self.error


def signed_headers(secret: str, body: bytes, kind: str) -> dict[str, str]:
    """Slack's signature: v0=HMAC-SHA256(secret, "v0:timestamp:raw body").

    The timestamp is this process's clock, frozen or not, so that the bot's own check (within
    300 s of *its* clock) passes in a test with frozen time.
    """
    stamp = str(int(datetime.now(UTC).timestamp()))
    digest = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256)
    return {
        "Content-Type": kind,
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": "v0=" + digest.hexdigest(),
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
    }


def post(url: str, headers: dict[str, str], body: bytes, patience: float) -> Ack:
    """Send and wait at most `patience` real seconds for the whole answer."""
    started = stopwatch.seconds()
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, patience)
    try:
        connection.request("POST", parts.path or "/", body, headers)
        response = connection.getresponse()
        raw = response.read()
    except TimeoutError:
        return Ack(0, seconds=stopwatch.seconds() - started, error="operation_timeout")
    except (OSError, http.client.HTTPException):
        return Ack(0, seconds=stopwatch.seconds() - started, error="dispatch_failed")
    finally:
        connection.close()
    gone = stopwatch.seconds() - started
    late = "operation_timeout" if gone > patience else ""
    error = late or ("" if response.status == 200 else "dispatch_failed")
    kind = response.headers.get("Content-Type", "")
    return Ack(response.status, parse(raw.decode("utf-8", "replace"), kind), gone, error)


def parse(raw: str, kind: str) -> Any:
    """JSON when it says so and is, else the text."""
    if JSON in kind:
        try:
            return json.loads(raw)
        except ValueError:
            return raw
    return raw
