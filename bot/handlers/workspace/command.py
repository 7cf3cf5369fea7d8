"""`/linchpin`: help, status, digest, settings, setup, playbook, plays."""

from collections.abc import Callable

from bot.actions.digests import company, monday, personal
from bot.actions.members import preferences
from bot.actions.touchpoints.routing import member_calendar
from bot.actions.workspace import setup
from bot.handlers.base.parsing import words_after
from bot.handlers.base.request import NeedsHelp, Request, unknown_word
from bot.handlers.members import command
from bot.handlers.playbook import playbook, plays
from bot.handlers.workspace import setup as setup_handlers
from bot.handlers.workspace import status
from bot.messages.digests.times import comes_text
from bot.messages.kit.blocks import text_message
from bot.messages.kit.message import Message
from bot.messages.kit.text import mention, plain
from bot.messages.workspace import settings as settings_messages
from bot.rules.errors import UserError
from bot.rules.playbook.playbook import MANAGER
from bot.rules.text.words import tokens
from db.workspace import departments


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
    """One's own digest, a department's or the company's, as it would be now."""
    asked = " ".join(words).casefold()
    if asked in ("on", "off"):
        return _own_digest(request, asked)
    if asked in ("", "company"):
        return company.company_digest(request.work)
    if asked in ("mine", "me"):
        own = personal.personal_digest(request.work, request.speaker.user_id)
        return own or Message("No account of yours renews within 90 days or is at risk.")
    key = request.department(asked, "/linchpin digest {word}")
    return monday.monday_parts(request.work, key).message


def _settings(request: Request, words: list[str]) -> Message:
    if not words:
        return settings_messages.settings_message(
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
    if verb == "department":
        return _own_department(request, rest)
    if verb == "thanks":
        return _own_thanks(request, rest)
    return _department_setting(request, words)


def _own_digest(request: Request, words: str) -> Message:
    if words.casefold() not in ("on", "off"):
        raise UserError("Your digest is on or off: `/linchpin settings digest off`.")
    off = words.casefold() == "off"
    preferences.save_choice(request.work, "digest", digest_off=off)
    if off:
        return text_message(
            "Your weekly digest is off. `/linchpin settings digest on` brings it back."
        )
    who, calendar = request.speaker, request.playbook.calendar(MANAGER)
    comes = comes_text(who.digest_weekday, who.digest_hour, member_calendar(calendar, who))
    return text_message(f"Your weekly digest is on. {comes} My Home tab changes that.")


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
    "setup": lambda request, _words: _setup(request),
    "playbook": playbook.handle,
    "plays": plays.handle,
    "away": lambda request, _words: command.handle(request, words_after(request.text, 1)),
    "back": lambda request, _words: command.back(request),
}
