"""Counts what was lost and what was said twice, by the outbox ids in the messages' metadata."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import Engine, func
from sqlmodel import col, select

from db.core.tx import read
from db.models import Outbox, Touchpoint
from db.outbox.states import POST, SENT
from sandbox import Sandbox

FIRM = re.compile(r"Firm \d{6}")
# Rows in these states still wait for something.
OPEN = ("pending", "sending", "unknown")


@dataclass(frozen=True)
class Verdict:
    """What became of the posts of a run."""

    rows: int
    lost: int  # rows that ended, or claim to be sent, with no message in Slack
    doubled: int  # messages too many
    open: int  # rows that still wait
    held: int
    unsaid: int  # touchpoints that no message told of
    said_twice: int  # touchpoints that two messages told of
    states: dict[str, int] = field(default_factory=dict)

    @property
    def clean(self) -> bool:
        """Nothing lost, nothing twice, nothing left to do."""
        parts = (self.lost, self.doubled, self.open, self.held, self.unsaid, self.said_twice)
        return not any(parts)

    def __str__(self) -> str:
        said = f"{self.lost} lost, {self.doubled} doubled"
        more = {
            "still open": self.open,
            "held": self.held,
            "touchpoints unsaid": self.unsaid,
            "touchpoints said twice": self.said_twice,
        }
        return "; ".join([said, *(f"{n} {word}" for word, n in more.items() if n)])


def posted(sandbox: Sandbox) -> Counter[int]:
    """How many messages stand in Slack for each outbox id, the late ones included."""
    found: Counter[int] = Counter()
    for channel in sandbox.workspace.posts.values():
        for message in channel.values():
            if message.metadata:
                found[int(message.metadata["event_payload"]["id"])] += 1
    return found


def judge(engine: Engine, workspace: str, sandbox: Sandbox) -> Verdict:
    """Compares the outbox with what stands in Slack."""
    in_slack = posted(sandbox)
    with read(engine, workspace) as tx:
        columns = (col(Outbox.id), col(Outbox.state))
        rows = tx.rows(select(*columns).where(col(Outbox.method) == POST))
        unsaid = tx.count(Touchpoint, col(Touchpoint.nudge_id).is_(None))
    states = Counter(state for _, state in rows)
    waiting = sum(states[state] for state in OPEN)
    ended = [row_id for row_id, state in rows if state not in (*OPEN, "held")]
    said = Counter(firm for message in _nudges(sandbox) for firm in set(FIRM.findall(message)))
    return Verdict(
        rows=len(rows),
        lost=sum(not in_slack[row_id] for row_id in ended),
        doubled=sum(count - 1 for count in in_slack.values() if count > 1),
        open=waiting,
        held=states["held"],
        unsaid=unsaid,
        said_twice=sum(count > 1 for count in said.values()),
        states=dict(states),
    )


def left(engine: Engine, workspace: str) -> tuple[int, int]:
    """How many rows have not ended, and how many touchpoints were not told of."""
    with read(engine, workspace) as tx:
        waiting = tx.count(Outbox, col(Outbox.state).in_(OPEN))
        return waiting, tx.count(Touchpoint, col(Touchpoint.nudge_id).is_(None))


def sent_count(engine: Engine, workspace: str) -> int:
    """How many rows are sent by now."""
    with read(engine, workspace) as tx:
        return tx.one(select(func.count()).select_from(Outbox).where(col(Outbox.state) == SENT))


def _nudges(sandbox: Sandbox) -> list[str]:
    """The first copy of each message, as text: copies are counted by their ids already."""
    first: dict[str, str] = {}
    for channel in sandbox.workspace.posts.values():
        for message in channel.values():
            if message.metadata:
                first.setdefault(message.metadata["event_payload"]["id"], str(message.blocks))
    return list(first.values())
