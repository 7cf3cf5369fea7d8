"""A story: people in the sandbox's Slack, Linchpin behind real signed HTTP, a clock one moves."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
from sqlalchemy import make_url, text, update
from sqlmodel import SQLModel

from bot.handlers.command_table import COMMANDS
from bot.manifest import EVENTS, SCOPES, manifest
from bot.rules.playbook.playbook import Playbook, parse
from bot.slack import Slack
from bot.terminal.process.http_server import start_server
from bot.terminal.process.startup import learn_workspace
from db.core.tx import Tx, begin
from db.models import Channel, Member
from demo.fast_forward import fast_forward
from sandbox import Ephemeral, Sandbox, SlackMessage
from sandbox.model import Answer
from tests.databases import hasty, sqlite_file

DUBLIN = ZoneInfo("Europe/Dublin")
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)  # 10:00 in Dublin, where the departments work

PLAYBOOK = """
name: A small playbook for stories
destination: advocacy
company: {channel: "#customers", timezone: Europe/Dublin}
departments:
  sales: {channel: "#sales", timezone: Europe/Dublin, hours: "09:00-17:00", holidays: IE}
  marketing: {channel: "#marketing", timezone: Europe/Dublin, hours: "09:00-17:00", lead: maya}
  operations: {channel: "#operations", timezone: Europe/Dublin, hours: "09:00-17:00", lead: diego}
stages:
  - key: prospect
    decision: Is this worth our time?
    expected_days: 20
    plays:
      - {key: question, title: First question, owner: sales, due: 1 business day after entry,
         escalate: at once,
         ask: "Ask {account} what they would change first.", helps: They see whether we listen.}
  - key: onboarding
    decision: Did we choose well?
    expected_days: 30
    plays:
      - {key: kickoff, title: Kick-off call, owner: operations, due: 1 business day after entry,
         escalate: at once,
         ask: "Agree with {account} what a good first month looks like.",
         helps: They see who does what by when.}
      - {key: report, title: Monthly report, owner: operations, due: every 30 days,
         ask: "Send {account} what changed this month.", helps: They see what they got.}
      - {key: hello, title: Personal hello, owner: manager, due: 2 business days after entry,
         escalate: at once,
         ask: "Write {account} two lines about the first week.", helps: They know whom to ask.}
  - key: renewal
    decision: Do we choose them again?
    expected_days: 90
    plays:
      - {key: brief, title: Renewal brief, owner: manager, due: 30 days before renewal,
         ask: "Write down what {account} got this year.", helps: They weigh it against the price.}
      - {key: story, title: Story of the year, owner: marketing, due: on entry,
         ask: "Draft {account}'s story.", helps: They see the year in one page.}
  - key: advocacy
    decision: Do we tell others?
    plays:
      - {key: thanks, title: A thank-you, owner: marketing, due: 3 days after entry,
         ask: "Thank {account} by name.", helps: They feel seen.}
  - key: lost
    exit: true
    decision: Whom do we choose instead?
    plays: []
"""


class Story:
    """What a test tells: who does what in Slack, and what stands there then."""

    def __init__(
        self,
        folder: Path,
        frozen: FrozenDateTimeFactory,
        playbook: str = PLAYBOOK,
        url: str | None = None,
        introduced: bool = True,
    ):
        self.frozen = frozen
        self.slack = Sandbox(now=lambda: datetime.now(UTC))
        self.slack.serve()
        self.url = url or sqlite_file(folder)
        # Another playbook would be in force in every story that follows.
        acquainted = playbook != PLAYBOOK or _acquainted(self.url)
        self.engine = hasty(self.url)
        self.playbook: Playbook = parse(playbook, "story.yaml")
        self.slack.switches.scopes = set(SCOPES)
        client = Slack(self.slack.bot_token, self.slack.api_url)
        self.context = learn_workspace(self.engine, self.playbook, client, frozenset())
        if not acquainted:
            _keep(self.url)
        if introduced:
            with self.tx() as tx:
                introduce_everywhere(tx, self.now)
        self._door = start_server(self.context, self.slack.signing_secret)
        self.slack.bot_url = self._door.url
        # How quick an answer is depends on the machine's load: the demo and its own tests keep 3 s.
        self.slack.switches.patience = 30
        self.slack.switches.subscriptions = set(EVENTS)
        self.slack.switches.commands = set(COMMANDS)
        made = manifest()
        self.slack.switches.prompts = made["features"]["agent_view"]["suggested_prompts"]

    # -- time

    @property
    def now(self) -> datetime:
        return datetime.now(UTC)

    def until(self, moment: datetime | str) -> None:
        """Moves the clock to a moment ("2026-11-24 09:00" is Dublin's), everything on the way."""
        if isinstance(moment, str):
            moment = datetime.fromisoformat(moment).replace(tzinfo=DUBLIN)
        fast_forward(self.context, moment.astimezone(UTC), self.frozen.move_to)

    def after(self, **span: float) -> None:
        """Moves the clock on by a span: `after(days=1)`."""
        self.until(self.now + timedelta(**span))

    def settle(self) -> None:
        """Lets everything that may go now go."""
        self.after(seconds=5)

    # -- what people do

    def types(self, who: str, text: str, where: str = "#general") -> Answer:
        """A slash command; what it made is delivered."""
        answer = self.slack.command(who, where, text)
        self.settle()
        return answer

    def clicks(self, who: str, on: Any, what: str, **more: Any) -> Answer:
        answer = self.slack.click(who, on, what, **more)
        self.settle()
        return answer

    def reacts(self, who: str, message: SlackMessage, name: str) -> None:
        self.slack.react(who, message, name)
        self.settle()

    def unreacts(self, who: str, message: SlackMessage, name: str) -> None:
        self.slack.unreact(who, message, name)
        self.settle()

    # -- what stands there

    def sees(self, where: str, *words: str) -> SlackMessage:
        """The bot's next message there that holds all the words."""
        return self.slack.expect(where, *words)

    def private(self, who: str) -> Ephemeral:
        """What only this person sees, last shown or last changed."""
        return max(self.slack.ephemerals(who), key=lambda whisper: float(whisper.shown_at))

    def again(self, message: SlackMessage) -> SlackMessage:
        """The message as it stands now."""
        found = [m for m in self.slack.messages(message.channel) if m.ts == message.ts]
        return found[0]

    def ended(self) -> None:
        """The end of a story: nothing was said that nobody expected, no rule of Slack's broken."""
        left = [f"{m.channel}: {m.text}" for m in self.slack.unexpected()]
        assert left == [], "messages nobody expected: " + "; ".join(left)
        assert list(self.slack.complaints) == []

    def close(self) -> None:
        # The server looks up only twice a second: nobody waits for it.
        threading.Thread(target=self._door.close, daemon=True).start()
        self.slack.close()
        self.engine.dispose()

    # -- what is remembered

    @contextmanager
    def tx(self) -> Iterator[Tx]:
        """A transaction of this workspace, to look at rows or to put some there."""
        with begin(self.engine, self.context.workspace) as tx:
            yield tx

    def rows(self) -> dict[str, int]:
        """How many rows each table holds: the same before and after what changes nothing."""
        tables = set(SQLModel.metadata.tables)
        with self.engine.connect() as connection:
            return {
                table: int(connection.scalar(text(f'SELECT count(*) FROM "{table}"')) or 0)
                for table in tables
            }


def introduce_everywhere(tx: Tx, now: datetime) -> None:
    """Everybody has heard what Linchpin does in each channel, and for them."""
    for table in (Channel, Member):
        tx.execute(update(table).values(introduced_at=now))


# Meeting the sandbox's people and channels costs as much as several commands. A story on SQLite
# begins with the file of the first one, as it was when they had just been met.


def _acquainted(url: str) -> bool:
    """Puts that file in the place of the empty one; whether there is one, or none is needed."""
    file = make_url(url).database
    if not url.startswith("sqlite") or file is None:
        return True
    if _met:
        shutil.copy(_met[0], file)
    return bool(_met)


def _keep(url: str) -> None:
    path = Path(tempfile.mkdtemp(prefix="linchpin-")) / "met.db"
    with closing(sqlite3.connect(str(make_url(url).database))) as file:
        file.execute("VACUUM INTO ?", (str(path),))
    _met.append(path)


_met: list[Path] = []
