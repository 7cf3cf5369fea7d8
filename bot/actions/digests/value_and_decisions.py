"""What a digest tells of value, decisions, promises, advocates, and of what is held."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col

from bot.actions.actor import CLOCK
from bot.actions.digests.facts import DigestScope
from bot.actions.promises import promises
from bot.actions.touchpoints.labels import held_reason, owner_label
from bot.actions.work import Work
from bot.messages.digests.advocates import MAX_ROWS, Advocates, DoneFavour, NewAdvocate
from bot.messages.digests.facts import AccountCurve, DecisionNews, ValueNews
from bot.messages.digests.postponed import (
    MAX_CANCELLED,
    MAX_POSTPONED,
    Postponed,
    PostponedCancelled,
    PostponedSummary,
)
from bot.messages.lifecycle import decision as decision_messages
from bot.messages.promises.promise import Line
from bot.rules.playbook.playbook import MANAGER
from bot.rules.text.words import cut
from bot.rules.value import TermValue, ValueTally, measure_terms
from db.accounts import accounts, value
from db.advocacy import advocacy
from db.digests import readers
from db.digests import value as digests_value
from db.models import Account, AdvocacyEntry, Touchpoint
from db.promises import promises as kept
from db.touchpoints import limits, touchpoints

AHEAD = timedelta(days=14)  # a promise is told of so long before its day
MAX_CURVES = 4
MAX_FLAT = 5
_MAX_REASON_LENGTH = 100


def gather_value(desk: DigestScope) -> ValueNews:
    """What was noted since the span's start, and for whom nothing has grown."""
    noted = digests_value.list_value_changes(desk.tx, desk.scope, desk.span)
    flat = digests_value.list_without_growth(desk.tx, desk.scope, desk.span)
    shown = sorted(noted, key=lambda row: (-row.confirmed, -row.claimed, row.name))[:MAX_CURVES]
    tallies = value.tallies_by_account(desk.tx, [row.id for row in shown]) if shown else {}
    return ValueNews(
        confirmed=sum(row.confirmed for row in noted),
        claimed=sum(row.claimed for row in noted),
        accounts=len(noted),
        curves=[AccountCurve(row.name, _curve(tallies[row.id])) for row in shown],
        flat=flat[:MAX_FLAT],
        flat_count=len(flat),
    )


def gather_decisions(desk: DigestScope) -> list[DecisionNews]:
    """What customers decided since the span's start, newest first."""
    rows = digests_value.list_decisions(desk.tx, desk.scope, desk.span)
    if not rows:
        return []
    called = readers.display_names(desk.tx, {row.by_user for _, row in rows if row.by_user})
    found = []
    for account, row in rows:
        reason = cut(" ".join((row.reason or "").split()), _MAX_REASON_LENGTH) or None
        told = decision_messages.DecisionView(
            row.outcome, reason, row.alternative, row.by_user, desk.day(row.at)
        )
        found.append(DecisionNews(account, told.what(), called.get(row.by_user or "")))
    return found


def _curve(tallies: list[ValueTally]) -> tuple[TermValue, ...]:
    """The newest term with value and the one before it."""
    last = max(tally.term for tally in tallies)
    first = last - 1 if any(tally.term < last for tally in tallies) else last
    return tuple(measure_terms(tallies, range(first, last + 1)))


def promises_of(desk: DigestScope) -> tuple[Line, ...]:
    """The promises that are overdue or to be kept within two weeks, the soonest day first."""
    until = desk.span.today + AHEAD + timedelta(days=1)
    found = kept.list_due_before(desk.tx, until, *_theirs(desk))
    return tuple(promises.promise_lines(Work(desk.tx, desk.playbook, desk.span.now, CLOCK), found))


def _theirs(desk: DigestScope) -> list[Any]:
    """A manager reads of all of their accounts', a department of those that it keeps."""
    scope = desk.scope
    if scope.manager is not None:
        return [col(Account.manager_id) == scope.manager]
    if scope.department is None:
        return []
    own = col(Touchpoint.owner) == scope.department
    nobodys = (col(Touchpoint.owner) == MANAGER) & col(Account.manager_id).is_(None)
    return [own | nobodys if scope.stands_in else own]


def holds(desk: DigestScope) -> PostponedSummary:
    """What is held for the reader's touchpoints, by account and reason, soonest to go first."""
    rows = limits.list_postponed(desk.tx, desk.scope, desk.span.now)
    lost = limits.list_postponed_cancelled(desk.tx, desk.scope, desk.span.since, desk.span.now)
    together: dict[tuple[Any, ...], list[Any]] = {}
    for row in rows:
        whose = row.owner if row.held_for in ("channel", "person") else ""
        together.setdefault((row.account_id, row.held_for, whose), []).append(row)
    return PostponedSummary(
        [_held(desk, some) for some in list(together.values())[:MAX_POSTPONED]],
        len(rows),
        [
            PostponedCancelled(row.account, row.title, row.note or "")
            for row in lost[:MAX_CANCELLED]
        ],
        len(lost),
    )


def _held(desk: DigestScope, rows: list[Any]) -> Postponed:
    first = rows[0]
    owner = owner_label(desk.playbook, first.owner, first.manager_id)
    reason = held_reason(desk.playbook, first.held_for, first.account, owner)
    return Postponed(first.account, [row.title for row in rows], reason, first.held_until)


def advocates(desk: DigestScope) -> Advocates:
    """For the whole company's digest."""
    rows = advocacy.list_entries_between(desk.tx, desk.span.since, desk.span.now)
    did = [row for row in rows if row.verb == "did"]
    moves = [
        change
        for change in accounts.list_moves_between(desk.tx, desk.span.since, desk.span.now)
        if change.to_stage == desk.playbook.destination
    ]
    ids = [row.account_id for row in did] + [change.account_id for change in moves]
    known = accounts.by_ids(desk.tx, ids)
    became = [
        _became(desk, known[change.account_id], change.at)
        for change in moves
        if known[change.account_id].archived_at is None
    ]
    return Advocates([_favour(desk, known[row.account_id], row) for row in did], became)


def _became(desk: DigestScope, account: Account, at: datetime) -> NewAdvocate:
    done: Counter[str] = Counter()
    for each in touchpoints.list_of_account(desk.tx, account.id, ("done",)):
        done[owner_label(desk.playbook, each.owner, None)] += 1
    stage = desk.playbook.stage(desk.playbook.destination)
    days = (desk.day(at) - desk.day(account.created_at)).days
    return NewAdvocate(
        account.name, stage.name if stage else "", days, dict(done.most_common(MAX_ROWS))
    )


def _favour(desk: DigestScope, account: Account, did: AdvocacyEntry) -> DoneFavour:
    steps = {
        row.verb: row.on
        for row in advocacy.list_entries(desk.tx, [did.account_id])
        if row.act == did.act and row.at <= did.at
    }
    return DoneFavour(account.name, did.act, steps.get("asked"), steps.get("agreed"))
