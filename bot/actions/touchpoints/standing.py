"""How touchpoints stand: the counts of many, and one of them in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.actions.touchpoints.labels import assignee_label, held_line, owner_name
from bot.actions.work import Work
from bot.messages.facts.standing import Standing
from bot.messages.kit.text import mention
from bot.messages.lifecycle.stage import UpcomingTouchpoint
from bot.rules.facts.standing import Counts, days_overdue, overdue_days
from bot.rules.playbook.playbook import Playbook
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


def upcoming_views(
    work: Work, account: Account, planned: Sequence[Touchpoint], reader: str | None = None
) -> list[UpcomingTouchpoint]:
    """What is planned, as messages show it: what, when, by whom; the `reader` is "you"."""
    return [
        UpcomingTouchpoint(
            t.title,
            owner_name(work, account, t.owner, t.person_id, reader),
            standing_of(work.playbook, t, account, work.now),
        )
        for t in planned
    ]


def standing_of(
    playbook: Playbook, touchpoint: Touchpoint, account: Account, now: datetime
) -> Standing:
    """One touchpoint's."""
    t = touchpoint
    return Standing(
        state=t.state,
        due_at=t.due_at,
        shown_at=t.shown_at,
        overdue=overdue_days(playbook, t, now),
        has=mention(t.by_user) if t.by_user else "somebody",
        snoozed_until=t.snoozed_until,
        held=held_line(playbook, t, account.name, assignee_label(playbook, t, account), now),
        zone=playbook.calendar(t.owner).zone,
    )
