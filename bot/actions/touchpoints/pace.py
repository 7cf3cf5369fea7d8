"""An account's pace in its stage, and telling those who should know when it changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from bot.actions.touchpoints.routing import acting_lead, acting_manager
from bot.actions.work import Work
from bot.messages.lifecycle import pace as messages
from bot.rules import pace
from bot.rules.pace import Level
from bot.rules.playbook.playbook import MANAGER, Playbook
from bot.rules.time.schedule import local_instant
from db import outbox
from db.core.tx import Tx
from db.lifecycle import pace as crossings
from db.models import Account
from db.touchpoints import message_marks
from db.workspace import departments

#: So many are told of at once; the others at the next look.
MAX_ACCOUNTS = 500


def pace_level(playbook: Playbook, account: Account | Any, now: datetime) -> Level:
    """Whether the account is on track, behind or stuck, by the managers' calendar; a row with its
    stage, `stage_entered_at` and `created_at` does too."""
    stage = playbook.stage(account.stage)
    if stage is None or stage.exit:
        return "on track"
    factor = playbook.pace.stuck_after
    return pace.pace_level(_counted_days(playbook, account, now), stage.expected_days, factor)


def days_in_stage(playbook: Playbook, account: Account | Any, now: datetime) -> int:
    """Calendar days since the account entered its stage, known to us or not."""
    calendar = playbook.calendar(MANAGER)
    entered, today = map(calendar.local_date, (account.stage_entered_at, now))
    return max(0, (today - entered).days)


def notify_pace_changes(work: Work) -> int:
    """Tells of every account that fell behind or got stuck and that nobody was told of; one
    message a reader. Returns how many accounts there were."""
    news: dict[tuple[str, bool], list[Account]] = {}
    levels: dict[int, Level] = {}
    slow: tuple[Level, ...] = ("stuck", "behind")
    for level in slow:
        for account in crossings.list_crossed(
            work.tx, level, crossing_times(work.playbook, level, work.now), MAX_ACCOUNTS
        ):
            if not crossings.mark_told(work.tx, account, level, work.now) or account.id in levels:
                continue  # another worker was quicker, or the account is stuck already
            levels[account.id] = level
            for place in _readers(work.tx, work.playbook, account, level):
                news.setdefault(place, []).append(account)
    for (reader, own), accounts in news.items():
        _post_changes(work, reader, own, accounts, levels)
    return len(levels)


def crossing_times(playbook: Playbook, level: Level, now: datetime) -> dict[str, datetime]:
    """Who came into a stage before that moment has crossed the line, by the local calendar."""
    calendar = playbook.calendar(MANAGER)
    found = {}
    for stage in playbook.stages:
        if stage.expected_days is not None and not stage.exit:
            days = stage.expected_days
            if level == "stuck":
                days = pace.stuck_after(days, playbook.pace.stuck_after)
            first = calendar.local_date(now) - timedelta(days=days)
            found[stage.key] = local_instant(first, time(0), calendar.zone)
    return found


def _readers(tx: Tx, playbook: Playbook, account: Account, level: Level) -> list[tuple[str, bool]]:
    """(channel or person, whether the account is their own), each once."""
    asked = playbook.pace.tell_stuck if level == "stuck" else playbook.pace.tell_behind
    key = playbook.owner_of(account.stage) or playbook.without_manager
    found: dict[str, bool] = {}
    for hearer in asked:
        if hearer == "manager":
            manager = acting_manager(tx, account)
            place = manager or departments.channel(tx, playbook, playbook.without_manager)
            own = manager is not None
        elif hearer == "lead":
            place, own = acting_lead(tx, playbook, key), False
        else:
            place, own = departments.channel(tx, playbook, key), False
        if place:
            found.setdefault(place, own)
    return list(found.items())


def _post_changes(
    work: Work, reader: str, own: bool, accounts: Sequence[Account], levels: Mapping[int, Level]
) -> None:
    marks = {
        a.id: message_marks.fingerprint(
            work.tx, "pace", reader, str(a.id), str(a.stage_entry), levels[a.id]
        )
        for a in accounts
    }
    fresh = [a for a in accounts if message_marks.pop(work.tx, marks[a.id]) is None]
    if not fresh:
        return  # it was told before the database was restored from an older copy
    fresh.sort(key=lambda a: (levels[a.id] != "stuck", a.name_key))
    rows = [
        _crossing_view(work.playbook, a, levels[a.id], work.now) for a in fresh[: messages.MAX_ROWS]
    ]
    first = fresh[0]
    outbox.enqueue_post(
        work.tx,
        dedupe_key=f"pace:{reader}:{own}:{first.id}:{first.stage_entry}:{levels[first.id]}",
        kind="pace",
        channel=reader,
        payload=messages.pace_message(rows, len(fresh), own=own).payload(),
        now=work.now,
        marks=[marks[a.id] for a in fresh],
    )


def _crossing_view(
    playbook: Playbook, account: Account, level: Level, now: datetime
) -> messages.PaceChange:
    stage = playbook.stage(account.stage)
    assert stage is not None
    assert stage.expected_days is not None
    return messages.PaceChange(
        account=account.name,
        level=level,
        stage=stage.name,
        days=_counted_days(playbook, account, now),
        expected=stage.expected_days,
        decision=stage.decision,
        manager=account.manager_id,
    )


def _counted_days(playbook: Playbook, account: Account | Any, now: datetime) -> int:
    calendar = playbook.calendar(MANAGER)
    entered, known, today = map(
        calendar.local_date, (account.stage_entered_at, account.created_at, now)
    )
    return pace.counted_days(entered, known, today)
