"""A tiny Bolt app behind a real threaded WSGI server, to have something to talk to."""

from __future__ import annotations

import threading
import time
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient

from sandbox import Sandbox

EVENTS = (
    "app_mention",
    "app_uninstalled",
    "channel_archive",
    "channel_rename",
    "channel_shared",
    "channel_unarchive",
    "member_joined_channel",
    "message",
    "reaction_added",
    "reaction_removed",
    "tokens_revoked",
    "user_change",
)
MODAL = {
    "type": "modal",
    "callback_id": "note",
    "title": {"type": "plain_text", "text": "A note"},
    "submit": {"type": "plain_text", "text": "Save"},
    "notify_on_close": True,
    "blocks": [
        {
            "type": "input",
            "block_id": "words",
            "label": {"type": "plain_text", "text": "Words"},
            "element": {"type": "plain_text_input", "action_id": "typed"},
        },
        {
            "type": "input",
            "block_id": "who",
            "optional": True,
            "label": {"type": "plain_text", "text": "Who"},
            "element": {"type": "users_select", "action_id": "picked"},
        },
    ],
}
HOME = {"type": "home", "blocks": [{"type": "divider"}]}


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        pass


class LittleBot:
    """Keeps every body it got in `got`; `answer` is how /echo acks."""

    def __init__(self, sb: Sandbox) -> None:
        self.got: list[dict[str, Any]] = []
        self.headers: list[dict[str, Any]] = []
        self.answer: Any = "ok"
        self.pause = 0.0
        self.submission: dict[str, Any] | None = None
        self.options: list[dict[str, Any]] = []
        self.fail_events = False
        client = WebClient(token=sb.bot_token, base_url=sb.api_url)
        self.app = App(
            client=client, signing_secret=sb.signing_secret, process_before_response=True
        )
        self._listen()
        self._server = make_server("127.0.0.1", 0, SlackRequestHandler(self.app), _Server, _Quiet)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/slack/events"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _listen(self) -> None:
        self.app.use(self._note)
        self.app.command("/echo")(self._echo)
        self.app.command("/whisper")(self._whisper)
        self.app.command("/modal")(self._modal)
        self.app.action("press")(self._press)
        self.app.action("pick")(lambda ack: ack())
        self.app.options("ask")(lambda ack: ack(options=self.options))
        self.app.view("note")(self._submitted)
        self.app.view_closed("note")(lambda ack: ack())
        self.app.shortcut("jump")(lambda ack: ack())
        self.app.event("app_home_opened")(self._home)
        for kind in EVENTS:
            self.app.event(kind)(self._event)

    def _note(self, body: dict[str, Any], req: Any, next: Any) -> None:
        self.got.append(body)
        self.headers.append(req.headers)
        time.sleep(self.pause)
        next()

    def _echo(self, ack: Any) -> None:
        ack(self.answer) if isinstance(self.answer, str) else ack(**self.answer)

    def _whisper(self, ack: Any, respond: Any, command: dict[str, Any]) -> None:
        respond(f"you said {command['text']}")
        ack()

    def _modal(self, ack: Any, client: WebClient, command: dict[str, Any]) -> None:
        client.views_open(trigger_id=command["trigger_id"], view=MODAL)
        ack()

    def _press(self, ack: Any, respond: Any) -> None:
        ack()
        respond("pressed")

    def _submitted(self, ack: Any) -> None:
        ack(**self.submission) if self.submission else ack()

    def _home(self, client: WebClient, event: dict[str, Any]) -> None:
        client.views_publish(user_id=event["user"], view=HOME)

    def _event(self) -> None:
        if self.fail_events:
            raise RuntimeError("on command")
