"""What stands before Linchpin's first message in a channel, or to a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from slack_sdk.models.blocks import ContextBlock, InteractiveElement, SectionBlock

from bot.messages.kit.blocks import actions, button, compose
from bot.messages.kit.message import Message
from bot.messages.kit.text import plain
from bot.messages.lists.day_list import DayList, Line, day_list
from bot.messages.touchpoints.nudge import Nudge
from bot.rules.digests import DIGEST_TIME
from bot.rules.playbook.playbook import Play, Stage
from bot.rules.time.calendar import WorkingCalendar
from bot.rules.time.working_hours import WEEKDAYS

# (account, who has claimed it, what differs from "today, unclaimed")
_EXAMPLES = (("Acme", "", "2 days overdue"), ("Globex", "Sam", ""), ("Initech", "", ""))
_REACT = "✅ on a single nudge; on a list, a line's number."


@dataclass(frozen=True)
class DepartmentHere:
    """A department that is nudged in a channel; `tiers` where only about accounts of those."""

    key: str
    name: str
    calendar: WorkingCalendar
    tiers: tuple[str, ...] = ()


def in_channel(here: Sequence[DepartmentHere], company: ZoneInfo | None, handoffs: bool) -> Message:
    """What comes in a channel, when, and how to answer; `company` is its digest's zone."""
    lines: list[str] = []
    buttons: list[InteractiveElement] = []
    if here:
        lines.append(_department_lines(here, handoffs))
        buttons = [button("Show an example", "first:example", here[0].key)]
        for each in here[:3]:
            label = f"Change {each.name}…" if here[1:] else "Change hours or channel…"
            buttons.append(button(label, f"setup:edit:{each.key}", each.key))
    if company:
        lines.append(
            "*Linchpin posts here for the whole company:* one digest on Mondays at "
            f"{_time(DIGEST_TIME, company)}. "
            "Stage moves come when they happen.\n"
            "A digest's buttons show what is behind its numbers, to you only."
        )
        buttons += [] if here else [button("Change channel…", "setup:edit:company", "company")]
    return compose(*lines, actions(*buttons))


def to_person(
    name: str, calendar: WorkingCalendar, department: str | None, channel: str | None
) -> Message:
    """What a person gets, when, and how to answer; `channel` is that of their department."""
    team = f"The rest of {plain(department)} is in <#{channel}>. " if department and channel else ""
    text = (
        f"*Hello {plain(name)}.* At {_time(calendar.opens, calendar.zone, 'your time ')}, you get "
        "one message with what is yours. Nothing due, no message.\n"
        f"{team}React{' there' if team else ''}: {_REACT}\n"
        'Ask me anything here, like "what\'s next?"'
    )
    mine = button("What's next for me?", "command:mine", "/next mine")
    return compose(text, actions(mine, button("Change hours…", "home:settings", "settings")))


def example(name: str, plays: Sequence[tuple[Stage, Play]], now: datetime, today: date) -> Message:
    """A morning's list of a department, of its own plays and invented accounts."""
    lines = []
    for number, (account, who, exception) in enumerate(_EXAMPLES):
        nudge = _nudge(*plays[number * len(plays) // len(_EXAMPLES)], account, who, now)
        lines.append(Line(nudge, number + 1, exception, who))
    shown = day_list(DayList(name, today, today, lines))
    rows = [block for block in shown.blocks if isinstance(block, SectionBlock | ContextBlock)]
    for row in rows:
        if isinstance(row, SectionBlock):
            row.accessory = row.block_id = None  # there is nothing that it could change
    return compose("*An example.* Its accounts are invented. Only you see this.", *rows)


def _nudge(stage: Stage, play: Play, account: str, who: str, now: datetime) -> Nudge:
    return Nudge(
        id=0,
        account=account,
        title=play.title,
        ask=play.ask,
        helps=play.helps,
        decision=stage.decision,
        due="due today",
        state="claimed" if who else "nudged",
        state_at=now,
        by=None,
        records=play.records,
    )


def _department_lines(here: Sequence[DepartmentHere], handoffs: bool) -> str:
    times = dict.fromkeys(_time(each.calendar.opens, each.calendar.zone) for each in here)
    weekdays = dict.fromkeys(min(each.calendar.weekdays) for each in here if not each.tiers)
    days = [f"{WEEKDAYS[day].capitalize()}s" for day in weekdays]
    digest = f", with a digest on {' or '.join(days)}" if days else ""
    when_due = "Handoffs and promises" if handoffs else "Promises"
    return (
        f"*Linchpin posts here for {' and '.join(map(_whose, here))}:* one list at "
        f"{' or '.join(times)} on working days{digest}. {when_due} come when they are due.\n"
        f"Answer with a line's menu or a reaction: {_REACT} What is left over moves to the next "
        "list."
    )


def _whose(each: DepartmentHere) -> str:
    tiers = f" (tier {plain(', '.join(each.tiers))})" if each.tiers else ""
    return plain(each.name) + tiers


def _time(at: time, zone: ZoneInfo, whose: str = "") -> str:
    """ "9:00 your time (Tokyo)"."""
    return f"{at.hour}:{at:%M} {whose}({zone.key.rpartition('/')[2].replace('_', ' ')})"
