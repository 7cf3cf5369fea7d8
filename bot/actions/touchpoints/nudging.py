"""Says a touchpoint that is due: alone or with others, in working hours; or takes it back."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.actions.admins import tell_admins
from bot.actions.touchpoints import cooldown, limits, neglect
from bot.actions.touchpoints.plays import play_of
from bot.actions.touchpoints.rendering import refresh, render, retell, view, view_of
from bot.actions.touchpoints.routing import (
    MANAGER,
    Destination,
    addressee,
    calendar_of,
    destination,
    is_personal,
    stand_in,
    stands_for,
)
from bot.actions.work import Work
from bot.messages.kit.parts import person
from bot.messages.touchpoints.nudge import Nudge
from bot.rules.playbook.playbook import Playbook
from bot.rules.time.due import later
from db import outbox
from db.accounts import accounts
from db.core.tx import Tx
from db.models import Account, Touchpoint
from db.touchpoints import message_marks, touchpoints

# More than this many at once for one channel come as one message: issue 2, «Nudges».
MOST_ALONE = 5
# A row that has no channel to go to, or cannot be said, is looked at again after this.
LOOK_AGAIN = timedelta(hours=1)
# A nudge that could not be delivered for so long is no longer worth posting as it is.
NUDGE_LIFE = timedelta(days=14)
# Why a touchpoint was taken back, where another version of the playbook does without it.
NO_LONGER_ASKED = "the playbook no longer asks for it"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Due:
    """A touchpoint about to be said, as its message shows it; the deadline is its reminder's."""

    touchpoint: Touchpoint
    account: Account
    shown: Nudge


def nudge(work: Work, touchpoint: Touchpoint) -> None:
    """Turns a due touchpoint into a message, together with the others due at its place.

    More than a few come as one message, and so do those that are more than the place may get
    today. Outside the owner's working hours it waits for the next opening; one that no longer
    applies is cancelled; one that has nowhere to go waits, and the admins are told; one that would
    ask too much of somebody is held.
    """
    account = accounts.by_id(work.tx, touchpoint.account_id)
    assert account is not None
    if _outdated(work, touchpoint, account):
        return
    _follow_playbook(work.tx, work.playbook, touchpoint)
    calendar = calendar_of(work.tx, work.playbook, touchpoint, account)
    if not calendar.is_open(work.now):
        touchpoints.change(work.tx, touchpoint, wake_at=calendar.next_open(work.now))
        return
    place = destination(work.tx, work.playbook, touchpoint, account)
    if place is None:
        _wait_for_channel(work, touchpoint)
        return
    if _stands(work, touchpoint, account, place):
        return
    due = _due_at(work, place)
    told = [(each.touchpoint, each.account) for each in due]
    admitted = limits.admit(work, told, place)
    due = [each for each in due if each.touchpoint.id in admitted]
    left = limits.left(work, touchpoint, account, place)
    if len(due) <= max(1, min(MOST_ALONE, left)):
        due = [each for each in due if each.touchpoint.id == touchpoint.id]
    if due:
        _say(work, due, place)


def cancel(work: Work, touchpoint: Touchpoint, reason: str) -> None:
    """Takes back a touchpoint that is no longer needed, and says so on its messages."""
    asked_at = touchpoint.asked_at
    touchpoints.change(work.tx, touchpoint, **_cancelled(reason, work.now))
    account = accounts.by_id(work.tx, touchpoint.account_id)
    if account is not None:
        retell(work, touchpoint, account, asked_at=asked_at)


def cancel_all(work: Work, held: Sequence[Touchpoint], reason: str) -> None:
    """Takes back touchpoints of one account that are locked: most of them no message tells of, and
    those go in one statement."""
    told = [t for t in held if t.nudge_id or t.escalated_at or t.asked_at]
    touchpoints.end_all(work.tx, [t for t in held if t not in told], **_cancelled(reason, work.now))
    for touchpoint in told:
        cancel(work, touchpoint, reason)


def _cancelled(reason: str, now: datetime) -> dict[str, object]:
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


def hand_over(work: Work, touchpoint: Touchpoint, account: Account) -> None:
    """Says an open touchpoint anew where it belongs now, and folds the message it was said in."""
    old, shown = touchpoint.nudge_id, view_of(work.tx, work.playbook, touchpoint, account)
    _plan_again(work.tx, touchpoint, work.now)
    to = addressee(work.tx, touchpoint, account)
    key = stand_in(work.playbook, touchpoint.owner)
    whose = person(to) if to is not None else work.playbook.departments[key].name
    refresh(work, old, [shown], f"Now with {whose}")


def say_again(work: Work, touchpoint: Touchpoint) -> None:
    """Nobody ever saw its message: it is said once more."""
    _plan_again(work.tx, touchpoint, work.now)
    nudge(work, touchpoint)


def _plan_again(tx: Tx, touchpoint: Touchpoint, now: datetime) -> None:
    touchpoints.change(
        tx,
        touchpoint,
        state="planned",
        state_at=now,
        state_before=None,
        wake_at=now,
        nudge_id=None,
        snoozed_until=None,
    )


def _outdated(work: Work, touchpoint: Touchpoint, account: Account) -> bool:
    """Cancels a touchpoint whose account or play has gone; says whether it did."""
    reason = None
    if account.archived_at is not None:
        reason = "the account is archived"
    elif touchpoint.follows_playbook and account.stage_entry != touchpoint.stage_entry:
        reason = "the account has moved on"
    elif play_of(work.playbook, touchpoint) is None:
        reason = NO_LONGER_ASKED
    elif touchpoint.nudged_at is None:
        reason = cooldown.said_no(work, touchpoint, account)
    reason = reason or neglect.over(work, touchpoint, account)
    if reason is not None:
        cancel(work, touchpoint, reason)
    return reason is not None


def _follow_playbook(tx: Tx, playbook: Playbook, touchpoint: Touchpoint) -> None:
    """The play may have been given to another department since it was planned."""
    play = play_of(playbook, touchpoint)
    if play is not None and play.owner != touchpoint.owner:
        touchpoints.change(tx, touchpoint, owner=play.owner)


def _wait_for_channel(work: Work, touchpoint: Touchpoint) -> None:
    touchpoints.change(work.tx, touchpoint, wake_at=work.now + LOOK_AGAIN, **limits.NOT_HELD)
    key = stand_in(work.playbook, touchpoint.owner)
    department = work.playbook.departments[key]
    tell_admins(
        work.tx,
        f"I have nudges for {department.name}, but I see no channel called {department.channel}. "
        "Create it or invite me there (`/invite @Linchpin`), or name another one: "
        f"`/linchpin settings {key} channel #name`. The nudges wait, and nothing else does.",
        dedupe_key=f"no-channel:{key}:{work.now:%G-%V}",
        now=work.now,
    )


def _due_at(work: Work, place: Destination) -> list[_Due]:
    """Everything that may be said at a place now, oldest first. What cannot be is put off."""
    due = []
    owners = (MANAGER,) if place.person is not None else _owners(work.playbook, place)
    theirs = None
    if place.person is not None:
        theirs = [place.person, *stands_for(work.tx, place.person)]
    for touchpoint, account in touchpoints.due_together(work.tx, work.now, owners, theirs):
        try:
            if (
                _goes_there(work.tx, touchpoint, account, place)
                and not _outdated(work, touchpoint, account)
                and not _stands(work, touchpoint, account, place)
            ):
                due += _due(work, touchpoint, account)
        except Exception:  # one broken row must not silence a whole channel
            log.exception("touchpoint %s cannot be said", touchpoint.id)
            touchpoints.set_aside(work.tx, touchpoint.id, work.now + LOOK_AGAIN)
    return due


def _owners(playbook: Playbook, place: Destination) -> tuple[str, ...]:
    stands_in = playbook.without_manager in place.departments
    return (*place.departments, MANAGER) if stands_in else place.departments


def _goes_there(tx: Tx, touchpoint: Touchpoint, account: Account, place: Destination) -> bool:
    return not is_personal(touchpoint) or addressee(tx, touchpoint, account) == place.person


def _due(work: Work, touchpoint: Touchpoint, account: Account) -> list[_Due]:
    """The touchpoint as its message will show it; nothing outside its owner's working hours."""
    calendar = calendar_of(work.tx, work.playbook, touchpoint, account)
    if not calendar.is_open(work.now):
        return []
    play = play_of(work.playbook, touchpoint)
    assert play is not None
    shown = replace(
        view(work.playbook, touchpoint, account, calendar),
        deadline=later(play.remind_after, since=work.now, calendar=calendar),
        state="nudged",
        state_at=work.now,
        by=None,
        snoozed_until=None,
    )
    return [_Due(touchpoint, account, shown)]


def _stands(work: Work, touchpoint: Touchpoint, account: Account, place: Destination) -> bool:
    """Whether it was said before the database was restored from an older copy: then the message
    that stands in Slack is its nudge, and shows again what is known here."""
    due = _due(work, touchpoint, account)
    stands = (
        message_marks.take(work.tx, message_marks.mark_of(work.tx, "nudge", touchpoint, account))
        if due
        else None
    )
    if stands is None:
        return False
    lane = place.channel if stands.channel.startswith("D") else stands.channel
    nudge_id = outbox.adopt_post(
        work.tx, kind="nudge", lane=lane, channel=stands.channel, ts=stands.ts, now=work.now
    )
    _mark_said(work.tx, due[:1], nudge_id, work.now)
    refresh(work, nudge_id)
    return True


def _say(work: Work, due: Sequence[_Due], place: Destination) -> None:
    first, shown = due[0].touchpoint, [each.shown for each in due]
    nudge_id = outbox.enqueue_post(
        work.tx,
        # Of the version before: a worker that says the same at the same time says it here, once.
        dedupe_key=f"nudge:{first.id}:{first.version}",
        kind="nudge",
        channel=place.channel,
        payload=render(shown, place.whose, place.command).payload(),
        now=work.now,
        expires_at=work.now + NUDGE_LIFE,
        marks=[
            message_marks.mark_of(work.tx, "nudge", each.touchpoint, each.account) for each in due
        ],
    )
    told_before = {each.touchpoint.nudge_id: each.shown for each in due}
    _mark_said(work.tx, due, nudge_id, work.now)
    for old, left in told_before.items():
        refresh(work, old, [left], "Asked again in a newer message")


def _mark_said(tx: Tx, due: Sequence[_Due], nudge_id: int, now: datetime) -> None:
    by_deadline: dict[datetime, list[Touchpoint]] = {}
    for each in due:
        by_deadline.setdefault(each.shown.deadline, []).append(each.touchpoint)
    said = {
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
        **limits.NOT_HELD,
    }
    for deadline, some in by_deadline.items():
        touchpoints.mark_said(tx, some, wake_at=deadline, **said)
