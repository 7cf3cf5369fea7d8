"""Queries of the import: everything by the thousand, so no objects and few statements.

Statements on tables (not models) are faster by far and are not narrowed by the transaction's
hook: each one here names its workspace.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Table, bindparam, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from db.core.tx import Tx
from db.models import (
    PLAY,
    Account,
    Alias,
    ImportChange,
    ImportRun,
    Interaction,
    Person,
    Row,
    StageChange,
    Touchpoint,
)

_CHUNK = 500  # SQLite takes 32,766 values in a statement, PostgreSQL 65,535: this is far below


class ConcurrentChange(Exception):
    """Somebody added or changed an account while the import was at work."""


def list_known_accounts(tx: Tx) -> list[Any]:
    """Every account as a tuple of the columns of `rules.import_merge.Known`."""
    return tx.rows(_known())


def list_known_among(tx: Tx, column: str, values: Iterable[Any]) -> list[Any]:
    """The same of the accounts with one of these values in a column."""
    found: list[Any] = []
    for some in chunks(list(values)):
        found += tx.rows(_known().where(col(getattr(Account, column)).in_(some)))
    return found


def _known() -> Any:
    return select(
        col(Account.id),
        col(Account.name),
        col(Account.name_key),
        col(Account.external_id),
        col(Account.stage),
        col(Account.stage_entry),
        col(Account.term),
        col(Account.manager_id),
        col(Account.owner_name),
        col(Account.renews_on),
        col(Account.archived_at).is_not(None),
        col(Account.version),
        col(Account.stage_entered_at),
        col(Account.sector),
        col(Account.country),
    )


def list_alias_keys(tx: Tx) -> list[Any]:
    """(alias key, account id) of every alias."""
    return tx.rows(select(col(Alias.alias_key), col(Alias.account_id)))


def list_aliases_among(tx: Tx, keys: Iterable[str]) -> list[Any]:
    """The same of these aliases, as far as there are any."""
    found: list[Any] = []
    for some in chunks(list(keys)):
        wanted = select(col(Alias.alias_key), col(Alias.account_id))
        found += tx.rows(wanted.where(col(Alias.alias_key).in_(some)))
    return found


def list_possible_managers(tx: Tx) -> list[Any]:
    """(user id, name, real name, handle, e-mail) of the colleagues who can manage an account."""
    return tx.rows(
        select(
            col(Person.user_id),
            col(Person.name),
            col(Person.real_name),
            col(Person.handle),
            col(Person.email),
        ).where(
            col(Person.is_bot).is_(False),
            col(Person.is_deleted).is_(False),
            col(Person.is_guest).is_(False),
        )
    )


def iterate_import_values(
    tx: Tx, account_ids: Sequence[int]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """(account id, what an import wrote), oldest first, of imports not taken back."""
    for ids in chunks(account_ids):
        yield from tx.rows(
            select(col(ImportChange.row_id), col(ImportChange.after))
            .join(ImportRun, col(ImportRun.id) == col(ImportChange.run_id))
            .where(
                col(ImportChange.table) == "account",
                col(ImportChange.row_id).in_(ids),
                col(ImportRun.undone_at).is_(None),
            )
            .order_by(col(ImportChange.id))
        )


def last_move_sources(tx: Tx, account_ids: Sequence[int]) -> dict[int, str]:
    """Account id -> the source of its last move."""
    found: dict[int, str] = {}
    for ids in chunks(account_ids):
        rows = tx.rows(
            select(col(StageChange.account_id), col(StageChange.source))
            .where(col(StageChange.account_id).in_(ids))
            .order_by(col(StageChange.stage_entry))
        )
        found.update((account_id, source) for account_id, source in rows)
    return found


def insert_many(tx: Tx, model: type[Row], rows: Sequence[dict[str, Any]]) -> None:
    """Inserts rows in few statements; all have the same columns, those of no default too."""
    for some in chunks(rows, 10_000):
        for row in some:
            row["workspace_id"] = tx.workspace
        try:
            connection(tx).execute(table_of(model).insert(), some)
        except IntegrityError:
            raise ConcurrentChange from None
    if rows and model in (Account, Alias):
        tx.names_changed()


def ids_by_key(tx: Tx, keys: Sequence[str]) -> dict[str, int]:
    """name_key -> id of these accounts."""
    found: dict[str, int] = {}
    for some in chunks(keys):
        wanted = select(col(Account.name_key), col(Account.id))
        found.update(tx.rows(wanted.where(col(Account.name_key).in_(some))))
    return found


def alias_ids(tx: Tx, keys: Sequence[str]) -> list[int]:
    found: list[int] = []
    for chunk in chunks(keys):
        found += tx.all(select(col(Alias.id)).where(col(Alias.alias_key).in_(chunk)))
    return found


def update_accounts(tx: Tx, changes: Iterable[tuple[int, int, dict[str, Any]]]) -> None:
    """(id, version read, columns) of each; raises `Outrun` when a version has moved on."""
    table = table_of(Account)
    for account_id, version, values in changes:
        statement = (
            update(table)
            .where(
                table.c.workspace_id == tx.workspace,
                table.c.id == bindparam("at_id"),
                table.c.version == bindparam("at_version"),
            )
            .values(**{name: bindparam(f"to_{name}") for name in values}, version=version + 1)
        )
        bound = {f"to_{name}": value for name, value in values.items()}
        done = connection(tx).execute(
            statement, {**bound, "at_id": account_id, "at_version": version}
        )
        if done.rowcount != 1:
            raise ConcurrentChange
        if "name" in values or "archived_at" in values:
            tx.names_changed()


def existing_external_ids(tx: Tx, external_ids: Sequence[str]) -> set[str]:
    """Which of the ids are interactions already, undone ones too."""
    found: set[str] = set()
    for ids in chunks(external_ids):
        known = select(col(Interaction.external_id)).where(col(Interaction.external_id).in_(ids))
        found.update(filter(None, tx.all(known)))
    return found


def won_deal_dates(tx: Tx, account_ids: Sequence[int]) -> dict[int, list[date]]:
    """The days on which deals with those accounts were won, as imports remember them."""
    found: dict[int, list[date]] = {}
    for ids in chunks(account_ids):
        rows = tx.rows(
            select(col(Interaction.account_id), col(Interaction.happened_on)).where(
                col(Interaction.account_id).in_(ids),
                col(Interaction.kind) == "deal",
                col(Interaction.external_id).endswith(":won"),
                col(Interaction.undone_at).is_(None),
            )
        )
        for account_id, day in rows:
            found.setdefault(account_id, []).append(day)
    return found


def member_time_zones(tx: Tx) -> dict[str, str]:
    """User id -> time zone of everybody known."""
    return dict(tx.rows(select(col(Person.user_id), col(Person.tz))))


def list_open_touchpoints(tx: Tx, account_ids: Sequence[int]) -> list[Touchpoint]:
    """What the stages of those accounts have open: planned, nudged or claimed."""
    found: list[Touchpoint] = []
    for ids in chunks(account_ids):
        found += tx.all(
            select(Touchpoint).where(
                col(Touchpoint.account_id).in_(ids),
                col(Touchpoint.kind) == PLAY,
                col(Touchpoint.state).in_(("planned", "nudged", "claimed")),
            )
        )
    return found


def list_planned_plays(tx: Tx, account_ids: Sequence[int]) -> set[tuple[int, int, str]]:
    """(account id, stage entry, play) of every touchpoint of those accounts, ended ones too."""
    found: set[tuple[int, int, str]] = set()
    for ids in chunks(account_ids):
        rows = tx.rows(
            select(
                col(Touchpoint.account_id), col(Touchpoint.stage_entry), col(Touchpoint.play)
            ).where(col(Touchpoint.account_id).in_(ids))
        )
        found.update((row[0], row[1], row[2]) for row in rows)
    return found


def set_due_time(tx: Tx, touchpoint_id: int, due_at: datetime) -> None:
    """Moves a planned touchpoint to another time."""
    tx.execute(
        update(Touchpoint)
        .where(col(Touchpoint.id) == touchpoint_id)
        .values(due_at=due_at, wake_at=due_at, version=col(Touchpoint.version) + 1)
    )


def connection(tx: Tx) -> Connection:
    """The transaction's connection, for statements on tables."""
    return tx.connection


def table_of(model: type[Row]) -> Table:
    table: Table = model.__table__  # type: ignore[attr-defined]
    return table


def chunks(values: Sequence[Any], size: int = _CHUNK) -> Iterator[Sequence[Any]]:
    """The values in pieces that a statement can hold."""
    for start in range(0, len(values), size):
        yield values[start : start + size]
