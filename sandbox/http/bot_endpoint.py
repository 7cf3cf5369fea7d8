"""Sends requests and events to the bot, over HTTP or a Socket Mode connection."""

from __future__ import annotations

import json
from urllib.parse import urlencode

from sandbox import stopwatch
from sandbox.http.socket_mode import SocketEndpoint
from sandbox.http.transport import FORM, JSON, Ack, post, signed_headers
from sandbox.model import Channel, Event, Json
from sandbox.state import APP_ID, BOT_USER, TEAM_ID, Workspace


class BotEndpoint:
    """Knows how to reach the bot and notes every ack that breaks a rule."""

    def __init__(self, ws: Workspace, secret: str, url: str | None) -> None:
        self.ws = ws
        self.secret = secret
        self.url = url
        self.socket = SocketEndpoint()

    def command(self, payload: Json) -> Ack:
        """Send a slash command."""
        body = urlencode(payload).encode()
        return self._send("slash_commands", payload, body, FORM, str(payload["command"]))

    def interaction(self, payload: Json) -> Ack:
        """Send a click, a submission, a suggestion, a shortcut."""
        body = urlencode({"payload": json.dumps(payload)}).encode()
        return self._send("interactive", payload, body, FORM, str(payload["type"]))

    def event(self, event: Json, place: Channel | None, subscription: str = "") -> Event | None:
        """Send an event, if the app asked for it and is in the channel it is about."""
        kind = event["type"]
        if (subscription or kind) not in self.ws.switches.subscriptions:
            return None
        if place is not None and BOT_USER not in place.members:
            return None
        made = Event(kind, self._wrapped(event, place))
        return self._deliver(made)

    def redeliver(self, event: Event) -> Event:
        """The same payload again, with the retry headers."""
        return self._deliver(event)

    def _deliver(self, event: Event) -> Event:
        retry = (event.attempts, event.reason or "http_timeout") if event.attempts else None
        event.attempts += 1
        body = json.dumps(event.payload).encode()
        ack = self._send("events_api", event.payload, body, JSON, event.type, retry)
        event.status = ack.status
        event.reason = "" if ack.ok else "http_error" if ack.status else "http_timeout"
        self._keep_track(event, ack.ok)
        return event

    def _keep_track(self, event: Event, delivered: bool) -> None:
        known = any(kept is event for kept in self.ws.undelivered)
        if delivered and known:
            self.ws.undelivered.remove(event)
        if not delivered and not known:
            self.ws.undelivered.append(event)

    def _wrapped(self, event: Json, place: Channel | None) -> Json:
        authorization = {
            "enterprise_id": None,
            "team_id": TEAM_ID,
            "user_id": BOT_USER,
            "is_bot": True,
            "is_enterprise_install": False,
        }
        return {
            "token": "sandbox-verification-token",
            "team_id": TEAM_ID,
            "context_team_id": TEAM_ID,
            "context_enterprise_id": None,
            "api_app_id": APP_ID,
            "event": event,
            "type": "event_callback",
            "event_id": self.ws.ids.next("Ev"),
            "event_time": self.ws.epoch(),
            "authorizations": [authorization],
            "is_ext_shared_channel": place is not None and place.is_ext_shared,
            "event_context": self.ws.ids.next("EC"),
        }

    def _send(
        self,
        kind: str,
        payload: Json,
        body: bytes,
        content: str,
        what: str,
        retry: tuple[int, str] | None = None,
    ) -> Ack:
        """Over a Socket Mode connection when there is one, else by HTTP."""
        patience = self.ws.switches.patience
        if self.socket.connected:
            started = stopwatch.seconds()
            ack = self.socket.send(kind, payload, patience, retry, started)
        elif self.url:
            headers = signed_headers(self.secret, body, content)
            if retry:
                headers |= {"X-Slack-Retry-Num": str(retry[0]), "X-Slack-Retry-Reason": retry[1]}
            ack = post(self.url, headers, body, patience)
        else:
            return Ack(0, error="dispatch_failed")
        self._judge(what, ack)
        return ack

    def _judge(self, what: str, ack: Ack) -> None:
        if ack.error == "operation_timeout":
            limit = self.ws.switches.patience
            self.ws.complain(f"{what}: no ack within {limit:g} s ({ack.seconds:.1f} s gone)")
        elif ack.status not in (0, 200):
            self.ws.complain(f"{what}: the bot answered {ack.status}")
        elif not ack.ok:
            self.ws.complain(f"{what}: the bot could not be reached")
