"""The HTTP endpoint with nothing behind it but a database: who is let in, and what is answered."""

from __future__ import annotations

import io
import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

import pytest
from slack_sdk.signature import SignatureVerifier

from bot.app import ERROR_TEXT, build, wsgi
from bot.context import Context
from bot.health import Health
from tests.access_control.test_people import TEAM, TOM, Place, place

__all__ = ["place"]  # the fixture
SECRET = "a secret of this test"


@dataclass
class Door:
    """What answers, and a way to knock."""

    answers: Callable[..., Any]
    context: Context
    heard: list[str] = field(default_factory=list)

    def get(self, path: str, method: str = "GET") -> tuple[str, str]:
        return self._knock(path, method, b"", {})

    def command(self, user: str, text: str, secret: str = SECRET) -> tuple[str, Any]:
        """What `/linchpin TEXT` is answered with."""
        words = {"command": "/linchpin", "text": text, "user_id": user, "team_id": TEAM}
        words |= {"channel_id": "C1", "channel_name": "c", "trigger_id": "1.1"}
        status, answer = self._signed(urlencode(words).encode(), secret, "x-www-form-urlencoded")
        return status, json.loads(answer) if answer.startswith("{") else answer

    def event(self, **event: Any) -> tuple[str, str]:
        body = {"type": "event_callback", "team_id": TEAM, "event_id": "E1", "event": event}
        return self._signed(json.dumps(body).encode(), SECRET, "json")

    def _signed(self, body: bytes, secret: str, kind: str) -> tuple[str, str]:
        at = str(int(time.time()))
        signature = SignatureVerifier(secret).generate_signature(timestamp=at, body=body) or ""
        headers = {"X_SLACK_SIGNATURE": signature, "X_SLACK_REQUEST_TIMESTAMP": at}
        return self._knock("/slack/events", "POST", body, headers, f"application/{kind}")

    def _knock(
        self, path: str, method: str, body: bytes, headers: dict[str, str], kind: str = ""
    ) -> tuple[str, str]:
        environ = {f"HTTP_{name}": value for name, value in headers.items()}
        environ |= {"PATH_INFO": path, "REQUEST_METHOD": method, "SERVER_PROTOCOL": "HTTP/1.1"}
        environ |= {"CONTENT_TYPE": kind, "CONTENT_LENGTH": str(len(body))}
        said: list[str] = []
        asked = environ | {"wsgi.input": io.BytesIO(body), "QUERY_STRING": ""}
        answer = b"".join(self.answers(asked, lambda status, *_: said.append(status)))
        return said[0], answer.decode()


@pytest.fixture
def door(place: Place) -> Door:
    place.slack.known |= {"U1": TOM, "U2": replace(TOM, user_id="U2", is_guest=True)}
    context = replace(place.context, bot_user="UBOT")
    return Door(wsgi(build(context, SECRET), Health(context)), context)


def test_a_command_that_slack_signed_is_answered_and_another_is_not(door: Door) -> None:
    status, answer = door.command("U1", "help")
    assert (status, answer["response_type"]) == ("200 OK", "ephemeral")
    status, answer = door.command("U1", "help", secret="somebody else's")
    assert (status[:3], answer) == ("401", {"error": "invalid request"})


def test_who_may_not_speak_is_refused_at_the_door(door: Door) -> None:
    status, answer = door.command("U2", "help")
    assert status == "200 OK"
    assert "guests cannot use it" in answer["text"]


def test_machines_ask_for_health_and_find_nothing_else(door: Door) -> None:
    assert door.get("/healthz") == ("200 OK", "ok\n")
    assert door.get("/nowhere")[0][:3] == "404"
    assert door.get("/slack/events")[0][:3] == "404"
    bare = Door(wsgi(build(door.context, SECRET)), door.context)
    assert bare.get("/healthz")[0][:3] == "404"


def test_what_breaks_is_told_and_an_event_is_sent_again(
    place: Place, door: Door, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(user_id: str) -> None:
        raise ValueError(user_id)

    monkeypatch.setattr(place.slack, "person", breaks)
    status, answer = door.command("U1", "help")
    assert (status, answer["text"]) == ("200 OK", ERROR_TEXT)
    assert door.event(type="app_home_opened", user="U1", tab="home")[0][:3] == "500"
    assert caplog.messages == ["a request failed: ValueError"] * 2


def test_what_linchpin_says_itself_asks_for_nothing(place: Place, door: Door) -> None:
    said = {"type": "message", "channel": "D1", "channel_type": "im", "text": "help", "ts": "1.1"}
    assert door.event(user="UBOT", **said)[0] == "200 OK"
    assert (place.slack.asked, place.says()) == ([], [])
    assert door.event(user="U1", **said)[0] == "200 OK"
    assert place.slack.asked == ["U1"]


def test_a_body_with_a_wrong_signature_is_not_logged(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    asked = replace(door, answers=wsgi(build(door.context, SECRET)))  # Bolt looks at the level now
    assert asked.command("U1", "acme their secret", secret="somebody else's")[0][:3] == "401"
    assert "acme" not in caplog.text


def test_listeners_have_no_token(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """What leaves goes through the outbox: Bolt is given nothing to write with."""
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-ours")
    app = build(door.context, "")  # in Socket Mode nothing is signed
    assert app.client.token is None
