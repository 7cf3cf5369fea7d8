"""Saves what came of a touchpoint that is done: an interaction, value, a next step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.actions.accounts import interactions, value
from bot.actions.answers import answers
from bot.actions.briefs import briefs
from bot.actions.responses import next_steps
from bot.actions.touchpoints.rendering import update_messages
from bot.actions.work import Work
from bot.messages.kit.text import day as day_of
from bot.rules.errors import UserError
from bot.rules.language.value import read_value
from bot.rules.text.money import Money
from db.models import Account, Touchpoint
from db.touchpoints import touchpoints


@dataclass(frozen=True)
class Outcome:
    """What a person reports of a touchpoint; all of it may be missing.

    `value` is what the customer got, as it is typed after `/value acme`, and `worth` what of it
    counts.
    """

    went: str = ""
    note: str = ""
    value: str = ""
    worth: Money | None = None
    is_confirmed: bool = False  # whether they say so themselves
    step: str = ""
    step_on: date | None = None
    step_owner: str = ""  # a department's key or "manager"

    def text(self, title: str) -> str:
        """The interaction's text, a line for each thing reported; empty when nothing was."""
        went, step = f"{self.went.capitalize()}." if self.went else "", ""
        if self.step:
            by = f" (by {day_of(self.step_on)})" if self.step_on else ""
            step = f"Next step{by}: {self.step}"
        elif self.step_on:
            step = f"Next step by {day_of(self.step_on)}"
        text = "\n".join(filter(None, (" ".join(filter(None, (went, self.note))), step)))
        return f"{title}: {text}" if text else ""

    @property
    def short(self) -> str:
        """What the nudge shows."""
        return self.went or self.note


def record_outcome(
    work: Work, touchpoint: Touchpoint | None, outcome: Outcome, *, today: date
) -> tuple[Account, Touchpoint] | None:
    """Saves what came of a touchpoint that is done; returns the next step that was planned.

    A step without a day is not planned, only logged. Raises `UserError` when the touchpoint is no
    longer done: somebody reopened it, or it is gone.
    """
    if touchpoint is None:
        raise UserError("That touchpoint is no longer there, so nothing was saved. Use /log.")
    account, _ = answers.require_done(work, touchpoint)
    if outcome.value:
        _add_value_entry(work, touchpoint, account, outcome, today)
        briefs.update_gap(work, touchpoint, account)
    text = outcome.text(touchpoint.title)
    if not text:
        return None
    logged = interactions.log(
        work, account, kind="note", text=text, happened_on=today, touchpoint_id=touchpoint.id
    )
    if outcome.short:
        touchpoints.save(work.tx, touchpoint, note=outcome.short)
        update_messages(work, touchpoint, account)
        briefs.update_gap(work, touchpoint, account)
    if not outcome.step or outcome.step_on is None:
        return None
    step = outcome.step, outcome.step_on, outcome.step_owner or touchpoint.owner
    return account, next_steps.plan_step(work, account, touchpoint, logged, *step)


def _add_value_entry(
    work: Work, touchpoint: Touchpoint, account: Account, outcome: Outcome, today: date
) -> None:
    """Adds what they got to the value ledger."""
    got = read_value(outcome.value, work.playbook.value.currency)
    confirmed = got.is_confirmed or outcome.is_confirmed
    value.add_entry(
        work,
        account,
        got.text,
        worth=outcome.worth,
        confirmed=value.Confirmation(today, got.who) if confirmed else None,
        touchpoint_id=touchpoint.id,
    )
