"""Somebody is away for some days, and a cover gets what would go to them. It ends by itself."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.actions.actor import CLOCK, Actor
from bot.actions.responses.respond import act
from bot.actions.touchpoints.nudging import hand_over
from bot.actions.touchpoints.routing import (
    MANAGER,
    acting,
    can_answer,
    destination,
    own_calendar,
    stands_for,
)
from bot.messages.kit.message import Message
from bot.messages.members import away as messages
from bot.rules.errors import UserError
from bot.rules.language.dates import spoken
from bot.rules.playbook.playbook import Playbook
from bot.rules.time.calendar import WorkingCalendar
from db import outbox
from db.core.tx import Tx
from db.members import away, members
from db.models import Absence, Account, Outbox, Person, Touchpoint
from db.ops import audit
from db.touchpoints import message_marks, touchpoints

A_DAY = timedelta(days=1)


def set_cover(
    tx: Tx,
    playbook: Playbook,
    user: Person,
    cover: Person,
    since: date | None,
    until: date,
    by: Actor,
    now: datetime,
) -> messages.Absence:
    """Names a cover from the day `since`, or from now, through the day `until`.

    It takes the place of what was set for these days. Raises `UserError` for oneself as the cover,
    and for days of which the person works none.
    """
    if cover.user_id == user.user_id:
        raise UserError("You cannot cover for yourself. Name a colleague.")
    calendar = _calendar(tx, playbook, user.user_id)
    today = calendar.local_date(now)
    since = max(since or today, today)
    starts = calendar.on_or_after(since)
    if starts > until:
        raise UserError(
            f"You have no working day from {spoken(since)} to {spoken(until)}. Say the first day "
            "away and then the last: `/linchpin away @priya from 2026-12-20 to 2027-01-03`."
        )
    known = away.of(tx, user.user_id)
    for each in known:
        begins_alike = each.since == since or (each.began_at is not None and since == today)
        if begins_alike and (each.cover_id, each.until) == (cover.user_id, until):
            return shown(tx, playbook, each, now)
    for each in known:
        if each.began_at is None and each.since <= until and since <= each.until:
            end(tx, playbook, each, by, now)
    absence = tx.add(
        Absence(
            user_id=user.user_id,
            cover_id=cover.user_id,
            since=since,
            until=until,
            created_at=now,
            wake_at=calendar.opening(starts),
        )
    )
    if since == today:
        return begin(tx, playbook, absence, by, now)
    _record(tx, absence, "planned", by, now)
    told = shown(tx, playbook, absence, now)
    _tell(tx, absence, "planned", cover.user_id, messages.to_cover(told), now)
    return told


def begin(
    tx: Tx, playbook: Playbook, absence: Absence, by: Actor, now: datetime
) -> messages.Absence:
    """The absence holds from now on, in place of an earlier one: what is open goes to the cover.

    Where the cover cannot, a department gets it as for anybody, and the person hears of that.
    """
    user = absence.user_id
    whose = [user, *stands_for(tx, user)]
    earlier = away.current(tx, user)
    if earlier is not None:
        earlier.wake_at = None
        if earlier.cover_id != absence.cover_id:
            gone = messages.not_needed(shown(tx, playbook, earlier, now))
            _tell(tx, earlier, "replaced", earlier.cover_id, gone, now)
    calendar = _calendar(tx, playbook, user)
    absence.began_at = now
    absence.wake_at = calendar.opening(calendar.on_or_after(absence.until + A_DAY))
    tx.flush()
    moved = move_open(tx, playbook, whose, now) + _claims(tx, playbook, absence, by, now)
    _record(tx, absence, "begun", by, now)
    told = shown(tx, playbook, absence, now, moved)
    _tell(tx, absence, "begun", absence.cover_id, messages.to_cover(told), now)
    if told.department and by.user is None:
        _tell(tx, absence, "begun", user, messages.is_set(told), now)
    return told


def end(tx: Tx, playbook: Playbook, absence: Absence, by: Actor, now: datetime) -> messages.Absence:
    """The person is back, or stays: what is open for them comes back; what was taken stays."""
    begun, user = absence.began_at is not None, absence.user_id
    absence.wake_at = None
    tx.flush()
    moved = move_open(tx, playbook, [user, *stands_for(tx, user)], now) if begun else 0
    verb = "ended" if begun else "cancelled"
    _record(tx, absence, verb, by, now)
    told = shown(tx, playbook, absence, now, moved)
    message = messages.is_back(told) if begun else messages.not_needed(told)
    _tell(tx, absence, verb, absence.cover_id, message, now)
    if begun and by.user is None:
        _tell(tx, absence, verb, user, messages.ended(told), now)
    return told


def end_own(
    tx: Tx, playbook: Playbook, absence_id: int, by: Actor, now: datetime
) -> messages.Absence:
    """Ends or cancels one's own absence. Raises `UserError` for another person's."""
    absence = away.hold(tx, absence_id)
    if absence is None or absence.user_id != by.user:
        raise UserError("Only the person who is away can end or cancel that.")
    if absence.wake_at is None:
        raise UserError("That has ended or was cancelled: `/linchpin away list` shows what is set.")
    return end(tx, playbook, absence, by, now)


def close_all(tx: Tx, playbook: Playbook, user_id: str, now: datetime) -> None:
    """Ends all absences of a person who has left, without moving anything."""
    for absence in away.of(tx, user_id):
        if absence.began_at is None:
            end(tx, playbook, absence, CLOCK, now)
        absence.wake_at = None


def move_open(tx: Tx, playbook: Playbook, users: list[str], now: datetime) -> int:
    """Says anew, where it belongs now, what was said to these people; returns how much."""
    moved = 0
    for touchpoint, account in away.said_to(tx, users):
        moved += move(tx, playbook, touchpoint, account, now)
    return moved


def move(
    tx: Tx, playbook: Playbook, touchpoint: Touchpoint, account: Account, now: datetime
) -> bool:
    """Says an open touchpoint anew if it stands where it no longer belongs; whether it did."""
    root = tx.get(Outbox, touchpoint.nudge_id)
    place = destination(tx, playbook, touchpoint, account)
    if root is None or place is None or place.channel == root.lane:
        return False
    touchpoints.hold(tx, touchpoint.id)
    if touchpoint.state != "nudged":
        return False
    hand_over(tx, playbook, touchpoint, account, now)
    return True


def shown(
    tx: Tx, playbook: Playbook, absence: Absence, now: datetime, moved: int = 0
) -> messages.Absence:
    """The absence as messages show it; `moved` open touchpoints went along."""
    calendar, begun = _calendar(tx, playbook, absence.user_id), absence.began_at is not None
    unmet = begun and absence.wake_at is not None and acting(tx, absence.user_id) is None
    return messages.Absence(
        id=absence.id,
        user=absence.user_id,
        cover=absence.cover_id,
        since=absence.since,
        until=absence.until,
        back=calendar.on_or_after(absence.until + A_DAY),
        begun=begun,
        department=playbook.departments[playbook.without_manager].name if unmet else "",
        today=calendar.local_date(now),
        moved=moved,
    )


def _calendar(tx: Tx, playbook: Playbook, user_id: str) -> WorkingCalendar:
    user, calendar = members.by_user_id(tx, user_id), playbook.calendar(MANAGER)
    return own_calendar(calendar, user) if user is not None else calendar


def _claims(tx: Tx, playbook: Playbook, absence: Absence, by: Actor, now: datetime) -> int:
    """What the person has claimed is the cover's, who can give it back."""
    if not can_answer(tx, absence.cover_id):
        return 0
    claimed = touchpoints.claimed_by(tx, absence.user_id)
    for touchpoint in claimed:
        act(tx, playbook, touchpoint, "release", by, now)
        act(tx, playbook, touchpoint, "claim", Actor(absence.cover_id, "away"), now)
    return len(claimed)


def _tell(
    tx: Tx, absence: Absence, what: str, reader: str, message: Message, now: datetime
) -> None:
    """A DM; after a restore not once more."""
    if not can_answer(tx, reader):
        return
    days = f"{absence.since.isoformat()} {absence.until.isoformat()}"
    mark = message_marks.mark(tx, f"away {what}", absence.user_id, days, reader)
    if message_marks.take(tx, mark) is not None:
        return
    tx.flush()
    outbox.enqueue_post(
        tx,
        dedupe_key=f"absence:{absence.id}:{what}:{reader}:{int(absence.created_at.timestamp())}",
        kind="away",
        channel=reader,
        payload=message.payload(),
        now=now,
        marks=(mark,),
    )


def _record(tx: Tx, absence: Absence, verb: str, by: Actor, now: datetime) -> None:
    audit.record(
        tx,
        now=now,
        by=by.user,
        source=by.source,
        verb=f"away.{verb}",
        subject=f"person:{absence.user_id}",
        detail={
            "cover": absence.cover_id,
            "from": absence.since.isoformat(),
            "until": absence.until.isoformat(),
        },
    )
