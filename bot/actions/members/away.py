"""Somebody is away for some days, and a cover gets what would go to them. It ends by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.actions.actor import CLOCK, Actor
from bot.actions.responses.respond import respond
from bot.actions.touchpoints.nudging import repost_elsewhere
from bot.actions.touchpoints.routing import (
    MANAGER,
    can_answer,
    delegators_of,
    find_destination,
    member_calendar,
    resolve_delegate,
)
from bot.actions.work import Work
from bot.messages.kit.message import Message
from bot.messages.members import away as messages
from bot.rules.errors import UserError
from bot.rules.language.dates import format_date
from bot.rules.playbook.playbook import Playbook
from bot.rules.time.calendar import WorkingCalendar
from db import outbox
from db.core.tx import Tx
from db.members import away, members
from db.models import Absence, Account, Outbox, Person, Touchpoint
from db.ops import audit
from db.touchpoints import message_marks, touchpoints

ONE_DAY = timedelta(days=1)


def set_cover(
    work: Work, user: Person, cover: Person, since: date | None, until: date
) -> messages.Absence:
    """Names a cover from the day `since`, or from now, through the day `until`.

    It takes the place of what was set for these days. Raises `UserError` for oneself as the cover,
    and for days of which the person works none.
    """
    if cover.user_id == user.user_id:
        raise UserError("You cannot cover for yourself. Name a colleague.")
    calendar = _calendar(work.tx, work.playbook, user.user_id)
    today = calendar.local_date(work.now)
    since = max(since or today, today)
    starts = calendar.on_or_after(since)
    if starts > until:
        raise UserError(
            f"You have no working day from {format_date(since)} to {format_date(until)}. Say "
            "the first day "
            "away and then the last: `/linchpin away @priya from 2026-12-20 to 2027-01-03`."
        )
    known = away.find(work.tx, user.user_id)
    for each in known:
        begins_alike = each.since == since or (each.began_at is not None and since == today)
        if begins_alike and (each.cover_id, each.until) == (cover.user_id, until):
            return shown(work, each)
    for each in known:
        if each.began_at is None and each.since <= until and since <= each.until:
            end_absence(work, each)
    absence = work.tx.add(
        Absence(
            user_id=user.user_id,
            cover_id=cover.user_id,
            since=since,
            until=until,
            created_at=work.now,
            wake_at=calendar.opening(starts),
        )
    )
    if since == today:
        return begin_absence(work, absence)
    _write_audit(work, absence, "planned")
    told = shown(work, absence)
    _send_dm(work.tx, absence, "planned", cover.user_id, messages.to_cover(told), work.now)
    return told


def begin_absence(work: Work, absence: Absence) -> messages.Absence:
    """The absence holds from now on, in place of an earlier one: what is open goes to the cover.

    Where the cover cannot, a department gets it as for anybody, and the person hears of that.
    """
    user = absence.user_id
    whose = [user, *delegators_of(work.tx, user)]
    earlier = away.current(work.tx, user)
    if earlier is not None:
        earlier.wake_at = None
        if earlier.cover_id != absence.cover_id:
            gone = messages.not_needed(shown(work, earlier))
            _send_dm(work.tx, earlier, "replaced", earlier.cover_id, gone, work.now)
    calendar = _calendar(work.tx, work.playbook, user)
    absence.began_at = work.now
    absence.wake_at = calendar.opening(calendar.on_or_after(absence.until + ONE_DAY))
    work.tx.flush()
    moved = repost_open(work, whose) + _move_claims(work, absence)
    _write_audit(work, absence, "begun")
    told = shown(work, absence, moved)
    _send_dm(work.tx, absence, "begun", absence.cover_id, messages.to_cover(told), work.now)
    if told.department and work.by.user is None:
        _send_dm(work.tx, absence, "begun", user, messages.is_set(told), work.now)
    return told


def end_absence(work: Work, absence: Absence) -> messages.Absence:
    """The person is back, or stays: what is open for them comes back; what was taken stays."""
    begun, user = absence.began_at is not None, absence.user_id
    absence.wake_at = None
    work.tx.flush()
    moved = repost_open(work, [user, *delegators_of(work.tx, user)]) if begun else 0
    verb = "ended" if begun else "cancelled"
    _write_audit(work, absence, verb)
    told = shown(work, absence, moved)
    message = messages.is_back(told) if begun else messages.not_needed(told)
    _send_dm(work.tx, absence, verb, absence.cover_id, message, work.now)
    if begun and work.by.user is None:
        _send_dm(work.tx, absence, verb, user, messages.ended(told), work.now)
    return told


def end_own(work: Work, absence_id: int) -> messages.Absence:
    """Ends or cancels one's own absence. Raises `UserError` for another person's."""
    absence = away.hold(work.tx, absence_id)
    if absence is None or absence.user_id != work.by.user:
        raise UserError("Only the person who is away can end or cancel that.")
    if absence.wake_at is None:
        raise UserError("That has ended or was cancelled: `/linchpin away list` shows what is set.")
    return end_absence(work, absence)


def close_all(work: Work, user_id: str) -> None:
    """Ends all absences of a person who has left, without moving anything."""
    for absence in away.find(work.tx, user_id):
        if absence.began_at is None:
            end_absence(replace(work, by=CLOCK), absence)
        absence.wake_at = None


def repost_open(work: Work, users: list[str]) -> int:
    """Says anew, where it belongs now, what was said to these people; returns how much."""
    moved = 0
    for touchpoint, account in away.list_nudged_to(work.tx, users):
        moved += repost_touchpoint(work, touchpoint, account)
    return moved


def repost_touchpoint(work: Work, touchpoint: Touchpoint, account: Account) -> bool:
    """Says an open touchpoint anew if it stands where it no longer belongs; whether it did."""
    root = work.tx.get(Outbox, touchpoint.nudge_id)
    place = find_destination(work.tx, work.playbook, touchpoint, account)
    if root is None or place is None or place.channel == root.lane:
        return False
    touchpoints.lock_touchpoint(work.tx, touchpoint.id)
    if touchpoint.state != "nudged":
        return False
    repost_elsewhere(work, touchpoint, account)
    return True


def shown(work: Work, absence: Absence, moved: int = 0) -> messages.Absence:
    """The absence as messages show it; `moved` open touchpoints went along."""
    calendar, begun = (
        _calendar(work.tx, work.playbook, absence.user_id),
        absence.began_at is not None,
    )
    unmet = (
        begun and absence.wake_at is not None and resolve_delegate(work.tx, absence.user_id) is None
    )
    return messages.Absence(
        id=absence.id,
        user=absence.user_id,
        cover=absence.cover_id,
        since=absence.since,
        until=absence.until,
        back=calendar.on_or_after(absence.until + ONE_DAY),
        begun=begun,
        department=work.playbook.departments[work.playbook.without_manager].name if unmet else "",
        today=calendar.local_date(work.now),
        moved=moved,
    )


def _calendar(tx: Tx, playbook: Playbook, user_id: str) -> WorkingCalendar:
    user, calendar = members.by_user_id(tx, user_id), playbook.calendar(MANAGER)
    return member_calendar(calendar, user) if user is not None else calendar


def _move_claims(work: Work, absence: Absence) -> int:
    """What the person has claimed is the cover's, who can give it back."""
    if not can_answer(work.tx, absence.cover_id):
        return 0
    claimed = touchpoints.list_claimed_by(work.tx, absence.user_id)
    for touchpoint in claimed:
        respond(work, touchpoint, "release")
        respond(replace(work, by=Actor(absence.cover_id, "away")), touchpoint, "claim")
    return len(claimed)


def _send_dm(
    tx: Tx, absence: Absence, what: str, reader: str, message: Message, now: datetime
) -> None:
    """A DM; after a restore not once more."""
    if not can_answer(tx, reader):
        return
    days = f"{absence.since.isoformat()} {absence.until.isoformat()}"
    mark = message_marks.fingerprint(tx, f"away {what}", absence.user_id, days, reader)
    if message_marks.pop(tx, mark) is not None:
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


def _write_audit(work: Work, absence: Absence, verb: str) -> None:
    audit.record(
        work.tx,
        now=work.now,
        by=work.by.user,
        source=work.by.source,
        verb=f"away.{verb}",
        subject=f"person:{absence.user_id}",
        detail={
            "cover": absence.cover_id,
            "from": absence.since.isoformat(),
            "until": absence.until.isoformat(),
        },
    )
