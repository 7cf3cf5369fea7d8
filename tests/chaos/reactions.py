"""Scenario 7: reactions told of twice, in any order, to web processes that are killed; or never."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from random import Random

from sqlmodel import col, select

from bot.nudges.duties.reaction_sweep import sweep_reactions
from db.core.tx import begin, read
from db.models import Audit, Inbox, Outbox, Touchpoint
from sandbox import SlackMessage
from sandbox.http.transport import JSON, post, signed_headers
from sandbox.model import Event
from sandbox.state import BOT_USER
from tests.chaos.clocks import Fast
from tests.chaos.databases import SQLITE
from tests.chaos.figures import Figure
from tests.chaos.webs import Web
from tests.chaos.workers import plan
from tests.chaos.world import CHANNELS, World, world

DONE, EYES = "white_check_mark", "eyes"
# What one person does with a message, and what must come of it, in whatever order it is told.
HABITS: tuple[tuple[tuple[str, ...], str], ...] = (
    ((f"+{DONE}",), "done"),
    ((f"+{DONE}", f"-{DONE}"), "nudged"),
    ((f"+{DONE}", f"-{DONE}", f"+{EYES}"), "claimed"),
)


def shuffled(
    folder: Path,
    database: str,
    *,
    messages: int,
    kills: int,
    again: float = 0.3,
    never: float = 0.05,
    seed: int = 7,
) -> Figure:
    """Every reaction of every message, some twice, some never, to web processes under fire."""
    chance = Random(seed)
    with world(folder, database, Fast(1.0)) as made:
        expected = _nudged(made, messages)
        told = _react(made, expected)
        delivered = [event for event in told if chance.random() >= never]
        repeated = [event for event in delivered if chance.random() < again]
        letters = delivered + repeated
        chance.shuffle(letters)
        _send_all(made, letters, kills, webs=1 if database == SQLITE else 2, seed=seed)
        heard = {id(event) for event in delivered}
        unheard = {_about(event) for event in told if id(event) not in heard}
        whole = _wrong(made, expected, unheard)
        sweep_reactions(made.context)
        after = _wrong(made, expected, set())
        doubled, inbox = _doubled(made, expected), _count(made)
    return Figure(
        "7",
        "reaction events shuffled, 30 % redelivered, 5 % never told; web processes killed",
        database,
        f"{len(told)} events, {len(letters)} deliveries, {kills} kills, {messages} messages",
        f"{len(delivered) - inbox} events without their one effect, {doubled} effects doubled, "
        f"{whole} wrong states; after the sweep {after} wrong states",
        "each effect once; the sweep repairs what was never told",
        not whole and not after and not doubled and inbox == len(delivered),
    )


def _nudged(made: World, messages: int) -> dict[str, str]:
    """Messages of nudged touchpoints, as delivery leaves them; how each must end, by ts."""
    made.plan(messages, per_second=1000)
    now, expected = made.clock(), {}
    with begin(made.engine, made.workspace) as tx:
        touchpoints = tx.all(select(Touchpoint).order_by(col(Touchpoint.id)))
        for number, touchpoint in enumerate(touchpoints):
            message = _posted(made, number)
            row = tx.add(_row(number, message, now))
            touchpoint.state, touchpoint.nudge_id, touchpoint.wake_at = "nudged", row.id, None
            expected[message.ts] = HABITS[number % len(HABITS)][1]
    return expected


def _posted(made: World, number: int) -> SlackMessage:
    slack = made.sandbox.workspace
    place = made.sandbox.channel(f"d{number % CHANNELS:02}")
    return slack.add(SlackMessage(slack.mint_ts(), place.id, BOT_USER, f"nudge {number}"))


def _row(number: int, message: SlackMessage, now: datetime) -> Outbox:
    return Outbox(
        dedupe_key=f"nudge:{number}",
        kind="nudge",
        method="chat.postMessage",
        lane=message.channel,
        payload={"text": message.text, "blocks": []},
        state="sent",
        due_at=now,
        created_at=now,
        channel=message.channel,
        slack_ts=message.ts,
    )


def _react(made: World, expected: dict[str, str]) -> list[Event]:
    """What people do in Slack; the events of it are not delivered yet."""
    told = []
    for number in range(CHANNELS):
        for message in made.sandbox.messages(f"#d{number:02}"):
            habit = next(deeds for deeds, state in HABITS if state == expected[message.ts])
            for deed in habit:
                act = made.sandbox.react if deed[0] == "+" else made.sandbox.unreact
                event = act("priya", message, deed[1:])
                assert event is not None
                told.append(event)
    return told


def _send_all(made: World, letters: Sequence[Event], kills: int, webs: int, seed: int) -> None:
    """Delivers from four threads, again until it is taken, while the processes are killed."""
    chance = Random(seed)
    doors = [Web(plan(made), made.sandbox.signing_secret, number) for number in range(webs)]
    for door in doors:
        door.ready()
    left, lock = list(letters), threading.Lock()

    def send() -> None:
        while True:
            with lock:
                if not left:
                    return
                event = left.pop()
            _deliver(made, event, doors, chance)

    senders = [threading.Thread(target=send) for _ in range(4)]
    for sender in senders:
        sender.start()
    for number in range(kills, 0, -1):
        while len(left) > len(letters) * number / (kills + 1):
            time.sleep(0.005)
        door = chance.choice(doors)
        door.kill()
        door.start()
    for sender in senders:
        sender.join()
    for door in doors:
        door.kill()


def _deliver(made: World, event: Event, doors: Sequence[Web], chance: Random) -> None:
    body = json.dumps(event.payload).encode()
    for _ in range(200):
        headers = signed_headers(made.sandbox.signing_secret, body, JSON)
        if post(chance.choice(doors).url, headers, body, 10).status == 200:
            return
        time.sleep(0.05)
    raise AssertionError("an event was never taken")


def _about(event: Event) -> str:
    """The ts of the message an event is about."""
    return str(event.payload["event"]["item"]["ts"])


def _states(made: World) -> dict[str, str]:
    with read(made.engine, made.workspace) as tx:
        pair = (col(Outbox.slack_ts), col(Touchpoint.state))
        joined = select(*pair).join(Touchpoint, col(Touchpoint.nudge_id) == col(Outbox.id))
        return {ts: state for ts, state in tx.rows(joined) if ts}


def _wrong(made: World, expected: dict[str, str], leave_out: set[str]) -> int:
    states = _states(made)
    return sum(states.get(ts) != state for ts, state in expected.items() if ts not in leave_out)


def _doubled(made: World, expected: dict[str, str]) -> int:
    """Touchpoints of one single reaction that were completed more than once."""
    with read(made.engine, made.workspace) as tx:
        done = tx.all(select(col(Audit.subject)).where(col(Audit.verb) == "touchpoint.done"))
        rows = tx.all(select(Touchpoint))
    often = Counter(done)
    return sum(often[f"touchpoint:{row.id}"] > 1 for row in rows)


def _count(made: World) -> int:
    with read(made.engine, made.workspace) as tx:
        return tx.count(Inbox)
