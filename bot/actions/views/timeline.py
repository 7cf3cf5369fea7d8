"""Builds an account's timeline: interactions, touchpoints, moves, terms, promises, handoffs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import chain

from bot.actions.handoffs import facts
from bot.actions.promises import history as promises_history
from bot.actions.views import term_history
from bot.actions.work import Work
from bot.messages.accounts.account import TimelineEvent
from bot.messages.accounts.timeline import PAGE_SIZE, TimelinePage
from bot.rules.playbook.playbook import MANAGER, Playbook
from db.accounts import timeline
from db.core.tx import Tx
from db.members import members
from db.models import Account, Interaction, Member, StageChange, Touchpoint

#: So many things stand on the card.
MAX_RECENT = 3
#: The rows of answers that the timeline tells by themselves.
_TOLD_BY_THEMSELVES = ("value_entry", "promise", "interaction")


@dataclass(frozen=True)
class _TimelineEntry:
    """A line with what it is ordered by: the day, and the time within it."""

    day: date
    at: datetime
    line: TimelineEvent


def build_page(work: Work, account: Account, number: int) -> TimelinePage:
    """The page of that number, from 1; the last one for a number beyond it."""
    tx, playbook = work.tx, work.playbook
    total = timeline.count_entries(tx, account.id)
    last = max(1, -(-total // PAGE_SIZE))
    number = min(max(number, 1), last)
    # Each kind may fill all pages up to this one.
    upto = number * PAGE_SIZE
    deeds = term_history.deed_lines(tx, account.id, upto)
    terms = term_history.term_lines(tx, account.id)
    promised = promises_history.promise_lines(tx, account.id, upto)
    handoffs = facts.handoff_lines(tx, playbook, account.id, upto)
    entries = [
        *_interaction_entries(timeline.list_interactions(tx, account.id, upto)),
        *_touchpoint_entries(tx, playbook, timeline.list_ended(tx, account.id, upto)),
        *(_entry_at(playbook, *line) for line in chain(deeds, terms)),
        *_move_entries(playbook, timeline.list_moves(tx, account.id, upto)),
        *(_entry_at(playbook, *line) for line in chain(promised, handoffs)),
    ]
    events = _newest_first(tx, entries, upto - PAGE_SIZE, upto)
    return TimelinePage(account.id, account.name, number, last, total, events)


def recent_events(work: Work, account_id: int) -> tuple[TimelineEvent, ...]:
    """The last things that happened, each once: what a touchpoint brought back stands for it, and a
    decision for the move that followed from it."""
    tx, playbook = work.tx, work.playbook
    logged = timeline.list_interactions(tx, account_id, MAX_RECENT)
    known = {row.touchpoint_id for row in logged}
    done = [
        row
        for row in timeline.list_ended(tx, account_id, 4 * MAX_RECENT)
        if row.state == "done"
        and row.id not in known
        and (row.answer_row or "").partition(":")[0] not in _TOLD_BY_THEMSELVES
    ]
    deeds = [*term_history.deed_lines(tx, account_id, MAX_RECENT)]
    decided = {at for at, _, _ in deeds}
    moves = timeline.list_moves(tx, account_id, MAX_RECENT)
    promised = promises_history.promise_lines(tx, account_id, MAX_RECENT)
    entries = [
        *_interaction_entries(logged),
        *_touchpoint_entries(tx, playbook, done),
        *_move_entries(playbook, [move for move in moves if move.at not in decided]),
        *(_entry_at(playbook, *line) for line in chain(deeds, promised)),
    ]
    return _newest_first(tx, entries, 0, MAX_RECENT)


def logged_events(tx: Tx, rows: Sequence[Interaction]) -> tuple[TimelineEvent, ...]:
    """Interactions as lines, the newest first."""
    return _newest_first(tx, _interaction_entries(rows), 0, len(rows))


def _newest_first(
    tx: Tx, entries: list[_TimelineEntry], first: int, end: int
) -> tuple[TimelineEvent, ...]:
    """Those from `first` to before `end`, with names in the place of users."""
    ordered = sorted(entries, key=lambda each: (each.day, each.at), reverse=True)
    events = [each.line for each in ordered[first:end]]
    return tuple(
        replace(e, by=tx.cached(Member, members.name, e.by) if e.by else None) for e in events
    )


def _interaction_entries(rows: Iterable[Interaction]) -> list[_TimelineEntry]:
    entries = []
    for row in rows:
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
    name = playbook.stage_name(change.to_stage)
    why = f", because {' '.join(change.reason.split())}" if change.reason else ""
    if change.from_stage is None:
        return f"added in {name}{why}"
    if change.from_stage == change.to_stage:
        return f"brought back, in {name}{why}"
    return f"moved from {playbook.stage_name(change.from_stage)} to {name}{why}"


def _entry_at(playbook: Playbook, at: datetime, what: str, by: str | None) -> _TimelineEntry:
    day = playbook.calendar(MANAGER).local_date(at)
    return _TimelineEntry(day, at, TimelineEvent(day, what, by))
