"""Socket Mode: the bot connects to us, and requests travel as envelopes over its WebSocket."""

from __future__ import annotations

import asyncio
import json
import threading
import uuid
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from sandbox import stopwatch
from sandbox.http.listening import listen_to
from sandbox.http.transport import Ack
from sandbox.model import Json
from sandbox.state import APP_ID


@dataclass(frozen=True)
class Connection:
    """One open WebSocket and the loop it lives on."""

    socket: WebSocket
    loop: asyncio.AbstractEventLoop


class SocketEndpoint:
    """All open connections of the app; each envelope goes to one of them, in turn."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._connections: list[Connection] = []
        self._waiting: dict[str, Future[Json]] = {}
        self._silent: list[Connection] = []

    @property
    def connected(self) -> bool:
        """True while the bot holds at least one connection."""
        return bool(self._connections)

    @property
    def connections(self) -> int:
        """How many there are."""
        return len(self._connections)

    def silence(self) -> None:
        """The oldest connection goes dead without closing: nothing is heard, pings included."""
        with self._lock:
            connection = self._connections[0]
            self._silent.append(connection)
        connection.loop.call_soon_threadsafe(listen_to, connection.socket.scope, False)

    def speak_again(self) -> None:
        """What was silenced is heard again, also that it has been closed meanwhile."""
        for connection in self._silent:
            connection.loop.call_soon_threadsafe(listen_to, connection.socket.scope, True)
        self._silent.clear()

    async def endpoint(self, socket: WebSocket) -> None:
        """Serve one connection: hello, then its acks until it closes."""
        await socket.accept()
        connection = Connection(socket, asyncio.get_running_loop())
        await socket.send_text(json.dumps(self._hello()))
        with self._lock:
            self._connections.append(connection)
        try:
            while True:
                self._acked(await socket.receive_text())
        except WebSocketDisconnect:
            pass
        finally:
            with self._lock:
                self._connections.remove(connection)

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._connections) + 1,
            "connection_info": {"app_id": APP_ID},
            "debug_info": {"host": "sandbox", "approximate_connection_time": 3600},
        }

    def _acked(self, raw: str) -> None:
        """Hand an ack to whoever waits for its envelope; anything else is dropped."""
        try:
            message: Any = json.loads(raw)
        except ValueError:
            return
        if isinstance(message, dict):
            waiting = self._waiting.pop(str(message.get("envelope_id")), None)
            if waiting is not None:
                waiting.set_result(message)

    def send(
        self, kind: str, payload: Json, patience: float, retry: tuple[int, str] | None, since: float
    ) -> Ack:
        """Send one envelope and wait for its ack. Called from outside the loop's thread."""
        id = str(uuid.uuid4())
        answer: Future[Json] = Future()
        self._waiting[id] = answer
        try:
            self._push(json.dumps(self._envelope(id, kind, payload, retry)), patience)
            body = answer.result(patience).get("payload", "")
        except (TimeoutError, TooLate):
            return Ack(0, seconds=stopwatch.seconds() - since, error="operation_timeout")
        except (RuntimeError, WebSocketDisconnect):
            return Ack(0, error="dispatch_failed")
        finally:
            self._waiting.pop(id, None)
        return Ack(200, body, stopwatch.seconds() - since)

    def _push(self, text: str, patience: float) -> None:
        with self._lock:
            if not self._connections:
                raise RuntimeError("the connection is gone")
            connection = self._connections.pop(0)
            self._connections.append(connection)
        if connection in self._silent:
            return  # lost on the way
        sending = connection.socket.send_text(text)
        asyncio.run_coroutine_threadsafe(sending, connection.loop).result(patience)

    def _envelope(self, id: str, kind: str, payload: Json, retry: tuple[int, str] | None) -> Json:
        envelope: Json = {
            "envelope_id": id,
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
        }
        if kind == "events_api":
            envelope["retry_attempt"], envelope["retry_reason"] = retry or (0, "")
        return envelope

    async def disconnect(self) -> None:
        """Tell every connection to go, as Slack does before it restarts; then close."""
        for connection in list(self._connections):
            notice = {"type": "disconnect", "reason": "refresh_requested", "debug_info": {}}
            await connection.socket.send_text(json.dumps(notice))
            await connection.socket.close()
