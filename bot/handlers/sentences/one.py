"""Answers to what people ask of an account: a first line that says it, then what shows it."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from bot.actions.answers.known import list_known
from bot.actions.briefs.facts import at_stake
from bot.actions.facts import gap_lines
from bot.actions.facts.days import today as today_of
from bot.actions.facts.last_contact import last_contact_text
from bot.actions.lifecycle import views
from bot.actions.reasons.reasons import list_reasons
from bot.actions.touchpoints import cooldown
from bot.actions.touchpoints.labels import person_name
from bot.actions.touchpoints.standing import upcoming_lines
from bot.actions.views import cards, timeline
from bot.handlers.accounts import command as accounts_command
from bot.handlers.accounts import value as value_command
from bot.handlers.advocacy import command as advocacy_command
from bot.handlers.base.request import Request
from bot.handlers.promises import command as promises_command
from bot.handlers.sentences.whose import scope
from bot.messages.accounts.account import card
from bot.messages.answers import asked as messages
from bot.messages.facts.gaps import missing_text
from bot.messages.kit.blocks import compose, text_message
from bot.messages.kit.message import Message
from bot.messages.kit.money import sums_text
from bot.messages.kit.text import day, join_lines, join_words, plain, short
from bot.messages.lifecycle.decision import status_lines
from bot.messages.reasons.reasons import reason_text
from bot.rules.facts.live import is_live
from bot.rules.language.lexicon import is_everyday
from bot.rules.language.reading import Reading
from bot.rules.playbook.playbook import MANAGER
from bot.rules.text.money import Money
from bot.rules.text.words import plural
from db.accounts import accounts, asked
from db.accounts import value as entries
from db.contacts import contacts
from db.lifecycle import decisions
from db.models import Account, StageChange
from db.terms import terms
from db.touchpoints.touchpoints import list_of_account

First = Callable[[Request, Reading, Account], str]
More = Callable[[Request, Reading, Account], Message]
Handler = Callable[[Request, Reading], Message]

#: Roles at a customer, as people say them.
_ROLE = re.compile(
    r"\b(?:champion|decision.?maker|sponsor|c[a-z]o|head of \w+|buyer|admin|procurement|legal|"
    r"finance|user|managing director|founder|owner|(?:it|plant|fleet|office) manager)(?=s?\b)"
)
#: Words by which a customer's worry is known in what was logged.
_WORRIES = (
    "worr concern unhappy not happy complain price expensive budget competitor cancel churn leav "
    "slow problem risk delay wrong unsure frustrat"
).split()
_MOST_SAID = 3
_MOST_VALUE = 200


def about(first: First, more: More | None = None) -> Handler:
    """The first line of each account that is named; of a single one what shows it, too."""

    def answer(request: Request, reading: Reading) -> Message:
        parts = reading.sentence.all("account") or [*filter(None, [reading.account])]
        ids = dict.fromkeys(part.value for part in parts if part.is_clear)
        named = [*filter(None, (accounts.by_id(request.tx, one) for one in ids))]
        told = compose(join_lines(*(first(request, reading, account) for account in named)))
        if len(named) != 1 or more is None:
            return told
        shown = more(request, reading, named[0])
        return told.followed_by(shown) if told.text else shown

    return answer


def _command(handle: Callable[[Request], Message], words: str = "") -> More:
    """What a command answers for the account, with `words` behind it."""
    return lambda request, _reading, account: handle(
        replace(request, text=f"id:{account.id} {words}".strip())
    )


def _card(request: Request, _reading: Reading, account: Account) -> Message:
    return card(cards.account_card(request.work, account))


def _renews(request: Request, _reading: Reading, account: Account) -> str:
    today = today_of(request.work)
    if not is_live(request.playbook, account):
        here = "archived" if account.archived_at else request.playbook.stage_name(account.stage)
        return f"*{plain(account.name)}* does not renew: it is {plain(here)}."
    if account.renews_on is None and terms.current_term(request.tx, account) is None:
        where = plain(request.playbook.stage_name(account.stage))
        return f"*{plain(account.name)}* is no customer yet: it is in {where}."
    stake = at_stake(request.tx, account, today)[0]
    return messages.renews_line(account.name, account.renews_on, today, stake)


def _stands(request: Request, reading: Reading, account: Account) -> str:
    """Its stage, where the sentence asks for it; the card says the rest."""
    if not re.search(r"(?<!\S)(?:@?stage|where)(?!\S)", reading.sentence.masked):
        return ""
    stage = plain(request.playbook.stage_name(account.stage))
    archived = ", and archived" if account.archived_at else ""
    return f"*{plain(account.name)}* is in {stage}{archived}."


def _risk(request: Request, reading: Reading, account: Account) -> str:
    """Its reasons, and what was said that worries; nothing is foretold."""
    known, today = list_reasons(request.work, [account]).get(account.id, []), today_of(request.work)
    told = [reason_text(each, request.playbook, today) for each in known]
    risky = any(each.is_risk for each in known)
    name = plain(account.name)
    head = f"*{name}* is at risk" if risky else f"Nothing recorded puts *{name}* at risk"
    head += f": {'; '.join(told)}." if risky else "."
    watch = f"To watch: {'; '.join(told)}." if told and not risky else ""
    said = asked.find_said(request.tx, account.id, _WORRIES, _MOST_SAID)
    quoted = messages.quotes(timeline.logged_events(request.tx, said))
    foretold = re.search(r"\b(?:will|going to|gonna|churn\w*|likely)\b", reading.sentence.masked)
    unknown = "What they will decide is not known." if foretold else ""
    return join_lines(f"{head} {unknown}".strip(), watch, quoted)


def _owner(request: Request, reading: Reading, account: Account) -> str:
    """Who manages it, and what is next there: of the department that was named, or of any."""
    name = person_name(request.work, account.manager_id)
    head = f"*{name}* manages *{plain(account.name)}*."
    if not name:
        head = f"*{plain(account.name)}* has no manager."
        if account.owner_name:
            head += f" The file says {short(account.owner_name)}, who was not found in Slack."
    department, planned = reading.part("department"), list_of_account(request.tx, account.id)
    if department is not None:
        planned = [each for each in planned if each.owner == department.value]
    ahead = upcoming_lines(request.work, account, planned[:1], request.speaker.user_id)
    return join_lines(head, f"*Next:* {ahead[0]}" if ahead else "Nothing is planned there.")


def _worth(request: Request, reading: Reading, account: Account) -> str:
    today, name = today_of(request.work), plain(account.name)
    stake = at_stake(request.tx, account, today)[0]
    pays = f"*{name}* pays {stake}." if stake else f"What *{name}* pays a year is not recorded."
    deals = timeline.logged_events(request.tx, asked.list_deals(request.tx, account.id, _MOST_SAID))
    if not deals:
        return pays
    lines = [event.line() for event in deals]
    note = "The amount of a deal that is still open is not kept here."
    return join_lines(pays, "Its deals, as the CRM file says:", *lines, note)


def _decided(request: Request, _reading: Reading, account: Account) -> str:
    last = decisions.last_decision(request.tx, account.id)
    if last is None:
        move = accounts.last_stage_change(request.tx, account.id)
        left = "" if move is None or is_live(request.playbook, account) else _moved(request, move)
        return f"No decision of *{plain(account.name)}* is recorded. {left}".strip()
    told = views.decision_view(request.playbook, last)
    return f"*{plain(account.name)}*, {day(told.on)}: {told.what()}."


def _moved(request: Request, move: StageChange) -> str:
    on = day(request.playbook.calendar(MANAGER).local_date(move.at))
    why = f"because {short(move.reason, 200)}" if move.reason else "with no reason recorded"
    return f"It moved to {plain(request.playbook.stage_name(move.to_stage))} on {on}, {why}."


def _decisions(request: Request, reading: Reading, account: Account) -> Message:
    stage = request.playbook.stage(account.stage)
    lines = status_lines(
        account.name,
        stage.decision if stage else "",
        decisions.is_open(request.tx, account),
        views.past_decisions(request.tx, request.playbook, account),
        views.alternative_names(request.tx, account),
    )
    return text_message(join_lines(_renews(request, reading, account), *lines))


def _alternatives(request: Request, reading: Reading, account: Account) -> str:
    """Their goals, when they decide, or what they could choose instead."""
    said, name = reading.sentence.masked, plain(account.name)
    wanted = next(
        (kind for kind in ("goal", "risk", "decide") if kind in said or kind[:-1] in said.split()),
        "alternative",
    )
    wanted = "decision date" if wanted == "decide" else wanted
    rows = [row for row in list_known(request.tx, account) if row.kind == wanted]
    if not rows:
        return f"No {wanted} of *{name}* is recorded."
    if wanted == "alternative":
        return f"*{name}* considers {join_words([short(row.text) for row in rows])}."
    return f"*{name}*: {'; '.join(row.line() for row in rows)}"


def _people(request: Request, reading: Reading, account: Account) -> str:
    """Whoever has the role, or the name, that was asked for; else what was said of one."""
    said, name = reading.sentence.masked, plain(account.name)
    roles = [each.upper() if len(each) == 3 else each for each in _ROLE.findall(said)]
    words = [*roles, *_names(reading)]
    known = [each for each in contacts.list_of_account(request.tx, account.id) if not each.left_on]
    found = [
        f"*{plain(each.name)}*, {short(each.role or 'role not known')}, at {name}"
        + (f" · {plain(each.email)}" if each.email else "")
        for each in known
        if any(word.casefold() in f"{each.name} {each.role}".casefold() for word in words)
    ]
    if found:
        return join_lines(*found)
    logged = asked.find_said(request.tx, account.id, words or ["champion", "cfo"], _MOST_SAID)
    quoted = messages.quotes(timeline.logged_events(request.tx, logged))
    what = f"{join_words(words)} of *{name}*" if words else f"person at *{name}*"
    none = f"No {what} is recorded as a contact." if words or not known else ""
    return join_lines(quoted, none)


def _names(reading: Reading) -> list[str]:
    """Words that are written as names and are nobody's that is known."""
    words = re.findall(r"[^\W\d_]{3,}", reading.sentence.words_outside(()))
    return [w for w in words if w[0].isupper() and not w.isupper() and not is_everyday(w)]


def _last(request: Request, reading: Reading, account: Account) -> str:
    told = last_contact_text(request.work, account)
    return f"*{plain(account.name)}*: {told}."


def _happened(request: Request, reading: Reading, account: Account) -> Message:
    asked_for = scope(request, reading, forward=False)
    if asked_for.since is None:
        return _command(accounts_command.handle, "timeline")(request, reading, account)
    last = asked_for.until or request.today
    rows = asked.list_between(request.tx, account.id, asked_for.since, last)
    lines = [event.line() for event in timeline.logged_events(request.tx, rows)]
    when = messages.when_text(asked_for.since, last)
    head = f"{plural(len(lines), 'entry', 'entries')}{when}:" if lines else f"Nothing logged{when}."
    return text_message(join_lines(head, *lines[: messages.MAX_ROWS]))


def _value(request: Request, reading: Reading, account: Account) -> str:
    """What they confirmed, and what we estimate, in the time that was asked for."""
    since = scope(request, reading, forward=False).since or date.min
    is_term = "term" in reading.sentence.masked
    day_of, term = request.playbook.calendar(MANAGER).local_date, account.term if is_term else None
    rows = [
        (row.confirmed_on is not None, row)
        for row in entries.list_of_account(request.tx, account.id, term=term, limit=_MOST_VALUE)
        if (row.confirmed_on or day_of(row.created_at)) >= since
    ]
    when = f" since {day(since)}" if since > date.min else " this term" if is_term else ""
    name, told = plain(account.name), []
    for is_confirmed, how in ((True, "confirmed"), (False, "our estimate")):
        some = [row for confirmed, row in rows if confirmed == is_confirmed]
        money = [Money(row.hundredths, row.currency) for row in some if row.hundredths]
        amounts = sums_text(money, request.playbook.value.currency) or "no amount"
        told += [f"{how} {amounts} ({plural(len(some), 'entry', 'entries')})"] if some else []
    if not told:
        return f"No value for *{name}* is recorded{when}."
    return f"*{name}*{when}: {', '.join(told)}."


def _missing(request: Request, _reading: Reading, account: Account) -> str:
    lines = gap_lines.list_lines(request.work, account, request.speaker.user_id)
    name = plain(account.name)
    return f"*{name}:* {missing_text(lines)}" if lines else f"Nothing is missing of *{name}*."


def _may_ask(request: Request, _reading: Reading, account: Account) -> str:
    rest = cooldown.load(request.tx, request.playbook, account, request.today).rest
    name = plain(account.name)
    if rest is None:
        return f"*{name}* may be asked today."
    return f"*{name}* not before {day(rest.until)}: {cooldown.cooldown_reason(rest)}."


standing = about(_stands, _card)
renews = about(_renews, _card)
risk = about(_risk, _card)
owner = about(_owner)
worth = about(_worth)
decided = about(_decided, _decisions)
alternatives = about(_alternatives, _command(accounts_command.handle, "goals"))
people = about(_people, _command(accounts_command.handle, "people"))
happened = about(_last, _happened)
value = about(_value, _command(value_command.handle))
missing = about(_missing, _card)
favours = about(_may_ask, _command(advocacy_command.handle))
promised = about(lambda *_: "", _command(promises_command.handle))
