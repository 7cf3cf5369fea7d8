"""Where messages about a touchpoint go, in whose working time, and who decides in the end."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.messages.kit.parts import mention
from bot.rules.playbook.playbook import Playbook
from bot.rules.time.calendar import WorkingCalendar
from bot.rules.time.working_hours import personal_calendar
from db.core.tx import Tx
from db.members import away, members
from db.models import Account, Person, Touchpoint
from db.workspace import departments

MANAGER = "manager"


@dataclass(frozen=True)
class Destination:
    """A place for messages: a channel of one or several departments, or a person's DM."""

    channel: str  # C… or, for a DM, U…
    whose: str
    departments: tuple[str, ...]  # whose channel it is; none for a DM
    person: str | None  # whose DM it is
    command: str  # what lists everything open here


def find_destination(
    tx: Tx, playbook: Playbook, touchpoint: Touchpoint, account: Account
) -> Destination | None:
    """Where messages about a touchpoint go; None when there is no such channel.

    What is a person's goes to them, or to the department that it, or the person, belongs to.
    """
    owner, whose = touchpoint.owner, find_addressee(tx, touchpoint, account)
    if whose is not None:
        return Destination(whose, mention(whose), (), whose, "/next mine")
    everywhere = departments.all_channels(tx, playbook)
    channel = everywhere.get(fallback_department(playbook, owner))
    if channel is None:
        return None
    sharing = [key for key in playbook.departments if everywhere.get(key) == channel]
    names = [playbook.departments[key].name for key in sharing]
    command = f"/next {fallback_department(playbook, owner)}"
    return Destination(channel, " and ".join(names), tuple(sharing), None, command)


def fallback_department(playbook: Playbook, owner: str) -> str:
    """The department that `owner` is, or the one that stands in for managers."""
    return playbook.without_manager if owner == MANAGER else owner


def acting_manager(tx: Tx, account: Account) -> str | None:
    """Whoever acts for the account's manager now: the manager, or a cover while they are away."""
    return resolve_delegate(tx, account.manager_id) if account.manager_id is not None else None


def is_personal(touchpoint: Touchpoint) -> bool:
    """Whether one person is told of it, and not a department."""
    return touchpoint.owner == MANAGER or touchpoint.person_id is not None


def find_addressee(tx: Tx, touchpoint: Touchpoint, account: Account) -> str | None:
    """Who is told of a touchpoint alone: whoever took it on, or the account's manager, or who acts
    for them now. None when it is a department's, or nobody of them can answer."""
    if touchpoint.person_id is not None:
        return resolve_delegate(tx, touchpoint.person_id)
    return acting_manager(tx, account) if touchpoint.owner == MANAGER else None


def resolve_delegate(tx: Tx, user_id: str) -> str | None:
    """The person, or their cover while they are away; None when nobody can answer.

    A cover who is away too has a cover; where that leads to nobody, a department gets it.
    """
    covers, seen = away.covers(tx), set[str]()
    while user_id not in seen and can_answer(tx, user_id):
        if user_id not in covers:
            return user_id
        seen.add(user_id)
        user_id = covers[user_id]
    return None


def delegators_of(tx: Tx, user_id: str) -> list[str]:
    """Those whom the person covers now, directly or for another cover."""
    absent = away.covers(tx)
    return sorted(each for each in absent if resolve_delegate(tx, each) == user_id)


def can_answer(tx: Tx, user_id: str) -> bool:
    """Whether a person may act on what they are told. Somebody we never met is given the chance."""
    known = members.by_user_id(tx, user_id)
    return known is None or not (
        known.is_deleted or known.is_guest or known.is_bot or known.team_id != tx.workspace
    )


def owner_calendar(tx: Tx, playbook: Playbook, owner: str, account: Account) -> WorkingCalendar:
    """The owner's working time; a manager's hours are those they chose, in their own time zone."""
    manager = acting_manager(tx, account) if owner == MANAGER else None
    return working_calendar(tx, playbook.calendar(owner), manager)


def manager_calendar(tx: Tx, playbook: Playbook, manager_id: str | None) -> WorkingCalendar:
    """The same for whoever acts for that manager."""
    whose = resolve_delegate(tx, manager_id) if manager_id is not None else None
    return working_calendar(tx, playbook.calendar(MANAGER), whose)


def touchpoint_calendar(
    tx: Tx, playbook: Playbook, touchpoint: Touchpoint, account: Account
) -> WorkingCalendar:
    """The same for a touchpoint: its department's time, or that of the person who is told."""
    whose = find_addressee(tx, touchpoint, account)
    return working_calendar(tx, playbook.calendar(touchpoint.owner), whose)


def working_calendar(tx: Tx, calendar: WorkingCalendar, user_id: str | None) -> WorkingCalendar:
    """The calendar as that person works, unless there is no such person."""
    known = members.by_user_id(tx, user_id) if user_id is not None else None
    return calendar if known is None else member_calendar(calendar, known)


def member_calendar(calendar: WorkingCalendar, known: Person) -> WorkingCalendar:
    """The calendar as this person works; their zone in Slack, unless we do not know that."""
    try:
        zone = ZoneInfo(known.tz)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        zone = calendar.zone
    return personal_calendar(calendar, zone, known.hours, known.days)


def acting_lead(tx: Tx, playbook: Playbook, owner: str) -> str | None:
    """Who leads the department, or the one that stands in for managers, and may answer."""
    lead = departments.lead(tx, playbook, fallback_department(playbook, owner))
    return resolve_delegate(tx, lead) if lead is not None else None


def escalation_recipient(
    tx: Tx, lead: str | None, touchpoint: Touchpoint, account: Account
) -> str | None:
    """Whom an escalation goes to: the lead, else the manager; for a manager's own, their lead.
    Nobody is told of their own."""
    if touchpoint.owner == MANAGER:
        return lead if lead not in (account.manager_id, acting_manager(tx, account)) else None
    if touchpoint.person_id is None:
        return lead or acting_manager(tx, account)
    own = (None, touchpoint.person_id, find_addressee(tx, touchpoint, account))
    return next((one for one in (lead, acting_manager(tx, account)) if one not in own), None)
