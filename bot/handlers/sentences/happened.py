"""What happened with a customer, told in words: each becomes a proposal."""

import re
from datetime import date

from dateutil.relativedelta import relativedelta

from bot.handlers.base.request import Request, offer
from bot.handlers.sentences.words import (
    Handler,
    Proposal,
    account_of,
    amount_line,
    days_told,
    propose_on,
)
from bot.messages.kit.blocks import actions, button, compose
from bot.messages.kit.message import Message
from bot.messages.kit.text import day, plain, short
from bot.messages.lifecycle.decision import OUTCOME_NAMES
from bot.rules.decisions import begins_term, effect_of, outcome_choices
from bot.rules.errors import UserError
from bot.rules.language.decision_told import SIGNED, DecisionTold, decision_told
from bot.rules.language.parts import Part
from bot.rules.language.reading import Reading
from bot.rules.language.told import (
    alternatives_told,
    favour_told,
    log_told,
    promise_told,
    reason_told,
    value_told,
)
from bot.rules.playbook.sections import CHOSE_OTHER, CHOSE_US, RENEWED
from bot.rules.text.money import format_yearly
from bot.rules.text.words import format_date
from db.models import Account
from db.promises import promises
from db.promises.promises import PromiseRecord


def _log(request: Request, reading: Reading) -> Message:
    account = account_of(request, reading)
    kind, text, told = log_told(reading)
    if not text:
        form = button("Log…", "form:log", str(account.id))
        return compose(f"What happened with *{plain(account.name)}*?", actions(form))
    named = {part.value: part.name for part in reading.sentence.all("account") if part.is_clear}
    named = named or {account.id: account.name}
    who = " and ".join(f"*{plain(name)}*" for name in named.values())
    how = "with" if kind in ("call", "email", "meeting", "visit") else "for"

    def build(on: date) -> Proposal:
        line = f"/log id:{',id:'.join(map(str, named))} {kind} {text} on {on.isoformat()}"
        what = f"Log {'an' if kind == 'email' else 'a'} {kind} {how} {who}, {day(on)}"
        label = "Log it" if len(named) < 2 else "Log for each"
        return Proposal(what, label, line, request.readable(text))

    days = days_told(request, reading, [told] if told else [], forward=False)
    past = [on for on in days if on <= request.today and _is_deed(told, request.today)]
    return propose_on(past or [request.today], build, "")


def _is_deed(told: Part | None, today: date) -> bool:
    """Whether the day can be that of a deed: "until 7 Dec" of this year is none."""
    if told is None:
        return False
    found = told.value
    return bool(found.weekday is not None or not found.day or found.day <= today)


def _promise(request: Request, reading: Reading) -> Message:
    account = account_of(request, reading)
    due = next(iter([*reversed(reading.sentence.all("day"))]), None)
    text, owner = promise_told(reading, due)
    if not text:
        raise UserError(f"What did we promise {plain(account.name)}? Nothing was changed.")
    person = reading.part("member")
    if owner and owner != "me" and person is not None and owner == reading.words(person):
        owner = f"<@{person.value}>"
    department = reading.part("department")
    shown = "you" if owner == "me" else request.readable(owner)
    if department is not None and owner == reading.words(department):
        owner, shown = str(department.value), department.name
    by, whose = (f" owner {owner}", f", {shown}") if owner else ("", "")

    def build(on: date) -> Proposal:
        what = f"Promise *{plain(account.name)}* by {day(on)}{plain(whose)}"
        line = f"/promise id:{account.id} {text} by {on.isoformat()}{by}"
        return Proposal(what, "Record it", line, request.readable(text))

    days = days_told(request, reading, [due] if due else [], forward=True, last=True)
    if days:
        return propose_on(days, build, "")
    choices = (_in(request, days=7), _in(request, days=14), _in(request, months=1))
    raise offer(
        f'By when is "{short(text)}" promised to {plain(account.name)}?',
        *((day(each), build(each).line) for each in choices),
    )


def _in(request: Request, **span: int) -> date:
    return request.today + relativedelta(**span)  # type: ignore[arg-type]


def _end_promise(request: Request, reading: Reading) -> Message:
    """Kept, broken or moved: of the promise that is named, or the only open one."""
    account, part = account_of(request, reading), reading.part("promise")
    open_ones = promises.list_open(request.tx, account.id)
    meant = [each for each in open_ones if part is None or each.promise.id == part.value]
    if not meant:
        raise UserError(f"{plain(account.name)} has no open promise. Nothing was changed.")
    build = {"promise_kept": _kept, "promise_broken": _broken}.get(str(reading.frame))
    if build is None:
        return _moved(request, reading, account, meant[0])
    proposals = [build(request, reading, account, each) for each in meant]
    if len(proposals) == 1:
        return proposals[0].message()
    lines = [(short(m.promise.text, 70), p.line) for m, p in zip(meant, proposals, strict=True)]
    raise offer(f"Which promise to {plain(account.name)}?", *lines[:5])


def _kept(request: Request, reading: Reading, account: Account, one: PromiseRecord) -> Proposal:
    what = f'Kept today: *{plain(account.name)}*, "{short(one.promise.text)}"'
    return Proposal(what, "It is kept", f"/promise id:{account.id} #{one.promise.id} kept")


def _broken(request: Request, reading: Reading, account: Account, one: PromiseRecord) -> Proposal:
    why = reason_told(reading, reading.part("promise"), reading.account)
    what = f'Not kept: *{plain(account.name)}*, "{short(one.promise.text)}"'
    if not why:
        raise UserError(f'{what}. Say why: once more with "because …". Nothing was changed.')
    line = f"/promise id:{account.id} #{one.promise.id} broken because {why}"
    return Proposal(what, "It is broken", line, request.readable(why))


def _moved(request: Request, reading: Reading, account: Account, one: PromiseRecord) -> Message:
    said = reading.sentence.masked
    parts = [p for p in reading.sentence.all("day") if p.value.day != one.promise.due_on]
    days = days_told(request, reading, parts, forward=True, last=True)
    line = f"/promise id:{account.id} {one.promise.text} by {{on}} they {{told}}"
    if not days:
        raise UserError(f'Until when is "{short(one.promise.text)}" moved? Nothing was changed.')
    agreed = re.search(
        r"(they|he|she) (agree|are|is) ?(ok|okay|fine|good)?|agreed|fine with|said yes", said
    )
    told = (
        "agreed"
        if agreed
        else "know"
        if re.search(r"(they|he|she) (were |was )?(knows?|told)", said)
        else ""
    )

    def build(on: date) -> Proposal:
        what = f'"{short(one.promise.text)}" for *{plain(account.name)}* by {day(on)}'
        how = {"agreed": ", they agreed", "know": ", they know"}.get(told, "")
        return Proposal(
            f"{what}{how}", "Move it", line.format(on=on.isoformat(), told=told or "know")
        )

    if told or len(days) > 1:
        return propose_on(days, build, "")
    choices = (
        ("They agreed", "agreed"),
        ("They know", "know"),
        ("They do not know", "do not know"),
    )
    labelled = [(label, line.format(on=days[0].isoformat(), told=how)) for label, how in choices]
    raise offer(f"{build(days[0]).what}: what do they say?", *labelled)


def _value(request: Request, reading: Reading) -> Message:
    account, amount = account_of(request, reading), reading.part("amount")
    told = value_told(reading, amount)
    if not told.text:
        raise UserError(f"What did {plain(account.name)} get? Nothing was changed.")
    contact = reading.part("contact")
    who = contact.name if contact and told.is_confirmed else told.who or "they"
    worth = f" worth {amount_line(amount.value)}" if amount else ""
    said_so = f" {who} said so" if told.is_confirmed else ""
    shown = f", {format_yearly(amount.value)}" if amount else ""
    confirmed = ", confirmed by them" if told.is_confirmed else ", our estimate"
    line = f"/value id:{account.id} {told.text}{worth}{said_so}"
    what = f"Value for *{plain(account.name)}*{shown}{confirmed}"
    return Proposal(what, "Record it", line, request.readable(told.text)).message()


def _decision(request: Request, reading: Reading) -> Message:
    account, told = account_of(request, reading), decision_told(reading, request.today)
    playbook = request.playbook
    outcome = told.outcome
    offered = dict(outcome_choices(playbook, account.stage))
    if outcome == SIGNED or outcome is None:
        outcome = RENEWED if RENEWED in offered else CHOSE_US
    if told.outcome is None:
        lines = [(OUTCOME_NAMES[each], f"/decision id:{account.id} {each}") for each in offered]
        raise offer(f"What did {plain(account.name)} decide?", *lines[:5])
    until = (
        _until(request, reading, account, told)
        if begins_term(playbook, account.stage, outcome)
        else None
    )
    signed = days_told(request, reading, [told.signed] if told.signed else [], forward=False)[:1]
    earlier = [f"signed {format_date(on)}" for on in signed if on < request.today]
    why = ", ".join(filter(None, (told.reason, *earlier)))
    to = effect_of(playbook, account.stage, outcome).to
    target = playbook.stage(to) if to else None
    name = plain(account.name)
    if target is not None and target.exit and not why:
        raise UserError(
            f'Why did *{name}* decide so? Say it once more with "because …". Nothing was changed.'
        )
    parts = (
        (" until ", until.isoformat() if until else ""),
        (" over ", told.alternative or ""),
        (" because ", why),
    )
    line = f"/decision id:{account.id} {outcome}" + "".join(a + b for a, b in parts if b)
    said = _in_words(outcome, told.alternative)
    what = f"*{name}* {said}" + (f", next renewal {day(until)}" if until else "")
    what += f", moves to {plain(target.name)}" if target else ""
    return Proposal(what, "Record it", line, request.readable(why)).message()


def _in_words(outcome: str, alternative: str | None) -> str:
    """ "renewed", "renewed over Optivue", "chose Lumenet"."""
    said = OUTCOME_NAMES[outcome].replace("They ", "", 1)
    if alternative is None:
        return said
    return (
        f"chose {plain(alternative)}"
        if outcome == CHOSE_OTHER
        else f"{said} over {plain(alternative)}"
    )


def _until(request: Request, reading: Reading, account: Account, told: DecisionTold) -> date | None:
    days = days_told(request, reading, [told.until] if told.until else [], forward=True, last=True)
    if days:
        return days[0]
    if told.lasts is None:
        return None
    ends = [(start or request.today) + told.lasts for start in (account.renews_on, None)]
    return next(end for end in ends if end > request.today)


def _considers(request: Request, reading: Reading) -> Message:
    account, ways = account_of(request, reading), alternatives_told(reading)
    if not ways:
        raise UserError(f"What does {plain(account.name)} look at? Nothing was changed.")
    line = f"/decision id:{account.id} considers {ways}"
    what = f"*{plain(account.name)}* looks at {plain(ways)} too"
    return Proposal(what, "Record it", line).message()


def _favour(request: Request, reading: Reading) -> Message:
    account, act, verb = account_of(request, reading), reading.part("act"), favour_told(reading)
    if act is None or verb is None:
        raise UserError(f"Was {plain(account.name)} asked, did they agree, do it or decline?")
    contact = reading.part("contact")
    on = [
        d
        for d in days_told(
            request,
            reading,
            [d for d in reading.sentence.all("day") if not d.value.until],
            forward=False,
        )
        if d < request.today
    ]
    note = ", ".join(
        filter(None, (contact.name if contact else "", *(f"on {d:%-d %b %Y}" for d in on[:1])))
    )
    said = {
        "asked": "was asked for",
        "agreed": "agreed to",
        "did": "did",
        "declined": "declined",
        "gave": "got",
    }
    what = f"*{plain(account.name)}* {said[verb]}: {plain(act.value)}"
    line = f"/advocacy id:{account.id} {verb} {act.value} {note}".strip()
    return Proposal(what, "Record it", line, note).message()


HAPPENED: dict[str, Handler] = {
    "log": _log,
    "promise": _promise,
    "promise_kept": _end_promise,
    "promise_moved": _end_promise,
    "promise_broken": _end_promise,
    "add_value": _value,
    "decision": _decision,
    "considers": _considers,
    "advocacy": _favour,
}
