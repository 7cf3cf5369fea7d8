"""Lines 1 and 2: `/stage acme renewal`, from the signed request to the ack."""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Engine, event

from bench import servers
from bench.data import SPEAKER, WORKSPACE, Size, channel_id, name
from bench.figures import Line, interleaved, ms
from bench.machine import POSTGRESQL, SQLITE, Machine, process
from bench.servers import BARE, EMPTY, LINCHPIN, SECRET, Statements
from bot.app import build, wsgi
from sandbox.transport import FORM, signed_headers

WARM = 10
# Accounts of one stage: the same statements each time.
FIRST, STEP = 3, 3
# What an answer says only when the move was made, and what the other two bots say.
MOVED, DONE = b"What happens next", b'"Done."'


def lines(machine: Machine) -> Iterator[Line]:
    for kind in (SQLITE, POSTGRESQL):
        if machine.wants("1"):
            yield from _against_the_floor(machine, kind)
    if machine.wants("2"):
        yield _small_and_large(machine)


def _against_the_floor(machine: Machine, kind: str) -> Iterator[Line]:
    size, each = Size(machine.sized(100_000, 2_000)), machine.sized(60, 10)
    with ExitStack() as stack:
        ours = stack.enter_context(machine.database(kind, size))
        theirs = stack.enter_context(machine.database(kind, size))
        recorded = machine.folder / f"recorded-{kind}"
        _record(machine, kind, size, WARM + machine.runs * each, recorded)
        sides = {
            LINCHPIN: stack.enter_context(_side(each, LINCHPIN, ours)),
            BARE: stack.enter_context(_side(each, BARE, theirs, str(recorded))),
            EMPTY: stack.enter_context(_side(each, EMPTY, ours)),
        }
        found = interleaved(sides, machine.runs)
    sizes = f"{size.accounts:,} accounts, {machine.runs} × {each} requests, {kind}"
    letters = "ab" if kind == SQLITE else "cd"
    for letter, floor, goal, told in (
        (letters[0], EMPTY, 3.0, "an empty Bolt handler behind the same server"),
        (letters[1], BARE, 2.0, "the same SQL on the bare driver behind it"),
    ):
        yield Line(
            f"1{letter}",
            "`/stage acme renewal`, signed HTTP to ack, processor time",
            sizes,
            ms(found[LINCHPIN]),
            f"{told}: {ms(found[floor])}",
            found[LINCHPIN] / found[floor],
            goal,
        )


def _small_and_large(machine: Machine) -> Line:
    small, large = Size(1_000, 1), Size(machine.sized(1_000_000, 2_000), 1)
    each = machine.sized(50, 10)
    with ExitStack() as stack:
        sides = {
            size.file: stack.enter_context(
                _side(each, LINCHPIN, stack.enter_context(machine.database(SQLITE, size)))
            )
            for size in (small, large)
        }
        found = interleaved(sides, machine.runs)
    return Line(
        "2",
        "the same with many accounts",
        f"{large.accounts:,} accounts, {machine.runs} × {each} requests, {SQLITE}",
        ms(found[large.file]),
        f"{small.accounts:,} accounts: {ms(found[small.file])}",
        found[large.file] / found[small.file],
        1.3,
    )


@contextmanager
def _side(each: int, kind: str, *arguments: str) -> Iterator[Callable[[], float]]:
    """A server of that kind; measures what one of `each` requests, all of new accounts, costs it.

    Its processor's time: the machine's other work would be in the wall's. Waiting for the disk and
    PostgreSQL's own work are not in it; they are the same on the bare driver.
    """
    with process("bench.servers", kind, *arguments) as (_, port):
        accounts = count(FIRST, STEP)

        def measure(times: int = each) -> float:
            # Anew each time: gunicorn ends a connection that waits for its turn.
            with closing(HTTPConnection("127.0.0.1", int(port), timeout=30)) as connection:
                connection.connect()
                before = _cpu(connection)
                for _ in range(times):
                    _move(connection, next(accounts))
                return (_cpu(connection) - before) / times

        measure(WARM)
        yield measure


def _cpu(connection: HTTPConnection) -> float:
    connection.request("GET", "/cpu")
    return float(connection.getresponse().read())


def _move(connection: HTTPConnection, number: int) -> None:
    body = _body(number)
    connection.request("POST", "/slack/events", body, signed_headers(SECRET, body, FORM))
    answer = connection.getresponse()
    said = answer.read()
    assert answer.status == 200, answer.status
    assert MOVED in said or DONE in said, said


def _body(number: int) -> bytes:
    return urlencode(
        {
            "command": "/stage",
            "text": f"{name(number)} renewal",
            "user_id": SPEAKER,
            "team_id": WORKSPACE,
            "channel_id": channel_id("sales"),
            "trigger_id": f"trigger-{number}",
            "response_url": "http://127.0.0.1:9/",
            "api_app_id": "A0BENCH",
        }
    ).encode()


def _record(machine: Machine, kind: str, size: Size, requests: int, to: Path) -> None:
    """Writes what Linchpin says to a database in so many moves, move by move."""
    with machine.database(kind, size) as url:
        context = servers.context_of(url)
        statements = heard(context.engine)
        answer, found = wsgi(build(context, SECRET)), []
        for number in range(FIRST, FIRST + STEP * requests, STEP):
            statements.clear()
            _move_in_process(answer, number)
            found.append(list(statements))
        context.engine.dispose()
    to.write_bytes(pickle.dumps(found))


def heard(engine: Engine) -> Statements:
    """A list that every statement to the engine's database is added to, commits included."""
    statements: Statements = []

    def on_execute(_c: Any, _cursor: Any, sql: str, parameters: Any, _x: Any, _many: bool) -> None:
        statements.append((sql, parameters))

    def on_commit(_connection: Any) -> None:
        statements.append(("COMMIT", ()))

    event.listen(engine, "before_cursor_execute", on_execute)
    event.listen(engine, "commit", on_commit)
    return statements


def _move_in_process(answer: Callable[..., Any], number: int) -> None:
    body = _body(number)
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
    said = b"".join(answer(environ, lambda status, headers: None))
    assert MOVED in said, said
