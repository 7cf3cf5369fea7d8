"""Three bots behind one and the same server: Linchpin, an empty handler, and the bare SQL.

`python -m bench.servers KIND DATABASE_URL [RECORDED]` says its port.
"""

from __future__ import annotations

import pickle
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
from slack_bolt import Ack, App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bench import moment
from bench.data import BOT, WORKSPACE, playbook
from bot.app import build, wsgi
from bot.context import Context
from bot.slack import Slack
from bot.terminal import garbage
from bot.terminal.web import THREADS
from db.engine import connect

SECRET = "bench"
LINCHPIN, EMPTY, BARE = "linchpin", "empty", "bare"

Statements = list[tuple[str, Any]]


def context_of(url: str) -> Context:
    """What the bot needs; Slack is never called for a move."""
    slack = Slack("xoxb-bench", "http://127.0.0.1:9/api/", workspace_id=WORKSPACE)
    return Context(connect(url), playbook(), slack, moment.now, bot_user=BOT)


def linchpin(url: str) -> App:
    """The whole bot."""
    return build(context_of(url), SECRET)


def empty() -> App:
    """Bolt with a handler that does nothing: what an answer costs at least."""
    return _app(lambda: None)


def bare(url: str, recorded: Path) -> App:
    """The same statements as Linchpin's, request by request, on the bare driver."""
    requests: Iterator[Statements] = iter(pickle.loads(recorded.read_bytes()))
    run = bare_driver(url)
    return _app(lambda: run(next(requests)))


def bare_driver(url: str) -> Callable[[Statements], None]:
    """What sends statements without SQLAlchemy, and reads every row of their answers."""
    if url.startswith("sqlite"):
        return _sqlite(url.removeprefix("sqlite:///"))
    return _postgresql(url)


def _sqlite(path: str) -> Callable[[Statements], None]:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")

    def run(statements: Statements) -> None:
        for sql, parameters in statements:
            many = isinstance(parameters, list)
            cursor = (connection.executemany if many else connection.execute)(sql, parameters)
            cursor.fetchall()

    return run


def _postgresql(url: str) -> Callable[[Statements], None]:
    connection = psycopg.connect(url)

    def run(statements: Statements) -> None:
        for sql, parameters in statements:
            if sql == "COMMIT":
                connection.commit()
                continue
            with connection.cursor() as cursor:
                many = isinstance(parameters, list)
                (cursor.executemany if many else cursor.execute)(sql.encode(), parameters)
                if cursor.description is not None:
                    cursor.fetchall()

    return run


def _app(work: Callable[[], object]) -> App:
    def authorize() -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None, team_id=WORKSPACE, bot_token="unused", bot_user_id=BOT
        )

    app = App(
        authorize=authorize,
        signing_secret=SECRET,
        client=WebClient(),
        process_before_response=True,
    )

    def listen(ack: Ack) -> None:
        work()
        ack(text="Done.", response_type="ephemeral")

    app.command("/stage")(listen)
    return app


def serve(make: Callable[[], App]) -> None:
    """Gunicorn as `web` has it."""
    from gunicorn.app.base import BaseApplication

    class Server(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            self.cfg.set("bind", "127.0.0.1:0")
            self.cfg.set("worker_class", "gthread")
            self.cfg.set("threads", THREADS)
            self.cfg.set("loglevel", "critical")
            self.cfg.set("when_ready", _tell_port)

        def load(self) -> Any:
            answer = _with_cpu(wsgi(make()))
            garbage.resume()
            return answer

    Server().run()


def _with_cpu(app: Callable[..., Any]) -> Callable[..., Any]:
    """The app, which also tells what its process has computed so far: GET /cpu, in seconds."""

    def door(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        if environ["PATH_INFO"] != "/cpu":
            return app(environ, start_response)
        said = str(time.process_time()).encode()
        start_response("200 OK", [("Content-Length", str(len(said)))])
        return [said]

    return door


def _tell_port(arbiter: Any) -> None:
    print(arbiter.LISTENERS[0].sock.getsockname()[1], flush=True)


def main() -> None:
    kind, url, *recorded = sys.argv[1:]
    sys.argv = sys.argv[:1]  # gunicorn reads them as well
    apps: dict[str, Callable[[], App]] = {
        LINCHPIN: lambda: linchpin(url),
        EMPTY: empty,
        BARE: lambda: bare(url, Path(recorded[0])),
    }
    serve(apps[kind])


if __name__ == "__main__":
    main()
