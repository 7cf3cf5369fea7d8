"""Queries for taking an import back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import col, select

from db.core.tx import Tx
from db.imports.imports import chunks, connection, table_of
from db.models import (
    Account,
    Alias,
    Alternative,
    Brief,
    Decision,
    Handoff,
    ImportChange,
    ImportRun,
    Interaction,
    Promise,
    Row,
    StageChange,
    Term,
    Touchpoint,
    ValueEntry,
)


def list_changes(tx: Tx, run_id: int) -> list[Any]:
    """(table, row id, before, after) of what a run made and changed, the last first."""
    return tx.rows(
        select(
            col(ImportChange.table),
            col(ImportChange.row_id),
            col(ImportChange.before),
            col(ImportChange.after),
        )
        .where(col(ImportChange.run_id) == run_id)
        .order_by(col(ImportChange.id).desc())
    )


def accounts_with_records(tx: Tx, account_ids: Sequence[int]) -> set[int]:
    """The accounts of which people logged, promised, noted or recorded something."""
    found: set[int] = set()
    for ids in chunks(account_ids):
        found.update(
            tx.all(
                select(col(Interaction.account_id)).where(
                    col(Interaction.account_id).in_(ids), col(Interaction.source) != "import"
                )
            )
        )
        for model in (Promise, ValueEntry, Decision, Alternative):
            theirs = col(model.account_id)
            found.update(tx.all(select(theirs).where(theirs.in_(ids))))
    return found


def nudged_stage_entries(tx: Tx, account_ids: Sequence[int]) -> set[tuple[int, int]]:
    """(account id, stage entry) in which a touchpoint was nudged, done, skipped or snoozed."""
    found: set[tuple[int, int]] = set()
    for ids in chunks(account_ids):
        rows = tx.rows(
            select(col(Touchpoint.account_id), col(Touchpoint.stage_entry)).where(
                col(Touchpoint.account_id).in_(ids),
                (col(Touchpoint.nudge_id).is_not(None))
                | (col(Touchpoint.state).not_in(("planned", "cancelled"))),
            )
        )
        found.update((row[0], row[1]) for row in rows)
    return found


def list_aliases(tx: Tx, account_ids: Sequence[int]) -> list[Any]:
    """(alias id, account id) of every alias of those accounts."""
    found: list[Any] = []
    for ids in chunks(account_ids):
        found += tx.rows(
            select(col(Alias.id), col(Alias.account_id)).where(col(Alias.account_id).in_(ids))
        )
    return found


def delete_planned(tx: Tx, account_ids: Sequence[int], at: datetime) -> int:
    """Deletes what the import of the instant `at` planned for those accounts and is untouched."""
    table = table_of(Touchpoint)
    return _delete(
        tx,
        Touchpoint,
        "account_id",
        account_ids,
        table.c.source == "import",
        table.c.state == "planned",
        table.c.state_at == at,
    )


def delete_events(tx: Tx, keep: set[int], at: datetime) -> int:
    """Deletes the interactions that the import of the instant `at` made, but those of `keep`."""
    mine = set(
        tx.all(
            select(col(Interaction.account_id))
            .where(col(Interaction.source) == "import", col(Interaction.created_at) == at)
            .distinct()
        )
    )
    table = table_of(Interaction)
    return _delete(
        tx,
        Interaction,
        "account_id",
        sorted(mine - keep),
        table.c.source == "import",
        table.c.created_at == at,
    )


def delete_moves(tx: Tx, moves: Sequence[tuple[int, int]]) -> None:
    """Deletes the history rows (account id, stage entry)."""
    for account_id, entry in moves:
        tx.delete(
            StageChange,
            col(StageChange.account_id) == account_id,
            col(StageChange.stage_entry) == entry,
        )


def delete_aliases(tx: Tx, ids: Sequence[int]) -> None:
    _delete(tx, Alias, "id", ids)


def delete_accounts(tx: Tx, ids: Sequence[int]) -> None:
    """Deletes accounts with everything that an import made of them."""
    for model in (Touchpoint, Interaction, StageChange, Handoff, Brief, Term, Alias):
        _delete(tx, model, "account_id", ids)
    _delete(tx, Account, "id", ids)


def restore_touchpoint(tx: Tx, row_id: int, after: dict[str, Any], before: dict[str, Any]) -> bool:
    """Puts a touchpoint back that nobody has touched since; says whether it did."""
    due_at = datetime.fromisoformat(before["due_at"])
    moved_to = datetime.fromisoformat(after["due_at"]) if "due_at" in after else due_at
    met = tx.execute(
        update(Touchpoint)
        .where(
            col(Touchpoint.id) == row_id,
            col(Touchpoint.state) == after["state"],
            col(Touchpoint.due_at) == moved_to,
        )
        .values(
            state=before["state"],
            due_at=due_at,
            wake_at=due_at,
            note=None,
            source=before["source"],
            state_at=datetime.fromisoformat(before["state_at"]),
            version=col(Touchpoint.version) + 1,
        )
    )
    return met == 1


def update_recorded_versions(tx: Tx, versions: dict[int, tuple[int, int]]) -> None:
    """Tells earlier imports of the version that a restored account has now: (before, now).

    Otherwise they would take the restoring for something that people did.
    """
    for ids in chunks(list(versions)):
        rows = tx.all(
            select(ImportChange)
            .join(ImportRun, col(ImportRun.id) == col(ImportChange.run_id))
            .where(
                col(ImportChange.table) == "account",
                col(ImportChange.row_id).in_(ids),
                col(ImportRun.undone_at).is_(None),
            )
        )
        for row in rows:
            before, now = versions[row.row_id]
            if row.after["version"] == before:
                row.after = {**row.after, "version": now}
    tx.flush()


def _delete(tx: Tx, model: type[Row], column: str, values: Sequence[int], *where: Any) -> int:
    table, count = table_of(model), 0
    for some in chunks(values):
        mine = table.c.workspace_id == tx.workspace
        statement = delete(table).where(mine, table.c[column].in_(some), *where)
        count += connection(tx).execute(statement).rowcount
    if count and model in (Account, Alias):
        tx.names_changed()
    return count
