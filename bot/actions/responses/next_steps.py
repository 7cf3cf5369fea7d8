"""Plans the next step that somebody names when a touchpoint is done, and undoes it."""

from __future__ import annotations

from datetime import date

from sqlmodel import col, select

from bot.actions.accounts import value
from bot.actions.audit import audit_action
from bot.actions.touchpoints.nudging import cancel
from bot.actions.touchpoints.plays import plan_custom
from bot.actions.touchpoints.routing import owner_calendar
from bot.actions.work import Work
from bot.messages.kit.text import plain
from bot.rules.text.words import cut
from db.accounts import interactions
from db.core.tx import Tx
from db.models import Account, Interaction, Touchpoint
from db.touchpoints.touchpoints import OPEN_STATES

KIND = "step"
# A title is the first line of a nudge; the whole text is what is asked.
_MAX_TITLE_LENGTH = 80


def plan_step(
    work: Work,
    account: Account,
    after: Touchpoint,
    logged: Interaction,
    step: str,
    on: date,
    owner: str,
) -> Touchpoint:
    """Plans `step`, named in `logged`, for the owner's first working day from `on`."""
    calendar = owner_calendar(work.tx, work.playbook, owner, account)
    planned = plan_custom(
        work.tx,
        account,
        kind=KIND,
        key=_step_key(logged),
        owner=owner,
        title=cut(" ".join(step.split()), _MAX_TITLE_LENGTH),
        ask=step.replace("{account}", account.name),
        helps=f'It was agreed when "{after.title}" was done.',
        due_at=calendar.next_open(max(work.now, calendar.opening(calendar.on_or_after(on)))),
        now=work.now,
    )
    audit_action(work, planned, "touchpoint.asked", {"after": after.id, "owner": owner})
    return planned


def undo_steps(work: Work, reopened: Touchpoint) -> str:
    """Undoes what was logged of a touchpoint that is open again, and the steps named there.

    Returns one sentence for whoever reopened it; "" when nothing was logged. A step that is done
    stays.
    """
    logged = interactions.list_of_touchpoint(work.tx, reopened.id)
    steps = [step for each in logged for step in _list_open_steps(work.tx, each)]
    for each in logged:
        each.undone_at = work.now
        detail = {"account": each.account_id, "kind": each.kind}
        audit_action(work, each, "interaction.undone", detail)
    for step in steps:
        cancel(work, step, f'"{reopened.title}" is open again')
    had_value = value.undo_of_touchpoint(work, reopened.id)
    if not logged and not had_value:
        return ""
    kept = "".join(f', and the next step "{plain(step.title)}"' for step in steps)
    return f'What was told of "{plain(reopened.title)}" when it was done is taken back too{kept}.'


def _list_open_steps(tx: Tx, logged: Interaction) -> list[Touchpoint]:
    return tx.all(
        select(Touchpoint).where(
            col(Touchpoint.account_id) == logged.account_id,
            col(Touchpoint.kind) == KIND,
            col(Touchpoint.play) == _step_key(logged),
            col(Touchpoint.state).in_(OPEN_STATES),
        )
    )


def _step_key(logged: Interaction) -> str:
    return f"{KIND}:{logged.id}"
