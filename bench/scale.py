"""A command and an idle tick with few and with very many accounts."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import count
from typing import Any
from urllib.parse import urlencode

from bench.data import BOT, SPEAKER, WORKSPACE, Size, channel_id, name, playbook
from bench.figures import Line, cpu_seconds, interleaved, ms
from bench.machine import SQLITE, Machine
from bot.app import build, wsgi
from bot.context import Context
from bot.nudges.rounds import clock_round
from bot.slack import Slack
from db.core.engine import connect
from db.ops import health
from demo.fast_forward import delivery_round
from sandbox.http.transport import FORM, signed_headers

SECRET = "bench"
# A Saturday morning before working hours: no digest is due, and nothing of the data set.
NOW = datetime(2026, 11, 28, 7, tzinfo=UTC)
SMALL, LARGE = 1_000, 1_000_000
# Accounts of one stage: the same statements each time.
FIRST, STEP = 3, 3
# What an answer says only when the move was made.
MOVED = b"They now decide"


def lines(machine: Machine) -> Iterator[Line]:
    many = machine.whole(LARGE, 2_000)
    moves, ticks = machine.sized(50, 10), machine.sized(300, 10)
    with ExitStack() as stack:
        sizes = [Size(accounts, 1, NOW) for accounts in (SMALL, many)]
        contexts = [context_of(stack.enter_context(machine.filled(size))) for size in sizes]
        for what, times, make in (
            ("an idle tick of the clock and of delivery, processor time", ticks, _ticks),
            ("`/stage acme renewal`, signed request to answer, processor time", moves, _moves),
        ):
            sides = {str(i): make(context, times) for i, context in enumerate(contexts)}
            found = interleaved(sides, machine.runs)
            yield Line(
                what,
                f"{many:,} accounts, {machine.runs} × {times}, {SQLITE}",
                ms(found["1"]),
                f"{SMALL:,} accounts: {ms(found['0'])}",
                found["1"] / found["0"],
                1.3,
            )
        for context in contexts:
            context.engine.dispose()


def context_of(url: str) -> Context:
    """What the bot needs; Slack is never called here."""
    slack = Slack("xoxb-bench", "http://127.0.0.1:9/api/", workspace_id=WORKSPACE)
    return Context(connect(url), playbook(), slack, lambda: NOW, bot_user=BOT)


def _ticks(context: Context, times: int) -> Callable[[], float]:
    tick(context)
    return lambda: cpu_seconds(lambda: tick(context), times)


def tick(context: Context) -> None:
    """A tick of the clock and of delivery that finds nothing to do."""
    assert clock_round(context, NOW) == 0
    assert delivery_round(context, NOW) == 0
    health.record_beat(context.engine, "clock", NOW)


def _moves(context: Context, times: int) -> Callable[[], float]:
    """Moves accounts in this process, each of them once."""
    app, numbers = wsgi(build(context, SECRET)), count(FIRST, STEP)

    def move() -> None:
        said = _post(app, next(numbers))
        assert MOVED in said, said

    cpu_seconds(move, 10)  # what is read or built once a process
    return lambda: cpu_seconds(move, times)


def _post(app: Callable[..., Any], number: int) -> bytes:
    """The answer of Linchpin's WSGI app to one slash command."""
    asked = {
        "command": "/stage",
        "text": f"{name(number)} renewal",
        "user_id": SPEAKER,
        "team_id": WORKSPACE,
        "channel_id": channel_id("sales"),
        "trigger_id": f"trigger-{number}",
        "response_url": "http://127.0.0.1:9/",
        "api_app_id": "A0BENCH",
    }
    body = urlencode(asked).encode()
    headers = signed_headers(SECRET, body, FORM)
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/slack/events",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": FORM,
        "wsgi.input": io.BytesIO(body),
        **{f"HTTP_{key.upper().replace('-', '_')}": value for key, value in headers.items()},
    }
    return b"".join(app(environ, lambda status, headers: None))
