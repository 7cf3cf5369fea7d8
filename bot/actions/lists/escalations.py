"""Tells whoever decides of what nobody has taken: at once, in their next morning, or in the digest.

A play whose `escalate_after` is under two days has a message of its own. Any other that escalates
at once is a line in the recipient's next morning; what escalates weekly is counted in the lead's
digest, which reads `escalated_at`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

from bot.actions.admins import notify_admins
from bot.actions.outgoing import post, tell
from bot.actions.touchpoints import nudging, routing
from bot.actions.touchpoints.labels import assignee_label
from bot.actions.touchpoints.nudge_views import nudge_view
from bot.actions.touchpoints.plays import find_play
from bot.actions.touchpoints.rendering import Pair
from bot.actions.work import Work
from bot.messages.kit.blocks import text_message
from bot.messages.kit.text import join_lines, plain
from db.core.tx import Tx
from db.models import Account, Touchpoint
from db.touchpoints import message_marks, touchpoints

#: A play that waits for less than so many days is told of at once.
_URGENT_DAYS = 2


def escalate(work: Work, shown: Sequence[Pair]) -> None:
    """Escalates those of these unclaimed touchpoints whose time has come."""
    urgent: dict[str, list[Pair]] = defaultdict(list)
    for touchpoint, account in shown:
        at = nudging.escalates_at(work, touchpoint, account)
        if touchpoint.state != "nudged" or at is None or at > work.now:
            continue
        touchpoints.save(work.tx, touchpoint, escalated_at=work.now)
        play = find_play(work.playbook, touchpoint)
        if play is None or play.escalation != "at once":
            continue
        to = _recipient(work, touchpoint, account)
        if to is None:
            continue
        if play.escalate_after.rough_days < _URGENT_DAYS:
            urgent[to].append((touchpoint, account))
        else:
            key = f"escalation:{touchpoint.id}:{work.now.isoformat()}"
            tell(work, to, key, _line(work, touchpoint, account), account_id=account.id)
    for to, pairs in urgent.items():
        fresh, marks = _drop_already_sent(work.tx, pairs)
        if fresh:
            message = text_message(join_lines(*(_line(work, *each) for each in fresh)))
            key = f"escalation:{fresh[0][0].id}:{work.now.isoformat()}"
            post(work, to, message, kind="escalation", key=key, marks=marks)


def _line(work: Work, touchpoint: Touchpoint, account: Account) -> str:
    nudge = nudge_view(work, touchpoint, account)
    owner = assignee_label(work.playbook, touchpoint, account)
    return f"{nudge.what} · {nudge.due} · unclaimed, with {owner}"


def _recipient(work: Work, touchpoint: Touchpoint, account: Account) -> str | None:
    """Who hears of it; without a lead, the admins hear that nobody does."""
    lead = routing.acting_lead(work.tx, work.playbook, touchpoint.owner)
    to = routing.escalation_recipient(work.tx, lead, touchpoint, account)
    if to is None and lead is None:
        _report_missing_lead(work, touchpoint, account)
    return to


def _drop_already_sent(tx: Tx, pairs: Sequence[Pair]) -> tuple[list[Pair], list[str]]:
    """Those that were not told before the database was restored, and their marks."""
    marks = {message_marks.touchpoint_mark(tx, "escalation", *each): each for each in pairs}
    fresh = {mark: each for mark, each in marks.items() if message_marks.pop(tx, mark) is None}
    return list(fresh.values()), list(fresh)


def _report_missing_lead(work: Work, touchpoint: Touchpoint, account: Account) -> None:
    """Tells the admins, once a week for each department, that nobody hears of the unanswered."""
    key = routing.fallback_department(work.playbook, touchpoint.owner)
    weeks = (work.now - touchpoint.due_at) // timedelta(weeks=1) + 1
    this_week, *earlier = (
        f"no-lead:{key}:{work.now - timedelta(weeks=count):%G-%V}" for count in range(weeks + 1)
    )
    notify_admins(
        work.tx,
        f"{plain(account.name)} · {plain(touchpoint.title)}: nobody has taken it, and "
        f"{work.playbook.departments[key].name} has no lead to tell. Name one: "
        f"`/linchpin settings {key} lead @name`.",
        dedupe_key=this_week,
        now=work.now,
        or_as=earlier,  # after a restore this may run again in another week
    )
