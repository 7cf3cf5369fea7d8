"""What is to be changed of an account, told in words: each becomes a proposal."""

import re
from datetime import date

from bot.actions.lifecycle import stages
from bot.handlers.base.request import Request, offer
from bot.handlers.sentences.words import (
    Handler,
    Proposal,
    account_of,
    amount_line,
    days_told,
    propose_on,
)
from bot.messages.kit.message import Message
from bot.messages.kit.text import day, plain, quoted
from bot.messages.workspace.conversation import not_used
from bot.rules.errors import UserError
from bot.rules.language.cutting import Words, trim
from bot.rules.language.reading import Reading
from bot.rules.language.spans import find_duration
from bot.rules.language.told import contact_told, move_reason
from bot.rules.text import names
from bot.rules.text.money import format_yearly
from db.contacts import contacts


def _move(request: Request, reading: Reading) -> Message:
    account, told = account_of(request, reading), reading.sentence.all("stage")
    playbook, name = request.playbook, plain(account.name)
    stage = playbook.stage(told[-1].value) if told else playbook.after(account.stage)
    here = playbook.stage(account.stage)
    where = plain(here.name if here else account.stage)
    if stage is None or stage.key == account.stage:
        raise UserError(f"{name} is in {where}. Say which stage it goes to. Nothing was changed.")
    why, unused = move_reason(reading)
    stages.check_direction(playbook, account, stage, why)
    because = f" because {why}" if why else ""
    what = f"Move *{name}* from {where} to *{plain(stage.name)}*"
    line = f"/stage id:{account.id} {stage.key}{because}"
    proposed = Proposal(what, "Move it", line, request.readable(why)).message()
    return proposed.followed_by(not_used("move", reading.text, unused)) if unused else proposed


def _manager(request: Request, reading: Reading) -> Message:
    account = account_of(request, reading)
    people = [
        each
        for each in reading.sentence.all("member")
        if not re.search(r"\bfrom\s*$", reading.text[: each.start])  # who had it before
    ]
    person = people[-1] if people else None
    is_me = re.search(r"(?<!\S)(?:i|me|mine)(?!\S)", reading.sentence.masked)
    if person is None and not is_me:
        raise UserError(f"Who manages {plain(account.name)}? Type @ and pick the name.")
    user = str(person.value) if person else request.speaker.user_id
    line = f"/account id:{account.id} manager <@{user}>"
    return Proposal(f"<@{user}> manages *{plain(account.name)}*", "Change it", line).message()


def _renewal(request: Request, reading: Reading) -> Message:
    account, days = account_of(request, reading), reading.sentence.all("day")
    ends = days_told(request, reading, days, forward=True, last=True)
    lasts = find_duration(reading.text)
    if not ends and lasts and account.renews_on:
        ends = [account.renews_on + lasts[0]]
    name = plain(account.name)

    def build(on: date) -> Proposal:
        line = f"/account id:{account.id} renews {on.isoformat()}"
        return Proposal(f"*{name}* renews {day(on)}", "Change it", line)

    return propose_on(ends, build, f"When does {name} renew?")


def _amount(request: Request, reading: Reading) -> Message:
    account, amount = account_of(request, reading), reading.part("amount")
    name = plain(account.name)
    if amount is None or amount.value.currency is None:
        raise UserError(f"How much does {name} pay a year, in which currency? Nothing was changed.")
    line = f"/account id:{account.id} worth {amount_line(amount.value)}"
    return Proposal(f"*{name}* pays {format_yearly(amount.value)}", "Change it", line).message()


def _tier(request: Request, reading: Reading) -> Message:
    account = account_of(request, reading)
    said = re.search(r"\btier\s+(?:is |to |now )*([a-z])\b|\b([a-z])[ -]tier\b", reading.text, re.I)
    if said is None:
        raise UserError(f"Which tier is {plain(account.name)}? Nothing was changed.")
    tier = (said[1] or said[2]).upper()
    line = f"/account id:{account.id} tier {tier}"
    return Proposal(f"*{plain(account.name)}* is tier {tier}", "Change it", line).message()


def _contact(request: Request, reading: Reading) -> Message:
    account, told = account_of(request, reading), contact_told(reading)
    if not told:
        raise UserError(f"Who is it at {plain(account.name)}? Say the name and what they do.")
    line = f"/account id:{account.id} people {told}"
    what = f"Contact at *{plain(account.name)}*"
    return Proposal(what, "Add them", line, request.readable(told)).message()


def _contact_left(request: Request, reading: Reading) -> Message:
    account, part = account_of(request, reading), reading.part("contact")
    name = plain(account.name)
    if part is None:
        line = f"/log id:{account.id} note {reading.text}"
        what = f"Keep as a note at *{name}*, where no such contact is recorded"
        return Proposal(what, "Log it", line, request.readable(reading.text)).message()
    said = names.key(reading.words(part)).split()
    there = contacts.list_of_account(request.tx, account.id)
    meant = [one for one in there if set(said) <= set(names.key(one.name).split())]
    proposals = [
        Proposal(
            f"{plain(one.name)} has left *{name}*",
            "They left",
            f"/account id:{account.id} people {one.name} left",
        )
        for one in meant
    ]
    if len(proposals) == 1:
        return proposals[0].message()
    lines = [(one.name, each.line) for one, each in zip(meant, proposals, strict=True)]
    raise offer(f"Who has left {name}?", *lines[:5])


def _add_account(request: Request, reading: Reading) -> Message:
    stage, person = reading.part("stage"), reading.part("member")
    days = days_told(request, reading, reading.sentence.all("day"), forward=True)
    words = Words(reading.text, reading.sentence.parts)
    words.cut(
        r"^.*?\b(?:add|create|new|open|register)\b.*?\b(?:accounts?|customers?|prospects?|leads?|"
        r"compan(?:y|ies)|clients?)\b(?:\s+(?:called|named))?\s*:?"
    )
    words.cut(r"[,;]?\s*(?:\b(?:in|at|to|as)\s+)?(?:the )?(?:stage\s+)?@stage(?: stage)?")
    words.cut(
        r"[,;]?\s*(?:\b(?:for|with|by|under)\s+)?(?:manager\s+|"
        r"managed by\s+)?@member(?: manages? (?:it|them))?"
    )
    words.cut(r"[,;]?\s*(?:\b(?:and|it|they)\s+)*(?:renews?|renewal|renewing|until)?\s*@day")
    name = words.text()
    if not name:
        raise UserError("An account needs a name: `/account add Acme Corporation`.")
    known = request.playbook.stage(stage.value) if stage else request.playbook.stages[0]
    line = f'/account add "{name.replace(chr(34), "")}" stage {known.key if known else ""}'
    line += f" manager <@{person.value}>" if person else ""
    line += f" renews {days[0].isoformat()}" if len(days) == 1 else ""
    shown = [f"in {plain(known.name)}" if known else "", f"<@{person.value}>" if person else ""]
    shown += [f"renews {day(days[0])}" if len(days) == 1 else ""]
    what = ", ".join(filter(None, (f"Add the account *{plain(name)}*", *shown)))
    return Proposal(what, "Add it", line).message()


#: Stands between the verb and the new name: "rename Acme *to* …".
_CALLED = re.compile(
    r"^(?:.*?\b(?:to|as)\b|\s*(?:for|of)\b.*?\b(?:is|to)\b|\s*(?:is|to))?\s*:?", re.I
)
_NAMING = re.compile(
    r"\b(?P<rename>renamed?|(?:is|are) now called|new name|changed (?:its|their) name)\b|"
    r"\b(?P<alias>alias|also (?:called|known as))\b|\b(?P<restore>restore|unarchive)\b",
    re.IGNORECASE,
)


def _rename(request: Request, reading: Reading) -> Message:
    account = account_of(request, reading)
    name, found = plain(account.name), _NAMING.search(reading.text)
    verb = found.lastgroup if found else "archive"
    if verb in ("archive", "restore"):
        line = f"/account id:{account.id} {verb}"
        return Proposal(f"{verb.capitalize()} *{name}*", verb.capitalize(), line).message()
    called = trim(_CALLED.sub("", reading.text[found.end() :], count=1)) if found else ""
    if not called:
        raise UserError(f"What is {name} called? Nothing was changed.")
    what = f"Rename *{name}* to *{plain(called)}*" if verb == "rename" else ""
    what = what or f'"{plain(called)}" finds *{name}* too'
    return Proposal(what, "Do it", f"/account id:{account.id} {verb} {called}").message()


def _erase(request: Request, reading: Reading) -> Message:
    account = account_of(request, reading)
    line = f"`/account {quoted(account.name)} erase`"
    if not request.is_admin:
        raise UserError(
            f"Only an admin may erase {plain(account.name)}, with {line}, and has to type its "
            "name. Nothing was changed."
        )
    raise UserError(f"{line} erases it, once you have typed its name. Nothing was changed.")


def _settle(request: Request, reading: Reading) -> Message:
    account = account_of(request, reading)
    what = f"Complaints and tickets of *{plain(account.name)}* are settled"
    line = f"/log id:{account.id} resolved {reading.text}"
    return Proposal(what, "Settle them", line, request.readable(reading.text)).message()


def _notice(request: Request, reading: Reading) -> Message:
    account = account_of(request, reading)
    days = days_told(request, reading, reading.sentence.all("day"), forward=True)
    ends = [d for d in days if d > request.today] or [*filter(None, [account.renews_on])]

    def build(on: date) -> Proposal:
        what = f"*{plain(account.name)}* gave notice for {day(on)}"
        return Proposal(what, "Record it", f"/account id:{account.id} notice {on.isoformat()}")

    return propose_on(ends, build, f"For which day did {plain(account.name)} give notice?")


CHANGES: dict[str, Handler] = {
    "move": _move,
    "manager": _manager,
    "renewal": _renewal,
    "amount": _amount,
    "tier": _tier,
    "contact": _contact,
    "contact_left": _contact_left,
    "add_account": _add_account,
    "rename": _rename,
    "erase": _erase,
    "settle": _settle,
    "notice": _notice,
}
