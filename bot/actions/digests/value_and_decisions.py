"""The facts of a digest about value, decisions, promises, advocates and postponed touchpoints."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, time, timedelta
from typing import Any

from sqlmodel import col

from bot.actions.digests.facts import DigestScope
from bot.actions.promises import promises
from bot.actions.touchpoints.labels import held_reason, owner_label
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
from bot.rules.time.schedule import local_instant
from bot.rules.value import TermValue, ValueTally, measure_terms
from db.accounts import accounts, value
from db.advocacy import advocacy
from db.digests import readers
from db.digests import value as digests_value
from db.models import Account, AdvocacyEntry, Touchpoint
from db.promises import promises as kept
from db.touchpoints import limits, touchpoints
from db.touchpoints.scope import Scope

AHEAD = timedelta(days=14)  # promises are listed so long before their day
MAX_CURVES = 4
_MAX_REASON_LENGTH = 100


def gather_value(within: DigestScope) -> ValueNews:
    """The value noted since the span's start."""
    noted = digests_value.list_value_changes(within.tx, within.scope, within.span)
    most = sorted(noted, key=lambda row: (-row.confirmed, -row.claimed, row.name))[:MAX_CURVES]
    tallies = value.tallies_by_account(within.tx, [row.id for row in most]) if most else {}
    return ValueNews(
        confirmed=sum(row.confirmed for row in noted),
        claimed=sum(row.claimed for row in noted),
        accounts=len(noted),
        curves=[AccountCurve(row.name, _curve(tallies[row.id])) for row in most],
    )


def gather_decisions(within: DigestScope) -> list[DecisionNews]:
    """What customers decided since the span's start, newest first."""
    rows = digests_value.list_decisions(within.tx, within.scope, within.span)
    names = readers.display_names(within.tx, {row.by_user for _, row in rows if row.by_user})
    news = []
    for account, row in rows:
        reason = cut(" ".join((row.reason or "").split()), _MAX_REASON_LENGTH) or None
        view = decision_messages.DecisionView(
            row.outcome, reason, row.alternative, row.by_user, within.day(row.at)
        )
        news.append(DecisionNews(account, view.what(), names.get(row.by_user or "")))
    return news


def _curve(tallies: list[ValueTally]) -> tuple[TermValue, ...]:
    """The newest term with value and the one before it."""
    last = max(tally.term for tally in tallies)
    first = last - 1 if any(tally.term < last for tally in tallies) else last
    return tuple(measure_terms(tallies, range(first, last + 1)))


def gather_promises(within: DigestScope) -> tuple[Line, ...]:
    """The promises that are overdue or to be kept within two weeks, the soonest day first."""
    until = within.span.today + AHEAD + timedelta(days=1)
    due = kept.list_due_before(within.tx, until, *promise_conditions(within.scope))
    return tuple(promises.promise_lines(within.work, due))


def promise_conditions(scope: Scope) -> list[Any]:
    """A manager reads of all promises to their accounts, a department of those that it keeps."""
    if scope.manager is not None:
        return [col(Account.manager_id) == scope.manager]
    if scope.department is None:
        return []
    own = col(Touchpoint.owner) == scope.department
    unmanaged = (col(Touchpoint.owner) == MANAGER) & col(Account.manager_id).is_(None)
    return [own | unmanaged if scope.stands_in else own]


def gather_postponed(within: DigestScope) -> PostponedSummary:
    """The reader's postponed touchpoints, by account and reason, soonest to go first."""
    since, now = within.span.since, within.span.now
    rows = limits.list_postponed(within.tx, within.scope, now)
    cancelled = limits.list_postponed_cancelled(within.tx, within.scope, since, now)
    groups: dict[tuple[Any, ...], list[Any]] = {}
    for row in rows:
        whose = row.owner if row.postponed_because in ("channel", "person") else ""
        groups.setdefault((row.account_id, row.postponed_because, whose), []).append(row)
    return PostponedSummary(
        [_build_postponed(within, group) for group in list(groups.values())[:MAX_POSTPONED]],
        len(rows),
        [PostponedCancelled(r.account, r.title, r.note or "") for r in cancelled[:MAX_CANCELLED]],
        len(cancelled),
    )


def _build_postponed(within: DigestScope, rows: list[Any]) -> Postponed:
    first = rows[0]
    owner = owner_label(within.playbook, first.owner, first.manager_id)
    reason = held_reason(within.playbook, first.postponed_because, first.account, owner)
    return Postponed(first.account, [row.title for row in rows], reason, first.postponed_until)


def gather_advocates(within: DigestScope) -> Advocates:
    """The favours that customers did this quarter, and the accounts that have become advocates in
    it; the newest first."""
    today, now = within.span.today, within.span.now
    began = today.replace(month=today.month - (today.month - 1) % 3, day=1)
    since = min(within.span.since, local_instant(began, time(), within.zone))
    entries = advocacy.list_entries_between(within.tx, since, now)
    did = [entry for entry in reversed(entries) if entry.verb == "did"]
    destination = within.playbook.destination
    moves = accounts.list_moves_between(within.tx, since, now)
    arrived = [move for move in reversed(moves) if move.to_stage == destination]
    ids = [entry.account_id for entry in did] + [move.account_id for move in arrived]
    known = accounts.by_ids(within.tx, ids)
    became = [
        _new_advocate(within, known[move.account_id], move.at)
        for move in arrived
        if known[move.account_id].archived_at is None
    ]
    return Advocates([_favour(within, known[entry.account_id], entry) for entry in did], became)


def _new_advocate(within: DigestScope, account: Account, at: datetime) -> NewAdvocate:
    done = Counter(
        owner_label(within.playbook, each.owner, None)
        for each in touchpoints.list_of_account(within.tx, account.id, ("done",))
    )
    stage = within.playbook.stage(within.playbook.destination)
    days = (within.day(at) - within.day(account.created_at)).days
    top = dict(done.most_common(MAX_ROWS))
    return NewAdvocate(account.name, stage.name if stage else "", days, top)


def _favour(within: DigestScope, account: Account, did: AdvocacyEntry) -> DoneFavour:
    steps = {
        row.verb: row.on
        for row in advocacy.list_entries(within.tx, [did.account_id])
        if row.act == did.act and row.at <= did.at
    }
    return DoneFavour(account.name, did.act, steps.get("asked"), steps.get("agreed"))
