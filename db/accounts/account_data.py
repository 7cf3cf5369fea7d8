"""Which rows are about one account: found in the schema, so that no new table is forgotten. A table
belongs to an account by its `account_id`, or by referring to a row that does. The few that name one
only in words or numbers are listed here; tests/privacy checks the list."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Text, cast, or_, update
from sqlmodel import SQLModel, col, select

from db.core.tx import Tx
from db.models import Account, AccountRow, Audit, ImportChange, Inbox, Outbox, Reaction, Row

ERASED_PAYLOAD: dict[str, Any] = {"text": "(erased)", "blocks": []}
#: Kept when an account goes: what was done to it, without what it says.
BLANKED_MODELS = (Audit, Outbox, Inbox)


def workspace_models() -> list[type[Row]]:
    """Every table of a workspace, those that others refer to first."""
    order = [table.name for table in SQLModel.metadata.sorted_tables]
    models = {*Row.__subclasses__(), *AccountRow.__subclasses__()} - {AccountRow}
    return sorted(models, key=lambda one: order.index(str(one.__tablename__)))


def belongs_to_account(model: type[Row], account: int) -> Any:
    """The condition under which rows of a table are an account's; None for a table without any."""
    table = SQLModel.metadata.tables[str(model.__tablename__)]
    if model is Account:
        return col(Account.id) == account
    if "account_id" in table.c:
        return table.c.account_id == account
    for key in table.foreign_keys:
        name = key.column.table.name
        parent = next((one for one in workspace_models() if one.__tablename__ == name), None)
        above = belongs_to_account(parent, account) if parent is not None else None
        if above is not None:
            return key.parent.in_(select(key.column).where(above))
    return None


def account_rows(tx: Tx, account: int) -> Iterator[tuple[type[Row], list[Any]]]:
    """The account's rows, table by table, parents first."""
    for model in workspace_models():
        where = belongs_to_account(model, account)
        if where is not None:
            yield model, tx.all(select(model).where(where))


def audit_subjects(found: Sequence[tuple[type[Row], list[Any]]]) -> set[str]:
    """What the audit calls these rows: "account:7", "touchpoint:12" …"""
    return {f"{model.__tablename__}:{row.id}" for model, some in found for row in some}


def list_audits(tx: Tx, named: set[str]) -> list[Audit]:
    """The audit rows about any of these subjects."""
    return tx.all(select(Audit).where(col(Audit.subject).in_(named)).order_by(col(Audit.id)))


def list_import_changes(tx: Tx, found: Sequence[tuple[type[Row], list[Any]]]) -> list[ImportChange]:
    """What imports made of these rows."""
    ours = {(str(model.__tablename__), row.id) for model, some in found for row in some}
    tables = {table for table, _ in ours}
    known = tx.all(select(ImportChange).where(col(ImportChange.table).in_(tables)))
    return [change for change in known if (change.table, change.row_id) in ours]


def find_messages(tx: Tx, words: Sequence[str], ids: Sequence[int]) -> list[Outbox]:
    """Messages that hold any of the words, or have one of the ids."""
    text = cast(col(Outbox.payload), Text)
    said = [text.like(f"%{_like_pattern(word)}%", escape="!") for word in words]
    return tx.all(
        select(Outbox).where(or_(col(Outbox.id).in_(ids), *said)).order_by(col(Outbox.id))
    )


def forget_answers(tx: Tx, words: Sequence[str]) -> int:
    """Takes out of the inbox what was answered with any of the words."""
    text = cast(col(Inbox.answer), Text)
    said = or_(*(text.like(f"%{_like_pattern(word)}%", escape="!") for word in words))
    return tx.execute(update(Inbox).where(said).values(answer=None))


def forget_reactions(tx: Tx, posted: Sequence[Outbox]) -> None:
    """Deletes the reactions on these messages."""
    for row in posted:
        if row.channel and row.slack_ts:
            place = (col(Reaction.channel) == row.channel, col(Reaction.ts) == row.slack_ts)
            tx.delete(Reaction, *place)


def _like_pattern(word: str) -> str:
    """A word as it stands inside stored JSON, for LIKE."""
    stored = json.dumps(word)[1:-1]
    return stored.replace("!", "!!").replace("%", "!%").replace("_", "!_")
