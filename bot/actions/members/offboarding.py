"""Somebody was deactivated or became a guest: what was theirs goes to others, and an admin hears
of it once."""

from __future__ import annotations

from datetime import datetime

from bot.actions.actor import CLOCK, Actor, audit_action
from bot.actions.lifecycle.plan_changes import set_manager
from bot.actions.members.away import close_all, move, move_open
from bot.actions.responses.respond import act
from bot.actions.touchpoints.routing import acting, can_answer
from bot.messages.kit.parts import person
from bot.messages.members import away as messages
from bot.rules.errors import UserError
from bot.rules.playbook.playbook import Playbook
from db import outbox
from db.accounts import accounts
from db.core.tx import Tx
from db.members import away, members
from db.models import Departure, Person
from db.outbox import pending
from db.touchpoints import touchpoints
from db.workspace import departments


def look_after(tx: Tx, playbook: Playbook, who: Person, now: datetime) -> Departure | None:
    """Gives claims back to the departments and accounts to the cover, or to the department that
    stands in for managers. None when nothing was theirs."""
    who.leaving_since = None
    tx.flush()
    if can_answer(tx, who.user_id):
        return None
    absence = away.current(tx, who.user_id)
    deputy = acting(tx, absence.cover_id) if absence is not None else None
    close_all(tx, playbook, who.user_id, now)
    covered = [each.user_id for each in away.covered_by(tx, who.user_id)]
    absent = list(away.covers(tx))
    claims = touchpoints.claimed_by(tx, who.user_id)
    for touchpoint in claims:
        act(tx, playbook, touchpoint, "release", CLOCK, now)
    _pass_on(tx, playbook, who, deputy, now)
    managed = away.managed(tx, who.user_id)
    for account in managed:
        set_manager(tx, playbook, account, deputy, CLOCK, now)
    move_open(tx, playbook, absent, now)
    leads = _led(tx, playbook, who)
    if not (claims or managed or covered or leads):
        return None
    departure = tx.add(
        Departure(
            user_id=who.user_id,
            at=now,
            accounts=[account.id for account in managed],
            deputy_id=deputy,
            claims=len(claims),
        )
    )
    _record(tx, departure, "left", CLOCK, now)
    _tell(tx, playbook, departure, covered, leads, now)
    if deputy is not None and managed:
        _tell_heir(tx, departure, deputy, [each.name for each in managed], None, now)
    return departure


def give(tx: Tx, playbook: Playbook, departure_id: int, to: str, by: Actor, now: datetime) -> int:
    """Makes somebody the manager of all that a leaver had; returns of how many accounts.

    What was given to somebody else meanwhile stays theirs.
    """
    departure = tx.get(Departure, departure_id)
    if departure is None:
        raise UserError("I no longer know who left there. `/account acme manager @priya` helps.")
    if departure.given_to is not None and departure.given_by is not None:
        raise UserError(
            f"{person(departure.given_by)} gave them to {person(departure.given_to)} already."
        )
    given: list[str] = []
    for account_id in departure.accounts:
        account = accounts.by_id(tx, account_id)
        free = account is not None and account.manager_id in (None, departure.deputy_id)
        if account is not None and free and account.archived_at is None:
            set_manager(tx, playbook, account, to, by, now)
            given.append(account.name)
    departure.given_to, departure.given_by, departure.given_at = to, by.user, now
    _record(tx, departure, "given", by, now)
    if departure.message_id is not None:
        _retell(tx, playbook, departure, now)
    if given and to != by.user:
        _tell_heir(tx, departure, to, given, by.user, now)
    return len(given)


def name_of(tx: Tx, departure: Departure) -> str:
    return members.name(tx, departure.user_id)


def _pass_on(tx: Tx, playbook: Playbook, who: Person, to: str | None, now: datetime) -> None:
    """What the person took on is the cover's, or anybody's of its department."""
    for touchpoint in touchpoints.hold_taken_on_by(tx, who.user_id):
        account = accounts.by_id(tx, touchpoint.account_id)
        assert account is not None
        touchpoints.change(tx, touchpoint, person_id=to)
        move(tx, playbook, touchpoint, account, now)


def _led(tx: Tx, playbook: Playbook, who: Person) -> list[str]:
    """Departments that the person led, by a setting or by the playbook's word."""
    words = {who.handle.casefold(), who.email.casefold()} - {""}
    by_playbook = [
        key
        for key, each in playbook.departments.items()
        if each.lead
        and each.lead.removeprefix("@").casefold() in words
        and departments.lead(tx, playbook, key) is None
    ]
    set_here = [key for key in away.led(tx, who.user_id) if key in playbook.departments]
    return sorted({*by_playbook, *set_here})


def _tell(
    tx: Tx,
    playbook: Playbook,
    departure: Departure,
    covered: list[str],
    leads: list[str],
    now: datetime,
) -> None:
    """One DM to the first admin who can do something about it."""
    admin = next((one.user_id for one in members.admins(tx)), None)
    if admin is None:
        return
    shown = _left(tx, playbook, departure, covered, leads)
    departure.message_id = outbox.enqueue_post(
        tx,
        dedupe_key=f"left:{departure.id}:{int(now.timestamp())}",
        kind="admin",
        channel=admin,
        payload=messages.left(shown).payload(),
        now=now,
    )


def _tell_heir(
    tx: Tx, departure: Departure, to: str, names: list[str], by: str | None, now: datetime
) -> None:
    outbox.enqueue_post(
        tx,
        dedupe_key=f"inherited:{departure.id}:{to}:{int(now.timestamp())}",
        kind="away",
        channel=to,
        payload=messages.inherited(names, name_of(tx, departure), by).payload(),
        now=now,
    )


def _retell(tx: Tx, playbook: Playbook, departure: Departure, now: datetime) -> None:
    tx.flush()
    row_id = departure.message_id
    assert row_id is not None
    payload = messages.left(_left(tx, playbook, departure, [], [])).payload()
    pending.hold(tx, row_id)
    if not pending.rewrite(tx, row_id, payload) and pending.was_or_is_being_sent(tx, row_id):
        version = pending.next_face(tx, row_id)
        outbox.enqueue_update(tx, target=row_id, version=version, payload=payload, now=now)


def _left(
    tx: Tx, playbook: Playbook, departure: Departure, covered: list[str], leads: list[str]
) -> messages.Left:
    who = members.by_user_id(tx, departure.user_id)
    named = accounts.named(tx, departure.accounts)
    return messages.Left(
        id=departure.id,
        name=name_of(tx, departure),
        is_guest=who is not None and who.is_guest and not who.is_deleted,
        accounts=[named[each].name for each in departure.accounts if each in named],
        to=departure.deputy_id,
        stand_in=playbook.departments[playbook.without_manager].name,
        claims=departure.claims,
        leads=[(key, playbook.departments[key].name) for key in leads],
        covered=covered,
        given_to=departure.given_to,
        given_by=departure.given_by,
    )


def _record(tx: Tx, departure: Departure, verb: str, by: Actor, now: datetime) -> None:
    detail = {
        "accounts": len(departure.accounts),
        "claims": departure.claims,
        "to": departure.given_to or departure.deputy_id,
    }
    audit_action(tx, f"person:{departure.user_id}", f"person.{verb}", by, now, detail)
