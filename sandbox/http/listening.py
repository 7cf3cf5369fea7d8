"""uvicorn in a thread: quick to start, quick to stop, and connections that can be cut."""

from __future__ import annotations

import asyncio
import socket
import threading
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Scope
from uvicorn.protocols.http.h11_impl import H11Protocol

from sandbox import stopwatch

_wires: dict[tuple[Any, Any], asyncio.Transport] = {}


class _Droppable(H11Protocol):
    """uvicorn's HTTP, with the connection within reach."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        _wires[(self.server, self.client)] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        _wires.pop((self.server, self.client), None)
        super().connection_lost(exc)


async def drop(scope: Scope) -> None:
    """Cut the connection of a request without a word."""
    wire = _wires.get((scope["server"], scope["client"]))
    if wire is not None:
        wire.abort()
    await asyncio.sleep(0)


def listen_to(scope: Scope, on: bool) -> None:
    """Stop reading what comes on a connection, pings included, or read on."""
    wire = _wires.get((scope["server"], scope["client"]))
    if wire is not None and on:
        wire.resume_reading()
    elif wire is not None:
        wire.pause_reading()


class _Prompt(uvicorn.Server):
    """uvicorn looks ten times a second whether it should stop; this one is told."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._told = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def tell_to_stop(self) -> None:
        """From any thread."""
        self.should_exit = True
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._told.set)

    async def main_loop(self) -> None:
        """Until told, with a look each second for the date header."""
        self._loop = asyncio.get_running_loop()
        while not await self.on_tick(0):
            try:
                await asyncio.wait_for(self._told.wait(), 1)
            except TimeoutError:
                continue

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let running requests end for up to a second, then cut what is left."""
        for server in self.servers:
            server.close()
        for listening in sockets or []:
            listening.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        await self._wait_for_the_last(1.0)
        for task in list(self.server_state.tasks):
            task.cancel()
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await self._wait_for_the_last(0.2)

    async def _wait_for_the_last(self, seconds: float) -> None:
        deadline = stopwatch.seconds() + seconds
        while self.server_state.connections or self.server_state.tasks:
            if stopwatch.seconds() > deadline:
                return
            await asyncio.sleep(0.002)


class Listening:
    """One server on loopback, from the moment it is made until `close`."""

    def __init__(self, app: ASGIApp, port: int) -> None:
        listening = socket.create_server(("127.0.0.1", port))
        self.port: int = listening.getsockname()[1]
        config = uvicorn.Config(
            app, http=_Droppable, lifespan="off", loop="asyncio", log_config=None, access_log=False
        )
        self._server = _Prompt(config)
        run = {"sockets": [listening]}
        self._thread = threading.Thread(target=self._server.run, kwargs=run, name="sandbox")
        self._thread.daemon = True
        self._thread.start()
        self._wait_until_up()

    def _wait_until_up(self) -> None:
        deadline = stopwatch.seconds() + 10
        pause = threading.Event()
        while not self._server.started:
            if stopwatch.seconds() > deadline or not self._thread.is_alive():
                raise RuntimeError("the sandbox's server did not start")
            pause.wait(0.002)

    def close(self) -> None:
        """Stop; no thread is left."""
        self._server.tell_to_stop()
        self._thread.join(5)
