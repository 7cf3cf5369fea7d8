"""Posts touchpoints that are due, alone or with others, in working hours; or cancels them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.actions.admins import notify_admins
from bot.actions.outgoing import post
from bot.actions.touchpoints import cooldown, limits, rendering, routing
from bot.actions.touchpoints.plays import find_play, is_present
from bot.actions.touchpoints.routing import Destination
from bot.actions.work import Work
from bot.messages.kit.text import mention
from bot.messages.touchpoints.nudge import Nudge
from bot.rules.playbook.playbook import MANAGER
from bot.rules.time.due import add_duration
from db import outbox
from db.accounts import accounts
from db.core.tx import Tx
from db.models import RENEWAL, Account, Outbox, Touchpoint
from db.touchpoints import message_marks, touchpoints

# More than this many at once for one channel come as one message.
MAX_SEPARATE_NUDGES = 5
MAX_SEPARATE_RENEWALS = 2
# A touchpoint that has no channel to go to, or cannot be posted, is checked again after this.
RECHECK_AFTER = timedelta(hours=1)
# A nudge that could not be delivered for so long is no longer worth posting as it is.
NUDGE_LIFETIME = timedelta(days=14)
# Why a touchpoint was cancelled that is not in the playbook any more.
REMOVED_FROM_PLAYBOOK = "the playbook no longer asks for it"
OTHER_TIER = "it is not for accounts of this tier"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _DueTouchpoint:
    """A touchpoint to be posted, as its message shows it."""

    touchpoint: Touchpoint
    account: Account
    view: Nudge


def post_nudge(work: Work, touchpoint: Touchpoint) -> None:
    """Posts a due touchpoint, together with the others due at its place.

    More than a few come as one message, and so do those that are more than the place may get
    today. Outside the owner's working hours it waits for the next opening; one that no longer
    applies is cancelled; one without a channel waits, and the admins are told; one that would ask
    too much of somebody is held.
    """
    account = accounts.by_id(work.tx, touchpoint.account_id)
    assert account is not None
    if _cancel_if_outdated(work, touchpoint, account):
        return
    play = find_play(work.playbook, touchpoint)
    if play is not None and play.owner != touchpoint.owner:  # the playbook has changed since
        touchpoints.save(work.tx, touchpoint, owner=play.owner)
    calendar = routing.touchpoint_calendar(work.tx, work.playbook, touchpoint, account)
    if not calendar.is_open(work.now):
        touchpoints.save(work.tx, touchpoint, wake_at=calendar.next_open(work.now))
        return
    place = routing.find_destination(work.tx, work.playbook, touchpoint, account)
    if place is None:
        _wait_for_channel(work, touchpoint)
        return
    if _adopt_posted(work, touchpoint, account, place):
        return
    due = _list_due(work, place)
    admitted = limits.apply_limits(work, [(each.touchpoint, each.account) for each in due], place)
    is_renewal = touchpoint.kind == RENEWAL  # these stand in messages of their own
    alike = [each for each in due if (each.touchpoint.kind == RENEWAL) == is_renewal]
    due = [each for each in alike if each.touchpoint.id in admitted]
    left = limits.remaining_today(work, touchpoint, account, place)
    few = MAX_SEPARATE_RENEWALS if is_renewal else max(1, min(MAX_SEPARATE_NUDGES, left))
    if len(due) <= few:
        due = [each for each in due if each.touchpoint.id == touchpoint.id]
    if due:
        _post(work, due, place)


def cancel(work: Work, touchpoint: Touchpoint, reason: str) -> None:
    """Cancels a touchpoint that is no longer needed, and says so on its messages."""
    asked_at = touchpoint.asked_at
    touchpoints.save(work.tx, touchpoint, **_cancelled_values(reason, work.now))
    account = accounts.by_id(work.tx, touchpoint.account_id)
    if account is not None:
        rendering.update_messages(work, touchpoint, account, asked_at=asked_at)


def cancel_many(work: Work, locked: Sequence[Touchpoint], reason: str) -> None:
    """Cancels locked touchpoints of one account; those without a message in one statement."""
    posted = [t for t in locked if t.nudge_id or t.escalated_at or t.asked_at]
    others = [t for t in locked if t not in posted]
    touchpoints.end_together(work.tx, others, **_cancelled_values(reason, work.now))
    for touchpoint in posted:
        cancel(work, touchpoint, reason)


def _cancelled_values(reason: str, now: datetime) -> dict[str, object]:
    return {
        "state": "cancelled",
        "state_at": now,
        "state_before": None,
        "wake_at": None,
        "asked_at": None,
        "snoozed_until": None,
        "note": reason,
        "source": "clock",
    }


def is_misplaced(work: Work, touchpoint: Touchpoint, account: Account) -> bool:
    """Whether a touchpoint was posted in another place than where it belongs now."""
    nudge = work.tx.get(Outbox, touchpoint.nudge_id)
    if nudge is None:
        return False
    place = routing.find_destination(work.tx, work.playbook, touchpoint, account)
    return place is not None and place.channel != nudge.lane


def repost_elsewhere(work: Work, touchpoint: Touchpoint, account: Account) -> None:
    """Has an open touchpoint posted anew where it belongs now, and closes its old message."""
    old = touchpoint.nudge_id
    view = rendering.load_nudge_view(work.tx, work.playbook, touchpoint, account)
    _reset_to_planned(work.tx, touchpoint, work.now)
    to = routing.find_addressee(work.tx, touchpoint, account)
    key = routing.fallback_department(work.playbook, touchpoint.owner)
    whose = mention(to) if to is not None else work.playbook.departments[key].name
    rendering.refresh_nudge(work, old, [view], f"Now with {whose}")


def repost_unseen(work: Work, touchpoint: Touchpoint) -> None:
    """Posts a touchpoint once more whose message nobody ever saw."""
    _reset_to_planned(work.tx, touchpoint, work.now)
    post_nudge(work, touchpoint)


def _reset_to_planned(tx: Tx, touchpoint: Touchpoint, now: datetime) -> None:
    touchpoints.save(
        tx,
        touchpoint,
        state="planned",
        state_at=now,
        state_before=None,
        wake_at=now,
        shown_at=None,
        nudge_id=None,
        snoozed_until=None,
    )


def _cancel_if_outdated(work: Work, touchpoint: Touchpoint, account: Account) -> bool:
    """Cancels a touchpoint that no longer applies; returns whether it did."""
    reason = None
    if account.archived_at is not None:
        reason = "the account is archived"
    elif not is_present(work.playbook, touchpoint, account):
        reason = "the account has moved on"
    elif (play := find_play(work.playbook, touchpoint)) is None:
        reason = REMOVED_FROM_PLAYBOOK
    elif not play.is_for(account.tier):
        reason = OTHER_TIER
    elif touchpoint.nudged_at is None:
        reason = cooldown.declined_reason(work, touchpoint, account)
    if reason is not None:
        cancel(work, touchpoint, reason)
    return reason is not None


def _wait_for_channel(work: Work, touchpoint: Touchpoint) -> None:
    touchpoints.save(work.tx, touchpoint, wake_at=work.now + RECHECK_AFTER, **limits.NOT_POSTPONED)
    key = routing.fallback_department(work.playbook, touchpoint.owner)
    department = work.playbook.departments[key]
    notify_admins(
        work.tx,
        f"I have nudges for {department.name}, but I see no channel called {department.channel}. "
        "Create it or invite me there (`/invite @Linchpin`), or name another one: "
        f"`/linchpin settings {key} channel #name`. The nudges wait, and nothing else does.",
        dedupe_key=f"no-channel:{key}:{work.now:%G-%V}",
        now=work.now,
    )


def _list_due(work: Work, place: Destination) -> list[_DueTouchpoint]:
    """Everything that may be posted at a place now, oldest first. What fails is put off."""
    due, owners, people = [], place.departments, None
    if place.person is not None:
        owners = (MANAGER,)
        people = [place.person, *routing.delegators_of(work.tx, place.person)]
    elif work.playbook.without_manager in owners:
        owners = (*owners, MANAGER)
    for touchpoint, account in touchpoints.lock_due(work.tx, work.now, owners, people):
        try:
            where = routing.find_destination(work.tx, work.playbook, touchpoint, account)
            if where is None or where.channel != place.channel:
                continue
            if _cancel_if_outdated(work, touchpoint, account):
                continue
            if not _adopt_posted(work, touchpoint, account, place):
                due += _build_due(work, touchpoint, account)
        except Exception:  # one broken row must not silence a whole channel
            log.exception("touchpoint %s cannot be said", touchpoint.id)
            touchpoints.postpone_check(work.tx, touchpoint.id, work.now + RECHECK_AFTER)
    return due


def _build_due(work: Work, touchpoint: Touchpoint, account: Account) -> list[_DueTouchpoint]:
    """The touchpoint as its message will show it; empty outside its owner's working hours."""
    calendar = routing.touchpoint_calendar(work.tx, work.playbook, touchpoint, account)
    if not calendar.is_open(work.now):
        return []
    play = find_play(work.playbook, touchpoint)
    assert play is not None
    view = replace(
        rendering.nudge_view(work.tx, work.playbook, touchpoint, account, calendar),
        deadline=add_duration(play.remind_after, since=work.now, calendar=calendar),
        state="nudged",
        state_at=work.now,
        by=None,
        snoozed_until=None,
    )
    return [_DueTouchpoint(touchpoint, account, view)]


def _adopt_posted(work: Work, touchpoint: Touchpoint, account: Account, place: Destination) -> bool:
    """Whether it was posted before the database was restored from an older copy: then the message
    in Slack becomes its nudge, and is updated."""
    due = _build_due(work, touchpoint, account)
    mark = message_marks.touchpoint_mark(work.tx, "nudge", touchpoint, account)
    posted = message_marks.pop(work.tx, mark) if due else None
    if posted is None:
        return False
    message = {"channel": posted.channel, "ts": posted.ts}
    lane = place.channel if posted.channel.startswith("D") else posted.channel
    nudge_id = outbox.adopt_post(work.tx, kind="nudge", lane=lane, now=work.now, **message)
    _mark_nudged(work.tx, due[:1], nudge_id, work.now)
    rendering.refresh_nudge(work, nudge_id)
    return True


def _post(work: Work, due: Sequence[_DueTouchpoint], place: Destination) -> None:
    first = due[0].touchpoint
    marks = [
        message_marks.touchpoint_mark(work.tx, "nudge", each.touchpoint, each.account)
        for each in due
    ]
    nudge_id = post(
        work,
        place.channel,
        rendering.render_nudge([each.view for each in due], place.whose, place.command),
        kind="nudge",
        # Of the version before: another worker that posts the same at the same time has this key.
        key=f"nudge:{first.id}:{first.version}",
        marks=marks,
        expires_at=work.now + NUDGE_LIFETIME,
    )
    earlier = {each.touchpoint.nudge_id: each.view for each in due}
    _mark_nudged(work.tx, due, nudge_id, work.now)
    for old, view in earlier.items():
        rendering.refresh_nudge(work, old, [view], "Asked again in a newer message")


def _mark_nudged(tx: Tx, due: Sequence[_DueTouchpoint], nudge_id: int, now: datetime) -> None:
    groups: dict[tuple[datetime, datetime], list[Touchpoint]] = {}
    for each in due:
        moments = each.view.deadline, each.touchpoint.shown_at or now
        groups.setdefault(moments, []).append(each.touchpoint)
    values = {
        "state_before": None,
        "state_at": now,
        "nudged_at": now,
        "nudge_id": nudge_id,
        "by_user": None,
        "source": "clock",
        "snoozed_until": None,
        "reminded_at": None,
        "escalated_at": None,
        "asked_at": None,
        **limits.NOT_POSTPONED,
    }
    for (deadline, shown_at), some in groups.items():
        touchpoints.mark_nudged(tx, some, wake_at=deadline, shown_at=shown_at, **values)
