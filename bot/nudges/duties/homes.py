"""Shows one App Home anew: one that was opened, or whose person has changed something."""

from __future__ import annotations

from datetime import datetime

from bot.actions.actor import CLOCK
from bot.actions.views import home
from bot.actions.work import Work
from bot.context import Context
from bot.nudges.set_aside import attempt
from bot.rules.playbook.playbook import Playbook
from db.core.tx import Tx
from db.home import home as home_home


def build_next_home(context: Context, now: datetime) -> bool:
    """Puts the Home that has waited longest into the outbox; False if none may be built now."""
    found = home_home.first_to_build(context.engine, now)
    if found is None:
        return False
    workspace, home_id = found

    def build(tx: Tx, playbook: Playbook) -> bool:
        taken = home_home.claim_build(tx, home_id, now)
        if taken is not None:
            home.publish_home(Work(tx, playbook, now, CLOCK), taken)
        return taken is not None

    def give_up(tx: Tx) -> None:
        home_home.abandon_build(tx, home_id)

    return attempt(context, workspace, f"build home {home_id}", build, give_up, otherwise=True)
