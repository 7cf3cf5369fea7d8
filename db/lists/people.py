"""Whose morning DM something waits for: claims, standing messages, and questions of handoffs."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_
from sqlmodel import col, func, select

from db.core.tx import Tx
from db.models import (
    RENEWAL,
    Account,
    Handoff,
    HandoffQuestion,
    News,
    Outbox,
    Touchpoint,
    TouchpointList,
)
from db.touchpoints.touchpoints import list_pairs, lock_with_accounts

_CLAIMED = (col(Touchpoint.state) == "claimed", col(Touchpoint.by_user).is_not(None))
_UNANSWERED = (col(HandoffQuestion.answered_at).is_(None), col(Handoff.by_user).is_not(None))
_ITS_LIST: Any = col(TouchpointList.nudge_id) == col(Touchpoint.nudge_id)

# The clock asks these again and again: made once.
_CLAIMERS: Any = (
    select(Touchpoint.by_user, Touchpoint.nudge_id, Touchpoint.state_at)
    .outerjoin(TouchpointList, _ITS_LIST)
    .where(
        *_CLAIMED,
        or_(col(TouchpointList.folded_at).is_not(None), col(Touchpoint.nudge_id).is_(None)),
    )
)
_STANDING: Any = (
    select(TouchpointList.lane, func.max(col(TouchpointList.looked_on)))
    .where(col(TouchpointList.folded_at).is_(None), col(TouchpointList.lane).startswith("U"))
    .group_by(col(TouchpointList.lane))
)
_NEWS_TIMES: Any = (
    select(News.user_id, func.min(col(News.tell_at)))
    .where(col(News.tell_at).is_not(None))
    .group_by(col(News.user_id))
)
_ASKED = (
    select(col(Handoff.by_user), col(HandoffQuestion.asked_at))
    .join(HandoffQuestion, col(HandoffQuestion.handoff_id) == col(Handoff.id))
    .where(*_UNANSWERED, col(HandoffQuestion.message_id).is_(None))
)


def lock_claimed(
    tx: Tx, user_id: str, now: datetime, *, morning: bool
) -> list[tuple[Touchpoint, Account]]:
    """What a person has claimed that stands in no message of theirs: its list was folded, it was
    never posted, or the claim has lasted long enough (both only in the `morning`); locked."""
    stranded: list[Any] = [col(TouchpointList.folded_at).is_not(None)]
    if morning:
        stranded += [col(Touchpoint.nudge_id).is_(None), col(Touchpoint.wake_at) <= now]
    claimed = (
        lock_with_accounts()
        .outerjoin(TouchpointList, _ITS_LIST)
        .where(*_CLAIMED, col(Touchpoint.by_user) == user_id, or_(*stranded))
    )
    return list_pairs(tx, claimed)


def list_claimers(tx: Tx) -> list[tuple[str, datetime | None]]:
    """Who has claimed what stands in no message, and when; None where its list was folded."""
    return [(user, None if nudge_id else at) for user, nudge_id, at in tx.rows(_CLAIMERS)]


def list_standing(tx: Tx) -> list[tuple[str, date]]:
    """The people in whose DMs a message stands, and the last morning that looked at it."""
    return tx.pairs(_STANDING)


def list_news_times(tx: Tx) -> list[tuple[str, datetime]]:
    """For whom news waits, and from when on."""
    return tx.pairs(_NEWS_TIMES)


def list_asked(tx: Tx) -> list[tuple[str, datetime]]:
    """Who handed an account over and was asked about it, unanswered and unsaid, and when."""
    return [(user, at) for user, at in tx.rows(_ASKED) if user]


def list_questions_to(tx: Tx, user_id: str) -> list[HandoffQuestion]:
    """What a person who handed accounts over was asked and nobody has answered, oldest first."""
    open_ones = (
        select(HandoffQuestion)
        .join(Handoff, col(Handoff.id) == col(HandoffQuestion.handoff_id))
        .where(*_UNANSWERED, col(Handoff.by_user) == user_id)
    )
    return tx.all(open_ones.order_by(col(HandoffQuestion.id)))


def list_questions_in(tx: Tx, nudge_id: int) -> Sequence[tuple[HandoffQuestion, Account]]:
    """The questions of handoffs that stand in a message, with their accounts."""
    return tx.pairs(
        select(HandoffQuestion, Account)
        .join(Handoff, col(Handoff.id) == col(HandoffQuestion.handoff_id))
        .join(Account, col(Account.id) == col(Handoff.account_id))
        .where(col(HandoffQuestion.message_id) == nudge_id)
        .order_by(col(HandoffQuestion.id))
    )


def list_passed_renewals(tx: Tx, user_id: str) -> list[str]:
    """The names of the accounts whose renewal passed and that a person was asked about."""
    open_ones = (
        select(col(Account.name))
        .join(Touchpoint, col(Touchpoint.account_id) == col(Account.id))
        .join(Outbox, col(Outbox.id) == col(Touchpoint.nudge_id))
        .where(
            col(Touchpoint.kind) == RENEWAL,
            col(Touchpoint.state) == "nudged",
            col(Outbox.lane) == user_id,
        )
    )
    return tx.all(open_ones.order_by(col(Touchpoint.due_at), col(Touchpoint.id)))
