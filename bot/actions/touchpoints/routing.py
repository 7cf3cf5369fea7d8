"""Where a touchpoint's messages go, in whose working hours, and who is told when it escalates."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.messages.kit.text import mention
from bot.rules.playbook.playbook import Playbook
from bot.rules.time.calendar import WorkingCalendar
from bot.rules.time.working_hours import personal_calendar
from db.core.tx import Tx
from db.members import away, members
from db.models import Account, Member, Touchpoint
from db.workspace import departments

MANAGER = "manager"


@dataclass(frozen=True)
class Destination:
    """A place for messages: a channel of one or several departments, or a person's DM."""

    channel: str  # C… or, for a DM, U…
    whose: str  # names of the departments, or the person as a mention
    departments: tuple[str, ...]  # keys; empty for a DM
    person: str | None  # None for a channel
    command: str  # lists everything that is open here


def find_destination(
    tx: Tx, playbook: Playbook, touchpoint: Touchpoint, account: Account
) -> Destination | None:
    """Where messages about a touchpoint go; None when its department has no channel."""
    addressee = find_addressee(tx, touchpoint, account)
    if addressee is not None:
        return Destination(addressee, mention(addressee), (), addressee, "/next mine")
    department = fallback_department(playbook, touchpoint.owner)
    return department_place(tx, playbook, department, account.tier)


def department_place(
    tx: Tx, playbook: Playbook, key: str, tier: str | None = None
) -> Destination | None:
    """A department's channel for accounts of that tier; None when it has none."""
    channel = departments.channel_for(tx, playbook, key, tier)
    if channel is None:
        return None
    sharing = departments.of_channel(tx, playbook, channel)
    names = " and ".join(playbook.departments[each].name for each in sharing)
    return Destination(channel, names, sharing, None, f"/next {key}")


def fallback_department(playbook: Playbook, owner: str) -> str:
    """The department of that key; for "manager" the one that stands in for managers."""
    return playbook.without_manager if owner == MANAGER else owner


def acting_manager(tx: Tx, account: Account) -> str | None:
    """The account's manager, or their cover while they are away; None if neither can answer."""
    return resolve_delegate(tx, account.manager_id) if account.manager_id is not None else None


def find_addressee(tx: Tx, touchpoint: Touchpoint, account: Account) -> str | None:
    """The one person to whom a touchpoint goes, or their cover; None if it is a department's."""
    if touchpoint.person_id is not None:
        return resolve_delegate(tx, touchpoint.person_id)
    return acting_manager(tx, account) if touchpoint.owner == MANAGER else None


def resolve_delegate(tx: Tx, user_id: str) -> str | None:
    """The person, or their cover while they are away, and so on; None if nobody can answer."""
    covers, seen = away.covers(tx), set[str]()
    while user_id not in seen and can_answer(tx, user_id):
        if user_id not in covers:
            return user_id
        seen.add(user_id)
        user_id = covers[user_id]
    return None


def delegators_of(tx: Tx, user_id: str) -> list[str]:
    """The people that the person covers now, directly or for another cover."""
    return sorted(each for each in away.covers(tx) if resolve_delegate(tx, each) == user_id)


def can_answer(tx: Tx, user_id: str) -> bool:
    """Whether a person is an active full member here. Somebody unknown is taken for one."""
    known = members.by_user_id(tx, user_id)
    return known is None or not (
        known.is_deleted or known.is_guest or known.is_bot or known.team_id != tx.workspace
    )


def owner_calendar(tx: Tx, playbook: Playbook, owner: str, account: Account) -> WorkingCalendar:
    """The working hours of a department, or of the account's manager in their own time zone."""
    manager = acting_manager(tx, account) if owner == MANAGER else None
    return working_calendar(tx, playbook.calendar(owner), manager)


def manager_calendar(tx: Tx, playbook: Playbook, manager_id: str | None) -> WorkingCalendar:
    """The working hours of a manager, or of their cover."""
    acting = resolve_delegate(tx, manager_id) if manager_id is not None else None
    return working_calendar(tx, playbook.calendar(MANAGER), acting)


def touchpoint_calendar(
    tx: Tx, playbook: Playbook, touchpoint: Touchpoint, account: Account
) -> WorkingCalendar:
    """The working hours of a touchpoint's department, or of the person to whom it goes."""
    addressee = find_addressee(tx, touchpoint, account)
    return working_calendar(tx, playbook.calendar(touchpoint.owner), addressee)


def working_calendar(tx: Tx, calendar: WorkingCalendar, user_id: str | None) -> WorkingCalendar:
    """The calendar as that person works, unless there is no such person."""
    known = members.by_user_id(tx, user_id) if user_id is not None else None
    return calendar if known is None else member_calendar(calendar, known)


def member_calendar(calendar: WorkingCalendar, known: Member) -> WorkingCalendar:
    """The calendar with this person's hours and days, in their Slack time zone if we know it."""
    try:
        zone = ZoneInfo(known.tz)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        zone = calendar.zone
    return personal_calendar(calendar, zone, known.hours, known.days)


def acting_lead(tx: Tx, playbook: Playbook, owner: str) -> str | None:
    """The department's lead, or their cover; for "manager" of the department that stands in."""
    lead = departments.lead(tx, playbook, fallback_department(playbook, owner))
    return resolve_delegate(tx, lead) if lead is not None else None


def escalation_recipient(
    tx: Tx, lead: str | None, touchpoint: Touchpoint, account: Account
) -> str | None:
    """Whom an escalation goes to: the lead, else the manager; for a manager's own, the lead.
    Nobody gets an escalation of their own touchpoint."""
    if touchpoint.owner == MANAGER:
        return lead if lead not in (account.manager_id, acting_manager(tx, account)) else None
    if touchpoint.person_id is None:
        return lead or acting_manager(tx, account)
    own = (None, touchpoint.person_id, find_addressee(tx, touchpoint, account))
    return next((one for one in (lead, acting_manager(tx, account)) if one not in own), None)
