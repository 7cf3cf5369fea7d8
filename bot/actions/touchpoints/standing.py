"""How touchpoints stand: the counts of many, and one of them in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.actions.touchpoints.labels import held_line, owner_name
from bot.actions.work import Work
from bot.messages.kit.text import mention, on, plain
from bot.rules.facts.standing import Counts, days_overdue, overdue_days
from bot.rules.playbook.playbook import Playbook
from bot.rules.text.words import plural
from db.models import Account, Touchpoint
from db.touchpoints import standing


def count(work: Work, *where: standing.Condition) -> Counts:
    """How many of those that meet the conditions stand in which way."""
    return add_up(work, count_by_owner(work, *where))


def count_by_owner(work: Work, *where: standing.Condition) -> list[Any]:
    stand_in = work.playbook.without_manager
    return standing.count_by_owner(work.tx, work.now, stand_in, *where)


def add_up(work: Work, rows: Sequence[Any]) -> Counts:
    """The counts of several owners together."""
    sums = {kind: sum(getattr(row, kind) for row in rows) for kind in standing.KINDS}
    late = (days_overdue(work.playbook, r.owner, r.oldest, work.now) for r in rows if r.oldest)
    return Counts(**sums, oldest=max(late, default=0))


def upcoming_lines(
    work: Work, account: Account, planned: Sequence[Touchpoint], reader: str | None = None
) -> list[str]:
    """ "Ask for their decision · Thu 17 Dec · Sales" of each; the `reader` is "you"."""
    lines = []
    for t in planned:
        at = standing_text(work.playbook, t, account, work.now).removeprefix("due ")
        owner = owner_name(work, account, t.owner, t.person_id, reader)
        lines.append(f"{plain(t.title)} · {at} · {owner}")
    return lines


def standing_text(
    playbook: Playbook, touchpoint: Touchpoint, account: Account, now: datetime
) -> str:
    """How a touchpoint stands: due, open since, claimed by whom, or put off until when and why."""
    t, zone = touchpoint, playbook.calendar(touchpoint.owner).zone
    due, late = f"due {on(t.due_at, zone)}", overdue_days(playbook, t, now)
    since = f"open since {on(t.shown_at, zone)}" if t.shown_at else due
    since += f", {plural(late, 'day')} overdue" if late else ""
    if t.state == "claimed":
        return f"👀 Claimed by {mention(t.by_user) if t.by_user else 'somebody'}, {since}"
    if t.state == "nudged":
        return since
    if t.snoozed_until is not None:
        return f"snoozed until {on(t.snoozed_until, zone)}"
    return held_line(playbook, t, account, now) or due
