"""Builds one App Home anew: one that was opened, or whose person has changed something."""

from datetime import datetime

from bot.actions.views import home
from bot.actions.work import Work
from bot.context import Context
from bot.nudges.set_aside import attempt
from db.home import home as rows


def build_next_home(context: Context, now: datetime) -> bool:
    """Puts the Home that has waited longest into the outbox; False if none may be built now."""
    due = rows.first_to_build(context.engine, now)
    if due is None:
        return False
    workspace, home_id = due

    def build(work: Work) -> bool:
        row = rows.claim_build(work.tx, home_id, now)
        if row is not None:
            home.publish_home(work, row)
        return row is not None

    def give_up(work: Work) -> None:
        rows.abandon_build(work.tx, home_id)

    return attempt(context, workspace, now, f"build home {home_id}", build, give_up)
