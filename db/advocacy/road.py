"""How far an account has come on the road to the destination."""

from typing import Any

from sqlmodel import col

from bot.rules.road import Road
from db.core.tx import Tx
from db.models import Account, AdvocacyEntry, Promise, Term, Touchpoint, ValueEntry


def road_of(tx: Tx, account: Account) -> Road:
    """What has happened in all its terms."""
    kept: Any = (
        col(Promise.account_id) == account.id,
        col(Promise.touchpoint_id) == col(Touchpoint.id),
        col(Touchpoint.state) == "done",
    )
    confirmed = (col(ValueEntry.confirmed_at).is_not(None), col(ValueEntry.undone_at).is_(None))
    speaks = col(AdvocacyEntry.verb).in_(("agreed", "did"))
    return Road(
        confirmed_value=tx.count(ValueEntry, _of(ValueEntry, account), *confirmed) > 0,
        promise_kept=tx.count(Promise, *kept) > 0,
        second_term=tx.count(Term, _of(Term, account)) > 1,
        speaks_for_us=tx.count(
            AdvocacyEntry,
            _of(AdvocacyEntry, account),
            speaks,
            col(AdvocacyEntry.undone_at).is_(None),
        )
        > 0,
    )


def _of(model: Any, account: Account) -> Any:
    return col(model.account_id) == account.id
