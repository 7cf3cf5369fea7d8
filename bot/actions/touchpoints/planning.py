"""Plans the plays of a stage for an account."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.actions.touchpoints.plays import depends_on_renewal
from bot.actions.work import Work
from bot.rules.playbook.playbook import Play, Playbook
from bot.rules.time.due import first_due, next_due
from db.models import Account, Touchpoint
from db.touchpoints import touchpoints


@dataclass(frozen=True)
class AccountFacts:
    """What planning has to know of an account; `entered_at` is when it came into its stage."""

    id: int
    stage: str
    stage_entry: int
    entered_at: datetime
    renews_on: date | None


def account_facts(account: Account) -> AccountFacts:
    """What planning has to know of this account."""
    a = account
    return AccountFacts(a.id, a.stage, a.stage_entry, a.stage_entered_at, a.renews_on)


def planned_rows(
    playbook: Playbook, account: AccountFacts, now: datetime, *, importing: bool = False
) -> list[dict[str, Any]]:
    """The touchpoints of the account's stage, as columns of `Touchpoint`.

    A play that waits for a renewal date nobody knows is left out. What would be due already is due
    at the next opening; when `importing`, it is left out: an import plans from now on.
    """
    stage = playbook.stage(account.stage)
    if stage is None:
        return []
    return [
        _touchpoint_row(playbook, account, play, *planned, now)
        for play in stage.plays
        if (planned := _first_occurrence(playbook, play, account, now, importing))
    ]


def plan_stage(
    work: Work, account: Account, again: Collection[str] = (), around_renewal: bool = False
) -> list[Touchpoint]:
    """Plans what the account's stage asks for and is not planned yet; returns the open ones.

    `again` are keys of plays that are planned once more; with `around_renewal`, only plays that
    depend on the renewal date are planned.
    """
    latest: dict[str, int] = {}
    for known in touchpoints.list_of_stage_entry(work.tx, account.id, account.stage_entry):
        latest[known.play] = max(known.occurrence, latest.get(known.play, 0))
    rows = [
        {**row, "occurrence": row["occurrence"] + latest.get(row["play"], 0)}
        for row in planned_rows(work.playbook, account_facts(account), work.now)
        if row["play"] not in latest or row["play"] in again
        if not around_renewal or depends_on_renewal(work.playbook.play(account.stage, row["play"]))
    ]
    work.tx.add_all(Touchpoint, rows)
    return touchpoints.list_of_account(work.tx, account.id)


def is_due_later(playbook: Playbook, play: Play, account: Account, now: datetime) -> bool:
    """Whether a play would be due later than at once, had the account just been planned."""
    due_at = _due_at(playbook, play, account_facts(account), now)
    return due_at is not None and due_at > playbook.calendar(play.owner).next_open(now)


def due_in_version(
    playbook: Playbook, play: Play, account: AccountFacts, now: datetime
) -> datetime | None:
    """When a play that is planned already is due by another version; None if never."""
    if not play.due.recurs:
        return _due_at(playbook, play, account, now)
    following = next_occurrence(playbook, play, account, now)
    return following[1] if following else None


def plan_next_occurrence(work: Work, account: Account, ended: Touchpoint) -> Touchpoint | None:
    """Plans the next occurrence of a recurring play that has ended."""
    play = work.playbook.play(ended.stage, ended.play)
    if play is None or ended.stage_entry != account.stage_entry or account.archived_at:
        return None
    facts = account_facts(account)
    after = max(work.now, ended.due_at)  # done early, it does not come again at its old time
    upcoming = next_occurrence(work.playbook, play, facts, after)
    if upcoming is None or touchpoints.find_next_occurrence(work.tx, ended) is not None:
        return None
    # Another version of the playbook may have made the period longer: numbers only grow.
    occurrence = max(upcoming[0], ended.occurrence + 1)
    row = _touchpoint_row(work.playbook, facts, play, occurrence, upcoming[1], work.now)
    return work.tx.add(Touchpoint(**row))


def _due_at(
    playbook: Playbook, play: Play, account: AccountFacts, now: datetime
) -> datetime | None:
    """When a play is due for the first time; None while its renewal date is unknown."""
    calendar, renewal = playbook.calendar(play.owner), account.renews_on
    return first_due(
        play.due, entered_at=account.entered_at, renewal=renewal, calendar=calendar, now=now
    )


def next_occurrence(
    playbook: Playbook, play: Play, account: AccountFacts, now: datetime, after: int = 0
) -> tuple[int, datetime] | None:
    """(occurrence, due time) of a recurring play after `now` and the occurrence `after`."""
    calendar, entered_at = playbook.calendar(play.owner), account.entered_at
    return next_due(play.due, entered_at=entered_at, occurrence=after, calendar=calendar, now=now)


def _first_occurrence(
    playbook: Playbook, play: Play, account: AccountFacts, now: datetime, importing: bool
) -> tuple[int, datetime] | None:
    """(occurrence, due time) of what is planned for a play; None if nothing is."""
    if importing and play.due.recurs:
        return next_occurrence(playbook, play, account, now)
    due_at, calendar = _due_at(playbook, play, account, now), playbook.calendar(play.owner)
    if due_at is None:
        return None
    if not importing:  # nobody was asked before: it is not due at a time that has passed
        return 1, max(due_at, calendar.next_open(now))
    # A play whose own time lies before the entry is due at the next opening: overdue too.
    overdue = due_at <= now or due_at == calendar.next_open(max(account.entered_at, now))
    return None if overdue or play.due.kind == "on entry" else (1, due_at)


def _touchpoint_row(
    playbook: Playbook,
    account: AccountFacts,
    play: Play,
    occurrence: int,
    due_at: datetime,
    now: datetime,
) -> dict[str, Any]:
    return {
        "account_id": account.id,
        "stage": account.stage,
        "stage_entry": account.stage_entry,
        "play": play.key,
        "occurrence": occurrence,
        "owner": play.owner,
        "title": play.title,
        "state": "planned",
        "state_at": now,
        "due_at": due_at,
        "wake_at": due_at,
        "playbook": playbook.version or None,
        "version": 1,
    }
