"""The demo's people at work: what they type, answer and write down as the clock is moved on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

from sandbox.errors import NotPossible
from sandbox.model import SlackMessage, View
from sandbox.people import answering
from sandbox.people.reading import Control, controls
from sandbox.sandbox import Sandbox
from sandbox.state import BOT_USER

YEAR = Path(__file__).parents[1] / "data" / "year"
HOME = ZoneInfo("Europe/Dublin")
#: When they look at what is there.
WORK_TIMES = (time(10, 30), time(15))
#: Who works in which channel, in turn.
TEAMS = {
    "sales": ("tom", "priya", "sam"),
    "marketing": ("maya",),
    "operations": ("diego", "aiko"),
    "support": ("nadia", "ivo"),
}
LEADS = {"operations": "diego", "marketing": "maya", "sales": "tom", "support": "nadia"}


@dataclass(frozen=True)
class Typed:
    """A command that somebody types on a day."""

    day: date
    who: str
    line: str


def read_year() -> list[Typed]:
    """What is typed in the year and after it, in order."""
    lines = (YEAR / "year.txt").read_text("utf-8").splitlines()
    split = [line.split(maxsplit=2) for line in lines if line and not line.startswith("#")]
    return [Typed(date.fromisoformat(day), who, line) for day, who, line in split]


class Lines:
    """What is written down when something is done, in turn."""

    def __init__(self) -> None:
        self._lines = yaml.safe_load((YEAR / "lines.yaml").read_text("utf-8"))
        self._count: dict[str, int] = {}

    def next(self, records: str) -> str:
        """The next line of that kind; "" for "Nothing new"."""
        number = self._count.get(records, 0)
        self._count[records] = number + 1
        lines: list[str] = self._lines[records]
        return lines[number % len(lines)]


def name_leads(sandbox: Sandbox) -> None:
    """An admin says who leads each department that the company has."""
    channels = {channel.name for channel in sandbox.channels}
    for department, lead in LEADS.items():
        if department in channels:
            sandbox.command("priya", "#general", f"/linchpin settings {department} lead @{lead}")


@dataclass
class Colleagues:
    """They work twice a day; `typed` is what they type besides. Whom the visitor plays does
    nothing by themselves."""

    sandbox: Sandbox
    lines: Lines
    typed: list[Typed]
    _seen: dict[str, int] = field(default_factory=dict)  # how often a touchpoint was looked at

    def stops(self, now: datetime, until: datetime) -> Iterator[datetime]:
        """When they work between two moments."""
        day = now.astimezone(HOME).date()
        while day <= until.astimezone(HOME).date():
            for at in WORK_TIMES if day.weekday() < 5 else ():
                stop = datetime.combine(day, at, HOME)
                if now < stop <= until:
                    yield stop.astimezone(now.tzinfo)
            day += timedelta(days=1)

    def work(self) -> None:
        """Everybody goes through what is open, then types what the day brings."""
        for place, team in self._places():
            for message in self._standing(place):
                for control in controls(message.blocks):
                    self._look_at(message, control, team)
                self._accept(message, team)
        now = self.sandbox.now().astimezone(HOME)
        while self.typed and datetime.combine(self.typed[0].day, WORK_TIMES[-1], HOME) <= now:
            said = self.typed.pop(0)
            if not self._is_visitor(said.who):
                self.sandbox.command(said.who, "#general", said.line)

    def _places(self) -> list[tuple[str, Sequence[str]]]:
        channels = {channel.name for channel in self.sandbox.channels}
        shared = [(f"#{name}", team) for name, team in TEAMS.items() if name in channels]
        return [*shared, *((f"@{who}", (who,)) for team in TEAMS.values() for who in team)]

    def _standing(self, place: str) -> list[SlackMessage]:
        """Linchpin's messages of the last weeks in a place, as they stand now. Those about a week
        list what is not due yet, and nobody works ahead."""
        workspace = self.sandbox.workspace
        since = self.sandbox.now().timestamp() - timedelta(weeks=2).total_seconds()
        with workspace.lock:
            there = workspace.visible(workspace.place(place).id)
        found = [each for each in there if each.user == BOT_USER and float(each.ts) > since]
        return [each for each in found if " week" not in each.text.partition("\n")[0]]

    def _is_visitor(self, who: str) -> bool:
        return self.sandbox.person(who).id == self.sandbox.workspace.visitor

    def _look_at(self, message: SlackMessage, control: Control, team: Sequence[str]) -> None:
        """Answers a touchpoint, or leaves it for another time: each has its own patience."""
        there = [who for who in team if not self._is_visitor(who)]
        if "done" not in control.verbs or not there:
            return
        number = int(control.touchpoint)
        seen = self._seen[control.touchpoint] = self._seen.get(control.touchpoint, 0) + 1
        who = there[number % len(there)]
        patience, writes = ((1, True), (3, True), (2, True), (1, True), (5, False))[number % 5]
        if seen == 1 and patience == 3 and "claim" in control.verbs:
            answering.press(self.sandbox, who, message, control.touchpoint, "claim")
        elif seen >= patience and answering.press(
            self.sandbox, who, message, control.touchpoint, "done"
        ):
            self._answer(who, writes=writes)

    def _answer(self, who: str, *, writes: bool) -> None:
        """The form after Done: a line, "Nothing new", or closed."""
        form = self.sandbox.modal(who)
        records = answering.asked(form) if form is not None else ""
        if form is not None and records and writes:
            self._write(who, form, self.lines.next(records))
        if self.sandbox.modal(who) is not None:
            self.sandbox.dismiss(who, all_views=True)

    def _write(self, who: str, form: View, words: str) -> None:
        if not words:
            self.sandbox.click(who, form, "Nothing new")
            return
        soon = self.sandbox.now().date() + timedelta(days=30)
        values, _ = answering.filled(form, words, soon)
        values |= answering.picked(self.sandbox, who, form, "") or {}
        answering.send(self.sandbox, who, values)

    def _accept(self, message: SlackMessage, team: Sequence[str]) -> None:
        who = team[0]
        if "handoff:accept" in str(message.blocks) and not self._is_visitor(who):
            try:
                self.sandbox.click(who, message, "handoff:accept")
            except NotPossible:
                return
