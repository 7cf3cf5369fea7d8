"""`/linchpin`: help, status, digest, settings, setup, playbook, plays."""

import re
from collections.abc import Callable

from bot.actions.digests import company, monday, personal
from bot.actions.members import preferences
from bot.actions.touchpoints.routing import member_calendar
from bot.actions.workspace import setup
from bot.handlers.base.parsing import words_after
from bot.handlers.base.request import NeedsHelp, Request, unknown_word
from bot.handlers.members import command
from bot.handlers.playbook import playbook
from bot.handlers.workspace import setup as setup_handlers
from bot.handlers.workspace import status, undo
from bot.messages.digests.times import comes_text
from bot.messages.kit.blocks import text_message
from bot.messages.kit.message import Message
from bot.messages.kit.text import mention, plain
from bot.messages.workspace.setup import settings_message
from bot.rules.errors import UserError
from bot.rules.language.dates import find_days
from bot.rules.playbook.playbook import MANAGER
from bot.rules.text.words import tokens
from bot.rules.time.working_hours import WEEK, parse_days
from db.members import members
from db.models import Member
from db.workspace import departments

_HOURS = re.compile(r"(\d{1,2}(?::\d\d)?)\s*[-–]\s*(\d{1,2}(?::\d\d)?)")
_HOURS_LINE = "/linchpin settings hours 9-17 mon-fri"


def handle(request: Request) -> Message:
    """Answers `/linchpin …`."""
    words = tokens(request.text)
    verb = words[0].casefold() if words else "help"
    if verb not in SUBCOMMANDS:
        line = " ".join(["/linchpin", "{word}", *words[1:]])
        raise unknown_word(words[0], SUBCOMMANDS, line, "/linchpin help")
    return SUBCOMMANDS[verb](request, words[1:])


def _help(_request: Request, words: list[str]) -> Message:
    raise NeedsHelp(" ".join(words).casefold())


def _setup(request: Request) -> Message:
    request.require_admin("set Linchpin up")
    return setup_handlers.overview(request)


def _digest(request: Request, words: list[str]) -> Message:
    asked = " ".join(words).casefold()
    if asked in ("on", "off"):
        return _own_digest(request, asked)
    if asked in ("", "company"):
        return company.company_digest(request.work)
    if asked in ("mine", "me"):
        own = personal.personal_digest(request.work, request.speaker.user_id)
        return own or Message("No account of yours renews within 90 days or is at risk.")
    key = request.department(asked, "/linchpin digest {word}")
    parts = monday.monday_parts(request.work, key)
    return parts.head.followed_by(parts.foot)


def _settings(request: Request, words: list[str]) -> Message:
    if not words:
        return settings_message(
            [
                setup.department_row(request.tx, request.playbook, key)
                for key in request.playbook.departments
            ],
            request.speaker.digest_off,
            departments.of_member(request.tx, request.playbook, request.speaker),
        )
    verb, rest = words[0].casefold(), " ".join(words[1:])
    if verb == "digest":
        return _own_digest(request, rest)
    if verb == "hours":
        return _own_hours(request, rest)
    if verb == "department":
        return _own_department(request, rest)
    if verb == "thanks":
        return _own_thanks(request, rest)
    return _department_setting(request, words)


def _own_digest(request: Request, words: str) -> Message:
    """`on`, `off`, or when it comes: "friday 16:00"."""
    if words.casefold() == "off":
        preferences.save_choice(request.work, "digest", digest_off=True)
        return text_message(
            "Your weekly digest is off. `/linchpin settings digest on` brings it back."
        )
    found = find_days(words, request.today, forward=True)
    values = {
        "digest_weekday": next((each.weekday for each in found if each.weekday is not None), None),
        "digest_hour": next((each.hour.hour for each in found if each.hour is not None), None),
    }
    told = {name: value for name, value in values.items() if value is not None}
    if not told and words.casefold() != "on":
        raise UserError(
            "Your digest is on or off, or comes at a time: `/linchpin settings digest off`, "
            "`/linchpin settings digest friday 16:00`."
        )
    preferences.save_choice(request.work, "digest", digest_off=False, **told)
    who, calendar = _speaker_now(request), request.playbook.calendar(MANAGER)
    comes = comes_text(who.digest_weekday, who.digest_hour, member_calendar(calendar, who))
    return text_message(f"Your weekly digest is on. {comes} My Home tab changes that.")


def _speaker_now(request: Request) -> Member:
    """The speaker with what was just saved."""
    person = members.by_user_id(request.tx, request.speaker.user_id)
    assert person is not None
    return person


def _own_hours(request: Request, words: str) -> Message:
    """When messages may come: "9-17 mon-fri", either alone too."""
    hours, days = _HOURS.search(words), _HOURS.sub("", words).strip(" ,")
    if not hours and not days:
        raise UserError(f"Say when messages may come: `{_HOURS_LINE}`.")
    try:
        weekdays = parse_days(days) if days else None
        if hours:
            opens, closes = (
                f"{int(at.partition(':')[0]):02}:{at[-2:] if ':' in at else '00'}"
                for at in hours.groups()
            )
            preferences.choose_hours(request.work, request.speaker, opens=opens, closes=closes)
    except ValueError as error:
        raise UserError(f"{plain(str(error))} A line that works: `{_HOURS_LINE}`.") from None
    if weekdays is not None:
        preferences.choose_days(request.work, weekdays)
    calendar = member_calendar(request.playbook.calendar(MANAGER), _speaker_now(request))
    on = ", ".join(WEEK[day] for day in sorted(calendar.weekdays))
    return text_message(
        f"Messages come only from {calendar.opens:%H:%M} to {calendar.closes:%H:%M}, {on}. "
        "My Home tab changes that."
    )


def _own_thanks(request: Request, words: str) -> Message:
    if words.casefold() not in ("on", "off"):
        raise UserError("Thanks are on or off: `/linchpin settings thanks off`.")
    named = words.casefold() == "on"
    preferences.choose_thanks(request.work, named)
    if named:
        return text_message("The digests thank you by name again.")
    return text_message(
        "The digests no longer thank you by name. `/linchpin settings thanks on` changes that."
    )


def _own_department(request: Request, words: str) -> Message:
    key = request.department(words, "/linchpin settings department {word}")
    preferences.choose_department(request.work, key)
    name = request.playbook.departments[key].name
    return text_message(f"You are in {plain(name)}: `/next` shows its touchpoints with yours.")


def _department_setting(request: Request, words: list[str]) -> Message:
    what = words[1].casefold() if len(words) > 2 else ""
    is_company = words[0].casefold() == "company"
    if what not in ("channel", "lead") or (is_company and what == "lead"):
        known = ", ".join(request.playbook.departments)
        first = next(iter(request.playbook.departments))
        raise UserError(
            f"Settings are `digest on|off`, `department NAME`, a department ({known}) with "
            f"`channel` or `lead`, or `company channel`: `/linchpin settings {first} channel #ops`."
        )
    line = " ".join(["/linchpin settings {word}", *words[1:]])
    key = "company" if is_company else request.department(words[0], line)
    request.require_admin("change departments")
    name = "the company" if key == "company" else plain(request.playbook.departments[key].name)
    change = _set_lead if what == "lead" else _set_channel
    return text_message(change(request, key, name, " ".join(words[2:])))


def _set_lead(request: Request, key: str, name: str, words: str) -> str:
    if words.casefold() in ("none", "nobody"):
        setup.set_lead(request.work, key, None)
        return f"{name} has the playbook's lead again, if it names one."
    lead = request.person(words, f"/linchpin settings {key} lead @diego").user_id
    setup.set_lead(request.work, key, lead)
    return f"{mention(lead)} leads {name} from now on."


def _set_channel(request: Request, key: str, name: str, words: str) -> str:
    channel = request.channel_id(words, f"/linchpin settings {key} channel #ops")
    setup.set_channel(request.work, key, channel)
    what = "Moves and the company's digest come" if key == "company" else f"{name} is nudged"
    where = f" to <#{channel}>" if key == "company" else f" in <#{channel}>"
    return f"{what}{where} from now on.{request.invite_hint(channel)}"


SUBCOMMANDS: dict[str, Callable[[Request, list[str]], Message]] = {
    "help": _help,
    "status": lambda request, _words: status.status_answer(request),
    "digest": _digest,
    "settings": _settings,
    "undo": undo.handle,
    "setup": lambda request, _words: _setup(request),
    "playbook": playbook.handle,
    "plays": playbook.plays,
    "away": lambda request, _words: command.handle(request, words_after(request.text, 1)),
    "back": lambda request, _words: command.back(request),
}
