"""Who of us has taken part in an account: what they logged and what they did."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select

from db.core.tx import Tx
from db.models import Account, AdvocacyEntry, Interaction, Member, Touchpoint, ValueEntry


def list_participants(
    tx: Tx, account: Account, since: datetime | None = None
) -> list[tuple[str, int]]:
    """(Slack user, how much) of an account, most first; `since` leaves out what was before."""
    counted: Counter[str] = Counter()
    for counts in (_logged(account.id, since), _done(account.id, since)):
        for user, count in tx.rows(counts):
            counted[user] += count
    return counted.most_common()


def participating_departments(tx: Tx, account: Account, since: datetime | None = None) -> set[str]:
    """Keys of the departments that did or logged something, by their plays and their people."""
    done = select(col(Touchpoint.owner)).where(
        col(Touchpoint.account_id) == account.id, col(Touchpoint.state) == "done"
    )
    if since is not None:
        done = done.where(col(Touchpoint.state_at) >= since)
    found = set(tx.all(done.distinct()))
    users = [user for user, _ in list_participants(tx, account, since)]
    if users:
        theirs = select(col(Member.department)).where(col(Member.user_id).in_(users))
        found |= {key for key in tx.all(theirs) if key}
    return found


def has_known_contact(tx: Tx, account_id: int) -> bool:
    """Whether somebody at the customer is known: they confirmed value, agreed to a favour, or were
    named in the answer to a brief."""
    confirmed = select(col(ValueEntry.id)).where(
        col(ValueEntry.account_id) == account_id,
        col(ValueEntry.confirmed_by).is_not(None),
        col(ValueEntry.undone_at).is_(None),
    )
    agreed = select(col(AdvocacyEntry.id)).where(
        col(AdvocacyEntry.account_id) == account_id,
        col(AdvocacyEntry.verb) == "agreed",
        col(AdvocacyEntry.note).is_not(None),
        col(AdvocacyEntry.undone_at).is_(None),
    )
    named = select(col(Touchpoint.id)).where(
        col(Touchpoint.account_id) == account_id,
        col(Touchpoint.kind) == "gap",
        col(Touchpoint.play).startswith("gap:people:"),
        col(Touchpoint.state) == "done",
        col(Touchpoint.note).is_not(None),
    )
    return any(tx.first(each.limit(1)) is not None for each in (confirmed, agreed, named))


def _logged(account_id: int, since: datetime | None) -> Any:
    # What came of a touchpoint counts as the touchpoint.
    logged = _count_by_user(Interaction, account_id, col(Interaction.created_at), since)
    return logged.filter_by(undone_at=None, touchpoint_id=None)


def _done(account_id: int, since: datetime | None) -> Any:
    done = _count_by_user(Touchpoint, account_id, col(Touchpoint.state_at), since)
    return done.filter_by(state="done")


def _count_by_user(model: Any, account_id: int, at: Any, since: datetime | None) -> Any:
    by_user = col(model.by_user)
    own = [col(model.account_id) == account_id, by_user.is_not(None)]
    if since is not None:
        own.append(at >= since)
    return select(by_user, func.count()).where(*own).group_by(by_user)
