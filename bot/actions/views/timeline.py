"""Builds an account's timeline: interactions, touchpoints, moves, terms, promises, handoffs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import chain

from bot.actions.handoffs import facts
from bot.actions.promises import history as promises_history
from bot.actions.work import Work
from bot.messages.accounts.account import TimelineEvent
from bot.messages.accounts.timeline import PAGE_SIZE, TimelinePage
from bot.messages.lifecycle.decision import outcome_text
from bot.rules.playbook.playbook import MANAGER, Playbook
from bot.rules.text.money import format_money
from db.accounts import timeline, value
from db.core.tx import Tx
from db.lifecycle import decisions
from db.members import members
from db.models import (
    Account,
    Decision,
    Interaction,
    Member,
    StageChange,
    Term,
    Touchpoint,
    ValueEntry,
)
from db.terms import terms

#: So many things stand on the card.
MAX_RECENT = 3
#: The rows of answers that the timeline tells by themselves.
_TOLD_BY_THEMSELVES = ("value_entry", "promise", "interaction")
TimelineLine = tuple[datetime, str, str | None]  # when, what, by whom


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
    deeds = _deed_lines(tx, account.id, upto)
    terms = _term_lines(tx, account.id)
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
    """The last things that happened, each once, whatever else it led to."""
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
    deeds = [*_deed_lines(tx, account_id, MAX_RECENT)]
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


def _deed_lines(tx: Tx, account_id: int, limit: int) -> Iterator[TimelineLine]:
    """The newest decisions and value entries, `limit` of each."""
    for decision in decisions.list_of_account(tx, account_id, limit=limit):
        yield decision.at, _decision_text(decision), decision.by_user
    for entry in value.list_of_account(tx, account_id, limit=limit):
        yield entry.created_at, _value_text(entry), entry.by_user
    for entry in value.list_confirmed_later(tx, account_id, limit):
        assert entry.confirmed_at is not None
        by = f" by {entry.confirmed_by}" if entry.confirmed_by else ""
        text = f"value: {entry.text}, confirmed{by}"
        yield entry.confirmed_at, text, entry.confirmed_by_user


def _term_lines(tx: Tx, account_id: int) -> Iterator[TimelineLine]:
    """When each term began and ended."""
    for term in terms.list_of_account(tx, account_id):
        yield term.began_at, f"term {term.number} began", None
        if term.ended_at is not None:
            yield term.ended_at, _term_end_text(term), None


def _decision_text(row: Decision) -> str:
    """Not escaped: the timeline itself keeps customers' texts from being markup."""
    outcome = outcome_text(row.outcome, row.alternative)
    why = f", because {' '.join(row.reason.split())}" if row.reason else ""
    return f"decision: {outcome[0].lower()}{outcome[1:]}{why}"


def _value_text(row: ValueEntry) -> str:
    worth = ""
    if row.hundredths and row.currency:
        worth = f", worth {format_money(row.hundredths, row.currency)}"
    how = "our estimate"
    if row.confirmed_at == row.created_at:
        how = f"confirmed by {row.confirmed_by}" if row.confirmed_by else "confirmed"
    return f"value: {row.text}{worth}, {how}"


def _term_end_text(term: Term) -> str:
    to = f" to {term.lost_to}" if term.lost_to else ""
    why = f", because {' '.join(term.reason.split())}" if term.reason else ""
    return f"term {term.number} ended: {term.outcome}{to}{why}"
