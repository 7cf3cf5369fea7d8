"""Tells an account's story: what happened with it, what was done for it, where it went."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.actions.handoffs import history
from bot.actions.promises import history as promises_history
from bot.actions.views import term_history
from bot.messages.accounts.account import TimelineEvent
from bot.messages.accounts.timeline import PAGE_SIZE, TimelinePage
from bot.rules.playbook.playbook import MANAGER, Playbook
from db.accounts import timeline
from db.core.tx import Tx
from db.models import Account, Interaction, StageChange, Touchpoint


@dataclass(frozen=True)
class _TimelineEntry:
    """A line with what it is ordered by: the day, and within it the moment."""

    day: date
    at: datetime
    line: TimelineEvent


def build_page(tx: Tx, playbook: Playbook, account: Account, number: int) -> TimelinePage:
    """The page of that number, from 1; the last one for a number beyond it."""
    total = timeline.count_entries(tx, account.id) + term_history.count(tx, account.id)
    last = max(1, -(-total // PAGE_SIZE))
    number = min(max(number, 1), last)
    # Each kind may fill all pages up to this one.
    upto = number * PAGE_SIZE
    told = [
        *_interaction_entries(timeline.list_interactions(tx, account.id, upto)),
        *_touchpoint_entries(tx, playbook, timeline.list_ended(tx, account.id, upto)),
        *(_entry_at(playbook, *told) for told in term_history.term_lines(tx, account.id, upto)),
        *_move_entries(playbook, timeline.list_moves(tx, account.id, upto)),
        *(
            _entry_at(playbook, *told)
            for told in promises_history.promise_lines(tx, account.id, upto)
        ),
        *(
            _entry_at(playbook, *told)
            for told in history.handoff_lines(tx, playbook, account.id, upto)
        ),
    ]
    shown = _newest_first(told)[upto - PAGE_SIZE : upto]
    return TimelinePage(account.id, account.name, number, last, total, tuple(shown))


def recent_events(
    tx: Tx, playbook: Playbook, account_id: int, most: int
) -> tuple[TimelineEvent, ...]:
    """The last interactions: what was logged, and touchpoints done that nothing was logged of."""
    logged = timeline.list_interactions(tx, account_id, most)
    known = {row.touchpoint_id for row in logged}
    done = [
        row
        for row in timeline.list_ended(tx, account_id, 4 * most)
        if row.state == "done" and row.id not in known
    ]
    return tuple(
        _newest_first([*_interaction_entries(logged), *_touchpoint_entries(tx, playbook, done)])[
            :most
        ]
    )


def last_move_event(tx: Tx, playbook: Playbook, account_id: int) -> TimelineEvent | None:
    """How the account came to be where it is."""
    found = _move_entries(playbook, timeline.list_moves(tx, account_id, 1))
    return found[0].line if found else None


def _on_one_line(text: str) -> str:
    """Lines one after the other, told apart: Done's form writes one for each thing told."""
    return " · ".join(" ".join(line.split()) for line in text.splitlines() if line.strip())


def _newest_first(told: list[_TimelineEntry]) -> list[TimelineEvent]:
    ordered = sorted(told, key=lambda each: (each.day, each.at), reverse=True)
    return [each.line for each in ordered]


def _interaction_entries(rows: Iterable[Interaction]) -> list[_TimelineEntry]:
    return [
        _TimelineEntry(
            row.happened_on,
            row.created_at,
            TimelineEvent(row.happened_on, f"{row.kind}: {_on_one_line(row.text)}", row.by_user),
        )
        for row in rows
    ]


def _touchpoint_entries(
    tx: Tx, playbook: Playbook, rows: Sequence[Touchpoint]
) -> list[_TimelineEntry]:
    promised = promises_history.promise_endings(tx, playbook, rows)
    return [
        _entry_at(
            playbook,
            row.state_at,
            promised.get(row.id) or _ending_text(row),
            None if _is_cancelled_by_program(row) else row.by_user,
        )
        for row in rows
    ]


def _ending_text(row: Touchpoint) -> str:
    if not _is_cancelled_by_program(row):
        # What came of one that was done is an interaction of its own.
        why = f", {row.note}" if row.state == "skipped" and row.note else ""
        return f"{row.title}: {row.state}{why}"
    return f"{row.title}: no longer needed" + (f", {row.note}" if row.note else "")


def _is_cancelled_by_program(row: Touchpoint) -> bool:
    """Cancelled by the program; whoever had it before did not do that."""
    return row.state == "cancelled"


def _move_entries(playbook: Playbook, rows: Iterable[StageChange]) -> list[_TimelineEntry]:
    return [_entry_at(playbook, row.at, _move_text(playbook, row), row.by_user) for row in rows]


def _move_text(playbook: Playbook, change: StageChange) -> str:
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


def _entry_at(playbook: Playbook, at: datetime, what: str, by: str | None) -> _TimelineEntry:
    day = playbook.calendar(MANAGER).local_date(at)
    return _TimelineEntry(day, at, TimelineEvent(day, what, by))
