"""An absence that is still to begin: planned, cancelled, begun by the clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from bot.actions import away as actions
from bot.actions.actor import CLOCK, Actor
from bot.actions.places import MANAGER, acting, can_answer, own_calendar
from bot.messages import away as messages
from bot.messages import away_plans as told
from bot.messages.message import Message
from bot.rules.errors import UserError
from bot.rules.playbook import Playbook
from bot.rules.typed_dates import spoken
from db import audit, away_plans, outbox, people, said
from db.models import AwayPlan, Person
from db.tx import Tx


def hand_over(
    tx: Tx,
    playbook: Playbook,
    user: Person,
    deputy: Person,
    since: date,
    until: date,
    today: date,
    by: Actor,
    now: datetime,
) -> Message:
    """Hands all of a person's to a deputy, now or when the day `since` comes; the answer."""
    if since <= today:
        return messages.begun(actions.begin(tx, playbook, user, deputy, until, today, by, now))
    return told.planned(shown(plan(tx, playbook, user, deputy, since, until, today, by, now)))


def plan(
    tx: Tx,
    playbook: Playbook,
    user: Person,
    deputy: Person,
    since: date,
    until: date,
    today: date,
    by: Actor,
    now: datetime,
) -> AwayPlan:
    """Hands all of a person's to a deputy from the day `since` through the day `until`.

    What was planned for some of these days gives way. Raises `UserError` for days in the wrong
    order, or none of which the person works, and as `away.begin` does.
    """
    starts_at, ends_at = _span(playbook, user, since, until)
    # Who is away today may be back by then.
    actions.guard(user, deputy, since, until, today)
    if starts_at >= ends_at:
        raise UserError(
            f"From {spoken(since)} to {spoken(until)} there is no working day of yours, so nothing "
            "would go to anybody."
        )
    before = away_plans.overlapping(tx, user.user_id, since, until)
    same = [p for p in before if (p.deputy_id, p.starts_on, p.until) == _key(deputy, since, until)]
    for each in before:
        if each not in same:
            _close(tx, each, "cancelled", by, now)
    if same:
        return same[0]
    made = tx.add(
        AwayPlan(
            user_id=user.user_id,
            deputy_id=deputy.user_id,
            starts_on=since,
            starts_at=starts_at,
            until=until,
            planned_at=now,
        )
    )
    _record(tx, made, "planned", by, now)
    _tell(tx, made, "planned", deputy.user_id, told.asked(shown(made)), now)
    return made


def cancel(tx: Tx, plan_id: int, by: Actor, now: datetime) -> AwayPlan:
    """Takes a plan back; the deputy hears of it. Raises `UserError` for another person's."""
    found = away_plans.hold(tx, plan_id)
    if found is None or found.user_id != by.user:
        raise UserError("Only whoever planned to be away can cancel that.")
    if found.closed_at is not None:
        raise UserError(
            "That has begun or was cancelled already: `/linchpin away list` shows what holds, and "
            "`/linchpin back` ends what has begun."
        )
    _close(tx, found, "cancelled", by, now)
    return found


def begin(tx: Tx, playbook: Playbook, found: AwayPlan, now: datetime) -> None:
    """Its time has come: everything goes to the deputy, who is told.

    Where the deputy cannot, a department stands in as it does for anybody; the person is told.
    """
    found.closed_at = now
    user = people.by_user_id(tx, found.user_id)
    if user is None or not can_answer(tx, found.user_id):
        return
    actions.hand_over_all(tx, playbook, user, found.deputy_id, found.until, CLOCK, now)
    tx.flush()
    if acting(tx, found.user_id) is None:
        stand_in = playbook.departments[playbook.without_manager].name
        message = told.nobody_can(shown(found), stand_in)
        _tell(tx, found, "nobody", found.user_id, message, now)


def close_all(tx: Tx, user_id: str, now: datetime) -> None:
    """Somebody has left: nothing of theirs begins any more."""
    for each in away_plans.of(tx, user_id):
        _close(tx, each, "cancelled", CLOCK, now)


def shown(found: AwayPlan) -> messages.Planned:
    return messages.Planned(
        found.id or 0, found.user_id, found.deputy_id, found.starts_on, found.until
    )


def ahead(tx: Tx, user_id: str) -> Sequence[messages.Planned]:
    """What a person has planned, as messages tell of it."""
    return [shown(each) for each in away_plans.of(tx, user_id)]


def _span(playbook: Playbook, user: Person, since: date, until: date) -> tuple[datetime, datetime]:
    """When it begins and ends: at the openings of the person's own working days."""
    calendar = own_calendar(playbook.calendar(MANAGER), user)
    return (
        calendar.opening(calendar.on_or_after(since)),
        calendar.opening(calendar.on_or_after(until + actions.A_DAY)),
    )


def _key(deputy: Person, since: date, until: date) -> tuple[str, date, date]:
    return deputy.user_id, since, until


def _close(tx: Tx, found: AwayPlan, verb: str, by: Actor, now: datetime) -> None:
    found.closed_at = now
    _record(tx, found, verb, by, now)
    _tell(tx, found, verb, found.deputy_id, told.not_needed(shown(found)), now)


def _tell(tx: Tx, found: AwayPlan, what: str, reader: str, message: Message, now: datetime) -> None:
    """A DM; after a restore not once more."""
    if not can_answer(tx, reader):
        return
    days = f"{found.starts_on.isoformat()} {found.until.isoformat()}"
    mark = said.mark(tx, f"away {what}", found.user_id, days, reader)
    if said.take(tx, mark) is not None:
        return
    tx.flush()
    outbox.enqueue_post(
        tx,
        dedupe_key=f"away-plan:{found.id}:{what}:{int(found.planned_at.timestamp())}",
        kind="away",
        channel=reader,
        payload=message.payload(),
        now=now,
        marks=(mark,),
    )


def _record(tx: Tx, found: AwayPlan, verb: str, by: Actor, now: datetime) -> None:
    audit.record(
        tx,
        now=now,
        by=by.user,
        source=by.source,
        verb=f"away.{verb}",
        subject=f"person:{found.user_id}",
        detail={
            "deputy": found.deputy_id,
            "from": found.starts_on.isoformat(),
            "until": found.until.isoformat(),
        },
    )
