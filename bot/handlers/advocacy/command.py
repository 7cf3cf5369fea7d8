"""`/advocacy`: what customers do for us, who may be asked, who rests; Undo of "settled"."""

import re
from datetime import date

from slack_bolt import App
from slack_sdk.models.views import View

from bot.actions.advocacy import advocacy
from bot.actions.contacts import contacts
from bot.actions.touchpoints import cooldown
from bot.actions.touchpoints.cooldown import Advocate
from bot.context import Context
from bot.handlers.base.clicks import action_listener
from bot.handlers.base.form import Form
from bot.handlers.base.parsing import words_after
from bot.handlers.base.request import NeedsHelp, Request, offer, unknown_word
from bot.messages.advocacy import advocacy as messages
from bot.messages.kit.message import Message
from bot.messages.kit.text import day, plain, quoted, short
from bot.rules.errors import UserError
from bot.rules.playbook import advocacy as rules
from bot.rules.playbook.advocacy import Entry, Verb
from bot.rules.text.words import escape, tokens
from db.advocacy import advocacy as known
from db.models import Account, Contact

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


def register(app: App, linchpin: Context) -> None:
    """Listens to the Undo beside "Settled"."""
    app.action("complaint:undo")(action_listener(linchpin, _reopen_complaints))


def handle(request: Request) -> Message:
    """Answers `/advocacy …`."""
    words = tokens(request.text)
    if not words:
        raise NeedsHelp
    count = request.name_length(words)
    if not count and words[0].casefold() == "who":
        return _show_candidates(request, words_after(request.text, 1))
    verbs = (*_VERB_SYNONYMS, "undo")
    at = count or next((n for n, w in enumerate(words) if n and w.casefold() in verbs), len(words))
    again = " ".join(["/advocacy", "{account}", *words[at:]])
    account = request.account(" ".join(words[:at]), again)
    if at == len(words):
        return _show_overview(request, account)
    verb, rest = words[at].casefold(), words_after(request.text, at + 1)
    if verb == "undo":
        return _undo(request, account, rest)
    if verb not in _VERB_SYNONYMS:
        act = escape(request.playbook.advocacy.acts[0])
        line = f"/advocacy id:{account.id} {{word}} {rest}"
        example = f"/advocacy {quoted(account.name)} asked {act}"
        raise unknown_word(words[at], rules.VERBS, line, example)
    return _add_entry(request, account, _VERB_SYNONYMS[verb], rest)


def _add_entry(request: Request, account: Account, verb: Verb, words: str) -> Message:
    match = rules.find_act(words, request.playbook.advocacy.acts)
    if match is None:
        raise _unknown_act(request, words, f"/advocacy id:{account.id} {verb}", "")
    act, said = match[0], request.readable(match[1])
    contact = contacts.resolve_named(request.work, account, said)
    return _save_entry(request, account, verb, act, said, contact)


def form(request: Request, account: Account | None = None) -> View:
    """ "Record a favour" of an account."""
    assert account is not None  # every button carries it
    acts = request.playbook.advocacy.acts
    return messages.step_form((account.id, account.name), acts, request.channel)


def submit_step(form: Form) -> Message:
    """Records a step of a favour; who of them said so stands first in the note."""
    request = form.request
    account = request.tx.require(Account, int(form.ids["account"]))
    contact = form.contact(account)
    said = ", ".join(filter(None, (contact.name if contact else "", form.text("note"))))
    verb = _VERB_SYNONYMS[form.choice("verb")]
    with form.at("act"):
        return _save_entry(request, account, verb, form.choice("act"), said, contact)


def _save_entry(
    request: Request, account: Account, verb: Verb, act: str, said: str, contact: Contact | None
) -> Message:
    contact_id = contact.id if contact else None
    entry = advocacy.add_entry(
        request.work, account, verb, act, said, today=request.today, contact_id=contact_id
    )
    if entry is None:
        return messages.already_noted_message(account.name, verb, act)
    row = Entry(act, verb, entry.on, entry.note)
    return messages.added_message(account.id, account.name, row, entry.id)


def _undo(request: Request, account: Account, words: str) -> Message:
    if not words.isdecimal() or len(words) > 15:
        raise UserError("*Undo* stands below what was noted: it takes that entry back.")
    entry = advocacy.undo(request.work, account, int(words))
    return messages.undone(account.name, entry.verb, entry.act)


def _show_overview(request: Request, account: Account) -> Message:
    advocate = cooldown.load(request.tx, request.playbook, account, request.today)
    last = rules.latest_entries(advocate.entries)
    acts = dict.fromkeys([*request.playbook.advocacy.acts, *last])
    return messages.overview_message(
        messages.AdvocacyOverview(
            account.id,
            account.name,
            tuple((act, last.get(act)) for act in acts),
            tuple(entry for entry in advocate.entries if entry.verb == "gave"),
            _cooldown_text(advocate),
            _last_asked(advocate),
        )
    )


def _show_candidates(request: Request, words: str) -> Message:
    """Answers `who`, with "reference call in healthcare" or "could give a reference call"."""
    words = _COULD_PATTERN.sub("", words)
    sector = _SECTOR_PATTERN.search(f" {words}")
    act_words = f" {words}"[: sector.start()].strip() if sector else words
    match = rules.find_act(act_words, request.playbook.advocacy.acts)
    if match is None:
        raise _unknown_act(request, act_words, "/advocacy who", sector[0] if sector else "")
    act, where = match[0], sector["sector"] if sector else None
    free, rests = cooldown.list_candidates(request.tx, request.playbook, act, where, request.today)
    return messages.candidates_message(
        act,
        where,
        [_candidate_row(request, each, act) for each in free],
        [_candidate_row(request, each, act) for each in rests],
        known.list_sectors(request.tx) if where else (),
    )


def _candidate_row(request: Request, advocate: Advocate, act: str) -> messages.AdvocateRow:
    account = advocate.account
    why = _cooldown_text(advocate) or _reason_to_ask(request, advocate, act)
    return messages.AdvocateRow(account.id, account.name, account.sector, why)


def _reason_to_ask(request: Request, advocate: Advocate, act: str) -> str:
    last = rules.latest_entries(advocate.entries).get(act)
    reasons = []
    if last is not None and last.verb in ("agreed", "did"):
        consent = f" ({short(last.note)})" if last.note and last.verb == "agreed" else ""
        what = "agreed to it" if last.verb == "agreed" else "did it"
        reasons.append(f"{what} {day(last.on)}{consent}")
    asked_on = _last_asked(advocate)
    reasons.append(f"last asked {day(asked_on)}" if asked_on else "never asked")
    if advocate.account.stage == request.playbook.destination:
        reasons.append(f"in {plain(request.playbook.stage_name(advocate.account.stage))}")
    return ", ".join(reasons)


def _last_asked(advocate: Advocate) -> date | None:
    return max((entry.on for entry in advocate.entries if entry.verb == "asked"), default=None)


def _cooldown_text(advocate: Advocate) -> str | None:
    if advocate.rest is None:
        return None
    return f"Not before {day(advocate.rest.until)}: {cooldown.cooldown_reason(advocate.rest)}."


def _reopen_complaints(request: Request, interaction_id: int) -> Message:
    account, count = advocacy.reopen_complaints(request.work, interaction_id)
    return messages.reopened_message(account.name, count)


def _unknown_act(request: Request, words: str, line: str, after: str) -> Exception:
    """Offers the act that is spelled most like the words, in `line` with what was typed `after`."""
    acts = request.playbook.advocacy.acts
    near = rules.find_act(words, acts, 0.6)
    offered, rest = ([near[0]], near[1]) if near else (acts[:10], words)
    head = f'Unknown favour "{short(words)}".' if words else "Say which favour."
    head += f" Did you mean {plain(' or '.join(offered))}?"
    return offer(head, *((act, f"{line} {{word}} {rest}".rstrip() + after) for act in offered))


SUBMITS = {"advocacy": submit_step}
