"""Queries for taking an import back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import col, select

from bot.rules.imports.merge import from_json, to_json
from db.contacts.contacts import last_contacts
from db.core.tx import Tx, chunks, columns
from db.imports.imports import table_of
from db.models import (
    Account,
    AdvocacyEntry,
    Alias,
    Alternative,
    Brief,
    Contact,
    Contract,
    Decision,
    Handoff,
    ImportChange,
    ImportRun,
    Interaction,
    Learned,
    Promise,
    ReasonTold,
    Row,
    StageChange,
    Term,
    Touchpoint,
    ValueEntry,
)

#: The values of some columns, as `ImportChange` keeps them.
Noted = dict[str, Any]


def list_changes(tx: Tx, run_id: int) -> list[Any]:
    """(table, row id, before, after) of what a run made and changed, the last first."""
    changes = select(*columns(ImportChange, "table row_id before after")).filter_by(run_id=run_id)
    return tx.rows(changes.order_by(col(ImportChange.id).desc()))


def accounts_with_records(tx: Tx, account_ids: Sequence[int]) -> set[int]:
    """The accounts of which people logged, promised, noted or recorded something."""
    logged = select(col(Interaction.account_id)).where(col(Interaction.source) != "import")
    ids = {*tx.all_among(logged, Interaction.account_id, account_ids)}
    for model in (Promise, ValueEntry, Decision, Alternative, AdvocacyEntry, Learned):
        noted = select(col(model.account_id))
        ids.update(tx.all_among(noted, model.account_id, account_ids))
    for line in (Contact, Contract):
        own = select(col(line.account_id)).where(col(line.source) != "import")
        ids.update(tx.all_among(own, line.account_id, account_ids))
    return ids


def nudged_stage_entries(tx: Tx, account_ids: Sequence[int]) -> set[tuple[int, int]]:
    """(account id, stage entry) in which a touchpoint was nudged, done, skipped or snoozed."""
    was_said = col(Touchpoint.nudge_id).is_not(None)
    moved = was_said | col(Touchpoint.state).not_in(("planned", "cancelled"))
    entries = select(col(Touchpoint.account_id), col(Touchpoint.stage_entry)).where(moved)
    return {(*row,) for row in tx.rows_among(entries, Touchpoint.account_id, account_ids)}


def list_aliases(tx: Tx, account_ids: Sequence[int]) -> list[Any]:
    """(alias id, account id) of every alias of those accounts."""
    aliases: Any = select(col(Alias.id), col(Alias.account_id))
    return tx.rows_among(aliases, Alias.account_id, account_ids)


def delete_planned(tx: Tx, account_ids: Sequence[int], at: datetime) -> int:
    """Deletes what the import of the instant `at` planned for those accounts and is untouched."""
    row = table_of(Touchpoint).c
    made = (row.source == "import", row.state == "planned", row.state_at == at)
    return _delete(tx, Touchpoint, "account_id", account_ids, *made)


def delete_events(tx: Tx, keep: set[int], at: datetime) -> int:
    """Deletes the interactions that the import of the instant `at` made, but those of `keep`."""
    row = table_of(Interaction).c
    made = (row.source == "import", row.created_at == at)
    accounts = set(tx.all(select(col(Interaction.account_id)).where(*made).distinct()))
    return _delete(tx, Interaction, "account_id", sorted(accounts - keep), *made)


def delete_moves(tx: Tx, moves: Sequence[tuple[int, int]]) -> None:
    """Deletes the history rows (account id, stage entry)."""
    for account_id, entry in moves:
        move = (col(StageChange.account_id) == account_id, col(StageChange.stage_entry) == entry)
        tx.delete(StageChange, *move)


def delete_aliases(tx: Tx, ids: Sequence[int]) -> None:
    _delete(tx, Alias, "id", ids)


def delete_accounts(tx: Tx, ids: Sequence[int]) -> None:
    """Deletes accounts with everything that an import made of them."""
    for model in (
        *(Touchpoint, Interaction, StageChange, Handoff, Brief, Term, Alias),
        *(Contact, Contract, ReasonTold),
    ):
        _delete(tx, model, "account_id", ids)
    _delete(tx, Account, "id", ids)


def restore_line(tx: Tx, table: str, row_id: int, before: Noted, after: Noted) -> None:
    """Puts a contact or contract back as it was, in what nobody has changed since; deletes one
    that the import made, with what is planned for it, unless something was recorded with them."""
    row: Any = tx.get(Contact if table == "contact" else Contract, row_id)
    if row is None:
        return
    untouched = [name for name, value in after.items() if to_json(getattr(row, name)) == value]
    if before:
        for name in untouched:
            setattr(row, name, from_json(name, before[name]))
    elif len(untouched) == len(after) and not _is_named(tx, row):
        planned = (col(Touchpoint.play).startswith(f"contract:{row_id}:"),)
        tx.delete(Touchpoint, *planned, col(Touchpoint.state) == "planned")
        tx.delete(type(row), type(row).id == row_id)


def _is_named(tx: Tx, row: Contact | Contract) -> bool:
    return isinstance(row, Contact) and row.id in last_contacts(tx, row.account_id)


def restore_touchpoint(tx: Tx, row_id: int, before: Noted, after: Noted) -> None:
    """Puts a touchpoint back that nobody has touched since."""
    as_left = {"due_at": before["due_at"], **after}
    before |= {"wake_at": before["due_at"], "note": None}
    restore(tx, Touchpoint, row_id, before, as_left, version=col(Touchpoint.version) + 1)


def restore(
    tx: Tx,
    model: type[Row],
    row_id: int,
    before: Noted,
    after: Noted,
    **more: Any,
) -> None:
    """Puts the values `before` an import back into a row, if it still has those of `after`."""
    as_left, values = (
        {name: from_json(name, value) for name, value in noted.items()} for noted in (after, before)
    )
    row = update(model).filter_by(id=row_id, **as_left)
    tx.execute(row.values(**values, **more))


def update_recorded_versions(tx: Tx, versions: dict[int, tuple[int, int]]) -> None:
    """Tells earlier imports of the version that a restored account has now: (before, now).
    Otherwise they would take the restoring for something that people did."""
    changes = (
        select(ImportChange)
        .join(ImportRun, col(ImportRun.id) == col(ImportChange.run_id))
        .where(col(ImportChange.table) == "account", col(ImportRun.undone_at).is_(None))
    )
    for row in tx.all_among(changes, ImportChange.row_id, list(versions)):
        before, now = versions[row.row_id]
        if row.after["version"] == before:
            row.after = {**row.after, "version": now}
    tx.flush()


def _delete(tx: Tx, model: type[Row], column: str, values: Sequence[int], *where: Any) -> int:
    table, count = table_of(model), 0
    for some in chunks(values):
        mine = table.c.workspace_id == tx.workspace
        statement = delete(table).where(mine, table.c[column].in_(some), *where)
        # Thousands of rows: on the table, without looking for objects to keep in step.
        count += tx.connection.execute(statement).rowcount
    if count and model in (Account, Alias):
        tx.names_changed()
    return count
