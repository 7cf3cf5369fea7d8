"""A team that worked with version 0.1.0 starts this one: everything comes over in one morning.

`database-0.1.0.sql.xz` is a database as that version left it after eleven weeks in which people
answered little: open, claimed, reminded and escalated touchpoints, a renewal whose date has
passed, accounts that were told to be behind and stuck, a silent department, a term without growth,
two briefs, a promise. Made by its own code in its own sandbox, on Fri 20 Nov 2026.
"""

from __future__ import annotations

import json
import lzma
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import freezegun
import pytest
from freezegun.api import FrozenDateTimeFactory
from sqlmodel import col, select

from bot.actions.actor import CLOCK
from bot.actions.playbook import versions
from bot.actions.work import Work
from bot.rules.playbook.playbook import parse
from db.models import Account, ReasonTold, Term, Touchpoint
from db.upkeep.migrate import upgrade
from sandbox.model import SlackMessage
from tests.databases import hasty
from tests.story import Story

HERE = Path(__file__).parent
DEFAULT = Path(__file__).parents[2] / "playbooks" / "default.yaml"
FRIDAY = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Story]:
    """The team's workspace, with the messages that stand in it, on that Friday afternoon."""
    file = tmp_path / "team.db"
    with closing(sqlite3.connect(file)) as database:
        database.executescript(
            lzma.decompress((HERE / "database-0.1.0.sql.xz").read_bytes()).decode()
        )
        posted = database.execute(
            "SELECT channel, slack_ts, payload FROM outbox WHERE method = 'chat.postMessage'"
            " AND slack_ts IS NOT NULL"
        ).fetchall()
    url = f"sqlite:///{file}"
    engine = hasty(url)
    upgrade(engine)
    engine.dispose()
    with freezegun.freeze_time(FRIDAY) as frozen:
        assert isinstance(frozen, FrozenDateTimeFactory)
        story = Story(tmp_path, frozen, playbook=DEFAULT.read_text(), url=url)
        for person in list(story.slack.workspace.people.values()):
            if not person.is_bot:
                story.slack.workspace.place(f"@{person.handle}")  # their DM is open
        for channel, ts, payload in posted:
            _put_back(story, channel, ts, json.loads(payload))
        try:
            yield story
        finally:
            story.close()


def _put_back(story: Story, channel: str, ts: str, payload: dict[str, object]) -> None:
    workspace = story.slack.workspace
    message = SlackMessage(
        ts=ts,
        channel=channel,
        user=workspace.people["U0LINCHPIN"].id,
        text=str(payload.get("text", "")),
        blocks=list(payload.get("blocks") or []),  # type: ignore[call-overload]
        bot_id="B0LINCHPIN",
        expected=True,
    )
    workspace.posts.setdefault(channel, {})[ts] = message


def starts(story: Story) -> None:
    """The new version starts with its own default playbook."""
    file = parse(DEFAULT.read_text(), "default.yaml")
    with story.tx() as tx:
        versions.register_file(Work(tx, file, story.now, CLOCK), file, story.context.admins)
    story.settle()


def test_everything_comes_over_in_one_morning(team: Story) -> None:
    with team.tx() as tx:
        told_before = {(row.account_id, row.kind, row.key) for row in tx.all(select(ReasonTold))}
    assert told_before
    starts(team)
    offer = team.sees("@priya", "The playbook file has changed")
    team.clicks("priya", offer, "playbook:use")
    team.until("2026-11-23 12:00")
    texts = [message.text for message in team.slack.unexpected()]
    # What was told before counts as told.
    for words in ("is behind", "is stuck", "Two thirds", "went by"):
        assert not any(words in text for text in texts), words
    with team.tx() as tx:
        opened = tx.all(
            select(Touchpoint).where(col(Touchpoint.state).in_(("planned", "nudged", "claimed")))
        )
        known = {play.key for stage in team.playbook.stages for play in stage.plays}
        assert {row.play for row in opened if row.kind == "play"} <= known
        gone = tx.all(select(Touchpoint).where(Touchpoint.play == "cost-of-nothing"))
        assert [row.state for row in gone] == ["cancelled"]
        # Each is asked once: no account has the same play open twice.
        twice = Counter((row.account_id, row.play) for row in opened)
        assert max(twice.values()) == 1
        terms = tx.all(select(Term).where(col(Term.ended_at).is_(None)))
        accounts = {row.id: row.name for row in tx.all(select(Account))}
        planned = {(accounts[row.account_id], row.play) for row in opened if row.term}
        assert {("Acme", "usage-check"), ("Hooli", "ask-decision")} <= planned, planned
        assert len(terms) == 3
    timeline = team.types("priya", "/account initech timeline").text
    assert "The price of doing nothing" in timeline
