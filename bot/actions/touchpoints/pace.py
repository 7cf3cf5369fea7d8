"""An account's pace in its stage, and telling those who should know when it changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from bot.actions.touchpoints.routing import lead_of, manager_of
from bot.actions.work import Work
from bot.messages.lifecycle import pace as messages
from bot.rules import pace
from bot.rules.pace import Level
from bot.rules.playbook.playbook import MANAGER, Playbook
from bot.rules.time.schedule import instant
from db import outbox
from db.core.tx import Tx
from db.lifecycle import pace as crossings
from db.models import Account
from db.touchpoints import message_marks
from db.workspace import departments

#: So many are told of at once; the others at the next look.
MOST = 500


def level_of(playbook: Playbook, account: Account | Any, now: datetime) -> Level:
    """Whether the account is on track, behind or stuck, by the managers' calendar; a row with its
    stage, `stage_entered_at` and `created_at` does too."""
    stage = playbook.stage(account.stage)
    if stage is None or stage.exit:
        return "on track"
    factor = playbook.pace.stuck_after
    return pace.level(_days(playbook, account, now), stage.expected_days, factor)


def days_in_stage(playbook: Playbook, account: Account | Any, now: datetime) -> int:
    """Calendar days since the account entered its stage, known to us or not."""
    calendar = playbook.calendar(MANAGER)
    entered, today = map(calendar.local_date, (account.stage_entered_at, now))
    return max(0, (today - entered).days)


def tell(work: Work) -> int:
    """Tells of every account that fell behind or got stuck and that nobody was told of; one
    message a reader. Returns how many accounts there were."""
    news: dict[tuple[str, bool], list[Account]] = {}
    levels: dict[int, Level] = {}
    slow: tuple[Level, ...] = ("stuck", "behind")
    for level in slow:
        for account in crossings.crossed(
            work.tx, level, before(work.playbook, level, work.now), MOST
        ):
            if not crossings.told(work.tx, account, level, work.now) or account.id in levels:
                continue  # another worker was quicker, or the account is stuck already
            levels[account.id] = level
            for place in _readers(work.tx, work.playbook, account, level):
                news.setdefault(place, []).append(account)
    for (reader, own), accounts in news.items():
        _say(work, reader, own, accounts, levels)
    return len(levels)


def before(playbook: Playbook, level: Level, now: datetime) -> dict[str, datetime]:
    """Who came into a stage before that moment has crossed the line, by the local calendar."""
    calendar = playbook.calendar(MANAGER)
    found = {}
    for stage in playbook.stages:
        if stage.expected_days is not None and not stage.exit:
            days = stage.expected_days
            if level == "stuck":
                days = pace.stuck_after(days, playbook.pace.stuck_after)
            first = calendar.local_date(now) - timedelta(days=days)
            found[stage.key] = instant(first, time(0), calendar.zone)
    return found


def _readers(tx: Tx, playbook: Playbook, account: Account, level: Level) -> list[tuple[str, bool]]:
    """(channel or person, whether the account is their own), each once."""
    asked = playbook.pace.tell_stuck if level == "stuck" else playbook.pace.tell_behind
    key = playbook.owner_of(account.stage) or playbook.without_manager
    found: dict[str, bool] = {}
    for hearer in asked:
        if hearer == "manager":
            manager = manager_of(tx, account)
            place = manager or departments.channel(tx, playbook, playbook.without_manager)
            own = manager is not None
        elif hearer == "lead":
            place, own = lead_of(tx, playbook, key), False
        else:
            place, own = departments.channel(tx, playbook, key), False
        if place:
            found.setdefault(place, own)
    return list(found.items())


def _say(
    work: Work, reader: str, own: bool, accounts: Sequence[Account], levels: Mapping[int, Level]
) -> None:
    marks = {
        a.id: message_marks.mark(
            work.tx, "pace", reader, str(a.id), str(a.stage_entry), levels[a.id]
        )
        for a in accounts
    }
    fresh = [a for a in accounts if message_marks.take(work.tx, marks[a.id]) is None]
    if not fresh:
        return  # it was told before the database was restored from an older copy
    fresh.sort(key=lambda a: (levels[a.id] != "stuck", a.name_key))
    rows = [_crossed(work.playbook, a, levels[a.id], work.now) for a in fresh[: messages.MOST]]
    first = fresh[0]
    outbox.enqueue_post(
        work.tx,
        dedupe_key=f"pace:{reader}:{own}:{first.id}:{first.stage_entry}:{levels[first.id]}",
        kind="pace",
        channel=reader,
        payload=messages.told(rows, len(fresh), own=own).payload(),
        now=work.now,
        marks=[marks[a.id] for a in fresh],
    )


def _crossed(playbook: Playbook, account: Account, level: Level, now: datetime) -> messages.Crossed:
    stage = playbook.stage(account.stage)
    assert stage is not None
    assert stage.expected_days is not None
    return messages.Crossed(
        account=account.name,
        level=level,
        stage=stage.name,
        days=_days(playbook, account, now),
        expected=stage.expected_days,
        decision=stage.decision,
        manager=account.manager_id,
    )


def _days(playbook: Playbook, account: Account | Any, now: datetime) -> int:
    calendar = playbook.calendar(MANAGER)
    entered, known, today = map(
        calendar.local_date, (account.stage_entered_at, account.created_at, now)
    )
    return pace.known_days(entered, known, today)
