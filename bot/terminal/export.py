"""`export`: everything of an account, or of all, as JSON or CSV."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from db.accounts.name_indexes import Names
    from db.core.tx import Tx

    Tables = Mapping[str, list[dict[str, Any]]]


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "export",
        help="everything of an account, or of all, as JSON or CSV",
        description="Writes every table: the account itself, its names, moves, interactions, "
        "touchpoints, value, decisions, promises, the messages about it and who changed what. "
        "JSON is one file; CSV a folder with one file a table. docs/privacy.md names the fields.",
    )
    parser.add_argument("to", metavar="FILE_OR_FOLDER", type=Path)
    parser.add_argument("--account", metavar="NAME", help="only this one; its name or an alias")
    parser.add_argument("--format", choices=("json", "csv"), default="json")
    parser.add_argument("--workspace", metavar="T…", help="which one, if there are several")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace, *, settings: Any = None) -> int:
    """Writes the files; UserError when they are there already or nothing is called so."""
    from bot.rules.errors import UserError
    from bot.settings import load
    from bot.terminal.imports.command import choose_workspace
    from bot.terminal.process.startup import utc_now
    from db.accounts.name_indexes import NameIndexes
    from db.core.engine import NO_LIMIT, connect
    from db.core.tx import read

    if arguments.to.exists():
        raise UserError(f"{arguments.to} is there already, and nothing is overwritten.")
    engine = connect((settings or load()).database_url, statement_seconds=NO_LIMIT)
    try:
        workspace = choose_workspace(engine, arguments.workspace, utc_now())
        names = NameIndexes(engine).of(workspace) if arguments.account else None
        with read(engine, workspace) as tx:
            tables = (
                _account_tables(tx, arguments.account, names)
                if arguments.account
                else _all_tables(tx)
            )
    finally:
        engine.dispose()
    (_write_csv if arguments.format == "csv" else _write_json)(arguments.to, tables)
    count = sum(len(rows) for rows in tables.values())
    print(f"{count:,} rows of {len(tables)} tables are in {arguments.to}.")
    return 0


def _account_tables(tx: Tx, name: str, names: Names | None) -> Tables:
    from bot.actions.accounts import erase, lookup
    from db.accounts import account_data

    account = lookup.find_account(tx, name, names)
    found = list(account_data.account_rows(tx, account.id))
    nudges = [row.nudge_id for _, some in found for row in some if getattr(row, "nudge_id", None)]
    tables = {str(model.__tablename__): some for model, some in found}
    tables["audit"] = account_data.list_audits(tx, account_data.audit_subjects(found))
    tables["import_change"] = account_data.list_import_changes(tx, found)
    tables["outbox"] = account_data.find_messages(tx, erase.names_in_messages(tx, account), nudges)
    return {name: [row.model_dump(mode="json") for row in rows] for name, rows in tables.items()}


def _all_tables(tx: Tx) -> Tables:
    from sqlmodel import select

    from db.accounts import account_data as accounts_account_data

    return {
        str(model.__tablename__): [
            row.model_dump(mode="json")
            for row in tx.all(select(model).order_by(model.id))  # type: ignore[attr-defined]
        ]
        for model in accounts_account_data.workspace_models()
    }


def _write_json(to: Path, tables: Tables) -> None:
    to.write_text(json.dumps(tables, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _write_csv(to: Path, tables: Tables) -> None:
    import csv

    to.mkdir(parents=True)
    for name, rows in tables.items():
        if not rows:
            continue
        with (to / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=list(rows[0]))
            writer.writeheader()
            for row in rows:
                writer.writerow({field: _csv_cell(value) for field, value in row.items()})


def _csv_cell(value: Any) -> Any:
    """A value on one line; a spreadsheet must not take a customer's words for a formula."""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    risky = isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r")
    return "'" + value if risky else value
