"""Live accounts: see bot/rules/facts/live.py."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_
from sqlmodel import col

from db.models import Account


def is_live(exits: Sequence[str]) -> ColumnElement[bool]:
    """The condition that an account is live; `exits` are the stages of those that have left."""
    return and_(col(Account.archived_at).is_(None), col(Account.stage).not_in(exits))
