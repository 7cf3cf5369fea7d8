"""What people tell, and want done: each becomes a proposal whose button carries a command."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from bot.handlers.base.request import NeedsHelp, Request
from bot.handlers.workspace import command as workspace_command
from bot.messages.kit.message import Message
from bot.messages.kit.text import day, plain
from bot.messages.workspace import conversation as messages
from bot.messages.workspace.conversation import propose
from bot.rules.errors import UserError
from bot.rules.language.dates import find_days
from bot.rules.language.parts import Part
from bot.rules.language.reading import Reading, interaction_kind
from bot.rules.text.money import format_money

Handler = Callable[[Request, Reading], Message]


def day_told(request: Request, reading: Reading, *, forward: bool) -> date | None:
    """The first day that the sentence names, on that side of today where it may be both."""
    for part in reading.sentence.all("day"):
        found = find_days(reading.words(part), request.today, forward=forward)
        if found and found[0].day:
            return found[0].day
    return None


def account_of(reading: Reading) -> Part:
    """The account; `UserError` where none was named."""
    if reading.account is None:
        raise UserError("Which account? Say it once more with its name. Nothing was changed.")
    return reading.account


def _log(request: Request, reading: Reading) -> Message:
    account, kind = account_of(reading), interaction_kind(reading)
    named, colon, text = reading.text.partition(":")
    said = text.strip() if colon and account.end <= len(named) and text.strip() else reading.text
    told = day_told(request, reading, forward=False)
    on = told if told and told <= request.today else request.today
    line = f"/log id:{account.value} {kind} {said} on {on.isoformat()}"
    what = f"{kind.capitalize()} with *{plain(account.name)}*, {day(on)}"
    return propose(what, "Log it", line, quote=request.readable(said))


def _move(request: Request, reading: Reading) -> Message:
    account, stage = account_of(reading), reading.part("stage")
    to = stage.value if stage else "next"
    where = f"*{plain(stage.name)}*" if stage else "the next stage"
    line = f"/stage id:{account.value} {to}"
    return propose(f"Move *{plain(account.name)}* to {where}", "Move it", line)


def _decision(request: Request, reading: Reading) -> Message:
    account = account_of(reading)
    rest = reading.text[account.end :].strip(" ,.!")
    line = f"/decision id:{account.value} {rest}"
    return propose(f"Decision of *{plain(account.name)}*", "Record it", line, quote=rest)


def _about(command: str, label: str, what: str) -> Handler:
    """The sentence without the account's name, behind a command."""

    def answer(request: Request, reading: Reading) -> Message:
        account = account_of(reading)
        said = f"{reading.text[: account.start]} {reading.text[account.end :]}"
        said = " ".join(said.split())
        line = f"{command.format(id=f'id:{account.value}')} {said}"
        return propose(f"{what} *{plain(account.name)}*", label, line, quote=said)

    return answer


def _renewal(request: Request, reading: Reading) -> Message:
    account, to = account_of(reading), day_told(request, reading, forward=True)
    if to is None:
        raise UserError(f"Until when? Say it with a date. {plain(account.name)} is as before.")
    line = f"/account id:{account.value} renews {to.isoformat()}"
    return propose(f"*{plain(account.name)}* renews {day(to)}", "Change it", line)


def _manager(request: Request, reading: Reading) -> Message:
    account, person = account_of(reading), reading.part("member")
    if person is None:
        raise UserError("Who? Type @ and pick the name. Nothing was changed.")
    line = f"/account id:{account.value} manager <@{person.value}>"
    return propose(f"<@{person.value}> manages *{plain(account.name)}*", "Change it", line)


def _amount(request: Request, reading: Reading) -> Message:
    account, amount = account_of(reading), reading.part("amount")
    if amount is None:
        raise UserError("How much? Say it with a currency. Nothing was changed.")
    money = format_money(amount.value.hundredths, amount.value.currency or "")
    line = f"/account id:{account.value} worth {reading.words(amount)}"
    return propose(f"*{plain(account.name)}* pays {money} a year", "Change it", line)


def _away(request: Request, reading: Reading) -> Message:
    person = reading.part("member")
    until = day_told(request, reading, forward=True)
    if person is None or until is None:
        return workspace_command.handle(replace(request, text="away"))
    line = f"/linchpin away <@{person.value}> until {until.isoformat()}"
    return propose(f"<@{person.value}> covers for you until {day(until)}", "Set cover", line)


def _run(words: str) -> Handler:
    return lambda request, reading: workspace_command.handle(replace(request, text=words))


def _help(subject: str) -> Handler:
    def answer(request: Request, reading: Reading) -> Message:
        raise NeedsHelp(subject, messages.HOW)

    return answer


TOLD: dict[str, Handler] = {
    "log": _log,
    "promise": _about("/promise {id}", "Record it", "Promise to"),
    "promise_kept": _help("promise"),
    "promise_moved": _help("promise"),
    "promise_broken": _help("promise"),
    "add_value": _about("/value {id}", "Record it", "Value for"),
    "decision": _decision,
    "considers": _about("/decision {id}", "Record it", "Alternatives of"),
    "move": _move,
    "manager": _manager,
    "renewal": _renewal,
    "amount": _amount,
    "contact": _about("/account {id} people", "Add it", "Contact at"),
    "contact_left": _help("contacts"),
    "reminder": _help("next"),
    "away": _away,
    "back": _run("back"),
    "digest_time": _help("settings"),
    "hours": _help("settings"),
    "less": _help("settings"),
    "undo": _help("log"),
    "advocacy": _about("/advocacy {id}", "Record it", "Favour of"),
    "notice": _help("account"),
    "settle": _about("/log {id} resolved", "Settle it", "Complaints of"),
    "add_account": _help("account"),
    "rename": _help("account"),
    "erase": _help("account"),
}
