"""The background clock in real time, and the sweep of reactions at its start."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from bot.context import Context
from bot.nudges import clock as clock_module
from bot.nudges import rounds
from bot.nudges.clock import Clock
from bot.nudges.duties.reaction_sweep import sweep_reactions
from bot.rules.playbook.playbook import parse
from bot.slack import Slack
from bot.terminal.process.http_server import start_server
from bot.terminal.process.startup import learn_workspace
from db.core.tx import begin, read
from db.models import Lane, Outbox, Touchpoint
from db.ops import health
from db.outbox import enqueue_post
from sandbox import Sandbox
from tests.databases import hasty, sqlite_file
from tests.nudges.helpers import audited, kickoff, many, touchpoint
from tests.story import PLAYBOOK, Story, introduce_everywhere
from tests.waiting import wait_for

ALWAYS = PLAYBOOK.replace('hours: "09:00-17:00"', 'hours: "00:00-23:59", days: mon-sun').replace(
    ", holidays: IE", ""
)


class Office:
    """Linchpin with its clock running, in real time."""

    def __init__(self, folder: Path) -> None:
        self.slack = Sandbox(now=lambda: datetime.now(UTC))
        self.slack.switches.patience = 30  # a busy machine is not what is tried here
        self.slack.serve()
        self.engine = hasty(sqlite_file(folder))
        client = Slack(self.slack.bot_token, self.slack.api_url)
        playbook = parse(ALWAYS, "office.yaml")
        self.context = learn_workspace(self.engine, playbook, client, frozenset())
        with begin(self.engine, self.context.workspace) as tx:
            introduce_everywhere(tx, self.context.now())
        self.clock = Clock(self.context, tick_seconds=0.2)
        self.door = start_server(self.clock.context, self.slack.signing_secret)
        self.slack.bot_url = self.door.url

    def close(self) -> None:
        self.door.close()
        self.slack.close()
        self.engine.dispose()


def snoozed_until_now(office: Office) -> None:
    """A kick-off call that does not wait for the next morning."""
    past = datetime.now(UTC) - timedelta(minutes=1)
    many(office, 1, past)  # type: ignore[arg-type]
    with begin(office.engine, office.context.workspace) as tx:
        tx.execute(update(Touchpoint).values(snoozed_until=past))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    yield office
    office.close()


def test_it_ticks_delivers_at_once_survives_a_failing_round_and_leaves_no_thread(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    monkeypatch.setattr(clock_module, "IDLE_SECONDS", 60)  # delivery has to be woken
    calls: list[Any] = []

    def fails_first(*more: Any) -> int:
        calls.append(more)
        if len(calls) == 1:
            raise RuntimeError("the database was away")
        return rounds.clock_round(*more)

    monkeypatch.setattr(clock_module, "clock_round", fails_first)
    before = set(threading.enumerate())
    office.clock.start()
    try:
        snoozed_until_now(office)
        nudges = wait_for(lambda: office.slack.messages("#operations"))
        assert "Kick-off call" in nudges[0].text
        assert len(calls) > 1
        office.slack.click("diego", nudges[0], "Done")
        wait_for(lambda: "Done by" in office.slack.messages("#operations")[0].text)
    finally:
        office.clock.stop(60)
    mine = {t for t in set(threading.enumerate()) - before if "http" not in t.name.lower()}
    wait_for(lambda: not [t for t in mine if t.is_alive() and _is_ours(t)])


def _is_ours(thread: threading.Thread) -> bool:
    return thread.name.startswith(("delivery", "APScheduler", "ThreadPoolExecutor"))


def test_it_is_at_work_before_its_first_round_has_ended(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = threading.Event()
    monkeypatch.setattr(clock_module, "clock_round", lambda *_: over.wait(30) and 0)
    office.clock.start()
    assert "clock" in health.last_beats(office.engine)
    over.set()
    office.clock.stop(30)


CHANNELS = ("C0OPERATIONS", "C0SALES", "C0MARKETING")


def say(office: Office, text: str) -> None:
    """A message in each of three channels."""
    with begin(office.engine, office.context.workspace) as tx:
        for channel in CHANNELS:
            enqueue_post(
                tx,
                dedupe_key=f"{text} {channel}",
                kind="nudge",
                channel=channel,
                payload={"text": text, "blocks": []},
                now=datetime.now(UTC),
            )


def test_it_stops_between_two_messages(office: Office) -> None:
    office.clock.start()
    for number in range(5):
        say(office, f"number {number}")
    wait_for(lambda: office.slack.messages("#operations"))
    office.clock.stop()
    stopped = len(office.slack.messages("#operations"))
    assert stopped < 5
    time.sleep(1.2)
    assert len(office.slack.messages("#operations")) == stopped


def test_stopped_in_the_middle_of_a_batch_it_ends_the_calls_and_begins_no_other(
    office: Office,
) -> None:
    for channel in CHANNELS:
        office.slack.fail("chat.postMessage", "slow_answer", seconds=2, channel=channel)
    for text in ("first", "second"):
        say(office, text)
    office.clock.start()
    wait_for(lambda: len(office.slack.calls("chat.postMessage")) == len(CHANNELS))
    office.clock.stop(60)
    with read(office.engine, office.context.workspace) as tx:
        states = tx.all(select(col(Outbox.state)).order_by(col(Outbox.id)))
        held = tx.count(Lane, col(Lane.lease_until).is_not(None))
    assert (states, held) == (["sent"] * 3 + ["pending"] * 3, 0)
    assert len(office.slack.calls("chat.postMessage")) == len(CHANNELS)


def test_the_next_message_of_a_channel_goes_when_its_second_is_over(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock_module, "IDLE_SECONDS", 600)  # nobody looks by chance
    for text in ("first", "second", "third"):
        say(office, text)
    office.clock.start()
    try:
        wait_for(lambda: len(office.slack.messages("#operations")) == 3)
    finally:
        office.clock.stop(60)


def test_reactions_made_while_the_bot_was_down_count_at_the_next_start(story: Story) -> None:
    nudge = kickoff(story)
    with _away(story):
        story.slack.react("gus", nudge, "white_check_mark")
        story.slack.react("diego", nudge, "eyes")
    story.after(minutes=5)
    assert audited(story) == []
    assert sweep_reactions(story.context) >= 1
    story.settle()
    assert "Claimed by <@U0DIEGO>" in story.again(nudge).text
    with _away(story):
        story.slack.unreact("diego", nudge, "eyes")
    story.after(minutes=5)
    sweep_reactions(story.context)
    story.settle()
    assert touchpoint(story).state == "nudged"
    assert [who for who, _, _ in audited(story)] == ["U0DIEGO", "U0DIEGO"]
    story.slack.complaints.clear()


class _away:
    """Slack cannot reach the bot meanwhile."""

    def __init__(self, story: Story) -> None:
        self.story = story

    def __enter__(self) -> None:
        self.url = self.story.slack.bot_url
        self.story.slack.bot_url = "http://127.0.0.1:9/away"

    def __exit__(self, *_: object) -> None:
        self.story.slack.bot_url = self.url


def test_time_is_not_moved_on_while_a_round_has_left_something(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    left, looked_at = [True, True, True], []

    def ends_early(_context: Context, now: datetime) -> bool:
        looked_at.append(now)
        return bool(left and left.pop())

    monkeypatch.setattr("demo.fast_forward.clock_round", ends_early)
    monkeypatch.setattr("demo.fast_forward.delivery_round", lambda *_, **__: 0)
    story.after(minutes=1)
    assert looked_at[:4] == [looked_at[0]] * 4
