"""`/advocacy`: what customers do for us, who may be asked, who rests."""

from __future__ import annotations

import re

from bot.actions.advocacy import advocacy
from bot.actions.touchpoints import cooldown
from bot.actions.touchpoints.cooldown import Advocate
from bot.handlers.base.parsing import words_after
from bot.handlers.base.request import NeedsHelp, Request
from bot.messages.advocacy import advocacy as messages
from bot.messages.kit.message import Message
from bot.messages.kit.parts import day, plain, quoted, short
from bot.rules.errors import UserError
from bot.rules.playbook import advocacy as rules
from bot.rules.playbook.advocacy import Entry, Verb
from bot.rules.text.words import cut, escape, tokens
from db.advocacy import advocacy as known
from db.models import Account

_MAX_NAME_WORDS = 6
_VERB_SYNONYMS: dict[str, Verb] = {
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
_SECTOR_PATTERN = re.compile(
    r"\s+in\s+(?:the\s+)?(?P<sector>.+?)(?:\s+(?:sector|industry))?[?.!]*$", re.I
)
_COULD_PATTERN = re.compile(r"^(?:could|can|would|might|may)\s+\w+\s+(?:us\s+)?(?:an?\s+)?", re.I)


def handle(request: Request) -> Message:
    """Answers `/advocacy …`."""
    words = tokens(request.text)
    if not words:
        raise NeedsHelp
    count = request.known() or request.held_prefix(words, _MAX_NAME_WORDS)
    if not count and words[0].casefold() == "who":
        return _show_candidates(request, words_after(request.text, 1))
    at = count or next(
        (n for n, w in enumerate(words) if n and w.casefold() in (*_VERB_SYNONYMS, "undo")),
        len(words),
    )
    again = " ".join(["/advocacy", "{account}", *words[at:]])
    account = request.account(" ".join(words[:at]), again)
    if at == len(words):
        return _show_overview(request, account)
    verb, rest = words[at].casefold(), words_after(request.text, at + 1)
    if verb == "undo":
        return _undo(request, account, rest)
    if verb not in _VERB_SYNONYMS:
        raise UserError(_unknown_verb_text(request, account, words[at]))
    return _add_entry(request, account, _VERB_SYNONYMS[verb], rest)


def _add_entry(request: Request, account: Account, verb: Verb, words: str) -> Message:
    found = rules.find_act(words, request.playbook.advocacy.acts)
    if found is None:
        raise UserError(_unknown_act_text(request, account, verb, words))
    act, said = found
    entry = advocacy.add_entry(
        request.work, account, verb, act, request.readable(said), today=request.today
    )
    if entry is None:
        return messages.already_noted_message(account.name, verb, act)
    told = Entry(act, verb, entry.on, entry.note)
    return messages.added_message(account.id, account.name, told, entry.id)


def _undo(request: Request, account: Account, words: str) -> Message:
    if not words.isdecimal() or len(words) > 15:
        raise UserError("*Undo* stands below what was noted: it takes that entry back.")
    entry = advocacy.undo(request.work, account, int(words))
    return messages.undone(account.name, entry.verb, entry.act)


def _show_overview(request: Request, account: Account) -> Message:
    found = cooldown.load(request.tx, request.playbook, account, request.today)
    acts = dict.fromkeys(request.playbook.advocacy.acts)
    last = rules.latest_entries(found.entries)
    asked = [entry.on for entry in found.entries if entry.verb == "asked"]
    return messages.overview_message(
        messages.AdvocacyOverview(
            account.id,
            account.name,
            tuple((act, last.get(act)) for act in dict.fromkeys([*acts, *last])),
            tuple(entry for entry in found.entries if entry.verb == "gave"),
            _cooldown_text(found),
            max(asked, default=None),
        )
    )


def _show_candidates(request: Request, words: str) -> Message:
    """ "reference call in healthcare", "could give a reference call"."""
    words = _COULD_PATTERN.sub("", words)
    sector = _SECTOR_PATTERN.search(f" {words}")
    act_words = f" {words}"[: sector.start()].strip() if sector else words
    found = rules.find_act(act_words, request.playbook.advocacy.acts)
    if found is None:
        acts = ", ".join(request.playbook.advocacy.acts)
        first = request.playbook.advocacy.acts[0]
        raise UserError(
            f"Say what for, one of {plain(acts)}: `/advocacy who {escape(first)} in healthcare`."
        )
    act, where = found[0], sector["sector"] if sector else None
    free, rests = cooldown.list_candidates(request.tx, request.playbook, act, where, request.today)
    return messages.candidates_message(
        act,
        where,
        [_candidate_row(request, each, act) for each in free],
        [_candidate_row(request, each, act) for each in rests],
        known.list_sectors(request.tx) if where else (),
    )


def _candidate_row(request: Request, found: Advocate, act: str) -> messages.AdvocateRow:
    account = found.account
    why = _reason_to_ask(request, found, act) if found.rest is None else _cooldown_text(found) or ""
    return messages.AdvocateRow(account.id, account.name, account.sector, why)


def _reason_to_ask(request: Request, found: Advocate, act: str) -> str:
    last = rules.latest_entries(found.entries).get(act)
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


def _cooldown_text(found: Advocate) -> str | None:
    if found.rest is None:
        return None
    return f"Rests until {day(found.rest.until)}: {cooldown.cooldown_reason(found.rest)}."


def _unknown_verb_text(request: Request, account: Account, said: str) -> str:
    act = request.playbook.advocacy.acts[0]
    return (
        f'I do not know what "{short(said)}" asks for. After the name comes one of '
        f"{', '.join(rules.VERBS)}: `/advocacy {quoted(account.name)} asked {escape(act)}`."
    )


def _unknown_act_text(request: Request, account: Account, verb: str, words: str) -> str:
    acts = request.playbook.advocacy.acts
    said = f'"{short(words)}" is no favour I know' if words else "Say which favour"
    return (
        f"{said}: it is one of {plain(', '.join(acts))}. "
        f"`/advocacy {quoted(account.name)} {verb} {escape(cut(acts[0], 80))}`."
    )
