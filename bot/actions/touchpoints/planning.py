"""Plans a stage's plays for an account: the rows, and putting them into the database."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

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
    return AccountFacts(
        id=account.id,
        stage=account.stage,
        stage_entry=account.stage_entry,
        entered_at=account.stage_entered_at,
        renews_on=account.renews_on,
    )


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
    planned = _due_times_for_import if importing else _due_times_from_now
    return [
        _touchpoint_row(playbook, account, play, occurrence, due_at, now)
        for play in stage.plays
        for occurrence, due_at in planned(playbook, play, account, now)
    ]


def plan_stage(
    work: Work, account: Account, again: Collection[str] = (), around_renewal: bool = False
) -> list[Touchpoint]:
    """Plans what the account's stage asks for and is not planned yet; returns the open ones.

    `again` are keys of plays that are planned once more although they have been; `around_renewal`
    leaves all others alone that do not hang on the renewal date.
    """
    latest: dict[str, int] = {}
    for known in touchpoints.list_of_stage_entry(work.tx, account.id, account.stage_entry):
        latest[known.play] = max(known.occurrence, latest.get(known.play, 0))
    rows = [
        {**row, "occurrence": row["occurrence"] + latest.get(row["play"], 0)}
        for row in planned_rows(work.playbook, account_facts(account), work.now)
        if row["play"] not in latest or row["play"] in again
        if not around_renewal or _depends_on_renewal(work.playbook, account.stage, row["play"])
    ]
    work.tx.add_all(Touchpoint, rows)
    return touchpoints.list_of_account(work.tx, account.id)


def _depends_on_renewal(playbook: Playbook, stage: str, key: str) -> bool:
    play = playbook.play(stage, key)
    return play is not None and play.due.needs_renewal


def is_due_later(playbook: Playbook, play: Play, account: Account, now: datetime) -> bool:
    """Whether a play would be due later than at once, had the account just been planned."""
    at_once = playbook.calendar(play.owner).next_open(now)
    return any(
        due_at > at_once for _, due_at in _due_times(playbook, play, account_facts(account), now)
    )


def due_in_version(
    playbook: Playbook, play: Play, account: AccountFacts, now: datetime
) -> datetime | None:
    """When a play that is planned already is due by another version's words; None if never."""
    calendar = playbook.calendar(play.owner)
    if not play.due.recurs:
        return next((due_at for _, due_at in _due_times(playbook, play, account, now)), None)
    following = next_due(
        play.due, entered_at=account.entered_at, occurrence=0, calendar=calendar, now=now
    )
    return following[1] if following else None


def plan_next_occurrence(work: Work, account: Account, ended: Touchpoint) -> Touchpoint | None:
    """Plans the next occurrence of a recurring play that has ended."""
    play = work.playbook.play(ended.stage, ended.play)
    if play is None or ended.stage_entry != account.stage_entry or account.archived_at:
        return None
    upcoming = next_due(
        play.due,
        entered_at=account.stage_entered_at,
        occurrence=0,
        calendar=work.playbook.calendar(play.owner),
        now=max(work.now, ended.due_at),  # done early, it does not come again at its old time
    )
    if upcoming is None or touchpoints.find_next_occurrence(work.tx, ended) is not None:
        return None
    # Another version of the playbook may have made the period longer: numbers only grow.
    occurrence = max(upcoming[0], ended.occurrence + 1)
    row = _touchpoint_row(
        work.playbook, account_facts(account), play, occurrence, upcoming[1], work.now
    )
    return work.tx.add(Touchpoint(**row))


def _due_times(
    playbook: Playbook, play: Play, account: AccountFacts, now: datetime
) -> Iterator[tuple[int, datetime]]:
    due_at = first_due(
        play.due,
        entered_at=account.entered_at,
        renewal=account.renews_on,
        calendar=playbook.calendar(play.owner),
        now=now,
    )
    if due_at is not None:
        yield 1, due_at


def _due_times_from_now(
    playbook: Playbook, play: Play, account: AccountFacts, now: datetime
) -> Iterator[tuple[int, datetime]]:
    """Nobody was asked for it before: it does not wait since a time that has gone by."""
    for occurrence, due_at in _due_times(playbook, play, account, now):
        yield occurrence, max(due_at, playbook.calendar(play.owner).next_open(now))


def _due_times_for_import(
    playbook: Playbook, play: Play, account: AccountFacts, now: datetime
) -> Iterator[tuple[int, datetime]]:
    calendar = playbook.calendar(play.owner)
    if play.due.recurs:
        upcoming = next_due(
            play.due, entered_at=account.entered_at, occurrence=0, calendar=calendar, now=now
        )
        if upcoming is not None:
            yield upcoming
        return
    for occurrence, due_at in _due_times(playbook, play, account, now):
        # A play whose own time lies before the entry comes back as the next opening: overdue too.
        overdue = due_at <= now or due_at == calendar.next_open(max(account.entered_at, now))
        if play.due.kind != "on entry" and not overdue:
            yield occurrence, due_at


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
