"""A web process: the program's HTTP endpoint, in a process of its own that can be killed."""

from __future__ import annotations

import os
import threading
from multiprocessing.process import BaseProcess
from pathlib import Path

from bot.terminal.process.http_server import start_server
from tests.chaos.workers import Plan, context_of, fork, kill, prepare
from tests.waiting import wait_for


class Web:
    """One web process at a time; `url` changes when it is started again."""

    def __init__(self, made: Plan, secret: str, number: int) -> None:
        self._plan, self._secret = made, secret
        self._file = made.log.with_name(f"web-{number}.port")
        self._process: BaseProcess | None = None
        self.start()

    @property
    def url(self) -> str:
        """Where Slack's requests go; the last known place while it is down."""
        return f"http://127.0.0.1:{self._file.read_text()}/slack/events"

    def start(self) -> None:
        self._file.write_text("1")
        self._process = fork(_serve, self._plan, self._secret, self._file)

    def ready(self) -> None:
        """Waits until it listens."""
        wait_for(lambda: self._file.read_text() != "1")

    def kill(self) -> None:
        """kill -9; it is gone when this returns."""
        if self._process:
            kill(self._process)


def _serve(made: Plan, secret: str, file: Path) -> None:
    prepare(made)
    door = start_server(context_of(made), secret)
    ready = file.with_suffix(f".{os.getpid()}")
    ready.write_text(str(door.server_port))
    ready.replace(file)
    threading.Event().wait()
