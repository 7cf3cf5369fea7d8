"""Tells an account's story: what happened with it, what was done for it, where it went."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.actions.handoffs import history
from bot.actions.promises import history as promises_history
from bot.actions.views import term_history
from bot.messages.accounts.account import Happened
from bot.messages.accounts.timeline import A_PAGE, Timeline
from bot.rules.playbook.playbook import MANAGER, Playbook
from db.accounts import timeline
from db.core.tx import Tx
from db.models import Account, Interaction, StageChange, Touchpoint


@dataclass(frozen=True)
class _Told:
    """A line with what it is ordered by: the day, and within it the moment."""

    day: date
    at: datetime
    line: Happened


def page(tx: Tx, playbook: Playbook, account: Account, number: int) -> Timeline:
    """The page of that number, from 1; the last one for a number beyond it."""
    total = timeline.count(tx, account.id) + term_history.count(tx, account.id)
    last = max(1, -(-total // A_PAGE))
    number = min(max(number, 1), last)
    # Each kind may fill all pages up to this one.
    upto = number * A_PAGE
    told = [
        *_interactions(timeline.interactions(tx, account.id, upto)),
        *_ended(tx, playbook, timeline.ended(tx, account.id, upto)),
        *(_at(playbook, *told) for told in term_history.story(tx, account.id, upto)),
        *_moves(playbook, timeline.moves(tx, account.id, upto)),
        *(_at(playbook, *told) for told in promises_history.story(tx, account.id, upto)),
        *(_at(playbook, *told) for told in history.story(tx, playbook, account.id, upto)),
    ]
    shown = _newest(told)[upto - A_PAGE : upto]
    return Timeline(account.id, account.name, number, last, total, tuple(shown))


def lately(tx: Tx, playbook: Playbook, account_id: int, most: int) -> tuple[Happened, ...]:
    """The last interactions: what was logged, and touchpoints done that nothing was logged of."""
    logged = timeline.interactions(tx, account_id, most)
    known = {row.touchpoint_id for row in logged}
    done = [
        row
        for row in timeline.ended(tx, account_id, 4 * most)
        if row.state == "done" and row.id not in known
    ]
    return tuple(_newest([*_interactions(logged), *_ended(tx, playbook, done)])[:most])


def last_move(tx: Tx, playbook: Playbook, account_id: int) -> Happened | None:
    """How the account came to be where it is."""
    found = _moves(playbook, timeline.moves(tx, account_id, 1))
    return found[0].line if found else None


def _on_one_line(text: str) -> str:
    """Lines one after the other, told apart: Done's form writes one for each thing told."""
    return " · ".join(" ".join(line.split()) for line in text.splitlines() if line.strip())


def _newest(told: list[_Told]) -> list[Happened]:
    ordered = sorted(told, key=lambda each: (each.day, each.at), reverse=True)
    return [each.line for each in ordered]


def _interactions(rows: Iterable[Interaction]) -> list[_Told]:
    return [
        _Told(
            row.happened_on,
            row.created_at,
            Happened(row.happened_on, f"{row.kind}: {_on_one_line(row.text)}", row.by_user),
        )
        for row in rows
    ]


def _ended(tx: Tx, playbook: Playbook, rows: Sequence[Touchpoint]) -> list[_Told]:
    promised = promises_history.endings(tx, playbook, rows)
    return [
        _at(
            playbook,
            row.state_at,
            promised.get(row.id) or _how_it_ended(row),
            None if _is_dropped(row) else row.by_user,
        )
        for row in rows
    ]


def _how_it_ended(row: Touchpoint) -> str:
    if not _is_dropped(row):
        # What came of one that was done is an interaction of its own.
        why = f", {row.note}" if row.state == "skipped" and row.note else ""
        return f"{row.title}: {row.state}{why}"
    return f"{row.title}: no longer needed" + (f", {row.note}" if row.note else "")


def _is_dropped(row: Touchpoint) -> bool:
    """Cancelled by the program; whoever had it before did not do that."""
    return row.state == "cancelled"


def _moves(playbook: Playbook, rows: Iterable[StageChange]) -> list[_Told]:
    return [_at(playbook, row.at, _moved(playbook, row), row.by_user) for row in rows]


def _moved(playbook: Playbook, change: StageChange) -> str:
    name = _stage_name(playbook, change.to_stage)
    why = f", because {' '.join(change.reason.split())}" if change.reason else ""
    if change.from_stage is None:
        return f"added in {name}{why}"
    if change.from_stage == change.to_stage:
        return f"brought back, in {name}{why}"
    return f"moved from {_stage_name(playbook, change.from_stage)} to {name}{why}"


def _stage_name(playbook: Playbook, key: str) -> str:
    stage = playbook.stage(key)
    return stage.name if stage else key


def _at(playbook: Playbook, at: datetime, what: str, by: str | None) -> _Told:
    day = playbook.calendar(MANAGER).local_date(at)
    return _Told(day, at, Happened(day, what, by))
