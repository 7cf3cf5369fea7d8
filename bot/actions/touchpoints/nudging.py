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


def nudge(tx: Tx, playbook: Playbook, touchpoint: Touchpoint, now: datetime) -> None:
    """Turns a due touchpoint into a message, together with the others due at its place.

    More than a few come as one message, and so do those that are more than the place may get
    today. Outside the owner's working hours it waits for the next opening; one that no longer
    applies is cancelled; one that has nowhere to go waits, and the admins are told; one that would
    ask too much of somebody is held.
    """
    account = accounts.by_id(tx, touchpoint.account_id)
    assert account is not None
    if _outdated(tx, playbook, touchpoint, account, now):
        return
    _follow_playbook(tx, playbook, touchpoint)
    calendar = calendar_of(tx, playbook, touchpoint, account)
    if not calendar.is_open(now):
        touchpoints.change(tx, touchpoint, wake_at=calendar.next_open(now))
        return
    place = destination(tx, playbook, touchpoint, account)
    if place is None:
        _wait_for_channel(tx, playbook, touchpoint, now)
        return
    if _stands(tx, playbook, touchpoint, account, place, now):
        return
    due = _due_at(tx, playbook, place, now)
    told = [(each.touchpoint, each.account) for each in due]
    admitted = limits.admit(tx, playbook, told, place, now)
    due = [each for each in due if each.touchpoint.id in admitted]
    left = limits.left(tx, playbook, touchpoint, account, place, now)
    if len(due) <= max(1, min(MOST_ALONE, left)):
        due = [each for each in due if each.touchpoint.id == touchpoint.id]
    if due:
        _say(tx, playbook, due, place, now)


def cancel(tx: Tx, playbook: Playbook, touchpoint: Touchpoint, reason: str, now: datetime) -> None:
    """Takes back a touchpoint that is no longer needed, and says so on its messages."""
    asked_at = touchpoint.asked_at
    touchpoints.change(tx, touchpoint, **_cancelled(reason, now))
    account = accounts.by_id(tx, touchpoint.account_id)
    if account is not None:
        retell(tx, playbook, touchpoint, account, now, asked_at=asked_at)


def cancel_all(
    tx: Tx, playbook: Playbook, held: Sequence[Touchpoint], reason: str, now: datetime
) -> None:
    """Takes back touchpoints of one account that are locked: most of them no message tells of, and
    those go in one statement."""
    told = [t for t in held if t.nudge_id or t.escalated_at or t.asked_at]
    touchpoints.end_all(tx, [t for t in held if t not in told], **_cancelled(reason, now))
    for touchpoint in told:
        cancel(tx, playbook, touchpoint, reason, now)


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


def hand_over(
    tx: Tx, playbook: Playbook, touchpoint: Touchpoint, account: Account, now: datetime
) -> None:
    """Says an open touchpoint anew where it belongs now, and folds the message it was said in."""
    old, shown = touchpoint.nudge_id, view_of(tx, playbook, touchpoint, account)
    _plan_again(tx, touchpoint, now)
    to = addressee(tx, touchpoint, account)
    key = stand_in(playbook, touchpoint.owner)
    whose = person(to) if to is not None else playbook.departments[key].name
    refresh(tx, playbook, old, now, [shown], f"Now with {whose}")


def say_again(tx: Tx, playbook: Playbook, touchpoint: Touchpoint, now: datetime) -> None:
    """Nobody ever saw its message: it is said once more."""
    _plan_again(tx, touchpoint, now)
    nudge(tx, playbook, touchpoint, now)


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


def _outdated(
    tx: Tx, playbook: Playbook, touchpoint: Touchpoint, account: Account, now: datetime
) -> bool:
    """Cancels a touchpoint whose account or play has gone; says whether it did."""
    reason = None
    if account.archived_at is not None:
        reason = "the account is archived"
    elif touchpoint.follows_playbook and account.stage_entry != touchpoint.stage_entry:
        reason = "the account has moved on"
    elif play_of(playbook, touchpoint) is None:
        reason = NO_LONGER_ASKED
    elif touchpoint.nudged_at is None:
        reason = cooldown.said_no(tx, playbook, touchpoint, account, now)
    reason = reason or neglect.over(tx, playbook, touchpoint, account, now)
    if reason is not None:
        cancel(tx, playbook, touchpoint, reason, now)
    return reason is not None


def _follow_playbook(tx: Tx, playbook: Playbook, touchpoint: Touchpoint) -> None:
    """The play may have been given to another department since it was planned."""
    play = play_of(playbook, touchpoint)
    if play is not None and play.owner != touchpoint.owner:
        touchpoints.change(tx, touchpoint, owner=play.owner)


def _wait_for_channel(tx: Tx, playbook: Playbook, touchpoint: Touchpoint, now: datetime) -> None:
    touchpoints.change(tx, touchpoint, wake_at=now + LOOK_AGAIN, **limits.NOT_HELD)
    key = stand_in(playbook, touchpoint.owner)
    department = playbook.departments[key]
    tell_admins(
        tx,
        f"I have nudges for {department.name}, but I see no channel called {department.channel}. "
        "Create it or invite me there (`/invite @Linchpin`), or name another one: "
        f"`/linchpin settings {key} channel #name`. The nudges wait, and nothing else does.",
        dedupe_key=f"no-channel:{key}:{now:%G-%V}",
        now=now,
    )


def _due_at(tx: Tx, playbook: Playbook, place: Destination, now: datetime) -> list[_Due]:
    """Everything that may be said at a place now, oldest first. What cannot be is put off."""
    due = []
    owners = (MANAGER,) if place.person is not None else _owners(playbook, place)
    theirs = None
    if place.person is not None:
        theirs = [place.person, *stands_for(tx, place.person)]
    for touchpoint, account in touchpoints.due_together(tx, now, owners, theirs):
        try:
            if (
                _goes_there(tx, touchpoint, account, place)
                and not _outdated(tx, playbook, touchpoint, account, now)
                and not _stands(tx, playbook, touchpoint, account, place, now)
            ):
                due += _due(tx, playbook, touchpoint, account, now)
        except Exception:  # one broken row must not silence a whole channel
            log.exception("touchpoint %s cannot be said", touchpoint.id)
            touchpoints.set_aside(tx, touchpoint.id, now + LOOK_AGAIN)
    return due


def _owners(playbook: Playbook, place: Destination) -> tuple[str, ...]:
    stands_in = playbook.without_manager in place.departments
    return (*place.departments, MANAGER) if stands_in else place.departments


def _goes_there(tx: Tx, touchpoint: Touchpoint, account: Account, place: Destination) -> bool:
    return not is_personal(touchpoint) or addressee(tx, touchpoint, account) == place.person


def _due(
    tx: Tx, playbook: Playbook, touchpoint: Touchpoint, account: Account, now: datetime
) -> list[_Due]:
    """The touchpoint as its message will show it; nothing outside its owner's working hours."""
    calendar = calendar_of(tx, playbook, touchpoint, account)
    if not calendar.is_open(now):
        return []
    play = play_of(playbook, touchpoint)
    assert play is not None
    shown = replace(
        view(playbook, touchpoint, account, calendar),
        deadline=later(play.remind_after, since=now, calendar=calendar),
        state="nudged",
        state_at=now,
        by=None,
        snoozed_until=None,
    )
    return [_Due(touchpoint, account, shown)]


def _stands(
    tx: Tx,
    playbook: Playbook,
    touchpoint: Touchpoint,
    account: Account,
    place: Destination,
    now: datetime,
) -> bool:
    """Whether it was said before the database was restored from an older copy: then the message
    that stands in Slack is its nudge, and shows again what is known here."""
    due = _due(tx, playbook, touchpoint, account, now)
    stands = (
        message_marks.take(tx, message_marks.mark_of(tx, "nudge", touchpoint, account))
        if due
        else None
    )
    if stands is None:
        return False
    lane = place.channel if stands.channel.startswith("D") else stands.channel
    nudge_id = outbox.adopt_post(
        tx, kind="nudge", lane=lane, channel=stands.channel, ts=stands.ts, now=now
    )
    _mark_said(tx, due[:1], nudge_id, now)
    refresh(tx, playbook, nudge_id, now)
    return True


def _say(
    tx: Tx, playbook: Playbook, due: Sequence[_Due], place: Destination, now: datetime
) -> None:
    first, shown = due[0].touchpoint, [each.shown for each in due]
    nudge_id = outbox.enqueue_post(
        tx,
        # Of the version before: a worker that says the same at the same time says it here, once.
        dedupe_key=f"nudge:{first.id}:{first.version}",
        kind="nudge",
        channel=place.channel,
        payload=render(shown, place.whose, place.command).payload(),
        now=now,
        expires_at=now + NUDGE_LIFE,
        marks=[message_marks.mark_of(tx, "nudge", each.touchpoint, each.account) for each in due],
    )
    told_before = {each.touchpoint.nudge_id: each.shown for each in due}
    _mark_said(tx, due, nudge_id, now)
    for old, left in told_before.items():
        refresh(tx, playbook, old, now, [left], "Asked again in a newer message")


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
