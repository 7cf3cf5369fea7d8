"""Gives away the work of somebody who was deactivated or became a guest, and tells an admin."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot.actions.actor import CLOCK
from bot.actions.audit import audit_action
from bot.actions.lifecycle.changes import give_to
from bot.actions.lifecycle.plan_changes import set_manager
from bot.actions.members.away import close_all, repost_open, repost_touchpoint
from bot.actions.outgoing import edit, post, tell
from bot.actions.responses.respond import respond
from bot.actions.touchpoints.routing import can_answer, resolve_delegate
from bot.actions.work import Work
from bot.messages.kit.message import Message
from bot.messages.kit.text import mention
from bot.messages.members import away as messages
from bot.rules.errors import UserError
from bot.rules.playbook.playbook import Playbook
from db.accounts import accounts
from db.core.tx import Tx
from db.members import away, members
from db.models import Account, Departure, Member
from db.outbox import pending
from db.touchpoints import touchpoints
from db.workspace import departments


def offboard_member(work: Work, who: Member) -> Departure | None:
    """Gives claims back to the departments and accounts to the cover, or to the department that
    stands in for managers. None when the person had nothing."""
    clock = replace(work, by=CLOCK)
    who.leaving_since = None
    work.tx.flush()
    if can_answer(work.tx, who.user_id):
        return None
    absence = away.current(work.tx, who.user_id)
    deputy = resolve_delegate(work.tx, absence.cover_id) if absence is not None else None
    close_all(work, who.user_id)
    covered = [each.user_id for each in away.covered_by(work.tx, who.user_id)]
    absent = list(away.covers(work.tx))
    claims = touchpoints.list_claimed_by(work.tx, who.user_id)
    for touchpoint in claims:
        respond(clock, touchpoint, "release")
    _move_claims(work, who, deputy)
    managed = away.list_managed_by(work.tx, who.user_id)
    for account in managed:
        set_manager(clock, account, deputy)
    repost_open(work, absent)
    leads = _departments_led(work.tx, work.playbook, who)
    if not (claims or managed or covered or leads):
        return None
    departure = work.tx.add(
        Departure(
            user_id=who.user_id,
            at=work.now,
            accounts=[account.id for account in managed],
            deputy_id=deputy,
            claims=len(claims),
        )
    )
    _write_audit(clock, departure, "left")
    _notify_admin(work, departure, covered, leads)
    if deputy is not None and managed:
        _notify_new_manager(clock, departure, deputy, [each.name for each in managed])
    return departure


def transfer_accounts(work: Work, departure_id: int, to: str) -> int:
    """Makes `to` the manager of a leaver's accounts, but for those that have got another manager
    meanwhile; returns of how many."""
    departure = work.tx.require(Departure, departure_id)
    if departure.given_to is not None and departure.given_by is not None:
        raise UserError(
            f"{mention(departure.given_by)} gave them to {mention(departure.given_to)} already."
        )
    given: list[str] = []
    for account_id in departure.accounts:
        account = work.tx.get(Account, account_id)
        free = account is not None and account.manager_id in (None, departure.deputy_id)
        if account is not None and free and account.archived_at is None:
            set_manager(work, account, to)
            given.append(account.name)
    departure.given_to, departure.given_by, departure.given_at = to, work.by.user, work.now
    _write_audit(work, departure, "given")
    if departure.message_id is not None:
        _update_message(work, departure, departure.message_id)
    if given and to != work.by.user:
        _notify_new_manager(work, departure, to, given)
    return len(given)


def _move_claims(work: Work, who: Member, to: str | None) -> None:
    """Gives what the person took on to the cover, or else back to its department."""
    for touchpoint in touchpoints.lock_claimed_by(work.tx, who.user_id):
        touchpoints.save(work.tx, touchpoint, person_id=to)
        repost_touchpoint(work, touchpoint, work.tx.require(Account, touchpoint.account_id))


def _departments_led(tx: Tx, playbook: Playbook, who: Member) -> list[str]:
    """Departments that the person led, by a setting or by the playbook."""
    words, by_setting = {who.handle, who.email}, away.list_departments_led(tx, who.user_id)
    led_by_words = {word.casefold() for word in words if word}
    return sorted(
        key
        for key, each in playbook.departments.items()
        if key in by_setting
        or (
            (each.lead or "").removeprefix("@").casefold() in led_by_words
            and departments.lead(tx, playbook, key) is None
        )
    )


def _notify_admin(work: Work, departure: Departure, covered: list[str], leads: list[str]) -> None:
    """Sends one DM to the first admin."""
    admin = next((one.user_id for one in members.list_admins(work.tx)), None)
    if admin is not None:
        message = _departure_message(work, departure, covered, leads)
        key = f"left:{departure.id}:{int(work.now.timestamp())}"
        departure.message_id = post(work, admin, message, kind="admin", key=key)


def _notify_new_manager(work: Work, departure: Departure, to: str, names: list[str]) -> None:
    text = messages.new_manager_text(names, members.name(work.tx, departure.user_id), work.by.user)
    tell(work, to, f"inherited:{departure.id}", text)


def _update_message(work: Work, departure: Departure, row_id: int) -> None:
    work.tx.flush()
    message = _departure_message(work, departure, [], [])
    pending.lock_message(work.tx, row_id)
    is_rewritten = pending.rewrite_pending(work.tx, row_id, message.payload())
    if not is_rewritten and pending.may_be_in_slack(work.tx, row_id):
        edit(work, row_id, message)


def _departure_message(
    work: Work, departure: Departure, covered: list[str], leads: list[str]
) -> Message:
    owners, who = work.playbook.departments, members.by_user_id(work.tx, departure.user_id)
    known = accounts.by_ids(work.tx, departure.accounts)
    view = messages.DepartureView(
        id=departure.id,
        name=members.name(work.tx, departure.user_id),
        is_guest=who is not None and who.is_guest and not who.is_deleted,
        accounts=[known[each].name for each in departure.accounts if each in known],
        to=departure.deputy_id,
        stand_in=owners[work.playbook.without_manager].name,
        claims=departure.claims,
        leads=[(key, owners[key].name) for key in leads],
        covered=covered,
        given_to=departure.given_to,
        given_by=departure.given_by,
    )
    return messages.departure_message(view)


def _write_audit(work: Work, departure: Departure, verb: str) -> None:
    detail = {
        "accounts": len(departure.accounts),
        "claims": departure.claims,
        "to": departure.given_to or departure.deputy_id,
    }
    audit_action(work, f"person:{departure.user_id}", f"person.{verb}", detail)


#: After a longer time the accounts have found others.
OFFERED_WITHIN: Final = timedelta(days=30)


def offer_accounts(work: Work, user_id: str) -> bool:
    """Sends the offer to somebody who is back; False when there is nothing to offer."""
    departure = away.last_departure(work.tx, user_id)
    if departure is None or departure.returned_at is not None:
        return False
    departure.returned_at = work.now
    theirs = _still_free(work, departure) if work.now - departure.at <= OFFERED_WITHIN else []
    if theirs:
        take = {"label": "Take them back", "action_id": "away:return", "value": str(departure.id)}
        text = messages.welcome_back([each.name for each in theirs])
        tell(work, user_id, f"returned:{departure.id}", text, button=take)
    return bool(theirs)


def take_back(work: Work, departure_id: int) -> Message:
    """Makes the person the manager again of what nobody else was given since."""
    departure = work.tx.require(Departure, departure_id)
    if departure.user_id != work.by.user:
        raise UserError("Only the person who is back can take these accounts back.")
    theirs = _still_free(work, departure)
    for account in theirs:
        give_to(work, account, departure.user_id)
    if not theirs:
        raise UserError("Others manage these accounts by now. Nothing was changed.")
    return messages.taken_back([each.name for each in theirs])


def _still_free(work: Work, departure: Departure) -> list[Account]:
    """The accounts that are still with whom the departure gave them to, or with nobody."""
    holders = (None, departure.deputy_id, departure.given_to)
    known = accounts.by_ids(work.tx, departure.accounts).values()
    return [each for each in known if each.manager_id in holders and each.archived_at is None]
