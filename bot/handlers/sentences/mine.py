"""What people say of themselves: away, back, their digest, their hours, undo, reminders."""

import re
from dataclasses import replace
from datetime import date, time, timedelta

from bot.actions.touchpoints.routing import member_calendar
from bot.handlers.base.request import NeedsHelp, Request, offer
from bot.handlers.home import next as next_command
from bot.handlers.sentences.words import Handler, Proposal, account_of, days_told, propose_on
from bot.handlers.workspace import command as workspace_command
from bot.messages.kit.blocks import actions, button, compose
from bot.messages.kit.message import Message
from bot.messages.kit.text import day, plain
from bot.messages.workspace import conversation as messages
from bot.rules.language.dates import find_days
from bot.rules.language.reading import Reading
from bot.rules.language.told import reminder_told
from bot.rules.playbook.playbook import MANAGER
from bot.rules.time.working_hours import WEEKDAYS
from db.members import away

_FROM_TO = re.compile(r"\b(\d{1,2})(?::\d\d)?(?:\s*[ap]m)?\s*(?:-|–|to|and|until)\s*(\d{1,2})\b")


def _away(request: Request, reading: Reading) -> Message:
    person, spans = reading.part("member"), _spans(request, reading)
    if spans is None:
        form = button("Set a cover…", "form:away", "-")
        return compose("From when until when are you away, and who covers?", actions(form))
    since, until = spans
    days = day(until) if since == until else f"{day(since)} to {day(until)}"
    if person is None:
        form = button("Set a cover…", "form:away", "-")
        return compose(f"Who covers for you, {days}?", actions(form))
    first = f"from {since.isoformat()} to" if since > request.today else "until"
    line = f"/linchpin away <@{person.value}> {first} {until.isoformat()}"
    when = f"until {day(until)}" if since <= request.today else f"from {day(since)} to {day(until)}"
    what = f"Set <@{person.value}> as your cover {when}"
    return Proposal(what, "Set cover", line).message()


def _spans(request: Request, reading: Reading) -> tuple[date, date] | None:
    """From when until when; today where only the end is told."""
    found = find_days(reading.text, request.today, forward=True)
    dated = [each for each in found if each.day or each.readings]
    if not dated:
        return None
    first, last = dated[0], dated[-1]
    unclear = next((each for each in dated if each.readings), None)
    if unclear is not None:
        said = reading.text[unclear.start : unclear.end]
        before, after = reading.text[: unclear.start], reading.text[unclear.end :]
        word = f"{unclear.word} " if unclear.word else ""
        lines = [
            (day(each), f"say as:away {before}{word}{each.isoformat()}{after}")
            for each in unclear.readings
        ]
        raise offer(f'Which day is "{said}"?', *lines)
    end = last.until or last.day or request.today
    only_end = len(dated) == 1 and not first.until and first.word in ("until", "till", "to", "by")
    return (request.today if only_end or first.day is None else first.day), end


def _back(request: Request, reading: Reading) -> Message:
    if away.current(request.tx, request.speaker.user_id) is None:
        return workspace_command.handle(replace(request, text="away list"))
    return Proposal("End your absence and your cover", "I'm back", "/linchpin back").message()


def _digest_time(request: Request, reading: Reading) -> Message:
    found = find_days(reading.text, request.today, forward=True)
    weekday = next((each.weekday for each in found if each.weekday is not None), None)
    hour = next((each.hour for each in found if each.hour is not None), None)
    if weekday is None and hour is None:
        raise NeedsHelp("settings", "When should your digest come? For example:")
    named = WEEKDAYS[request.speaker.digest_weekday if weekday is None else weekday]
    at = f" {hour.hour}:00" if hour else ""
    line = f"/linchpin settings digest {named}{at}"
    what = f"Your digest comes on {named.capitalize()}s{f' at{at}' if at else ''}"
    return Proposal(what, "Change it", line).message()


def _hours(request: Request, reading: Reading) -> Message:
    calendar = member_calendar(request.playbook.calendar(MANAGER), request.speaker)
    found = find_days(reading.text, request.today, forward=True)
    hours = [each.hour for each in found if each.hour is not None]
    days = {each.weekday for each in found if each.weekday is not None}
    said = reading.sentence.masked
    opens, closes, weekdays = calendar.opens, calendar.closes, {*calendar.weekdays}
    if both := _FROM_TO.search(reading.text):
        opens, closes = (
            time(int(both[1])),
            time((int(both[2]) + 12 * (int(both[2]) < int(both[1]))) % 24),
        )
    elif hours and re.search(r"\b(?:before|until|from|start)\b", reading.text, re.IGNORECASE):
        opens = hours[0]
    elif hours:
        closes = hours[0]
    is_quiet = re.search(r"(?<!\S)(no|not|dont|never|off|free)(?!\S)", said)
    if days:
        weekdays = weekdays - days if is_quiet else days
    if re.search(r"weekends?", reading.text, re.IGNORECASE) and is_quiet:
        weekdays -= {5, 6}
    if not (days or hours or both or "weekend" in said):
        return _choices()
    shown = ", ".join(WEEKDAYS[n][:3] for n in sorted(weekdays))
    line = f"/linchpin settings hours {opens:%H:%M}-{closes:%H:%M} {shown.replace(' ', '')}"
    what = f"Messages only from {opens:%H:%M} to {closes:%H:%M}, {shown}"
    return Proposal(what, "Change it", line).message()


def _less(request: Request, reading: Reading) -> Message:
    if re.search(r"(?<!\S)(digests?|weekly)(?!\S)", reading.sentence.masked):
        line = "/linchpin settings digest off"
        return Proposal("Switch your weekly digest off", "Switch it off", line).message()
    return _choices()


def _choices() -> Message:
    return messages.fewer_messages()


def _undo(request: Request, reading: Reading) -> Message:
    return workspace_command.handle(replace(request, text="undo ?"))


def _reminder(request: Request, reading: Reading) -> Message:
    account, text = account_of(request, reading), reminder_told(reading)
    part = next(iter(reading.sentence.all("day")), None)
    found = find_days(reading.words(part), request.today, forward=True) if part else []
    hour = next((each.hour for each in found if each.hour), None)
    days = days_told(request, reading, [part] if part else [], forward=True)
    person = reading.part("member")
    is_for = person is not None and re.search(r"remind @member", reading.sentence.masked)
    user = str(person.value) if person and is_for else request.speaker.user_id
    who = "you" if user == request.speaker.user_id else f"<@{user}>"
    at = f" {hour:%H:%M}" if hour else ""

    def build(on: date) -> Proposal:
        what = f"Remind {who} on {day(on)}{at} about *{plain(account.name)}*"
        line = f"/next id:{account.id} remind <@{user}> {on.isoformat()}{at} {text}"
        return Proposal(what, "Remind me" if who == "you" else "Remind them", line, text)

    if days:
        return propose_on(days, build, "")
    ahead = [request.today + timedelta(days=n) for n in (1, 7)]
    raise offer(
        f"On which day about *{plain(account.name)}*?",
        *((day(each), build(each).line) for each in ahead),
    )


MINE: dict[str, Handler] = {
    "reminder": _reminder,
    "away": _away,
    "back": _back,
    "digest_time": _digest_time,
    "hours": _hours,
    "less": _less,
    "undo": _undo,
    "act_on": lambda request, reading: next_command.handle(
        replace(request, text=f"id:{account_of(request, reading).id}")
    ),
}
