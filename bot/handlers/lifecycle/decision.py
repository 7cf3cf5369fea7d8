"""`/decision`: what a customer decided, why, and against what."""

from __future__ import annotations

from datetime import date

from slack_sdk.models.views import View

from bot.actions.accounts import accounts, lookup
from bot.actions.lifecycle import decisions, stages, views
from bot.actions.lifecycle.decisions import Decided
from bot.handlers.base.parsing import after
from bot.handlers.base.request import Answered, NeedsForm, Request
from bot.messages.kit.message import Message
from bot.messages.kit.parts import plain, short, typed
from bot.messages.lifecycle import decision as messages
from bot.messages.lifecycle import decision_form as forms
from bot.rules.decisions import choices, leads
from bot.rules.errors import UserError
from bot.rules.language.dates import parse_future
from bot.rules.language.decisions import Said, read_decision, suggest_outcome
from bot.rules.playbook.sections import OUTCOMES
from bot.rules.text.words import cut, tokens
from db.lifecycle import decisions as known
from db.models import Account
from db.terms import terms

_LONGEST_GUESS = 6


def handle(request: Request) -> Message:
    """Answers `/decision …`."""
    words = tokens(request.text)
    if not words:
        raise NeedsForm(form(request))
    count = request.known() or request.held_prefix(words, _LONGEST_GUESS) or 1
    rest = after(request.text, count)
    named = " ".join(words[:count])
    account = request.account(named, f"/decision {{account}} {rest}".strip())
    if not rest:
        accounts.live(account)
        raise NeedsForm(form(request, account), standing(request, account))
    said = read_decision(request.readable(rest))
    if said.considers:
        return _considers(request, account, said)
    return _record(request, account, said, lookup.seen_entry(named))


def form(request: Request, account: Account | None = None, warning: str = "") -> View:
    """«Record the decision», with the outcomes of the stage that the account is in."""
    tx, playbook = request.tx, request.playbook
    if account is None:
        offered = [(one, messages.NAMED[one]) for one in OUTCOMES]
        return forms.record(None, offered, channel=request.channel)
    current = terms.current(tx, account)
    renews_on = decisions.renewal_after(tx, account, current, request.today) if current else None
    return forms.record(
        (account.id, account.name),
        [(one, _label(request, account, one)) for one, _ in choices(playbook, account.stage)],
        told=[*filter(None, [warning]), *_standing(request, account)],
        seen=account.stage_entry,
        renews_on=renews_on,
        channel=request.channel,
    )


def standing(request: Request, account: Account) -> Message:
    """What is decided and what is open, as a message."""
    stage = request.playbook.stage(account.stage)
    return messages.standing(
        account.name,
        stage.decision if stage else "",
        known.open_at(request.tx, account),
        views.past(request.tx, request.playbook, account),
        views.ways(request.tx, account),
    )


def record(request: Request, account: Account, decided: Decided, seen: int | None) -> Message:
    """Records it and tells what came of it; `stages.MovedMeanwhile` goes through."""
    done = decisions.record(request.work, account, decided, today=request.today, seen=seen)
    said = decided.renews_on is not None
    return messages.recorded(views.card(request.tx, request.playbook, done, said_date=said))


def _record(request: Request, account: Account, said: Said, seen: int | None) -> Message:
    line = f"/decision {typed(account.name)}"
    if said.outcome is None:
        raise UserError(_no_outcome(request, account, said.extra))
    if said.extra:
        raise UserError(
            "After the outcome come only *because* and *over*: "
            f"`{line} {said.outcome} because {typed(short(said.extra, 200)).strip(chr(34))}`."
        )
    until = _until(request, said, f"{line} {said.outcome} until 2028-03-31")
    decided = Decided(said.outcome, said.reason, said.alternative, until)
    if until is not None and not leads(request.playbook, account.stage, said.outcome).renews:
        raise UserError(
            f"«until» is the next renewal, and {said.outcome} begins no new term here. "
            f"`/account {typed(account.name)} renews {until.isoformat()}` sets the date."
        )
    try:
        return record(request, account, decided, seen)
    except stages.MovedMeanwhile as meanwhile:
        because = f" because {said.reason}" if said.reason else ""
        over = f" over {said.alternative}" if said.alternative else ""
        entry = meanwhile.change.stage_entry
        again = f"/decision id:{account.id}@{entry} {said.outcome}{over}{because}"
        sentence = overtaken(request, meanwhile)
        raise Answered(messages.overtaken(sentence, cut(again, 2000))) from None


def overtaken(request: Request, meanwhile: stages.MovedMeanwhile) -> str:
    """The sentence for whoever came second."""
    change = meanwhile.change
    now_in = request.playbook.stage(change.to_stage)
    return messages.overtaken_told(
        meanwhile.account.name,
        now_in.name if now_in else change.to_stage,
        change.by_user,
        change.at,
    )


def _no_outcome(request: Request, account: Account, words: str) -> str:
    guess = suggest_outcome(words)
    line = f"/decision {typed(account.name)}"
    if guess is not None:
        return f"There is no decision «{short(words)}». Did you mean `{line} {guess}`?"
    offered = ", ".join(one for one, _ in choices(request.playbook, account.stage))
    return (
        f"I do not know the decision «{short(words)}». It is one of {offered}: "
        f"`{line} {choices(request.playbook, account.stage)[0][0]} because …`."
    )


def _until(request: Request, said: Said, would_work: str) -> date | None:
    if said.until is None:
        return None
    try:
        return parse_future(cut(said.until, 80), request.today)
    except ValueError as error:
        raise UserError(f"{plain(str(error))} A line that works: `{would_work}`.") from None


def _considers(request: Request, account: Account, said: Said) -> Message:
    accounts.live(account)
    for name in said.considers:
        decisions.note_alternative(request.work, account, cut(name, decisions.LONGEST_ALTERNATIVE))
    return messages.alternatives(account.name, views.ways(request.tx, account))


def _standing(request: Request, account: Account) -> list[str]:
    stage = request.playbook.stage(account.stage)
    return messages.standing_told(
        account.name,
        stage.decision if stage else "",
        known.open_at(request.tx, account),
        views.past(request.tx, request.playbook, account),
        views.ways(request.tx, account),
    )


def _label(request: Request, account: Account, outcome: str) -> str:
    """«They chose us: they sign → Onboarding»."""
    to = leads(request.playbook, account.stage, outcome)
    target = request.playbook.stage(to.to) if to.to else None
    where = f" → {target.name}" if target else ""
    return f"{cut(to.means or messages.NAMED[outcome], 74 - len(where))}{where}"
