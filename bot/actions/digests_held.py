"""Gathers what a digest tells of touchpoints that are held, or were held in vain."""

from __future__ import annotations

from typing import Any

from bot.actions.digests_facts import Desk
from bot.actions.holds import why
from bot.messages.digest_held import MOST_HELD, MOST_IN_VAIN, Held, Holds, InVain
from bot.messages.parts import person
from bot.rules.playbook import MANAGER
from db import attention


def holds(desk: Desk) -> Holds:
    """What is held for the reader's touchpoints, by account and reason, soonest to go first."""
    rows = attention.held(desk.tx, desk.scope, desk.span.now)
    lost = attention.held_in_vain(desk.tx, desk.scope, desk.span.since, desk.span.now)
    together: dict[tuple[Any, ...], list[Any]] = {}
    for row in rows:
        whose = row.owner if row.held_for in ("channel", "person") else ""
        together.setdefault((row.account_id, row.held_for, whose), []).append(row)
    return Holds(
        [_held(desk, some) for some in list(together.values())[:MOST_HELD]],
        len(rows),
        [InVain(row.account, row.title, row.note or "") for row in lost[:MOST_IN_VAIN]],
        len(lost),
    )


def _held(desk: Desk, rows: list[Any]) -> Held:
    first = rows[0]
    reason = why(desk.playbook, first.held_for, first.account, _owner(desk, first))
    return Held(first.account, [row.title for row in rows], reason, first.held_until)


def _owner(desk: Desk, row: Any) -> str:
    if row.owner == MANAGER and row.manager_id:
        return person(row.manager_id)
    key = desk.playbook.without_manager if row.owner == MANAGER else row.owner
    department = desk.playbook.departments.get(key)
    return department.name if department else str(key)
