"""`export`: everything of an account, or of all, as JSON or CSV."""

import argparse
import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from bot.actions.accounts import erase, lookup
from bot.rules.errors import UserError
from bot.rules.text.names import key
from bot.settings import Settings, load
from bot.terminal.process.startup import open_workspace, utc_now
from db.accounts import account_data
from db.accounts.name_indexes import NameIndexes, Names
from db.core.tx import Tx, read

Tables = Mapping[str, list[dict[str, Any]]]  # rows by the table's name


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Writes every table: the account itself, its names, moves, interactions, touchpoints, "
        "value, decisions, promises, the messages about it and who changed what. JSON is one "
        "file; CSV a folder with one file a table. docs/privacy.md names the fields."
    )
    parser.add_argument("to", metavar="FILE_OR_FOLDER", type=Path)
    parser.add_argument("--account", metavar="NAME", help="only this one; its name or an alias")
    parser.add_argument(
        "--contact", metavar="NAME", help="with --account: only one person there, by name"
    )
    parser.add_argument("--format", choices=("json", "csv"), default="json")
    parser.add_argument("--workspace", metavar="T…", help="which one, if there are several")


def run(arguments: argparse.Namespace, *, settings: Settings | None = None) -> int:
    """Writes the files; UserError when they exist or no account has that name."""
    if arguments.to.exists():
        raise UserError(f"{arguments.to} is there already, and nothing is overwritten.")
    if arguments.contact and not arguments.account:
        raise UserError("Say at which account: export FILE --account acme --contact NAME")
    name, url = arguments.account, (settings or load()).database_url
    with open_workspace(url, arguments.workspace, utc_now()) as (engine, workspace):
        names = NameIndexes(engine).of(workspace) if name else None
        with read(engine, workspace) as tx:
            tables = _account_tables(tx, name, names) if name else _all_tables(tx)
            if arguments.contact:
                tables = _contact_tables(tables, arguments.contact)
    if arguments.format == "csv":
        _write_csv(arguments.to, tables)
    else:
        text = json.dumps(tables, indent=1, ensure_ascii=False)
        arguments.to.write_text(text + "\n", encoding="utf-8", errors="replace")
    count = sum(len(rows) for rows in tables.values())
    print(f"{count:,} rows of {len(tables)} tables are in {arguments.to}.")
    return 0


def _account_tables(tx: Tx, name: str, names: Names | None) -> Tables:
    account = lookup.find_account(tx, name, names)
    found = list(account_data.account_rows(tx, account.id))
    nudges = [row.nudge_id for _, some in found for row in some if getattr(row, "nudge_id", None)]
    tables = {str(model.__tablename__): some for model, some in found}
    tables["audit"] = account_data.list_audits(tx, account_data.audit_subjects(found))
    tables["import_change"] = account_data.list_import_changes(tx, found)
    tables["outbox"] = account_data.find_messages(tx, erase.names_in_messages(tx, account), nudges)
    return {table: [row.model_dump(mode="json") for row in rows] for table, rows in tables.items()}


def _contact_tables(tables: Tables, name: str) -> Tables:
    """Of an account's rows those that are a person's, or have the name or e-mail in them."""
    person = next((row for row in tables["contact"] if row["name_key"] == key(name)), None)
    if person is None:
        raise UserError(f"No contact of this account is called {name}.")
    words = [word for word in (person["name"], person["email"]) if word]

    def is_theirs(row: dict[str, Any]) -> bool:
        said = json.dumps(row, ensure_ascii=False)
        return row.get("contact_id") == person["id"] or any(word in said for word in words)

    theirs = {table: [row for row in rows if is_theirs(row)] for table, rows in tables.items()}
    return {table: rows for table, rows in theirs.items() if rows}


def _all_tables(tx: Tx) -> Tables:
    return {
        str(model.__tablename__): [
            row.model_dump(mode="json") for row in tx.all(select(model).order_by(col(model.id)))
        ]
        for model in account_data.workspace_models()
    }


def _write_csv(to: Path, tables: Tables) -> None:
    to.mkdir(parents=True)
    for name, rows in tables.items():
        if not rows:
            continue
        with (to / f"{name}.csv").open("w", encoding="utf-8", errors="replace", newline="") as file:
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
