"""Who of us has taken part in an account: what they logged and what they did."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select

from db.core.tx import Tx
from db.models import Account, AdvocacyEntry, Interaction, Person, Touchpoint, ValueEntry


def list_participants(
    tx: Tx, account: Account, since: datetime | None = None
) -> list[tuple[str, int]]:
    """(Slack user, how much) of an account, most first; `since` leaves out what was before."""
    counted: Counter[str] = Counter()
    for user, count in [*tx.rows(_logged(account.id, since)), *tx.rows(_done(account.id, since))]:
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
        theirs = select(col(Person.department)).where(col(Person.user_id).in_(users))
        found |= {key for key in tx.all(theirs) if key}
    return found


def has_known_contact(tx: Tx, account_id: int) -> bool:
    """Whether we know somebody of the customer's: who confirmed value, who agreed to a favour, or
    whom a brief's answer named."""
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


def _logged(account_id: int | None, since: datetime | None) -> Any:
    mine = [
        col(Interaction.account_id) == account_id,
        col(Interaction.undone_at).is_(None),
        col(Interaction.by_user).is_not(None),
        # What came of a touchpoint counts as the touchpoint.
        col(Interaction.touchpoint_id).is_(None),
    ]
    if since is not None:
        mine.append(col(Interaction.created_at) >= since)
    counted = select(col(Interaction.by_user), func.count()).where(*mine)
    return counted.group_by(col(Interaction.by_user))


def _done(account_id: int | None, since: datetime | None) -> Any:
    mine = [
        col(Touchpoint.account_id) == account_id,
        col(Touchpoint.state) == "done",
        col(Touchpoint.by_user).is_not(None),
    ]
    if since is not None:
        mine.append(col(Touchpoint.state_at) >= since)
    counted = select(col(Touchpoint.by_user), func.count()).where(*mine)
    return counted.group_by(col(Touchpoint.by_user))
