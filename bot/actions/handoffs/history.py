"""Handoffs in an account's story: who got it from whom, and who accepted it."""

from collections.abc import Iterator
from datetime import datetime

from bot.actions.touchpoints.labels import owner_label
from bot.rules.playbook.playbook import Playbook
from db.core.tx import Tx
from db.handoffs import handoffs

TimelineLine = tuple[datetime, str, str | None]  # when, what, by whom


def handoff_lines(
    tx: Tx, playbook: Playbook, account_id: int, limit: int
) -> Iterator[TimelineLine]:
    """The account's newest handoffs, each with a second line once it is accepted."""
    for handoff in handoffs.list_newest(tx, account_id, limit):
        giver = owner_label(playbook, handoff.giver, None)
        receiver = owner_label(playbook, handoff.receiver, None)
        yield handoff.at, f"handed over from {giver} to {receiver}", handoff.by_user
        if handoff.accepted_at is not None:
            yield handoff.accepted_at, f"accepted for {receiver}", handoff.accepted_by
