"""The rows behind an account's reasons (bot/rules/reasons), for some accounts at a time."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlmodel import col, select

from db.advocacy.advocacy import is_open_complaint
from db.core.tx import Tx, chunks, columns
from db.facts.live import is_live
from db.models import (
    NOTICE,
    RISK,
    Account,
    Contact,
    Interaction,
    Learned,
    Promise,
    ReasonTold,
    Term,
    Touchpoint,
)
from db.touchpoints.touchpoints import OPEN_STATES

SILENCE_KIND, VALUE_KIND = "silence", "value"  # the kinds of touchpoints that reasons plan
_CHAMPION = "champion"
_BROKEN = "skipped"
# No objects are made of accounts: they can be very many.
_COLUMNS = columns(
    Account,
    "id name name_key stage stage_entry stage_entered_at created_at archived_at term renews_on "
    "tier manager_id hundredths currency",
)


def is_managed_by(user_id: str) -> ColumnElement[bool]:
    """The condition that a person manages an account."""
    return col(Account.manager_id) == user_id


def list_live(tx: Tx, exits: Sequence[str], after: int, limit: int) -> list[Any]:
    """Live accounts as rows of what reasons look at, by id, above `after`."""
    live = select(*_COLUMNS).where(is_live(exits), col(Account.id) > after)
    return tx.rows(live.order_by(col(Account.id)).limit(limit))


def list_candidates(
    tx: Tx,
    exits: Sequence[str],
    slow: Mapping[str, datetime],
    today: date,
    *where: Any,
    limit: int | None = None,
) -> list[Any]:
    """The live accounts that may have a reason; `slow` has by stage when one is behind."""
    may_have = [
        _any_of(tx, Interaction, *is_open_complaint()),
        _any_of(tx, Contact, *_has_left()),
        _any_of(tx, Learned, *_stands()),
        _any_of(tx, Promise, exists().where(*_is_late(today))),
        _any_of(tx, ReasonTold),
        col(Account.renews_on) < today,
        *(
            and_(
                col(Account.stage) == stage,
                col(Account.stage_entered_at) < moment,
                col(Account.created_at) < moment,
            )
            for stage, moment in slow.items()
        ),
    ]
    found = select(*_COLUMNS).where(is_live(exits), *where, or_(*may_have))
    return tx.rows(found.order_by(col(Account.renews_on)).limit(limit) if limit else found)


def list_renewing(
    tx: Tx, exits: Sequence[str], first: date, last: date, *where: Any, limit: int | None = None
) -> list[Any]:
    """The live accounts, as rows, that renew from `first` to `last`, the soonest first."""
    renewing = (is_live(exits), col(Account.renews_on).between(first, last), *where)
    soonest = (col(Account.renews_on), col(Account.name_key))
    return tx.rows(select(*_COLUMNS).where(*renewing).order_by(*soonest).limit(limit))


def list_accounts(tx: Tx, ids: Sequence[int]) -> dict[int, Account]:
    """The accounts of those ids, which may be very many."""
    return {each.id: each for each in tx.all_among(select(Account), Account.id, ids)}


def list_complaints(tx: Tx, ids: Sequence[int]) -> list[Interaction]:
    """Open complaints and tickets."""
    mine = (col(Interaction.account_id).in_(ids), *is_open_complaint())
    return tx.all(select(Interaction).where(*mine))


def list_champions(tx: Tx, ids: Sequence[int]) -> list[Contact]:
    """Champions, those who left included."""
    mine = (col(Contact.account_id).in_(ids), col(Contact.role).contains(_CHAMPION))
    return tx.all(select(Contact).where(*mine))


def list_learned(tx: Tx, ids: Sequence[int]) -> list[Learned]:
    """Risks that nothing was promised or planned against, and notices; neither settled."""
    return tx.all(select(Learned).where(col(Learned.account_id).in_(ids), *_stands()))


def list_late_promises(tx: Tx, ids: Sequence[int], today: date) -> list[tuple[Promise, Touchpoint]]:
    """Promises that may be overdue, and broken ones, each with its touchpoint."""
    late = select(Promise, Touchpoint).where(col(Promise.account_id).in_(ids), *_is_late(today))
    return tx.pairs(late)


def list_newest_promise_times(tx: Tx, ids: Sequence[int]) -> dict[int, datetime]:
    """When the last promise was made to each of the accounts."""
    made = select(col(Promise.account_id), col(Promise.made_at)).order_by(col(Promise.made_at))
    return dict(tx.rows(made.where(col(Promise.account_id).in_(ids))))


def list_open_terms(tx: Tx, ids: Sequence[int]) -> dict[int, Any]:
    """(account_id, number, began_at, source) of the open term of each of the accounts in one."""
    opened = select(*columns(Term, "account_id number began_at source")).where(
        col(Term.account_id).in_(ids), col(Term.ended_at).is_(None)
    )
    return {term.account_id: term for term in tx.rows(opened)}


def list_told(tx: Tx) -> dict[tuple[int, str, str], int]:
    """(account, kind, key) of every reason that was told, each with the id of its row."""
    rows = tx.each(select(*columns(ReasonTold, "account_id kind key id")))
    return {(account_id, kind, key): row_id for account_id, kind, key, row_id in rows}


def forget_told(tx: Tx, row_ids: Sequence[int]) -> None:
    """Reasons that have ended are told anew when they begin again."""
    for some in chunks(row_ids):
        tx.delete(ReasonTold, col(ReasonTold.id).in_(some))


def list_planned(tx: Tx) -> list[Any]:
    """(id, account_id, kind, owner, play, state) of the open touchpoints that reasons planned."""
    ours = col(Touchpoint.kind).in_((SILENCE_KIND, VALUE_KIND))
    planned = select(*columns(Touchpoint, "id account_id kind owner play state"))
    return tx.rows(planned.where(ours, col(Touchpoint.state).in_(OPEN_STATES)))


def count_asked(tx: Tx, account_id: int, key: str) -> int:
    """How often the touchpoint of that key was planned for an account."""
    return tx.count(
        Touchpoint, col(Touchpoint.account_id) == account_id, col(Touchpoint.play) == key
    )


def list_plays_since(tx: Tx, account_id: int, since: datetime) -> list[Any]:
    """(stage, key) of the plays that are open for an account, or were done since then."""
    is_done = and_(col(Touchpoint.state) == "done", col(Touchpoint.state_at) >= since)
    plays = select(*columns(Touchpoint, "stage play")).where(
        col(Touchpoint.account_id) == account_id,
        or_(col(Touchpoint.state).in_(OPEN_STATES), is_done),
    )
    return tx.rows(plays)


def _of_account(tx: Tx, model: Any) -> tuple[ColumnElement[bool], ...]:
    return col(model.workspace_id) == tx.workspace, col(model.account_id) == col(Account.id)


def _any_of(tx: Tx, model: Any, *where: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(*_of_account(tx, model), *where)


def _has_left() -> tuple[ColumnElement[bool], ...]:
    return col(Contact.left_on).is_not(None), col(Contact.role).contains(_CHAMPION)


def _stands() -> tuple[ColumnElement[bool], ...]:
    open_risk = and_(col(Learned.kind) == RISK, col(Learned.answered_by_touchpoint).is_(None))
    return (
        or_(open_risk, col(Learned.kind) == NOTICE),
        col(Learned.settled_at).is_(None),
        col(Learned.undone_at).is_(None),
    )


def _is_late(today: date) -> tuple[ColumnElement[bool], ...]:
    """Joins a promise with its touchpoint."""
    overdue = and_(col(Promise.due_on) < today, col(Touchpoint.state).in_(OPEN_STATES))
    return (
        col(Touchpoint.id) == col(Promise.touchpoint_id),
        or_(overdue, col(Touchpoint.state) == _BROKEN),
    )
