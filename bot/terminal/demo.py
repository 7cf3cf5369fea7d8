"""`demo`: a small Slack in the browser with the real bot behind it; no Slack account is needed.

The only module of the program that knows the sandbox.
"""

from __future__ import annotations

import argparse
import tempfile
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console

from bot.context import Context
from bot.manifest import EVENTS, SCOPES, manifest
from bot.nudges.fast_forward import fast_forward
from bot.nudges.rounds import clock_round, delivery_round
from bot.rules.playbook.playbook import Playbook, load, parse
from bot.rules.playbook.yaml_reader import read_yaml
from bot.settings import ROOT, Settings
from bot.slack import Slack
from bot.terminal.imports import command as imports
from bot.terminal.playbook.file import DEFAULT
from bot.terminal.process import startup
from bot.terminal.process.http_server import start_server
from bot.terminal.run import wait_for_signal

PORT = 8765
# A Monday morning in Dublin, a week before the visitor comes: by then nudges have been answered,
# snoozed and escalated, and the first digests are there.
BEGIN_TIME = datetime(2026, 11, 16, 8, 45, tzinfo=UTC)
OPEN_TIME = datetime(2026, 11, 23, 9, 20, tzinfo=UTC)
DATA_FOLDER = ROOT / "sandbox" / "data"


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("demo", help="try it in the browser, without Slack")
    parser.add_argument("--port", type=int, default=PORT, help=f"default {PORT}; 0 takes any")
    parser.add_argument(
        "--plain", action="store_true", help="for measuring: forty accounts, nobody answers"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Serves the demo until Ctrl-C. Everything it stores is gone with it."""
    stopped = wait_for_signal()
    with tempfile.TemporaryDirectory(prefix="linchpin-demo-") as folder:
        demo = Demo(Path(folder), arguments.port, plain=arguments.plain)
        try:
            print("Preparing a small company …", flush=True)
            demo.prepare()
            print(f"Linchpin's sandbox: {demo.sandbox.url} (Ctrl-C ends it)", flush=True)
            stopped.wait()
        finally:
            demo.close()
    return 0


def demo_playbook() -> Playbook:
    """The default playbook with a fourth department, Support."""
    files = (DEFAULT, DATA_FOLDER / "support.yaml")
    default, support = (read_yaml(file.read_text("utf-8")).data for file in files)
    text = yaml.safe_dump(_merge(default, support), allow_unicode=True, sort_keys=False)
    return parse(text, "demo.yaml")


def _merge(base: Any, more: Any) -> Any:
    """`base` with what `more` adds: by key, also where a list's items have keys."""
    if isinstance(base, dict):
        merged = {key: _merge(base[key], more[key]) for key in base.keys() & more.keys()}
        return {**base, **more, **merged}
    if not isinstance(base, list):
        return more
    known = {item["key"]: item for item in base}
    added = {item["key"]: _merge(known.get(item["key"], {}), item) for item in more}
    return list({**known, **added}.values())


class DemoTime:
    """The sandbox's time: runs like a watch from where it was set to."""

    def __init__(self, start: datetime) -> None:
        self._set_to, self._since = start, datetime.now(UTC)
        self.busy = False
        self.forward: Callable[[datetime], None] = self.set

    def now(self) -> datetime:
        return self._set_to if self.busy else self._set_to + (datetime.now(UTC) - self._since)

    def set(self, moment: datetime) -> None:
        self._set_to, self._since = moment, datetime.now(UTC)

    def advance(self, seconds: int) -> None:
        """Runs the time on by so much."""
        self.advance_to(self.now() + timedelta(seconds=seconds))

    def advance_to(self, goal: datetime) -> None:
        """Runs the time on with the bot at work; while it does, the watch stands still."""
        self.set(self.now())
        self.busy = True
        try:
            self.forward(goal)
        finally:
            self.busy = False
            self.set(goal)


class Demo:
    """The sandbox, the bot's HTTP endpoint, and its rounds."""

    def __init__(self, folder: Path, port: int, *, plain: bool) -> None:
        from sandbox import Sandbox  # other commands work without it
        from sandbox.page.page import page_routes
        from sandbox.seeds import seed_support

        self.plain = plain
        self.time = DemoTime(BEGIN_TIME)
        self.url = f"sqlite:///{folder}/demo.db"
        self.sandbox = Sandbox(now=self.time.now)
        if not plain:
            seed_support(self.sandbox.workspace)
        self.sandbox.switches.scopes = set(SCOPES)
        made = manifest()
        self.sandbox.switches.subscriptions = set(EVENTS)
        self.sandbox.switches.functions = made["functions"]
        self.sandbox.switches.prompts = made["features"]["agent_view"]["suggested_prompts"]
        routes = page_routes(self.sandbox, self.time, features=made["features"])
        self.sandbox.serve(port, routes=routes)
        self.context = self._context()
        self.server = start_server(self.context, self.sandbox.signing_secret)
        self.sandbox.bot_url = self.server.url
        self._one_round = threading.Lock()
        self._bell, self._closing = threading.Event(), threading.Event()
        self.time.forward = lambda goal: self._alone(
            lambda: fast_forward(self.context, goal, self.time.set)
        )

    def prepare(self) -> None:
        """Brings the accounts in, lets a week pass, with people at work unless it is plain, then
        goes on live."""
        from sandbox.people.week import live_through, name_leads

        self._import()
        name_leads(self.sandbox)
        if self.plain:
            self.time.advance_to(OPEN_TIME)
        else:
            live_through(self.sandbox, self.time.advance_to, OPEN_TIME)
        threading.Thread(target=self._live, name="rounds", daemon=True).start()

    def close(self) -> None:
        self._closing.set()
        self._bell.set()
        self.server.close()
        self.sandbox.close()
        self.context.engine.dispose()

    def _context(self) -> Context:
        slack = Slack(self.sandbox.bot_token, self.sandbox.api_url)
        playbook = load(DEFAULT) if self.plain else demo_playbook()
        engine = startup.open_database(self.url)
        context = startup.learn_workspace(engine, playbook, slack, frozenset(), self.time.now)
        startup.send_greeting(context)
        return replace(context, wake=lambda: self._bell.set())

    def _import(self) -> None:
        parser = argparse.ArgumentParser()
        imports.add_parser(parser.add_subparsers())
        files = (["accounts.csv"], ["--deals", "deals.csv"], ["--contacts", "people.csv"])
        for words in files[:2] if self.plain else files:
            chosen = parser.parse_args(["import", *words[:-1], str(DATA_FOLDER / words[-1])])
            settings, quiet = Settings(database_url=self.url), Console(quiet=True)
            imports.run(chosen, settings=settings, now=self.time.now, console=quiet)

    def _live(self) -> None:
        while not self._closing.is_set():
            self._bell.clear()
            if not self.time.busy:
                self._alone(lambda: clock_round(self.context, self.time.now()))
                self._alone(lambda: delivery_round(self.context, self.time.now()))
            self._bell.wait(0.5)

    def _alone(self, work: Callable[[], Any]) -> None:
        """One round at a time: the clock's buttons and the background must not meet."""
        with self._one_round:
            work()
