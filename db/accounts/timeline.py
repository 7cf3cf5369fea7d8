"""An account's whole story: interactions, touchpoints that ended, moves; newest first."""

from typing import Any

from sqlmodel import and_, col, or_, select

from db.accounts.value import is_confirmed_later
from db.core.tx import Tx
from db.models import (
    Decision,
    Handoff,
    Interaction,
    Promise,
    PromiseChange,
    StageChange,
    Term,
    Touchpoint,
    ValueEntry,
)

#: Done, skipped, or no longer needed after somebody saw it: what was planned and dropped unseen is
#: no part of an account's story.
_ENDED = or_(
    col(Touchpoint.state).in_(("done", "skipped")),
    and_(col(Touchpoint.state) == "cancelled", col(Touchpoint.nudge_id).is_not(None)),
)

#: Each kind of line: its table, and which rows have one.
_LINES: tuple[tuple[Any, ...], ...] = (
    (Interaction, col(Interaction.undone_at).is_(None)),
    (Touchpoint, _ENDED),
    (StageChange,),
    (Promise,),
    (PromiseChange,),
    (Handoff,),
    (Handoff, col(Handoff.accepted_at).is_not(None)),
    (Decision, col(Decision.undone_at).is_(None)),
    (ValueEntry, col(ValueEntry.undone_at).is_(None)),
    (ValueEntry, col(ValueEntry.undone_at).is_(None), is_confirmed_later()),
    (Term,),
    (Term, col(Term.ended_at).is_not(None)),
)


def count_entries(tx: Tx, account_id: int) -> int:
    """How many entries there are in all."""
    of_account = ((model, col(model.account_id) == account_id, *where) for model, *where in _LINES)
    return sum(tx.count(*each) for each in of_account)


def list_interactions(tx: Tx, account_id: int, limit: int) -> list[Interaction]:
    """What was logged and not undone."""
    newest = (col(Interaction.happened_on), col(Interaction.created_at), col(Interaction.id))
    mine = select(Interaction).filter_by(account_id=account_id, undone_at=None)
    return _newest(tx, mine, newest, limit)


def list_ended(tx: Tx, account_id: int, limit: int) -> list[Touchpoint]:
    """Touchpoints done, skipped, or seen and no longer needed."""
    newest = (col(Touchpoint.state_at), col(Touchpoint.id))
    mine = select(Touchpoint).filter_by(account_id=account_id)
    return _newest(tx, mine.where(_ENDED), newest, limit)


def list_moves(tx: Tx, account_id: int, limit: int) -> list[StageChange]:
    newest = (col(StageChange.at), col(StageChange.id))
    return _newest(tx, select(StageChange).filter_by(account_id=account_id), newest, limit)


def _newest(tx: Tx, mine: Any, newest: tuple[Any, ...], limit: int) -> list[Any]:
    return tx.all(mine.order_by(*(column.desc() for column in newest)).limit(limit))
