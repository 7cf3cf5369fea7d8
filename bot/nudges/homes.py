"""Shows one App Home anew: one that was opened, or whose person has changed something."""

from __future__ import annotations

from datetime import datetime

from bot.actions import home
from bot.context import Context
from bot.nudges.set_aside import attempt
from bot.rules.playbook import Playbook
from db import homes
from db.tx import Tx


def build_one(context: Context, now: datetime) -> bool:
    """Puts the Home that has waited longest into the outbox; False if none may be built now."""
    found = homes.first_due(context.engine, now)
    if found is None:
        return False
    workspace, home_id = found

    def build(tx: Tx, playbook: Playbook) -> bool:
        taken = homes.take(tx, home_id, now)
        if taken is not None:
            home.publish(tx, playbook, taken, now)
        return taken is not None

    def give_up(tx: Tx) -> None:
        homes.give_up(tx, home_id)

    return attempt(context, workspace, f"build home {home_id}", build, give_up, otherwise=True)
