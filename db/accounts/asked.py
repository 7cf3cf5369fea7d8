"""What people ask of many accounts at once: a few rows of each, and what they add up to."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, not_, or_
from sqlmodel import col, select

from db.advocacy.advocacy import is_open_complaint
from db.core.tx import Tx
from db.facts.live import is_live
from db.models import Account, Decision, Interaction, ValueEntry

#: The kind of what an import of deals writes down.
_DEAL = "deal"


def is_of_team(users: Collection[str]) -> ColumnElement[bool]:
    """The condition that one of these people manages an account."""
    return col(Account.manager_id).in_(sorted(users))


def is_of_tier(tier: str) -> ColumnElement[bool]:
    return func.upper(col(Account.tier)) == tier


def is_account(account_id: int) -> ColumnElement[bool]:
    return col(Account.id) == account_id


def renews_between(first: date, last: date) -> ColumnElement[bool]:
    return col(Account.renews_on).between(first, last)


def is_not(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """The opposite, of what is not known too."""
    return or_(not_(condition), col(Account.renews_on).is_(None))


def is_in(stages: Collection[str]) -> ColumnElement[bool]:
    return col(Account.stage).in_(stages)


def is_outcome(outcomes: Collection[str]) -> ColumnElement[bool]:
    return col(Decision.outcome).in_(outcomes)


def has_no_manager() -> ColumnElement[bool]:
    return col(Account.manager_id).is_(None)


def list_live(tx: Tx, exits: Sequence[str], limit: int, *where: Any) -> list[Any]:
    """(name, stage) of live accounts by name, and `total`, how many there are."""
    total = func.count().over().label("total")
    found = select(col(Account.name), col(Account.stage), total).where(is_live(exits), *where)
    return tx.rows(found.order_by(col(Account.name_key)).limit(limit))


def sum_paid(tx: Tx, exits: Sequence[str], *where: Any) -> list[Any]:
    """(currency, accounts, hundredths) of what live accounts pay a year; the currency is None for
    those of which it is not known."""
    paid = select(
        col(Account.currency), func.count(), func.coalesce(func.sum(col(Account.hundredths)), 0)
    ).where(is_live(exits), *where)
    return tx.rows(paid.group_by(col(Account.currency)))


def sum_value(tx: Tx, since: datetime, *where: Any) -> list[Any]:
    """(currency, confirmed, entries, hundredths) of what was written down since then."""
    confirmed = case((col(ValueEntry.confirmed_at).is_not(None), 1), else_=0).label("confirmed")
    total = func.coalesce(func.sum(col(ValueEntry.hundredths)), 0)
    found = (
        select(col(ValueEntry.currency), confirmed, func.count(), total)
        .join(Account, col(Account.id) == col(ValueEntry.account_id))
        .where(col(ValueEntry.created_at) >= since, col(ValueEntry.undone_at).is_(None), *where)
    )
    return tx.rows(found.group_by(col(ValueEntry.currency), "confirmed"))


def list_complaints(tx: Tx, limit: int, *where: Any) -> list[Any]:
    """(interaction, account's name) of open complaints and tickets, the newest first."""
    newest = col(Interaction.happened_on).desc(), col(Interaction.id).desc()
    found = (
        select(Interaction, col(Account.name))
        .join(Account, col(Account.id) == col(Interaction.account_id))
        .where(*is_open_complaint(), col(Account.archived_at).is_(None), *where)
    )
    return tx.rows(found.order_by(*newest).limit(limit))


def list_decisions(tx: Tx, since: datetime, until: datetime, limit: int, *where: Any) -> list[Any]:
    """(decision, account's name) of what was decided in that span, the newest first."""
    newest = col(Decision.at).desc(), col(Decision.id).desc()
    found = (
        select(Decision, col(Account.name))
        .join(Account, col(Account.id) == col(Decision.account_id))
        .where(col(Decision.at).between(since, until), col(Decision.undone_at).is_(None), *where)
    )
    return tx.rows(found.order_by(*newest).limit(limit))


def find_said(tx: Tx, account_id: int, words: Collection[str], limit: int) -> list[Interaction]:
    """What was logged of an account with one of these words in it, the newest first."""
    text = func.lower(col(Interaction.text))
    said = or_(*(text.contains(word.casefold(), autoescape=True) for word in words))
    return _newest(tx, account_id, limit, col(Interaction.kind) != _DEAL, said)


def list_deals(tx: Tx, account_id: int, limit: int) -> list[Interaction]:
    """What an import of deals wrote down of an account, the newest first."""
    return _newest(tx, account_id, limit, col(Interaction.kind) == _DEAL)


def list_between(tx: Tx, account_id: int, first: date, last: date) -> list[Interaction]:
    """What happened with an account on these days, the newest first."""
    return _newest(tx, account_id, 50, col(Interaction.happened_on).between(first, last))


def _newest(tx: Tx, account_id: int, limit: int, *where: Any) -> list[Interaction]:
    mine = (col(Interaction.account_id) == account_id, col(Interaction.undone_at).is_(None))
    newest = col(Interaction.happened_on).desc(), col(Interaction.id).desc()
    return tx.all(select(Interaction).where(*mine, *where).order_by(*newest).limit(limit))
