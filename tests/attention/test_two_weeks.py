"""What two weeks of the default playbook bring to channels and people, as docs/attention.md says.

`--log-cli-level=info` shows the figures.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import freezegun
import pytest
from freezegun.api import FrozenDateTimeFactory
from rich.console import Console
from sqlmodel import col, select

from bot.__main__ import build_parser
from bot.settings import Settings
from bot.terminal.imports import command as imports
from bot.terminal.playbook.diff import DEFAULT
from db.models import Outbox, Touchpoint, TouchpointList
from demo.company import DATA_FOLDER, LIVE_BEGINS
from sandbox import SlackMessage
from sandbox.people.answering import press
from sandbox.people.colleagues import name_leads
from sandbox.people.reading import controls
from sandbox.state import BOT_USER
from tests.story import DUBLIN, Story

log = logging.getLogger(__name__)

pytestmark = pytest.mark.timeout(240)

DAYS = 14
WORK = time(11)
LEADS = {"#sales": "tom", "#marketing": "maya", "#operations": "diego"}
PEOPLE = ("priya", "tom", "maya", "diego", "sam", "aiko")
APART = ("brief", "handoff")
OPENING_HOURS = (9, 10)  # in which a morning's post comes, in Dublin


@dataclass
class Counts:
    """How many messages each place got."""

    mornings: Counter[str] = field(default_factory=Counter)
    others: Counter[str] = field(default_factory=Counter)
    replies: Counter[str] = field(default_factory=Counter)
    dms: Counter[str] = field(default_factory=Counter)
    apart: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        channels = [
            f"{place}: {self.mornings[place]} mornings, {self.others[place]} others"
            for place in LEADS
        ]
        people = [f"@{who}: {self.dms[who]}, {self.apart[who]} apart" for who in PEOPLE]
        return "\n".join([*channels, *people])


@contextmanager
def company(folder: Path) -> Iterator[Story]:
    """The demo's forty accounts, on the Monday on which they were brought in."""
    with freezegun.freeze_time(LIVE_BEGINS) as frozen:
        assert isinstance(frozen, FrozenDateTimeFactory)
        story = Story(folder, frozen, DEFAULT.read_text("utf-8"), introduced=False)
        try:
            parser = build_parser(["import"])
            for words in (["accounts.csv"], ["--deals", "deals.csv"]):
                file = str(DATA_FOLDER / words[-1])
                chosen = parser.parse_args(["import", *words[:-1], file])
                settings, quiet = Settings(database_url=story.url), Console(quiet=True)
                imports.run(chosen, settings=settings, now=story.context.now, console=quiet)
            name_leads(story.slack)
            yield story
        finally:
            story.close()


def work_days(story: Story) -> Iterator[None]:
    """Each working day of the fortnight at eleven, when what stands is looked at."""
    for number in range(DAYS):
        day = LIVE_BEGINS.date() + timedelta(days=number)
        if day.weekday() < 5:
            story.until(datetime.combine(day, WORK, DUBLIN))
            stands_once(story)
            waits_two_mornings(story)
            yield
    story.after(hours=9)


def stands_once(story: Story) -> None:
    """Every open touchpoint has its line in one message that stands, and can be answered in no
    other; nothing that was due is dropped."""
    shown: Counter[int] = Counter()
    with story.tx() as tx:
        open_ones = tx.all(
            select(Touchpoint).where(col(Touchpoint.state).in_(("nudged", "claimed")))
        )
        standing = set(tx.all(select(col(Outbox.id)).where(col(Outbox.state) == "sent")))
        folded = select(col(TouchpointList.nudge_id)).where(
            col(TouchpointList.folded_at).is_not(None)
        )
        standing -= set(tx.all(folded))
        late = tx.all(
            select(Touchpoint).where(
                col(Touchpoint.state) == "planned",
                col(Touchpoint.due_at) < story.now - timedelta(days=3),
                col(Touchpoint.snoozed_until).is_(None),
                col(Touchpoint.postponed_until).is_(None),
            )
        )
    kinds = _kinds(story)
    for message in posted(story):
        if kinds.get((message.channel, message.ts)) == "nudge":
            shown.update(int(one.touchpoint) for one in controls(message.blocks))
    today = story.now - timedelta(
        hours=20
    )  # what is claimed before it was shown joins a DM tomorrow
    homeless = [t for t in open_ones if t.nudge_id not in standing]
    homeless = [t for t in homeless if t.state == "nudged" or t.nudge_id or t.state_at < today]
    assert [t.title for t in late] == []
    assert [(t.id, t.title, t.state) for t in homeless] == []
    assert {number: times for number, times in shown.items() if times > 1} == {}


def waits_two_mornings(story: Story) -> None:
    """No limit of a channel or a person makes anything wait longer."""
    with story.tx() as tx:
        waiting = tx.all(
            select(Touchpoint).where(col(Touchpoint.postponed_because).in_(("channel", "person")))
        )
    calendar = story.playbook.calendar("sales")
    for each in waiting:
        assert each.postponed_since is not None
        since, today = calendar.local_date(each.postponed_since), calendar.local_date(story.now)
        assert calendar.working_days_after(since, today) <= 2, each.title


def posted(story: Story) -> list[SlackMessage]:
    """All that Linchpin has posted, as it stands now."""
    places = [*LEADS, *(f"@{who}" for who in PEOPLE)]
    messages = [message for place in places for message in story.slack.messages(place)]
    return [message for message in messages if message.user == BOT_USER]


def _kinds(story: Story) -> dict[tuple[str, str], str]:
    with story.tx() as tx:
        rows = tx.rows(select(col(Outbox.channel), col(Outbox.slack_ts), col(Outbox.kind)))
    return {(channel, ts): kind for channel, ts, kind in rows if channel and ts}


def counted(story: Story) -> Counts:
    counts, kinds = Counts(), _kinds(story)
    for place in (*LEADS, *(f"@{who}" for who in PEOPLE)):
        for message in story.slack.messages(place):
            if message.user != BOT_USER:
                continue
            kind = kinds.get((message.channel, message.ts), "")
            if place.startswith("@"):
                of = counts.apart if kind in APART else counts.dms
                of[place[1:]] += 1
            elif message.thread_ts not in (None, message.ts):
                counts.replies[place] += 1
            else:
                at = datetime.fromtimestamp(float(message.ts), UTC).astimezone(DUBLIN)
                is_morning = kind in ("nudge", "digest") and at.hour in OPENING_HOURS
                (counts.mornings if is_morning else counts.others)[place] += 1
    return counts


def holds(counts: Counts) -> None:
    log.info("%s", counts)
    for place in LEADS:
        assert counts.mornings[place] <= 10
        assert counts.others[place] <= 3
        assert counts.replies[place] == 0
    for who in PEOPLE:
        assert counts.dms[who] <= 12
        assert counts.apart[who] <= 4


def test_nobody_answers(tmp_path: Path) -> None:
    with company(tmp_path) as story:
        for _ in work_days(story):
            pass
        holds(counted(story))


def test_a_diligent_team(tmp_path: Path) -> None:
    with company(tmp_path) as story:
        for _ in work_days(story):
            answer_all(story)
        holds(counted(story))


def answer_all(story: Story) -> None:
    """Everybody marks what is theirs done; every fourth they take on first."""
    for place, who in [*LEADS.items(), *((f"@{who}", who) for who in PEOPLE)]:
        for message in story.slack.messages(place):
            for control in controls(message.blocks):
                takes = int(control.touchpoint) % 4 == 1 and "claim" in control.verbs
                press(story.slack, who, message, control.touchpoint, "claim" if takes else "done")
                if story.slack.modal(who) is not None:
                    story.slack.dismiss(who, all_views=True)
        story.settle()
