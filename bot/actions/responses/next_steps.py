"""The next step that somebody names when a touchpoint is done: a touchpoint of its own."""

from __future__ import annotations

from datetime import date

from sqlmodel import col, select

from bot.actions.accounts import value
from bot.actions.audit import audit_action
from bot.actions.touchpoints.nudging import cancel
from bot.actions.touchpoints.plays import plan_custom
from bot.actions.touchpoints.routing import owner_calendar
from bot.actions.work import Work
from bot.messages.kit.parts import plain
from bot.rules.text.words import cut
from db.accounts import interactions
from db.core.tx import Tx
from db.models import Account, Interaction, Touchpoint
from db.touchpoints.touchpoints import OPEN_STATES

KIND = "step"
# A title stands in the first line of a nudge; the whole of it is what is asked.
_MAX_TITLE_LENGTH = 80


def plan_step(
    work: Work,
    account: Account,
    after: Touchpoint,
    told: Interaction,
    step: str,
    on: date,
    owner: str,
) -> Touchpoint:
    """Plans `step` for the owner's first working day from `on`; `told` is where it was named."""
    calendar = owner_calendar(work.tx, work.playbook, owner, account)
    planned = plan_custom(
        work.tx,
        account,
        kind=KIND,
        key=_step_key(told),
        owner=owner,
        title=cut(" ".join(step.split()), _MAX_TITLE_LENGTH),
        ask=step.replace("{account}", account.name),
        helps=f'It was agreed when "{after.title}" was done.',
        due_at=calendar.next_open(max(work.now, calendar.opening(calendar.on_or_after(on)))),
        now=work.now,
    )
    detail = {"after": after.id, "owner": owner}
    audit_action(work, planned, "touchpoint.asked", detail)
    return planned


def undo_steps(work: Work, reopened: Touchpoint) -> str | None:
    """Takes back what was told of a touchpoint that is open again, and the steps named in it.

    One sentence for whoever reopened it; None when nothing was told. A step that is done stays.
    """
    told = interactions.list_of_touchpoint(work.tx, reopened.id)
    steps = [each for one in told for each in _steps_named_in(work.tx, one)]
    for one in told:
        one.undone_at = work.now
        detail = {"account": one.account_id, "kind": one.kind}
        audit_action(work, one, "interaction.undone", detail)
    for step in steps:
        cancel(work, step, f'"{reopened.title}" is open again')
    valued = value.undo_of_touchpoint(work, reopened.id)
    if not told and not valued:
        return None
    kept = "".join(f', and the next step "{plain(step.title)}"' for step in steps)
    return f'What was told of "{plain(reopened.title)}" when it was done is taken back too{kept}.'


def _steps_named_in(tx: Tx, told: Interaction) -> list[Touchpoint]:
    return tx.all(
        select(Touchpoint).where(
            col(Touchpoint.account_id) == told.account_id,
            col(Touchpoint.kind) == KIND,
            col(Touchpoint.play) == _step_key(told),
            col(Touchpoint.state).in_(OPEN_STATES),
        )
    )


def _step_key(told: Interaction) -> str:
    return f"{KIND}:{told.id}"
