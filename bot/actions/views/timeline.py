"""Builds an account's timeline: interactions, touchpoints, moves, terms, promises, handoffs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain

from bot.actions.handoffs import history
from bot.actions.promises import history as promises_history
from bot.actions.touchpoints.labels import stage_name
from bot.actions.views import term_history
from bot.messages.accounts.account import TimelineEvent
from bot.messages.accounts.timeline import PAGE_SIZE, TimelinePage
from bot.rules.playbook.playbook import MANAGER, Playbook
from db.accounts import timeline
from db.core.tx import Tx
from db.models import Account, Interaction, StageChange, Touchpoint


@dataclass(frozen=True)
class _TimelineEntry:
    """A line with what it is ordered by: the day, and the time within it."""

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
    terms = term_history.term_lines(tx, account.id, upto)
    promised = promises_history.promise_lines(tx, account.id, upto)
    handoffs = history.handoff_lines(tx, playbook, account.id, upto)
    entries = [
        *_interaction_entries(timeline.list_interactions(tx, account.id, upto)),
        *_touchpoint_entries(tx, playbook, timeline.list_ended(tx, account.id, upto)),
        *(_entry_at(playbook, *line) for line in terms),
        *_move_entries(playbook, timeline.list_moves(tx, account.id, upto)),
        *(_entry_at(playbook, *line) for line in chain(promised, handoffs)),
    ]
    events = _newest_first(entries)[upto - PAGE_SIZE : upto]
    return TimelinePage(account.id, account.name, number, last, total, tuple(events))


def recent_events(
    tx: Tx, playbook: Playbook, account_id: int, most: int
) -> tuple[TimelineEvent, ...]:
    """The last interactions, and touchpoints done of which nothing was logged."""
    logged = timeline.list_interactions(tx, account_id, most)
    known = {row.touchpoint_id for row in logged}
    ended = timeline.list_ended(tx, account_id, 4 * most)
    done = [row for row in ended if row.state == "done" and row.id not in known]
    entries = [*_interaction_entries(logged), *_touchpoint_entries(tx, playbook, done)]
    return tuple(_newest_first(entries)[:most])


def last_move_event(tx: Tx, playbook: Playbook, account_id: int) -> TimelineEvent | None:
    """The move that brought the account into its stage."""
    moves = _move_entries(playbook, timeline.list_moves(tx, account_id, 1))
    return moves[0].line if moves else None


def _newest_first(entries: list[_TimelineEntry]) -> list[TimelineEvent]:
    ordered = sorted(entries, key=lambda each: (each.day, each.at), reverse=True)
    return [each.line for each in ordered]


def _interaction_entries(rows: Iterable[Interaction]) -> list[_TimelineEntry]:
    entries = []
    for row in rows:
        # The form of Done writes one line for each thing reported.
        text = " · ".join(" ".join(line.split()) for line in row.text.splitlines() if line.strip())
        event = TimelineEvent(row.happened_on, f"{row.kind}: {text}", row.by_user)
        entries.append(_TimelineEntry(row.happened_on, row.created_at, event))
    return entries


def _touchpoint_entries(
    tx: Tx, playbook: Playbook, rows: Sequence[Touchpoint]
) -> list[_TimelineEntry]:
    promised = promises_history.promise_endings(tx, playbook, rows)
    entries = []
    for row in rows:
        text = promised.get(row.id) or _ending_text(row)
        # The program cancels, and not the person who had it before.
        by = None if row.state == "cancelled" else row.by_user
        entries.append(_entry_at(playbook, row.state_at, text, by))
    return entries


def _ending_text(row: Touchpoint) -> str:
    # The note of one that was done is an interaction of its own.
    why = f", {row.note}" if row.state != "done" and row.note else ""
    how = "no longer needed" if row.state == "cancelled" else row.state
    if row.state == "done" and row.records is not None:
        asked = "nothing new" if row.answered_at is not None else "nothing written down"
        why = f", {row.answer or asked}"
    return f"{row.title}: {how}{why}"


def _move_entries(playbook: Playbook, rows: Iterable[StageChange]) -> list[_TimelineEntry]:
    return [_entry_at(playbook, row.at, _move_text(playbook, row), row.by_user) for row in rows]


def _move_text(playbook: Playbook, change: StageChange) -> str:
    name = stage_name(playbook, change.to_stage)
    why = f", because {' '.join(change.reason.split())}" if change.reason else ""
    if change.from_stage is None:
        return f"added in {name}{why}"
    if change.from_stage == change.to_stage:
        return f"brought back, in {name}{why}"
    return f"moved from {stage_name(playbook, change.from_stage)} to {name}{why}"


def _entry_at(playbook: Playbook, at: datetime, what: str, by: str | None) -> _TimelineEntry:
    day = playbook.calendar(MANAGER).local_date(at)
    return _TimelineEntry(day, at, TimelineEvent(day, what, by))
