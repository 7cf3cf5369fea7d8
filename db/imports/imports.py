"""Queries of the import: everything by the thousand, so no objects and few statements. Statements
on tables, not models, are faster by far here. The transaction does not narrow them, so each one
names its workspace."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Table, and_, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from db.core.tx import Tx, chunks, columns
from db.models import (
    PLAY,
    Account,
    Alias,
    ImportChange,
    ImportRun,
    Interaction,
    Member,
    Row,
    StageChange,
    Term,
    Touchpoint,
)


class ConcurrentChange(Exception):
    """Somebody added or changed an account while the import was at work."""


def list_known_among(tx: Tx, column: str, values: Iterable[Any]) -> list[Any]:
    """The accounts with one of these values in a column, as tuples for `Known`."""
    before = "id name name_key external_id stage stage_entry term manager_id owner_name renews_on"
    known: Any = select(
        *columns(Account, before),
        col(Account.archived_at).is_not(None),
        *columns(Account, "version stage_entered_at sector country tier hundredths currency"),
    )
    return tx.rows_among(known, getattr(Account, column), list(values))


def list_names(tx: Tx) -> list[Any]:
    """The names of all accounts."""
    return [name for (name,) in tx.rows(select(col(Account.name)))]


def list_aliases_among(tx: Tx, keys: Iterable[str]) -> list[Any]:
    """(alias key, account id) of these aliases, as far as there are any."""
    wanted: Any = select(col(Alias.alias_key), col(Alias.account_id))
    return tx.rows_among(wanted, Alias.alias_key, list(keys))


def list_possible_managers(tx: Tx) -> list[Any]:
    """(user id, name, real name, handle, e-mail) of the colleagues who can manage an account."""
    people = select(*columns(Member, "user_id name real_name handle email"))
    return tx.rows(people.filter_by(is_bot=False, is_deleted=False, is_guest=False))


def iterate_import_values(
    tx: Tx, account_ids: Sequence[int]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """(account id, what an import wrote), oldest first, of imports not taken back."""
    written: Any = (
        select(col(ImportChange.row_id), col(ImportChange.after))
        .join(ImportRun, col(ImportRun.id) == col(ImportChange.run_id))
        .where(col(ImportChange.table) == "account", col(ImportRun.undone_at).is_(None))
        .order_by(col(ImportChange.id))
    )
    yield from tx.rows_among(written, ImportChange.row_id, account_ids)


def last_move_sources(tx: Tx, account_ids: Sequence[int]) -> dict[int, str]:
    """Account id -> the source of its last move."""
    moves = select(col(StageChange.account_id), col(StageChange.source))
    in_order = moves.order_by(col(StageChange.stage_entry))
    return dict(tx.rows_among(in_order, StageChange.account_id, account_ids))


def insert_many(tx: Tx, model: type[Row], rows: Sequence[dict[str, Any]]) -> None:
    """Inserts rows in few statements; all have the same columns, those of no default too."""
    for some in chunks(rows, 10_000):
        for row in some:
            row["workspace_id"] = tx.workspace
        try:
            # Thousands of rows a second: executemany on the table.
            tx.connection.execute(table_of(model).insert(), some)
        except IntegrityError:
            raise ConcurrentChange from None
    if rows and model in (Account, Alias):
        tx.names_changed()


def ids_by_key(tx: Tx, keys: Sequence[str]) -> dict[str, int]:
    """name_key -> id of these accounts."""
    wanted = select(col(Account.name_key), col(Account.id))
    return dict(tx.rows_among(wanted, Account.name_key, keys))


def alias_ids(tx: Tx, keys: Sequence[str]) -> list[int]:
    """The ids of the aliases of these keys."""
    return tx.all_among(select(col(Alias.id)), Alias.alias_key, keys)


def update_accounts(tx: Tx, changes: Iterable[tuple[int, int, dict[str, Any]]]) -> None:
    """Changes accounts, (id, version read, columns) of each; `ConcurrentChange` if it moved on."""
    table = table_of(Account)
    for account_id, version, values in changes:
        as_read = (table.c.id == account_id, table.c.version == version)
        changed = update(table).where(table.c.workspace_id == tx.workspace, *as_read)
        # Thousands of rows a second: on the table, without looking for objects to keep in step.
        if tx.connection.execute(changed.values(**values, version=version + 1)).rowcount != 1:
            raise ConcurrentChange
        if "name" in values or "archived_at" in values:
            tx.names_changed()


def existing_external_ids(tx: Tx, external_ids: Sequence[str]) -> set[str]:
    """Which of the ids are interactions already, undone ones too."""
    known = select(col(Interaction.external_id))
    return {*filter(None, tx.all_among(known, Interaction.external_id, external_ids))}


def won_deal_dates(tx: Tx, account_ids: Sequence[int]) -> dict[int, list[date]]:
    """The days on which deals with those accounts were won, as imports remember them."""
    won = select(col(Interaction.account_id), col(Interaction.happened_on)).where(
        col(Interaction.kind) == "deal",
        col(Interaction.external_id).endswith(":won"),
        col(Interaction.undone_at).is_(None),
    )
    days: dict[int, list[date]] = {}
    for account_id, day in tx.rows_among(won, Interaction.account_id, account_ids):
        days.setdefault(account_id, []).append(day)
    return days


def member_time_zones(tx: Tx) -> dict[str, str]:
    """User id -> time zone of everybody known."""
    return dict(tx.rows(select(col(Member.user_id), col(Member.tz))))


def list_open_touchpoints(tx: Tx, account_ids: Sequence[int]) -> list[Touchpoint]:
    """What is open for those accounts: planned, nudged or claimed."""
    is_open = col(Touchpoint.state).in_(("planned", "nudged", "claimed"))
    return tx.all_among(select(Touchpoint).where(is_open), Touchpoint.account_id, account_ids)


def list_of_plays(tx: Tx, account_ids: Sequence[int]) -> list[Touchpoint]:
    """What plays have ever asked for of those accounts, whatever the state."""
    asked = select(Touchpoint).where(col(Touchpoint.kind) == PLAY)
    return tx.all_among(asked, Touchpoint.account_id, account_ids)


def list_for_planning(tx: Tx, account_ids: Collection[int]) -> list[Any]:
    """The fields of `AccountFacts`, then the manager, of those of the accounts that are live."""
    where = "id stage stage_entry stage_entered_at renews_on tier"
    term = (func.coalesce(col(Term.number), 0), col(Term.began_at))
    is_open = and_(col(Term.account_id) == col(Account.id), col(Term.ended_at).is_(None))
    facts: Any = select(*columns(Account, where), *term, *columns(Account, "created_at manager_id"))
    live = facts.outerjoin(Term, is_open).where(col(Account.archived_at).is_(None))
    return tx.rows_among(live, Account.id, list(account_ids))


def set_due_time(tx: Tx, touchpoint_id: int, due_at: datetime) -> None:
    """Moves a planned touchpoint to another time."""
    touchpoint = update(Touchpoint).where(col(Touchpoint.id) == touchpoint_id)
    version = col(Touchpoint.version) + 1
    tx.execute(touchpoint.values(due_at=due_at, wake_at=due_at, version=version))


def last_run(tx: Tx) -> ImportRun | None:
    """The newest import that was not taken back."""
    kept = select(ImportRun).where(col(ImportRun.undone_at).is_(None))
    return tx.first(kept.order_by(col(ImportRun.id).desc()))


def unfinished_run(tx: Tx) -> ImportRun | None:
    """The import that was broken off, or is at work now."""
    return tx.first(select(ImportRun).filter_by(undone_at=None, finished_at=None))


def add_counts(tx: Tx, run_id: int, **more: int) -> bool:
    """Adds to a run's counts; False if it was taken back meanwhile."""
    counts = {name: col(getattr(ImportRun, name)) + number for name, number in more.items()}
    mine = (col(ImportRun.id) == run_id, col(ImportRun.undone_at).is_(None))
    return tx.execute(update(ImportRun).where(*mine).values(**counts)) == 1


def finish_run(tx: Tx, run_id: int, now: datetime) -> tuple[int, int]:
    """Says that a run has come to its end; returns how many accounts it added and updated."""
    tx.execute(update(ImportRun).where(col(ImportRun.id) == run_id).values(finished_at=now))
    counts = select(col(ImportRun.added), col(ImportRun.updated))
    (found,) = tx.rows(counts.where(col(ImportRun.id) == run_id))
    return found.added, found.updated


def list_account_changes(tx: Tx, run_id: int) -> list[Any]:
    """(account id, before, after) of what a run has noted of accounts, oldest first."""
    changes = select(*columns(ImportChange, "row_id before after"))
    of_run = changes.filter_by(run_id=run_id, table="account")
    return tx.rows(of_run.order_by(col(ImportChange.id)))


def list_planned_at(tx: Tx, account_ids: Sequence[int], at: datetime) -> list[Any]:
    """(account id, owner, due time) of what the import of the instant `at` has planned."""
    planned: Any = select(*columns(Touchpoint, "account_id owner due_at")).where(
        col(Touchpoint.source) == "import", col(Touchpoint.state_at) == at
    )
    return tx.rows_among(planned, Touchpoint.account_id, account_ids)


def last_run_time(tx: Tx) -> datetime | None:
    """When the last import ran, taken back or not."""
    return tx.first(select(col(ImportRun.at)).order_by(col(ImportRun.at).desc()))


def table_of(model: type[Row]) -> Table:
    """The table of a model."""
    table: Table = model.__table__  # type: ignore[attr-defined]
    return table
