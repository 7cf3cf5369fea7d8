"""What is known of a customer beside its name."""

from __future__ import annotations

from datetime import datetime

from bot.actions.accounts import change, record
from bot.actions.actor import Actor
from bot.rules.errors import UserError
from bot.rules.import_accounts import LONGEST_FACT
from db.models import Account
from db.tx import Tx


def set_fact(
    tx: Tx, account: Account, what: str, value: str | None, by: Actor, now: datetime
) -> None:
    """What is known of an account beside its name: its `sector` or `country`."""
    if value is not None and len(value) > LONGEST_FACT:
        raise UserError(f"That is longer than {LONGEST_FACT} characters. Give a word or two.")
    before = getattr(account, what)
    change(tx, account, **{what: value})
    record(tx, account, what, by, now, {"from": before, "to": value})
