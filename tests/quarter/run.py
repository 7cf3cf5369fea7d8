"""Runs the quarter: thirteen weeks of work, and each Monday every surface is read."""

from __future__ import annotations

import json
import re
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

from bot.__main__ import build_parser
from bot.messages.digests import chart as digest_chart
from bot.settings import Settings
from sandbox import SlackMessage
from sandbox.people.reading import plain, texts
from tests.quarter.deeds import Deeds
from tests.quarter.ledger import Customer, Ledger
from tests.quarter.office import DEPARTMENTS, Office, Page
from tests.quarter.people import ADMIN, COLLEAGUE, LEADS, PEOPLE, departments, plans
from tests.quarter.process import Process
from tests.quarter.roster import FIRST, Row, accounts_file, deals_file, roster
from tests.quarter.surfaces import is_brief
from tests.story import DUBLIN, Story

WEEKS = 13
WORK = time(11)
READING = time(9, 30)
AFTERNOON = time(14, 30)


@dataclass
class Quarter:
    """A story of so many accounts and weeks; `pages` is all that was read."""

    story: Story
    process: Process
    accounts: int
    weeks: int = WEEKS
    pages: list[Page] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rows: list[Row] = roster(self.accounts)
        self.office = Office(self.story, list(PEOPLE))
        self.ledger = Ledger(self.process, departments())
        self._briefs: list[tuple[str, SlackMessage]] = []
        self.deeds = Deeds(self.office, self.ledger, [row.name for row in self.rows])

    def run(self) -> None:
        with patch.object(digest_chart, "draw_chart", lambda facts: b"\x89PNG"):
            self.begin()
            for number in range(self.weeks * 7):
                day = FIRST + timedelta(days=number)
                if number and day.weekday() == 0:
                    self.read_everything(day)
                if day.weekday() < 5:
                    self.work(day)
            self.read_everything(FIRST + timedelta(days=self.weeks * 7))

    def export(self, folder: Path) -> dict[str, list[dict[str, Any]]]:
        """What the command line writes of all accounts, by table."""
        to = folder / "export.json"
        chosen = build_parser(["export"]).parse_args(["export", str(to)])
        with redirect_stdout(StringIO()):
            chosen.run(chosen, settings=Settings(database_url=self.story.url))
        read: dict[str, list[dict[str, Any]]] = json.loads(to.read_text(encoding="utf-8"))
        return read

    def begin(self) -> None:
        """Leads, departments, and the files of accounts and deals."""
        for department, lead in LEADS.items():
            self.office.command(ADMIN, f"/linchpin settings {department} lead @{lead}")
        chosen = ((ADMIN, PEOPLE[ADMIN][0]), COLLEAGUE)
        for who, department in chosen:
            self.office.homes([who])
            view = self.story.slack.home(who)
            assert view is not None
            name = self.process.departments[department]["name"]
            self.story.slack.click(who, view, "home:settings")
            settings = self.story.slack.modal(who)
            assert settings is not None
            self.story.slack.click(who, settings, "home:department", name)
            self.story.slack.dismiss(who, all_views=True)
        self._bring_in("accounts.csv", accounts_file(self.rows))
        if any(row.deals for row in self.rows):
            self._bring_in("deals.csv", deals_file(self.rows))
        now = self.office.now
        for row in self.rows:
            self.ledger.customers[row.name] = Customer(
                row.name, row.manager, row.stage, row.renews_on, now, len(row.deals)
            )
        self.office.news()

    def _bring_in(self, name: str, data: bytes) -> None:
        self.story.slack.upload(ADMIN, "@linchpin", name, data)
        self.story.settle()
        asked = self.story.slack.dms(ADMIN)[-1]
        buttons = [e for b in asked.blocks for e in b.get("elements", []) if e["type"] == "button"]
        self.story.slack.click(ADMIN, asked, buttons[0]["action_id"], buttons[0].get("value"))
        self.story.settle()

    def work(self, day: date) -> None:
        """Until eleven; then everybody goes through what is open, and does what was planned."""
        self.story.until(datetime.combine(day, WORK, DUBLIN))
        for message in self._look():
            self.deeds.ask_what_is_missing(ADMIN, message)
        for who in PEOPLE:
            self.deeds.work(who)
        for plan in plans(self.accounts):
            if FIRST + timedelta(days=plan.day) == day:
                self.deeds.carry_out(plan)
        self.story.after(minutes=1)  # a channel takes one change a second
        self._look()
        if day.weekday() == 0:  # by now it is morning in New York, too
            self.story.until(datetime.combine(day, AFTERNOON, DUBLIN))
            self._look()

    def read_everything(self, day: date) -> None:
        """Every surface on a Monday, after the digests and before anybody works."""
        self.story.until(datetime.combine(day, READING, DUBLIN))
        self._look()
        office, pages = self.office, self.pages
        week = (day - FIRST).days // 7
        for number, row in enumerate(self.rows):
            name = f'"{row.name}"'
            pages.append(office.page("card", "priya", f"/account {name}", row.name))
            if (number + week) % 4 == 0 or week == self.weeks:
                pages.append(self._whole_story(row.name))
                pages.append(office.page("terms", "priya", f"/account {name} terms", row.name))
                pages.append(office.page("value", "priya", f"/value {name}", row.name))
                pages.append(office.page("promises", "priya", f"/promise {name}", row.name))
        pages.extend(office.homes(tuple(PEOPLE)))
        pages += [office.page("next", who, "/next mine") for who in PEOPLE]
        for department in DEPARTMENTS:
            pages.append(self._next(department))
        pages.extend(self._old_briefs())
        pages.append(office.page("board", "priya", "/stage"))
        pages.extend(self._plays())

    def _old_briefs(self) -> list[Page]:
        """What the briefs of customers that have left still ask for."""
        found = []
        for account, message in self._briefs:
            now = self.office.again(message)
            if now is not None and not self.ledger.is_live(account, self.office.now):
                asks = re.findall(r"brief:ask:\w+", str(now.blocks))
                found.append(Page("old brief", "", self.office.now, tuple(asks), account))
        return found

    def _next(self, department: str) -> Page:
        page = self.office.page("next", "priya", f"/next {department}")
        return Page("next", department, page.at, page.lines, "", page.touchpoints)

    def _whole_story(self, name: str) -> Page:
        """The timeline, all its pages as one."""
        found: list[Page] = []
        while len(found) < 30:
            line = f'/account "{name}" timeline {len(found) + 1}'
            found.append(self.office.page("timeline", "priya", line, name))
            if f"Page {len(found)} of {len(found)}" in found[-1].text:
                break
        lines = tuple(line for page in found for line in page.lines)
        return Page("timeline", "priya", found[0].at, lines, name)

    def _plays(self) -> list[Page]:
        found: list[Page] = []
        while len(found) < 30:
            found.append(self.office.page("plays", "priya", f"/linchpin plays {len(found) + 1}"))
            if len(found) > 1 and found[-1].lines == found[-2].lines:
                found.pop()
                break
        return found

    def _look(self) -> list[SlackMessage]:
        """Keeps what is new as pages; returns the briefs among it that the admin got."""
        briefs = []
        for place, message in self.deeds.look():
            pages = self._pages_of(place, message)
            self.pages += pages
            if account := is_brief(pages[0]):
                self._briefs.append((account, message))
            if place == f"@{ADMIN}" and "brief:ask:" in str(message.blocks):
                briefs.append(message)
        return briefs

    def _pages_of(self, place: str, message: SlackMessage) -> list[Page]:
        at = self.office.slack_time(message)
        lines = tuple(texts(message.blocks)) or tuple(plain(message.text).split("\n"))
        alts = [str(block.get("alt_text", "")) for block in message.blocks]
        found = [Page("picture", place, at, (alt,)) for alt in alts if alt]
        return [Page("message", place, at, lines), *found]
