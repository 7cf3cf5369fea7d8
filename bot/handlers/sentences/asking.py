"""Answers to what people ask: each is a view of its own, or the answer of a command."""

import re
from collections.abc import Callable
from dataclasses import replace

from bot.handlers.advocacy import command as advocacy_command
from bot.handlers.base.request import NeedsHelp, Request
from bot.handlers.lifecycle import stage
from bot.handlers.sentences import many, one, sums, why
from bot.handlers.workspace import command as workspace_command
from bot.messages.kit.message import Message
from bot.messages.workspace import conversation as messages
from bot.rules.language.reading import Reading
from bot.rules.text.names import spelling_key
from db.accounts import asked
from db.reasons import reasons
from db.workspace import departments

Handler = Callable[[Request, Reading], Message]

#: "a reference call for a dairy prospect", "in healthcare"
_SECTOR = re.compile(
    r"(?:^|\s)(?:in|for|from|with)\s+(?:an?\s+|the\s+)?(?P<sector>[\w&/-]+(?:\s+[\w&/-]+){0,2}?)"
    r"(?:\s+(?:prospects?|customers?|compan(?:y|ies)|leads?|sector|industry|firms?|clients?))?"
    r"\s*[?.!]*$",
    re.IGNORECASE,
)
#: Help has a page for each of these; what people call it.
_SUBJECTS = {
    "log": "log call visit meeting email note complaint interaction".split(),
    "next": "due overdue next touchpoint list".split(),
    "stage": "stage move".split(),
    "value": "value benefit savings".split(),
    "decision": "decision renewed won lost alternative competitor".split(),
    "promise": "promise".split(),
    "contacts": "contact person people champion".split(),
    "advocacy": "reference advocacy favour testimonial".split(),
    "account": "account customer manager renewal alias tier".split(),
    "settings": "settings digest hours away cover holiday vacation channel".split(),
}


def _command(words: str) -> Handler:
    return lambda request, _reading: workspace_command.handle(replace(request, text=words))


def _by_account(of_one: Handler, of_many: Handler) -> Handler:
    """One answer where an account was named, another where none was."""
    return lambda request, reading: (of_one if reading.named else of_many)(request, reading)


def _references(request: Request, reading: Reading) -> Message:
    """Who may be asked for a favour; where no account has that sector, that, and who else may."""
    act = reading.part("act")
    favour = act.value if act else request.playbook.advocacy.acts[0]
    rest = reading.text[act.end :] if act else reading.text
    sector = _SECTOR.search(rest)
    everybody = advocacy_command.handle(replace(request, text=f"who {favour}"))
    if sector is None or sector["sector"].casefold() in ("us", "me", "a reference", "reference"):
        return everybody
    words = f"who {favour} in {sector['sector']}"
    found = advocacy_command.handle(replace(request, text=words))
    return found.followed_by(everybody) if len(found.blocks) == 1 else found


def _stage_list(request: Request, reading: Reading) -> Message:
    where = reading.part("stage")
    return stage.handle(replace(request, text=f'"{where.value}"' if where else ""))


def _digest(request: Request, reading: Reading) -> Message:
    department = reading.part("department")
    mine = "mine" if "my" in reading.sentence.masked.split() else ""
    words = str(department.value) if department else mine
    return workspace_command.handle(replace(request, text=f"digest {words}"))


def _settings(_request: Request, _reading: Reading) -> Message:
    raise NeedsHelp("settings")


def _how_to(_request: Request, reading: Reading) -> Message:
    """The page of help about what was named."""
    said = {spelling_key(word) for word in reading.sentence.masked.split()}
    said |= {word.removesuffix("s") for word in said}
    for subject, words in _SUBJECTS.items():
        if said & {*words}:
            raise NeedsHelp(subject)
    raise NeedsHelp


def _help(request: Request, _reading: Reading) -> Message:
    """What can be asked, with the speaker's department and an account of theirs."""
    mine = asked.list_live(request.tx, (), 1, reasons.is_managed_by(request.speaker.user_id))
    found = mine or asked.list_live(request.tx, (), 1)
    key = departments.of_member(request.tx, request.playbook, request.speaker)
    department = request.playbook.departments[key].name if key else ""
    return messages.help_in_words(found[0].name if found else "", department)


ASKED: dict[str, Handler] = {
    "help": _help,
    "how_to": _how_to,
    "hello": lambda _request, _reading: messages.greeting(),
    "thanks": lambda _request, _reading: messages.thanks_reply(),
    "status": _command("status"),
    "setup": _command("setup"),
    "import": lambda _request, _reading: messages.how_to_import(),
    "settings": _settings,
    "renewals": many.renewals,
    "risks": many.risks,
    "complaints": many.complaints,
    "due": many.due,
    "accounts_of": many.accounts_of,
    "board": lambda request, _reading: stage.handle(replace(request, text="")),
    "stage_list": _stage_list,
    "references": _references,
    "digest": _digest,
    "results": _command("plays"),
    "who_is_away": many.who_is_away,
    "why": why.answer,
    "standing": one.standing,
    "renews": one.renews,
    "risk_of": one.risk,
    "missing": one.missing,
    "owner": one.owner,
    "promises": _by_account(one.promised, many.open_promises),
    "value": _by_account(one.value, sums.value_of_all),
    "worth": _by_account(one.worth, sums.paid),
    "decisions": _by_account(one.decided, sums.decided),
    "alternatives": one.alternatives,
    "contacts": one.people,
    "advocacy_of": one.favours,
    "happened": one.happened,
}
