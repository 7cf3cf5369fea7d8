"""Answers to what people ask: each is the answer of a command, or a view of its own."""

from collections.abc import Callable
from dataclasses import replace

from bot.actions.digests.portfolio import gather_portfolio
from bot.handlers.accounts import command as accounts_command
from bot.handlers.accounts import value
from bot.handlers.advocacy import command as advocacy_command
from bot.handlers.base.request import NeedsHelp, Request
from bot.handlers.home import next
from bot.handlers.lifecycle import decision, stage
from bot.handlers.promises import command as promises_command
from bot.handlers.workspace import command as workspace_command
from bot.messages.digests.portfolio import risk_answer
from bot.messages.kit.message import Message
from bot.messages.workspace import conversation as messages
from bot.rules.language.reading import Reading
from db.reasons import reasons

Handler = Callable[[Request, Reading], Message]


def _of_account(handle: Callable[[Request], Message], words: str = "") -> Handler:
    """The answer that a command gives for the account, with `words` behind it."""

    def answer(request: Request, reading: Reading) -> Message:
        account = reading.account
        who = f"id:{account.value}" if account else ""
        return handle(replace(request, text=f"{who} {words}".strip()))

    return answer


def _command(handle: Callable[[Request], Message], words: str = "") -> Handler:
    return lambda request, reading: handle(replace(request, text=words))


def _due(request: Request, reading: Reading) -> Message:
    account, person = reading.account, reading.part("member")
    department = reading.part("department")
    if account is not None:
        asked = f"id:{account.value}"
    elif person is not None:
        asked = f"<@{person.value}>"
    else:
        asked = str(department.value) if department else ""
    return next.handle(replace(request, text=asked))


def _risks(request: Request, reading: Reading) -> Message:
    """Who is at risk and why: of a person's accounts, or of all."""
    reader = request.speaker.user_id
    mine = [reasons.is_managed_by(reader)] if "my" in reading.sentence.masked.split() else []
    return risk_answer(gather_portfolio(request.work, *mine, reader=reader), own=bool(mine))


def _references(request: Request, reading: Reading) -> Message:
    act = reading.part("act")
    asked = act.value if act else request.playbook.advocacy.acts[0]
    return advocacy_command.handle(replace(request, text=f"who {asked}"))


def _stage_list(request: Request, reading: Reading) -> Message:
    asked = reading.part("stage")
    return stage.handle(replace(request, text=f'"{asked.value}"' if asked else ""))


def _digest(request: Request, reading: Reading) -> Message:
    department = reading.part("department")
    mine = "mine" if "my" in reading.sentence.masked.split() else ""
    words = str(department.value) if department else mine
    return workspace_command.handle(replace(request, text=f"digest {words}"))


def _settings(request: Request, _reading: Reading) -> Message:
    raise NeedsHelp("settings")


ASKED: dict[str, Handler] = {
    "help": lambda _request, _reading: messages.help_in_words(),
    "hello": lambda _request, _reading: messages.greeting(),
    "thanks": lambda _request, _reading: messages.thanks_reply(),
    "status": _command(workspace_command.handle, "status"),
    "setup": _command(workspace_command.handle, "setup"),
    "import": lambda _request, _reading: messages.how_to_import(),
    "settings": _settings,
    "renewals": _risks,
    "risks": _risks,
    "due": _due,
    "accounts_of": _command(stage.handle),
    "board": _command(stage.handle),
    "stage_list": _stage_list,
    "references": _references,
    "digest": _digest,
    "results": _command(workspace_command.handle, "plays"),
    "who_is_away": _command(workspace_command.handle, "away list"),
    "why": _due,
    "standing": _of_account(stage.handle),
    "owner": _of_account(stage.handle),
    "promises": _of_account(promises_command.handle),
    "value": _of_account(value.handle),
    "worth": _of_account(stage.handle),
    "decisions": _of_account(decision.handle),
    "alternatives": _of_account(accounts_command.handle, "goals"),
    "contacts": _of_account(accounts_command.handle, "people"),
    "advocacy_of": _of_account(advocacy_command.handle),
    "happened": _of_account(accounts_command.handle, "timeline"),
}
