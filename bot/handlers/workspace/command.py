"""`/linchpin`: help, status, digest, settings, setup, playbook, plays."""

from __future__ import annotations

from bot.actions.actor import CLOCK
from bot.actions.members import preferences
from bot.actions.work import Work
from bot.actions.workspace import settings, setup
from bot.handlers.base.parsing import department_key, words_after
from bot.handlers.base.request import NeedsHelp, Request
from bot.handlers.members import command
from bot.handlers.playbook import playbook, plays
from bot.handlers.workspace import status
from bot.messages.home.settings import WEEKDAYS
from bot.messages.kit.message import Message
from bot.messages.kit.parts import mention, plain, short, text_message
from bot.messages.workspace import settings as settings_messages
from bot.messages.workspace import setup as setup_messages
from bot.rules.errors import UserError
from bot.rules.text.words import tokens
from db.workspace import channels

SUBCOMMANDS = "help status digest settings setup playbook plays away back".split()


def handle(request: Request) -> Message:
    """Answers `/linchpin …`."""
    words = tokens(request.text)
    verb = words[0].casefold() if words else "help"
    if verb == "help":
        raise NeedsHelp
    if verb == "status":
        return status.status_answer(request)
    if verb == "digest":
        return _digest(request, words[1:])
    if verb == "settings":
        return _settings(request, words[1:])
    if verb == "setup":
        return _setup(request)
    if verb == "playbook":
        return playbook.handle(request, words[1:])
    if verb == "away":
        return command.handle(request, words_after(request.text, 1))
    if verb == "back":
        return command.back(request)
    if verb == "plays":
        return plays.handle(request, words[1:])
    raise UserError(
        f'I do not know what "{short(words[0])}" asks for. It is one of '
        f"{', '.join(SUBCOMMANDS)}: `/linchpin help` shows every command."
    )


def _setup(request: Request) -> Message:
    if not request.is_admin:
        raise UserError("Only admins of this workspace set Linchpin up. Ask one of them.")
    found = setup.setup_status(request.tx, request.playbook, request.context.scopes)
    return setup_messages.steps(found)


def _digest(request: Request, words: list[str]) -> Message:
    """One's own, a department's or the company's, as it would be now; only the asker sees it."""
    asked = " ".join(words).casefold()
    tx, playbook, now = request.tx, request.playbook, request.now
    if asked in ("on", "off"):
        return _own_digest(request, asked)
    from bot.actions.digests import digests  # as in bot.nudges.digests

    if asked in ("", "company"):
        return digests.company_digest(Work(tx, playbook, now, CLOCK))
    if asked in ("mine", "me"):
        mine = digests.manager_digest(Work(tx, playbook, now, CLOCK), request.speaker.user_id)
        return mine or Message("Nothing is open for you this week, and nothing renews. Enjoy it.")
    key = department_key(playbook, asked)
    if key is None:
        known = ", ".join(playbook.departments)
        raise UserError(
            f'There is no department "{short(asked)}". The digest is of mine, company or one of '
            f"{known}: `/linchpin digest mine`."
        )
    return digests.department_digest(Work(tx, playbook, now, CLOCK), key)


def _settings(request: Request, words: list[str]) -> Message:
    if not words:
        return settings_messages.settings_message(
            settings.department_rows(request.tx, request.playbook),
            request.speaker.digest_off,
            request.speaker.department,
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
    settings.set_digest(request.work, off)
    if off:
        return text_message(
            "You get no weekly digest any more. `/linchpin settings digest on` brings it back."
        )
    comes = f"{WEEKDAYS[request.speaker.digest_weekday]}s at {request.speaker.digest_hour:02}:00"
    return text_message(
        f"Your weekly digest comes on {comes}. My Home tab changes that, and your working hours."
    )


def _own_thanks(request: Request, words: str) -> Message:
    if words.casefold() not in ("on", "off"):
        raise UserError("You are thanked by name, or not: `/linchpin settings thanks off`.")
    named = words.casefold() == "on"
    preferences.choose_thanks(request.work, named)
    if named:
        return text_message("The digests thank you by name again.")
    return text_message(
        "No digest names you among those it thanks. `/linchpin settings thanks on` changes that."
    )


def _own_department(request: Request, words: str) -> Message:
    key = department_key(request.playbook, words)
    if key is None:
        known = ", ".join(request.playbook.departments)
        first = next(iter(request.playbook.departments))
        raise UserError(
            f"Name your department, one of {known}: `/linchpin settings department {first}`."
        )
    settings.set_own_department(request.work, key)
    name = request.playbook.departments[key].name
    return text_message(f"You are in {plain(name)}: `/next` shows its touchpoints with yours.")


def _department_setting(request: Request, words: list[str]) -> Message:
    key = department_key(request.playbook, words[0])
    if words[0].casefold() == "company":
        key = "company"
    what = words[1].casefold() if len(words) > 2 else ""
    if key is None or what not in ("channel", "lead") or (key, what) == ("company", "lead"):
        known = ", ".join(request.playbook.departments)
        first = next(iter(request.playbook.departments))
        raise UserError(
            f"Settings are `digest on|off`, `department NAME`, a department ({known}) with "
            f"`channel` or `lead`, or `company channel`: `/linchpin settings {first} channel #ops`."
        )
    if not request.is_admin:
        raise UserError("Only admins of this workspace change departments. Ask one of them.")
    name = "the company" if key == "company" else plain(request.playbook.departments[key].name)
    change = _set_lead if what == "lead" else _set_channel
    return text_message(change(request, key, name, " ".join(words[2:])))


def _set_lead(request: Request, key: str, name: str, words: str) -> str:
    if words.casefold() in ("none", "nobody"):
        settings.set_lead(request.work, key, None)
        return f"{name} is led again by whom the playbook names, if it names anybody."
    lead = request.person(words, f"/linchpin settings {key} lead @diego").user_id
    settings.set_lead(request.work, key, lead)
    return f"{mention(lead)} leads {name} from now on."


def _set_channel(request: Request, key: str, name: str, words: str) -> str:
    channel = request.channel_id(words, f"/linchpin settings {key} channel #ops")
    settings.set_channel(request.work, key, channel)
    told = "Moves and the company's digest come" if key == "company" else f"{name} is nudged"
    here = channels.by_id(request.tx, channel)
    invite = "" if here and here.is_member else " I am not in it yet: `/invite @Linchpin` there."
    where = f" to <#{channel}>" if key == "company" else f" in <#{channel}>"
    return f"{told}{where} from now on.{invite}"
