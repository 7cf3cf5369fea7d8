"""An account's pace in its stage, and messages to those who should know when it changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from bot.actions.outgoing import post
from bot.actions.touchpoints.routing import acting_lead, acting_manager
from bot.actions.work import Work
from bot.messages.lifecycle import pace as messages
from bot.rules import pace
from bot.rules.pace import Level
from bot.rules.playbook.playbook import MANAGER, Playbook
from bot.rules.time.schedule import local_instant
from db.core.tx import Tx
from db.lifecycle import pace as crossings
from db.models import Account
from db.touchpoints import message_marks
from db.workspace import departments

#: Accounts that are reported at once; the others come with the next check.
MAX_ACCOUNTS = 500


def pace_level(playbook: Playbook, account: Account | Any, now: datetime) -> Level:
    """Whether an account, or a row with its `stage`, `stage_entered_at` and `created_at`, is on
    track, behind or stuck by the managers' calendar."""
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
    """Reports the accounts that fell behind or got stuck since the last check, in one message for
    each reader; returns how many accounts there were."""
    news: dict[tuple[str, bool], list[Account]] = {}
    levels: dict[int, Level] = {}
    slow: tuple[Level, ...] = ("stuck", "behind")
    for level in slow:
        times = crossing_times(work.playbook, level, work.now)
        for account in crossings.list_crossed(work.tx, level, times, MAX_ACCOUNTS):
            if not crossings.mark_told(work.tx, account, level, work.now) or account.id in levels:
                continue  # another worker was quicker, or the account is stuck already
            levels[account.id] = level
            for place in _readers(work.tx, work.playbook, account, level):
                news.setdefault(place, []).append(account)
    for (reader, own), accounts in news.items():
        _post_changes(work, reader, own, accounts, levels)
    return len(levels)


def crossing_times(playbook: Playbook, level: Level, now: datetime) -> dict[str, datetime]:
    """By stage, the time before which an account has to have entered it to be at that level."""
    calendar, times = playbook.calendar(MANAGER), {}
    for stage in playbook.stages:
        if stage.expected_days is not None and not stage.exit:
            days = stage.expected_days
            if level == "stuck":
                days = pace.stuck_after(days, playbook.pace.stuck_after)
            first = calendar.local_date(now) - timedelta(days=days)
            times[stage.key] = local_instant(first, time(0), calendar.zone)
    return times


def _readers(tx: Tx, playbook: Playbook, account: Account, level: Level) -> list[tuple[str, bool]]:
    """(channel or person, whether the account is their own), each once."""
    roles = playbook.pace.tell_stuck if level == "stuck" else playbook.pace.tell_behind
    key = playbook.owner_of(account.stage) or playbook.without_manager
    readers: dict[str, bool] = {}
    for role in roles:
        manager = acting_manager(tx, account) if role == "manager" else None
        if role == "manager":
            reader = manager or departments.channel(tx, playbook, playbook.without_manager)
        elif role == "lead":
            reader = acting_lead(tx, playbook, key)
        else:
            reader = departments.channel(tx, playbook, key)
        if reader:
            readers.setdefault(reader, manager is not None)
    return list(readers.items())


def _post_changes(
    work: Work, reader: str, own: bool, accounts: Sequence[Account], levels: Mapping[int, Level]
) -> None:
    marks, fresh = [], []
    for account in sorted(accounts, key=lambda a: (levels[a.id] != "stuck", a.name_key)):
        words = reader, str(account.id), str(account.stage_entry), levels[account.id]
        mark = message_marks.fingerprint(work.tx, "pace", *words)
        if message_marks.pop(work.tx, mark) is None:  # not posted before a restore
            marks.append(mark)
            fresh.append(account)
    if not fresh:
        return
    rows = [_change_view(work, a, levels[a.id]) for a in fresh[: messages.MAX_ROWS]]
    message = messages.pace_message(rows, len(fresh), own=own)
    first = fresh[0]
    key = f"pace:{reader}:{own}:{first.id}:{first.stage_entry}:{levels[first.id]}"
    post(work, reader, message, kind="pace", key=key, marks=marks)


def _change_view(work: Work, account: Account, level: Level) -> messages.PaceChange:
    stage = work.playbook.stage(account.stage)
    assert stage is not None
    assert stage.expected_days is not None
    return messages.PaceChange(
        account=account.name,
        level=level,
        stage=stage.name,
        days=_counted_days(work.playbook, account, work.now),
        expected=stage.expected_days,
        decision=stage.decision,
        manager=account.manager_id,
    )


def _counted_days(playbook: Playbook, account: Account | Any, now: datetime) -> int:
    times = account.stage_entered_at, account.created_at, now
    return pace.counted_days(*map(playbook.calendar(MANAGER).local_date, times))
