"""Queries for advocacy: entries, complaints that are open, who may be asked."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, update
from sqlmodel import col, select

from bot.rules.road import Road
from db.core.tx import Tx
from db.facts.live import is_live
from db.models import (
    Account,
    AdvocacyEntry,
    ImportRun,
    Interaction,
    Occurrence,
    Promise,
    Term,
    Touchpoint,
    ValueEntry,
)

#: Begins the note that says how a complaint was settled.
SETTLED_PREFIX = "Resolved: "
#: These kinds of interactions are complaints until somebody says that they are settled.
COMPLAINT_KINDS = ("ticket", "complaint")


def list_entries(tx: Tx, account_ids: Sequence[int]) -> list[AdvocacyEntry]:
    """Everything noted for those accounts and not undone, the oldest first."""
    return _entries(tx, col(AdvocacyEntry.account_id).in_(account_ids))


def list_entries_between(tx: Tx, since: datetime, until: datetime) -> list[AdvocacyEntry]:
    """What was noted in a span of time, the oldest first."""
    return _entries(tx, col(AdvocacyEntry.at) >= since, col(AdvocacyEntry.at) < until)


def list_of_touchpoint(tx: Tx, account_id: int, touchpoint_id: int) -> list[AdvocacyEntry]:
    """What was noted with a touchpoint of that account and not undone."""
    of_it = col(AdvocacyEntry.touchpoint_id) == touchpoint_id
    return _entries(tx, col(AdvocacyEntry.account_id) == account_id, of_it)


def _entries(tx: Tx, *where: ColumnElement[bool]) -> list[AdvocacyEntry]:
    active = select(AdvocacyEntry).where(*where, col(AdvocacyEntry.undone_at).is_(None))
    return tx.all(active.order_by(col(AdvocacyEntry.at), col(AdvocacyEntry.id)))


def undo_entry(tx: Tx, entry_id: int, now: datetime) -> bool:
    """Takes an entry back; False if it was already."""
    active = update(AdvocacyEntry).filter_by(id=entry_id, undone_at=None)
    return tx.execute(active.values(undone_at=now)) == 1


def list_open_complaints(tx: Tx, account_ids: Sequence[int], since: date) -> list[Interaction]:
    """Open complaints and tickets of those accounts from that day on, the newest first."""
    lately = (col(Interaction.account_id).in_(account_ids), col(Interaction.happened_on) >= since)
    complaints = select(Interaction).where(*lately, *is_open_complaint())
    return tx.all(
        complaints.order_by(col(Interaction.happened_on).desc(), col(Interaction.id).desc())
    )


def resolve_complaints(tx: Tx, account_id: int, by: str | None, now: datetime) -> list[int]:
    """Settles all complaints of an account; returns the ids of those that were open."""
    mine = (col(Interaction.account_id) == account_id, *is_open_complaint())
    ids = tx.all(select(col(Interaction.id)).where(*mine).order_by(col(Interaction.id)))
    tx.execute(update(Interaction).where(*mine).values(resolved_at=now, resolved_by=by))
    return ids


def reopen_complaints(tx: Tx, settled: Interaction, now: datetime) -> int:
    """Opens those again that were settled together with this one, and takes the note back that
    said so; returns how many."""
    account_id, at, by = settled.account_id, settled.resolved_at, settled.resolved_by
    notes = update(Interaction).where(col(Interaction.text).like(f"{SETTLED_PREFIX}%"))
    note = notes.filter_by(account_id=account_id, created_at=at, by_user=by, kind="note")
    tx.execute(note.values(undone_at=now))
    together = update(Interaction).filter_by(account_id=account_id, resolved_at=at, resolved_by=by)
    return tx.execute(together.values(resolved_at=None, resolved_by=None))


def list_advocates(tx: Tx, destination: str, gone: Sequence[str]) -> list[Account]:
    """Accounts in the destination stage, and those that ever agreed to a favour or did one;
    not those in stages `gone`."""
    helped = select(col(AdvocacyEntry.account_id)).where(
        col(AdvocacyEntry.verb).in_(("agreed", "did")), col(AdvocacyEntry.undone_at).is_(None)
    )
    live = select(Account).where(is_live(gone))
    there = tx.all(live.where(col(Account.stage) == destination))
    others = live.where(col(Account.stage) != destination)
    found = [*there, *tx.all_among(others, Account.id, tx.all(helped.distinct()))]
    return sorted(found, key=lambda account: account.name_key)


def list_sectors(tx: Tx) -> list[str]:
    """The sectors of the accounts, each once."""
    known = select(col(Account.sector)).where(
        col(Account.sector).is_not(None), col(Account.archived_at).is_(None)
    )
    return [*filter(None, tx.all(known.distinct().order_by(col(Account.sector))))]


def is_open_complaint() -> tuple[Any, ...]:
    """The condition of a complaint or ticket that nobody has settled."""
    return (
        col(Interaction.kind).in_(COMPLAINT_KINDS),
        col(Interaction.resolved_at).is_(None),
        col(Interaction.undone_at).is_(None),
    )


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


SOURCE = "first week"


def came_in(tx: Tx, since: datetime) -> bool:
    """Whether an import of accounts has ended since then and was not taken back."""
    ended = select(ImportRun).where(col(ImportRun.finished_at) >= since, col(ImportRun.added) > 0)
    return tx.first(ended.filter_by(undone_at=None)) is not None


def list_asked(tx: Tx) -> set[str]:
    """The schedules of those who were asked."""
    asked = select(col(Occurrence.schedule)).where(col(Occurrence.schedule).like(f"{SOURCE}:%"))
    return set(tx.all(asked))


def list_customers(tx: Tx, stages: Sequence[str], since: datetime) -> list[Account]:
    """Managed customers that came in since then, by manager, the next renewal first."""
    customers = select(Account).where(
        col(Account.archived_at).is_(None),
        col(Account.stage).in_(stages),
        col(Account.created_at) >= since,
        col(Account.manager_id).is_not(None),
    )
    by_date = (col(Account.renews_on).is_(None), col(Account.renews_on), col(Account.name_key))
    return tx.all(customers.order_by(col(Account.manager_id), *by_date))
