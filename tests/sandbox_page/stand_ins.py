"""A bot of a few lines and a clock by hand: the page is tested without Linchpin behind it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import httpx
from slack_sdk import WebClient

from sandbox import Sandbox

OPERATIONS = "C0OPERATIONS"
# The page's answer to a click: the bot has heard of it by then, and not before. What the page
# shows of it meanwhile may be drawn anew at any time.
ANSWERED = "**/ui/action"
MONDAY = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


class HandClock:
    """`page_clock.Controls`: time goes on only when told; `at_work` is called on the way."""

    def __init__(self) -> None:
        self.time = MONDAY
        self.busy = False
        self.at_work: Callable[[], object] = lambda: None

    def now(self) -> datetime:
        return self.time

    def advance(self, seconds: int) -> None:
        self.busy = True
        self.time += timedelta(seconds=seconds)
        self.at_work()
        self.busy = False


class EchoBot:
    """Answers every request with `answer(payload)`: a dict is the ack's body, an int its status."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self.answer: Any = lambda payload: {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/slack/events"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)

    def last(self, kind: str) -> dict[str, Any]:
        """The last payload of this type ("block_actions", "event_callback", "command")."""
        return next(one for one in reversed(self.heard) if one.get("type") == kind)

    def actions(self) -> list[str]:
        """Which buttons and menus it has heard of, by their action_id, in order."""
        return [one["actions"][0]["action_id"] for one in self.heard if "actions" in one]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        bot = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                payload = parsed(self.rfile.read(int(self.headers["content-length"])))
                bot.heard.append(payload)
                reply = bot.answer(payload)
                status = reply if isinstance(reply, int) else 200
                body = json.dumps(reply).encode() if reply and status == 200 else b""
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: Any) -> None:
                """Say nothing on the terminal."""

        return Handler


class Browser:
    """A browser without a screen: it sends what our own page would send."""

    def __init__(self, url: str, viewer: str) -> None:
        self.http = httpx.Client(base_url=url, headers={"origin": url})
        self.viewer = viewer

    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = self.http.get("/ui/state", params={"viewer": self.viewer}).json()
        return found

    def room(self, name: str) -> dict[str, Any]:
        return next(one for one in self.state()["channels"] if one["name"] == name)

    def messages(self, channel: str = OPERATIONS) -> list[dict[str, Any]]:
        query = {"viewer": self.viewer, "channel": channel}
        found: list[dict[str, Any]] = self.http.get("/ui/conversation", params=query).json()[
            "messages"
        ]
        return found

    def post(self, deed: str, **body: Any) -> dict[str, Any]:
        answer = self.http.post(f"/ui/{deed}", json={"viewer": self.viewer, **body})
        found: dict[str, Any] = answer.json()
        return found

    def send(self, text: str, **more: Any) -> dict[str, Any]:
        return self.post("send", channel=OPERATIONS, text=text, **more)


def parsed(body: bytes) -> dict[str, Any]:
    """Events are JSON; commands and interactions are forms."""
    text = body.decode()
    if text.startswith("{"):
        found: dict[str, Any] = json.loads(text)
        return found
    form = {key: values[0] for key, values in parse_qs(text, keep_blank_values=True).items()}
    if "payload" in form:
        inner: dict[str, Any] = json.loads(form["payload"])
        return inner
    return {"type": "command", **form}


def client(sandbox: Sandbox) -> WebClient:
    """The bot's way to the Web API."""
    return WebClient(token=sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])


def words(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def section(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(label: str, action: str, **more: Any) -> dict[str, Any]:
    return {"type": "button", "text": words(label), "action_id": action, "value": "7", **more}


def option(label: str, value: str) -> dict[str, Any]:
    return {"text": words(label), "value": value}


def nudge(account: str) -> list[dict[str, Any]]:
    """A message as Linchpin nudges: ask, why, buttons, legend."""
    tomorrow = int(MONDAY.timestamp()) + 86_400
    due = f"<!date^{tomorrow}^{{date_short_pretty}} at {{time}}|tomorrow>"
    days = [option("Tomorrow", "1"), option("Next week", "7")]
    snooze = {
        "type": "static_select",
        "action_id": "snooze",
        "placeholder": words("Snooze"),
        "options": days,
    }
    ask = "Agree what a good first month looks like, and write it down."
    legend = "✅ done · 👀 I have it · 💤 tomorrow · ⏭️ skip"
    sure = {
        "title": words("Skip this touchpoint?"),
        "text": {"type": "mrkdwn", "text": "It will *not* come back."},
        "confirm": words("Skip it"),
        "deny": words("Keep it"),
        "style": "danger",
    }
    return [
        section(f"*{account}* · Kick-off call · by {due}\n{ask}"),
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "_Did we choose well?_"}]},
        {
            "type": "actions",
            "block_id": "touchpoint",
            "elements": [
                button("Done", "done", style="primary"),
                button("I have it", "claim"),
                snooze,
                button("Skip", "skip", confirm=sure),
            ],
        },
        {"type": "context", "elements": [{"type": "mrkdwn", "text": legend}]},
    ]


def form() -> dict[str, Any]:
    """A modal with one field of the usual kinds."""

    def field(label: str, element: dict[str, Any], **more: Any) -> dict[str, Any]:
        id = label.lower().split()[0]
        element = {"action_id": "it", **element}
        return {"type": "input", "block_id": id, "label": words(label), "element": element, **more}

    outcomes = [option("Good", "good"), option("Mixed", "mixed")]
    return {
        "type": "modal",
        "callback_id": "outcome",
        "title": words("How did it go?"),
        "submit": words("Save"),
        "close": words("Cancel"),
        "blocks": [
            section("*Kick-off call* for Acme Corporation"),
            field("What happened?", {"type": "plain_text_input", "multiline": True}),
            field("Outcome", {"type": "static_select", "options": outcomes}),
            field("When", {"type": "datepicker", "initial_date": "2026-11-23"}, optional=True),
            field("People", {"type": "multi_users_select"}, optional=True),
            field("Also", {"type": "checkboxes", "options": outcomes}, optional=True),
        ],
    }
