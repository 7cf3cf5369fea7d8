"""Somebody is away for a while: a deputy gets what would go to them. It ends by itself."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.actions.actor import Actor
from bot.actions.nudging import hand_over
from bot.actions.places import MANAGER, acting, can_answer, destination, own_calendar, stands_for
from bot.actions.touchpoints import act
from bot.messages import away as messages
from bot.messages.message import Message
from bot.messages.parts import day, person
from bot.rules.errors import UserError
from bot.rules.playbook import Playbook
from bot.rules.typed_dates import spoken
from db import audit, away, outbox, people, said, touchpoints
from db.models import Account, Away, Outbox, Person, Touchpoint
from db.tx import Tx

#: Longer than this is no absence: the accounts are given to somebody for good.
LONGEST = timedelta(days=366)
A_DAY = timedelta(days=1)


def begin(
    tx: Tx,
    playbook: Playbook,
    user: Person,
    deputy: Person,
    until: date,
    today: date,
    by: Actor,
    now: datetime,
) -> messages.Absence:
    """Hands all of a person's to a deputy through the day `until`; an earlier absence ends.

    Raises `UserError` for oneself, for a deputy whom nobody would reach, and for too long a time.
    """
    guard(user, deputy, today, until, today)
    _guard_chain(tx, user, deputy, today)
    return hand_over_all(tx, playbook, user, deputy.user_id, until, by, now)


def hand_over_all(
    tx: Tx, playbook: Playbook, user: Person, deputy: str, until: date, by: Actor, now: datetime
) -> messages.Absence:
    """The absence begins and the deputy is told, unless it holds already."""
    whose = [user.user_id, *stands_for(tx, user.user_id)]
    known = away.of(tx, user.user_id)
    if known is not None and (known.deputy_id, known.until) == (deputy, until):
        return _absence(tx, playbook, known, 0)
    if known is not None:
        known.ended_at = now
    calendar = own_calendar(playbook.calendar(MANAGER), user)
    absence = tx.add(
        Away(
            user_id=user.user_id,
            deputy_id=deputy,
            until=until,
            began_at=now,
            ends_at=calendar.opening(calendar.on_or_after(until + A_DAY)),
        )
    )
    moved = move_open(tx, playbook, whose, now) + _claims(tx, playbook, absence, by, now)
    _record(tx, absence, "begun", by, now)
    told = _absence(tx, playbook, absence, moved)
    if can_answer(tx, deputy):
        _tell(tx, absence, "begun", deputy, messages.asked(told), now)
    return told


def current(tx: Tx, playbook: Playbook, user_id: str) -> messages.Absence | None:
    """The person's absence now, if they are away."""
    known = away.of(tx, user_id)
    return _absence(tx, playbook, known, 0) if known is not None else None


def end(tx: Tx, playbook: Playbook, absence: Away, by: Actor, now: datetime) -> messages.Absence:
    """The person is back: what is still open for them comes back too; what was taken stays."""
    whose = [absence.user_id, *stands_for(tx, absence.user_id)]
    absence.ended_at = now
    tx.flush()
    moved = move_open(tx, playbook, whose, now)
    _record(tx, absence, "ended", by, now)
    told = _absence(tx, playbook, absence, moved)
    for reader in (absence.user_id, absence.deputy_id):
        _tell(tx, absence, "ended", reader, messages.over(told, reader), now)
    return told


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
    touchpoints.hold(tx, touchpoint.id or 0)
    if touchpoint.state != "nudged":
        return False
    hand_over(tx, playbook, touchpoint, account, now)
    return True


def _claims(tx: Tx, playbook: Playbook, absence: Away, by: Actor, now: datetime) -> int:
    """What the person has claimed is the deputy's, who can give it back."""
    if not can_answer(tx, absence.deputy_id):
        return 0
    claimed = touchpoints.claimed_by(tx, absence.user_id)
    for touchpoint in claimed:
        act(tx, playbook, touchpoint, "release", by, now)
        act(tx, playbook, touchpoint, "claim", Actor(absence.deputy_id, "away"), now)
    return len(claimed)


def guard(user: Person, deputy: Person, since: date, until: date, today: date) -> None:
    """Raises `UserError` for an absence from `since` through `until` that cannot be."""
    if deputy.user_id == user.user_id:
        raise UserError(f"You cannot stand in for yourself. Name a colleague: {_example(today)}.")
    if until < since:
        raise UserError(
            f"{spoken(until)} comes before {spoken(since)}. Say the first day and then the last: "
            "`/linchpin away @priya from 2026-12-20 to 2027-01-03`."
        )
    if max(until - since, since - today) > LONGEST:
        raise UserError(
            f"{spoken(until)} is more than a year away. Give your accounts to somebody instead: "
            "`/account acme manager @priya`."
        )


def _guard_chain(tx: Tx, user: Person, deputy: Person, today: date) -> None:
    """Raises `UserError` for a deputy who is away too, where that leads to nobody."""
    chain, seen = deputy.user_id, {user.user_id}
    absences = away.deputies(tx)
    while chain in absences and chain not in seen:
        seen.add(chain)
        chain = absences[chain]
    if chain in seen or (deputy.user_id in absences and acting(tx, deputy.user_id) is None):
        other = away.of(tx, deputy.user_id)
        when = f" through {day(other.until)}" if other is not None else ""
        raise UserError(
            f"{person(deputy.user_id)} is away too{when}, so nobody would get it. Name somebody "
            f"else: {_example(today)}."
        )


def _example(today: date) -> str:
    return f"`/linchpin away @priya until {(today + 14 * A_DAY).isoformat()}`"


def _absence(tx: Tx, playbook: Playbook, absence: Away, moved: int) -> messages.Absence:
    user = people.by_user_id(tx, absence.user_id)
    calendar = playbook.calendar(MANAGER)
    calendar = own_calendar(calendar, user) if user is not None else calendar
    return messages.Absence(
        user=absence.user_id,
        deputy=absence.deputy_id,
        until=absence.until,
        back_on=calendar.local_date(absence.ends_at),
        accounts=len(away.managed(tx, absence.user_id)),
        moved=moved,
    )


def _tell(tx: Tx, absence: Away, what: str, reader: str, message: Message, now: datetime) -> None:
    """A DM; after a restore not once more."""
    mark = said.mark(tx, f"away {what}", absence.user_id, absence.until.isoformat(), reader)
    if said.take(tx, mark) is not None:
        return
    outbox.enqueue_post(
        tx,
        dedupe_key=f"away:{absence.id}:{what}:{reader}:{int(absence.began_at.timestamp())}",
        kind="away",
        channel=reader,
        payload=message.payload(),
        now=now,
        marks=(mark,),
    )


def _record(tx: Tx, absence: Away, verb: str, by: Actor, now: datetime) -> None:
    audit.record(
        tx,
        now=now,
        by=by.user,
        source=by.source,
        verb=f"away.{verb}",
        subject=f"person:{absence.user_id}",
        detail={"deputy": absence.deputy_id, "until": absence.until.isoformat()},
    )
