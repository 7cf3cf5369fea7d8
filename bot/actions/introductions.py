"""Introduces Linchpin before its first message in a channel, or to a person."""

from collections.abc import Set
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.actions.work import Work
from bot.messages.kit.message import Message
from bot.messages.workspace import introductions as messages
from bot.rules.digests import reader_zone
from bot.rules.playbook.overrides import COMPANY
from bot.rules.playbook.playbook import MANAGER, Department
from bot.rules.playbook.sections import tier_key
from bot.rules.time.working_hours import personal_calendar
from db import outbox
from db.members import members
from db.models import Channel, Member
from db.touchpoints import message_marks
from db.workspace import channels, departments


def introduce(work: Work, place: str, at: datetime) -> None:
    """Says before the first message to a channel or a person what comes there; once. `at` is when
    that message goes. A person hears it within their own hours only: before a message that comes
    outside them nothing is said, and the next one is the first."""
    is_person = place[:1] in "UW"
    found = (members.by_user_id if is_person else channels.by_id)(work.tx, place)
    if found is None or found.introduced_at is not None:
        return
    message = _to_person(work, found, at) if isinstance(found, Member) else _in(work, found)
    if message is None:
        return
    found.introduced_at = work.now
    mark = message_marks.fingerprint(work.tx, "introduction", place)
    if message_marks.pop(work.tx, mark) is None:
        outbox.enqueue_post(
            work.tx,
            dedupe_key=f"introduction:{place}",
            kind="introduction",
            channel=place,
            payload=message.payload(),
            now=work.now,
            due_at=at,
            marks=(mark,),
        )


def _to_person(work: Work, person: Member, at: datetime) -> Message | None:
    zone = reader_zone(person.tz, work.playbook)
    usual = work.playbook.calendar(MANAGER)
    calendar = personal_calendar(usual, zone, person.hours, person.days)
    if not calendar.is_open(at):
        return None
    key = departments.of_member(work.tx, work.playbook, person)
    channel = departments.channel(work.tx, work.playbook, key) if key else None
    name = work.playbook.departments[key].name if key else None
    return messages.to_person(person.name.split()[0], calendar, name, channel)


def _in(work: Work, channel: Channel) -> Message | None:
    """None for a channel that is neither a department's nor the company's."""
    known = departments.all_channels(work.tx, work.playbook)
    places = {place for place, found in known.items() if found == channel.channel_id}
    here = [
        messages.DepartmentHere(key, each.name, each.calendar(), _tiers(key, each, places))
        for key, each in work.playbook.departments.items()
        if any(owner == key for owner, _ in places)
    ]
    is_company = (COMPANY, None) in places
    zone = ZoneInfo(work.playbook.company.timezone) if is_company else None
    has_handoffs = work.playbook.handoffs is not None
    return messages.in_channel(here, zone, has_handoffs) if places else None


def _tiers(key: str, department: Department, places: Set[departments.Place]) -> tuple[str, ...]:
    """The tiers whose channel it is; none for the department's own channel."""
    if (key, None) in places:
        return ()
    return tuple(tier for tier in department.routes if (key, tier_key(tier)) in places)
