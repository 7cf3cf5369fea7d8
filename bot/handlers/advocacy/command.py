"""`/advocacy`: what customers do for us, who may be asked, who rests."""

from __future__ import annotations

import re

from bot.actions.advocacy import advocacy
from bot.actions.touchpoints import cooldown
from bot.actions.touchpoints.cooldown import Advocate
from bot.handlers.base.parsing import after
from bot.handlers.base.request import NeedsHelp, Request
from bot.messages.advocacy import advocacy as messages
from bot.messages.kit.message import Message
from bot.messages.kit.parts import day, plain, short, typed
from bot.rules.errors import UserError
from bot.rules.playbook import advocacy as rules
from bot.rules.playbook.advocacy import Entry, Verb
from bot.rules.text.words import cut, escape, tokens
from db.advocacy import advocacy as known
from db.models import Account

_LONGEST_GUESS = 6
_SAME_AS: dict[str, Verb] = {
    "ask": "asked",
    "agree": "agreed",
    "agrees": "agreed",
    "done": "did",
    "gives": "gave",
    "gave": "gave",
    "decline": "declined",
    "refused": "declined",
    **{verb: verb for verb in rules.VERBS},
}
_IN = re.compile(r"\s+in\s+(?:the\s+)?(?P<sector>.+?)(?:\s+(?:sector|industry))?[?.!]*$", re.I)
_COULD = re.compile(r"^(?:could|can|would|might|may)\s+\w+\s+(?:us\s+)?(?:an?\s+)?", re.I)


def handle(request: Request) -> Message:
    """Answers `/advocacy …`."""
    words = tokens(request.text)
    if not words:
        raise NeedsHelp
    count = request.known() or request.held_prefix(words, _LONGEST_GUESS)
    if not count and words[0].casefold() == "who":
        return _who(request, after(request.text, 1))
    at = count or next(
        (n for n, w in enumerate(words) if n and w.casefold() in (*_SAME_AS, "undo")), len(words)
    )
    again = " ".join(["/advocacy", "{account}", *words[at:]])
    account = request.account(" ".join(words[:at]), again)
    if at == len(words):
        return _ladder(request, account)
    verb, rest = words[at].casefold(), after(request.text, at + 1)
    if verb == "undo":
        return _undo(request, account, rest)
    if verb not in _SAME_AS:
        raise UserError(_no_verb(request, account, words[at]))
    return _note(request, account, _SAME_AS[verb], rest)


def _note(request: Request, account: Account, verb: Verb, words: str) -> Message:
    found = rules.find_act(words, request.playbook.advocacy.acts)
    if found is None:
        raise UserError(_no_act(request, account, verb, words))
    act, said = found
    entry = advocacy.note(
        request.work, account, verb, act, request.readable(said), today=request.today
    )
    if entry is None:
        return messages.known(account.name, verb, act)
    told = Entry(act, verb, entry.on, entry.note)
    return messages.noted(account.id, account.name, told, entry.id)


def _undo(request: Request, account: Account, words: str) -> Message:
    if not words.isdecimal() or len(words) > 15:
        raise UserError("*Undo* stands below what was noted: it takes that entry back.")
    entry = advocacy.undo(request.work, account, int(words))
    return messages.undone(account.name, entry.verb, entry.act)


def _ladder(request: Request, account: Account) -> Message:
    found = cooldown.of(request.tx, request.playbook, account, request.today)
    acts = dict.fromkeys(request.playbook.advocacy.acts)
    last = rules.standing(found.entries)
    asked = [entry.on for entry in found.entries if entry.verb == "asked"]
    return messages.ladder(
        messages.Ladder(
            account.id,
            account.name,
            tuple((act, last.get(act)) for act in dict.fromkeys([*acts, *last])),
            tuple(entry for entry in found.entries if entry.verb == "gave"),
            _rests(found),
            max(asked, default=None),
        )
    )


def _who(request: Request, words: str) -> Message:
    """«reference call in healthcare», «could give a reference call»."""
    words = _COULD.sub("", words)
    sector = _IN.search(f" {words}")
    act_words = f" {words}"[: sector.start()].strip() if sector else words
    found = rules.find_act(act_words, request.playbook.advocacy.acts)
    if found is None:
        acts = ", ".join(request.playbook.advocacy.acts)
        first = request.playbook.advocacy.acts[0]
        raise UserError(
            f"Say what for, one of {plain(acts)}: `/advocacy who {escape(first)} in healthcare`."
        )
    act, where = found[0], sector["sector"] if sector else None
    free, rests = cooldown.who(request.tx, request.playbook, act, where, request.today)
    return messages.who(
        act,
        where,
        [_candidate(request, each, act) for each in free],
        [_candidate(request, each, act) for each in rests],
        known.sectors(request.tx) if where else (),
    )


def _candidate(request: Request, found: Advocate, act: str) -> messages.Candidate:
    account = found.account
    why = _speaks_for(request, found, act) if found.rest is None else _rests(found) or ""
    return messages.Candidate(account.id, account.name, account.sector, why)


def _speaks_for(request: Request, found: Advocate, act: str) -> str:
    last = rules.standing(found.entries).get(act)
    told = []
    if last is not None and last.verb in ("agreed", "did"):
        consent = f" ({short(last.note)})" if last.note and last.verb == "agreed" else ""
        what = "agreed to it" if last.verb == "agreed" else "did it"
        told.append(f"{what} {day(last.on)}{consent}")
    asked = [entry.on for entry in found.entries if entry.verb == "asked"]
    told.append(f"last asked {day(max(asked))}" if asked else "never asked")
    if found.account.stage == request.playbook.destination:
        stage = request.playbook.stage(found.account.stage)
        told.append(f"in {plain(stage.name if stage else found.account.stage)}")
    return ", ".join(told)


def _rests(found: Advocate) -> str | None:
    if found.rest is None:
        return None
    return f"Rests until {day(found.rest.until)}: {cooldown.why(found.rest)}."


def _no_verb(request: Request, account: Account, said: str) -> str:
    act = request.playbook.advocacy.acts[0]
    return (
        f"I do not know what «{short(said)}» asks for. After the name comes one of "
        f"{', '.join(rules.VERBS)}: `/advocacy {typed(account.name)} asked {escape(act)}`."
    )


def _no_act(request: Request, account: Account, verb: str, words: str) -> str:
    acts = request.playbook.advocacy.acts
    said = f"«{short(words)}» is no favour I know" if words else "Say which favour"
    return (
        f"{said}: it is one of {plain(', '.join(acts))}. "
        f"`/advocacy {typed(account.name)} {verb} {escape(cut(acts[0], 80))}`."
    )
