"""Holds the export against the ledger: as many rows of each kind for each account."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from tests.quarter.compare import Contradiction
from tests.quarter.ledger import Ledger

Tables = dict[str, list[dict[str, Any]]]


def export_contradictions(tables: Tables, ledger: Ledger, at: datetime) -> list[Contradiction]:
    """What the file holds more or less of than was done."""
    names = {row["id"]: row["name"] for row in tables["account"]}
    found = []
    for kind, rows in _rows(tables).items():
        said = Counter(names[row["account_id"]] for row in rows)
        for account in ledger.customers:
            known = len(ledger.of(account, at, *kind.split(" or ")))
            if kind == "done":  # what was called kept by a command ended a touchpoint, too
                known = min(max(known, said[account]), known + _kept(ledger, account, at))
            if said[account] != known:
                sentence = f"{said[account]} rows: {kind}"
                found.append(
                    Contradiction("export", "export", at, account, sentence, f"{known} were")
                )
    return found


def _kept(ledger: Ledger, account: str, at: datetime) -> int:
    return len(ledger.of(account, at, "kept"))


def _rows(tables: Tables) -> dict[str, list[dict[str, Any]]]:
    values = tables["value_entry"]
    return {
        "interaction": [row for row in tables["interaction"] if row["source"] != "import"],
        "done": [row for row in tables["touchpoint"] if row["state"] == "done"],
        "skipped": [row for row in tables["touchpoint"] if row["state"] == "skipped"],
        "confirmed value": [row for row in values if row["confirmed_at"]],
        "estimate": [row for row in values if not row["confirmed_at"]],
        "decision": tables["decision"],
        "promise": tables["promise"],
    }
