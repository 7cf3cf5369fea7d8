"""Scenarios 9, 10 and 11: channels that refuse, Slack's pace, messages that cannot be sent."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select, update

from db.core.tx import begin, read
from db.models import Outbox
from db.outbox import enqueue_post
from tests.chaos.clocks import Fast, Stepped, bearable
from tests.chaos.databases import SQLITE
from tests.chaos.figures import Figure
from tests.chaos.killed import wait_until_settled
from tests.chaos.late import pass_time
from tests.chaos.workers import kill, plan, start
from tests.chaos.world import World, world

POST = "chat.postMessage"
HALF_HOUR = timedelta(minutes=30)
AT_ONCE = timedelta(seconds=15)  # what a call may take


# -- 9: an archived channel, one without the bot, a revoked token


def refusing(folder: Path, database: str, *, channels: int, minutes: int, every: int) -> Figure:
    """A message in each channel `every` seconds. Channel 0 is archived, channel 1 has no bot."""
    with world(folder, database, Stepped(folder / "clock")) as made:
        made.sandbox.archive("#d00")
        made.sandbox.kick("#d01", "linchpin")
        _say_regularly(made, channels, minutes, every)
        _watch(made, minutes, every)
        delays = _delays(made, set(_channels(2, channels)))
        made.sandbox.workspace.token_error = "token_revoked"
        pass_time(made, minutes=minutes, step=60)
        made.sandbox.workspace.token_error = ""
        made.sandbox.unarchive("#d00")
        made.sandbox.invite("priya", "#d01", "linchpin")
        pass_time(made, minutes=2 * minutes, step=20)
        failing, closest = _failures(made)
        found = made.verdict()
    p95 = sorted(delays)[int(len(delays) * 0.95)] if delays else 99.0
    ended = timedelta(minutes=4 * minutes)
    return Figure(
        "9",
        "an archived channel, one without the bot, then a revoked token",
        database,
        f"{found.rows} posts, {channels} channels, {int(ended.total_seconds() / 3600)} h",
        f"{failing} failing calls, closest in one lane {closest / 60:.0f} min apart; "
        f"the others' p95 delay {p95:.1f} s; {found}",
        "one failing call a lane in 30 min, p95 < 5 s, all delivered after the repair",
        closest >= 1800 and p95 < 5 and found.clean,
    )


def _watch(made: World, minutes: int, every: int) -> None:
    """Looks every second while something is due, and jumps to when the next comes."""
    for _ in range(0, minutes * 60, every):
        pass_time(made, minutes=min(every, 15) / 60, step=1)
        made.clock.rest(max(0, every - 15))


def _say_regularly(made: World, channels: int, minutes: int, every: int) -> None:
    """Twice as long as the first trouble: half of them fall into the second one."""
    start_at = made.clock()
    with begin(made.engine, made.workspace) as tx:
        for second in range(0, minutes * 120, every):
            for number, channel in enumerate(_channels(0, channels)):
                enqueue_post(
                    tx,
                    dedupe_key=f"{channel}:{second}",
                    kind="nudge",
                    channel=channel,
                    payload={"text": f"at {second}", "blocks": []},
                    now=start_at,
                    due_at=start_at + timedelta(seconds=second + number % 15),
                )


def _channels(first: int, end: int) -> list[str]:
    return [f"C0D{number:02}" for number in range(first, end)]


def _delays(made: World, channels: set[str]) -> list[float]:
    """Seconds from due to posted, by Slack's own stamps, of what was sent so far."""
    with read(made.engine, made.workspace) as tx:
        columns = (col(Outbox.due_at), col(Outbox.slack_ts))
        sent = tx.rows(select(*columns).where(col(Outbox.channel).in_(channels)))
    return [float(ts) - due.timestamp() for due, ts in sent if ts]


def _failures(made: World) -> tuple[int, float]:
    """How many posts Slack refused, and the least seconds between two in one lane."""
    by_lane: dict[str, list[datetime]] = defaultdict(list)
    for call in made.sandbox.calls(POST):
        if call.outcome != "ok":
            by_lane[str(call.args["channel"])].append(call.at)
            # A revoked token refuses the workspace, whatever the channel: once for all the calls
            # that are made at once.
            whole = by_lane["*"]
            if call.outcome == "token_revoked" and (not whole or call.at - whole[-1] > AT_ONCE):
                whole.append(call.at)
    gaps = [
        (later - earlier).total_seconds()
        for times in by_lane.values()
        for earlier, later in pairwise(times)
    ]
    calls = sum(len(times) for lane, times in by_lane.items() if lane != "*")
    return calls, min(gaps, default=1e9)


# -- 10: the pace


def paced(
    folder: Path, database: str, *, posts: int, channels: int, speed: float, limited: int
) -> Figure:
    """Real workers as fast as they may; `limited` calls are answered 429, Retry-After 30."""
    with world(folder, database, Fast(bearable(speed))) as made:
        for number in range(limited):
            where = f"C0D{number % channels:02}"
            made.sandbox.fail(POST, "429", retry_after=30, channel=where)
        made.say(posts, channels)
        workers = [start(plan(made)) for _ in range(1 if database == SQLITE else 3)]
        wait_until_settled(made)
        for worker in workers:
            kill(worker)
        closest, after_429 = _gaps(made)
        found = made.verdict()
    return Figure(
        "10",
        "one message a second a channel; 429 with Retry-After 30",
        database,
        f"{posts} posts, {channels} channels, {limited} × 429",
        f"closest two calls of a channel {closest:.3f} s, first call after a 429 "
        f"{after_429:.2f} s; {found}",
        "≥ 1 s, ≥ 30 s",
        closest >= 1 and after_429 >= 30 and found.clean,
    )


def _gaps(made: World) -> tuple[float, float]:
    """Least seconds between two calls of a channel, and between a 429 and the next one."""
    last: dict[str, Any] = {}
    closest = after_429 = 1e9
    for call in sorted(made.sandbox.calls(POST), key=lambda call: call.at):
        channel = str(call.args["channel"])
        if before := last.get(channel):
            gap = (call.at - before.at).total_seconds()
            closest = min(closest, gap)
            if before.outcome == "429":
                after_429 = min(after_429, gap)
        last[channel] = call
    return closest, after_429


# -- 11: messages that cannot be sent


def poisoned(folder: Path, database: str, *, posts: int, bad: int) -> Figure:
    """Among many good messages, some that Slack or the program itself cannot make sense of."""
    with world(folder, database, Stepped(folder / "clock")) as made:
        made.say(posts)
        _spoil(made, bad, posts)
        pass_time(made, minutes=1 + posts / 100)
        with read(made.engine, made.workspace) as tx:
            by_state: Any = select(col(Outbox.state), func.count()).group_by(col(Outbox.state))
            states = dict(tx.rows(by_state))
            with_reason = tx.count(
                Outbox, col(Outbox.state) == "dead", col(Outbox.last_error).is_not(None)
            )
        doubled = made.verdict().doubled
    told = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
    return Figure(
        "11",
        "messages that cannot be rendered or sent, among others",
        database,
        f"{posts} posts, {bad} of them bad in {len(SPOILT)} ways",
        f"{told}; {with_reason} with a reason, {doubled} doubled",
        "all the bad ones dead with reasons, all the others sent",
        states == {"dead": bad, "sent": posts - bad} and with_reason == bad and not doubled,
    )


SPOILT: tuple[Any, ...] = (
    {"text": "blocks of no known kind", "blocks": [{"type": "nonsense"}]},
    {"text": "", "blocks": []},
    {"text": "x" * 50_000, "blocks": []},
    {"text": "blocks that are none", "blocks": "rubbish"},
    ["no", "arguments", "at", "all"],
    None,
)


def _spoil(made: World, bad: int, posts: int) -> None:
    """Every so-manieth row, in turn in each of the ways."""
    step = posts // bad
    with begin(made.engine, made.workspace) as tx:
        ids = tx.all(select(col(Outbox.id)).order_by(col(Outbox.id)))[::step][:bad]
        for number, row_id in enumerate(ids):
            payload = SPOILT[number % len(SPOILT)]
            tx.execute(update(Outbox).where(col(Outbox.id) == row_id).values(payload=payload))
