"""Queries for advocacy: entries, complaints that are open, who may be asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, update
from sqlmodel import col, select

from db.core.tx import Tx
from db.models import Account, AdvocacyEntry, Interaction

#: Begins the note that says how a complaint was settled.
SETTLED_PREFIX = "Resolved: "
#: These kinds of interactions are complaints until somebody says that they are settled.
COMPLAINT_KINDS = ("ticket", "complaint")


def list_entries(tx: Tx, account_ids: Sequence[int]) -> list[AdvocacyEntry]:
    """Everything noted for those accounts and not undone, the oldest first."""
    return tx.all(
        select(AdvocacyEntry)
        .where(
            col(AdvocacyEntry.account_id).in_(account_ids), col(AdvocacyEntry.undone_at).is_(None)
        )
        .order_by(col(AdvocacyEntry.at), col(AdvocacyEntry.id))
    )


def list_entries_between(tx: Tx, since: datetime, until: datetime) -> list[AdvocacyEntry]:
    """What was noted in a span of time, the oldest first."""
    return tx.all(
        select(AdvocacyEntry)
        .where(
            col(AdvocacyEntry.at) >= since,
            col(AdvocacyEntry.at) < until,
            col(AdvocacyEntry.undone_at).is_(None),
        )
        .order_by(col(AdvocacyEntry.at), col(AdvocacyEntry.id))
    )


def by_id(tx: Tx, entry_id: int) -> AdvocacyEntry | None:
    return tx.get(AdvocacyEntry, entry_id)


def list_of_touchpoint(tx: Tx, account_id: int, touchpoint_id: int) -> list[AdvocacyEntry]:
    """What was noted with a touchpoint of that account and not undone."""
    return tx.all(
        select(AdvocacyEntry).where(
            col(AdvocacyEntry.account_id) == account_id,
            col(AdvocacyEntry.touchpoint_id) == touchpoint_id,
            col(AdvocacyEntry.undone_at).is_(None),
        )
    )


def undo_entry(tx: Tx, entry_id: int, now: datetime) -> bool:
    mine = (col(AdvocacyEntry.id) == entry_id, col(AdvocacyEntry.undone_at).is_(None))
    return tx.execute(update(AdvocacyEntry).where(*mine).values(undone_at=now)) == 1


def list_open_complaints(tx: Tx, account_ids: Sequence[int], since: date) -> list[Interaction]:
    """Open complaints and tickets of those accounts from that day on, the newest first."""
    return tx.all(
        select(Interaction)
        .where(
            col(Interaction.account_id).in_(account_ids),
            *_is_open_complaint(),
            col(Interaction.happened_on) >= since,
        )
        .order_by(col(Interaction.happened_on).desc(), col(Interaction.id).desc())
    )


def resolve_complaints(tx: Tx, account_id: int, by: str | None, now: datetime) -> list[int]:
    """Says that all complaints of an account are settled; returns the ids of those that were
    open."""
    mine = (col(Interaction.account_id) == account_id, *_is_open_complaint())
    ids = tx.all(select(col(Interaction.id)).where(*mine).order_by(col(Interaction.id)))
    tx.execute(update(Interaction).where(*mine).values(resolved_at=now, resolved_by=by))
    return ids


def reopen_complaints(tx: Tx, settled: Interaction, now: datetime) -> int:
    """Those that were settled together with this one are open again, and the note that said so is
    taken back; returns how many."""
    together = (
        col(Interaction.account_id) == settled.account_id,
        col(Interaction.resolved_at) == settled.resolved_at,
        col(Interaction.resolved_by) == settled.resolved_by,
    )
    tx.execute(
        update(Interaction)
        .where(
            col(Interaction.account_id) == settled.account_id,
            col(Interaction.created_at) == settled.resolved_at,
            col(Interaction.by_user) == settled.resolved_by,
            col(Interaction.kind) == "note",
            col(Interaction.text).like(f"{SETTLED_PREFIX}%"),
        )
        .values(undone_at=now)
    )
    return tx.execute(
        update(Interaction).where(*together).values(resolved_at=None, resolved_by=None)
    )


def list_advocates(tx: Tx, destination: str, gone: Sequence[str]) -> list[Account]:
    """Accounts in the destination stage, and those that ever agreed to a favour or did one;
    not those in stages `gone`."""
    helped = select(col(AdvocacyEntry.account_id)).where(
        col(AdvocacyEntry.workspace_id) == tx.workspace,
        col(AdvocacyEntry.verb).in_(("agreed", "did")),
        col(AdvocacyEntry.undone_at).is_(None),
    )
    return tx.all(
        select(Account)
        .where(
            col(Account.archived_at).is_(None),
            col(Account.stage).not_in(gone),
            or_(col(Account.stage) == destination, col(Account.id).in_(helped)),
        )
        .order_by(col(Account.name_key))
    )


def list_sectors(tx: Tx) -> list[str]:
    """The sectors of the accounts, each once."""
    known = select(col(Account.sector)).where(
        col(Account.sector).is_not(None), col(Account.archived_at).is_(None)
    )
    return [*filter(None, tx.all(known.distinct().order_by(col(Account.sector))))]


def _is_open_complaint() -> tuple[Any, ...]:
    return (
        col(Interaction.kind).in_(COMPLAINT_KINDS),
        col(Interaction.resolved_at).is_(None),
        col(Interaction.undone_at).is_(None),
    )
