"""The demo's company: the sandbox's Slack, the bot behind it, the clock, and its year."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console

from bot.__main__ import build_parser
from bot.context import Context
from bot.manifest import EVENTS, SCOPES, manifest
from bot.nudges.rounds import clock_round
from bot.rules.playbook.playbook import Playbook, load, parse
from bot.rules.playbook.yaml_reader import read_yaml
from bot.settings import ROOT, Settings
from bot.slack import Slack
from bot.terminal.imports import command as imports
from bot.terminal.playbook.diff import DEFAULT
from bot.terminal.process import startup
from bot.terminal.process.http_server import start_server
from demo.fast_forward import delivery_round, fast_forward
from demo.year import choose_departments, live_through
from sandbox import Sandbox
from sandbox.page.page import page_routes
from sandbox.people.colleagues import Colleagues, Lines, name_leads, read_year
from sandbox.seeds import seed_support

#: When its files are imported, when the clock begins to run, when the visitor comes.
YEAR_BEGINS = datetime(2025, 11, 24, 10, tzinfo=UTC)
LIVE_BEGINS = datetime(2026, 11, 16, 8, 45, tzinfo=UTC)
OPEN_TIME = datetime(2026, 11, 23, 9, 20, tzinfo=UTC)
READ_BEFORE = datetime(2026, 11, 23, tzinfo=UTC)
DATA_FOLDER = ROOT / "sandbox" / "data"


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
        self.plain = plain
        self.time = DemoTime(LIVE_BEGINS if plain else YEAR_BEGINS)
        self.url = f"sqlite:///{folder}/demo.db"
        self.sandbox = Sandbox(now=self.time.now)
        if not plain:
            seed_support(self.sandbox.workspace)
        self.sandbox.switches.scopes = set(SCOPES)
        made = manifest()
        self.sandbox.switches.subscriptions = set(EVENTS)
        self.sandbox.switches.prompts = made["features"]["agent_view"]["suggested_prompts"]
        routes = page_routes(
            self.sandbox,
            self.time,
            features=made["features"],
            first_person="diego" if plain else "priya",
            first_channel="operations" if plain else "sales",
            hints=not plain,
        )
        self.sandbox.serve(port, routes=routes)
        self.context = self._context()
        self.server = start_server(self.context, self.sandbox.signing_secret)
        self.sandbox.bot_url = self.server.url
        self._one_round = threading.Lock()
        self._bell, self._closing = threading.Event(), threading.Event()
        self.colleagues = Colleagues(self.sandbox, Lines(), [] if plain else read_year())
        self.time.forward = self._forward

    def prepare(self) -> None:
        """Brings the files in, lives through what comes before the visitor, then goes on live."""
        if self.plain:
            self._import("accounts.csv", "deals.csv")
        else:
            self._import("year/accounts.csv", "year/deals.csv", "year/people.csv")
        name_leads(self.sandbox)
        if not self.plain:
            choose_departments(self.context, self.sandbox)
            live_through(self.context, self.sandbox, self.colleagues, self.time.set, LIVE_BEGINS)
        self.time.advance_to(OPEN_TIME)
        self.sandbox.workspace.whispers.clear()  # gone with the day, as in Slack
        self.sandbox.workspace.read_before = f"{READ_BEFORE.timestamp():.6f}"
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

    def _import(self, *names: str) -> None:
        """Imports files of accounts, deals and people, as the command line does."""
        parser = build_parser(["import"])
        for kind, name in zip(([], ["--deals"], ["--contacts"]), names, strict=False):
            chosen = parser.parse_args(["import", *kind, str(DATA_FOLDER / name)])
            settings, quiet = Settings(database_url=self.url), Console(quiet=True)
            imports.run(chosen, settings=settings, now=self.time.now, console=quiet)

    def _forward(self, goal: datetime) -> None:
        """Runs the bot on to `goal`; on the way people do their work, unless it is plain."""
        stops = () if self.plain else self.colleagues.stops(self.time.now(), goal)
        for stop in stops:
            self._run_until(stop)
            self.colleagues.work()
        self._run_until(goal)

    def _run_until(self, moment: datetime) -> None:
        self._alone(lambda: fast_forward(self.context, moment, self.time.set))

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
