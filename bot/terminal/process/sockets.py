"""Socket Mode with two connections, each replaced when it has been silent for a minute. A
connection can be dead and look alive (python-slack-sdk#1701, bolt-python#417): the age of the last
message or answered ping counts, not `is_connected()`. Slack keeps nothing for an app without a
connection, so there are two."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.rules.errors import UserError
from bot.slack.http_call import tls_context

log = logging.getLogger(__name__)

SOCKETS = 2
SILENT_SECONDS = 60.0
# How long requests that have arrived may take to be answered when the program stops.
SHUTDOWN_SECONDS = 3.0


class Sockets:
    """The connections of one process. `alive` is called now and then while one is heard."""

    def __init__(
        self,
        app: App,
        app_token: str,
        api_url: str,
        *,
        silent: float = SILENT_SECONDS,
        alive: Callable[[], None] = lambda: None,
    ) -> None:
        self._make: Callable[[], _Socket] = lambda: _Socket(app, app_token, api_url, silent)
        self._silent, self._alive = silent, alive
        self._sockets: list[_Socket] = []
        self._closing = threading.Event()
        self._watch = threading.Thread(target=self._watching, name="sockets", daemon=True)

    def open(self) -> None:
        """Connects, and watches from then on. Raises UserError when Slack does not let us in."""
        try:
            for _ in range(SOCKETS):
                socket = self._make()
                self._sockets.append(socket)
                socket.connect()
        except SlackApiError as error:
            self.close()
            raise UserError(
                f"Slack did not open a connection ({error.response['error']}). Check "
                "SLACK_APP_TOKEN and that Socket Mode is on; docs/slack.md goes through it."
            ) from None
        self._watch.start()

    def close(self) -> None:
        """Answers what has arrived, then disconnects."""
        self._closing.set()
        end = time.monotonic() + SHUTDOWN_SECONDS
        while any(socket.busy for socket in self._sockets) and time.monotonic() < end:
            time.sleep(0.02)
        for socket in self._sockets:
            socket.close()

    def heard(self) -> datetime | None:
        """When Slack was last heard on any of the connections; None before there is one."""
        ages = [socket.age for socket in self._sockets]
        return datetime.now(UTC) - timedelta(seconds=min(ages)) if ages else None

    def _watching(self) -> None:
        while not self._closing.wait(self._silent / 12):
            for index, socket in enumerate(self._sockets):
                if socket.age > self._silent:
                    self._replace(index, socket)
            if any(socket.age <= self._silent for socket in self._sockets):
                try:
                    self._alive()
                except Exception:
                    log.exception("it could not be noted that the socket is alive")

    def _replace(self, index: int, old: _Socket) -> None:
        log.warning("a connection to Slack has been silent for %d s: a new one", old.age)
        new = self._make()
        try:
            new.connect()
        except Exception as error:  # Slack is away: tried again at the next look
            log.warning("no new connection to Slack: %s", type(error).__name__)
            threading.Thread(target=new.close, daemon=True).start()
            return
        self._sockets[index] = new
        # The old one may hang while it closes.
        threading.Thread(target=old.close, daemon=True).start()


class _Socket:
    """One connection: slack_sdk's client, and when it was last heard."""

    def __init__(self, app: App, app_token: str, api_url: str, silent: float) -> None:
        self._handler: Any = SocketModeHandler(
            app,
            app_token,
            # A TLS context of its own would take the connection 40 ms to make.
            web_client=WebClient(token=app_token, base_url=api_url, ssl=tls_context()),
            # The client itself gives up after four of these: we replace it earlier.
            ping_interval=silent / 3,
        )
        self._began = self._message_at = time.time()
        self._under_way = 0
        self._lock = threading.Lock()
        client = self._handler.client
        client.on_message_listeners.append(self._heard)
        self._listen: Callable[..., None] = client.socket_mode_request_listeners.pop()
        client.socket_mode_request_listeners.append(self._request)

    @property
    def age(self) -> float:
        """Seconds since Slack was last heard: a message, or the answer to a ping."""
        session = self._handler.client.current_session
        pong = session.last_ping_pong_time if session is not None else None
        # The wall clock, as slack_sdk uses it: a laptop that slept counts its sleep.
        heard: float = max(self._began, self._message_at, pong or 0.0)
        return time.time() - heard

    @property
    def busy(self) -> bool:
        """Whether a request of Slack's is being answered."""
        return self._under_way > 0 or bool(self._handler.client.message_queue.qsize())

    def connect(self) -> None:
        self._handler.connect()

    def close(self) -> None:
        self._handler.close()

    def _heard(self, _message: str) -> None:
        self._message_at = time.time()

    def _request(self, client: Any, request: Any) -> None:
        with self._lock:
            self._under_way += 1
        try:
            self._listen(client, request)
        finally:
            with self._lock:
                self._under_way -= 1
