"""`/decision`: what a customer decided, why, and against what."""

from __future__ import annotations

from datetime import date

from slack_sdk.models.views import View

from bot.actions.accounts import accounts, lookup
from bot.actions.lifecycle import decisions, stages, views
from bot.actions.lifecycle.decisions import DecisionInput
from bot.handlers.base.parsing import words_after
from bot.handlers.base.request import AnswerEarly, NeedsForm, Request
from bot.messages.kit.message import Message
from bot.messages.kit.parts import plain, quoted, short
from bot.messages.lifecycle import decision as messages
from bot.messages.lifecycle import decision_form as forms
from bot.rules.decisions import effect_of, outcome_choices
from bot.rules.errors import UserError
from bot.rules.language.dates import parse_future
from bot.rules.language.decisions import DecisionText, read_decision, suggest_outcome
from bot.rules.playbook.sections import OUTCOMES
from bot.rules.text.words import cut, tokens
from db.lifecycle import decisions as known
from db.models import Account
from db.terms import terms

_MAX_NAME_WORDS = 6


def handle(request: Request) -> Message:
    """Answers `/decision …`."""
    words = tokens(request.text)
    if not words:
        raise NeedsForm(form(request))
    count = request.known() or request.held_prefix(words, _MAX_NAME_WORDS) or 1
    rest = words_after(request.text, count)
    named = " ".join(words[:count])
    account = request.account(named, f"/decision {{account}} {rest}".strip())
    if not rest:
        accounts.require_live(account)
        raise NeedsForm(form(request, account), status_message(request, account))
    said = read_decision(request.readable(rest))
    if said.considers:
        return _add_alternative(request, account, said)
    return _record_typed(request, account, said, lookup.read_stage_entry(named))


def form(request: Request, account: Account | None = None, warning: str = "") -> View:
    """ "Record the decision", with the outcomes of the stage that the account is in."""
    tx, playbook = request.tx, request.playbook
    if account is None:
        offered = [(one, messages.OUTCOME_NAMES[one]) for one in OUTCOMES]
        return forms.decision_form(None, offered, channel=request.channel)
    current = terms.current_term(tx, account)
    renews_on = (
        decisions.next_renewal_date(tx, account, current, request.today) if current else None
    )
    return forms.decision_form(
        (account.id, account.name),
        [
            (one, _outcome_label(request, account, one))
            for one, _ in outcome_choices(playbook, account.stage)
        ],
        told=[*filter(None, [warning]), *_status_lines(request, account)],
        seen=account.stage_entry,
        renews_on=renews_on,
        channel=request.channel,
    )


def status_message(request: Request, account: Account) -> Message:
    """What is decided and what is open, as a message."""
    stage = request.playbook.stage(account.stage)
    return messages.status_message(
        account.name,
        stage.decision if stage else "",
        known.is_open(request.tx, account),
        views.past_decisions(request.tx, request.playbook, account),
        views.alternative_names(request.tx, account),
    )


def record_decision(
    request: Request, account: Account, decided: DecisionInput, seen: int | None
) -> Message:
    """Records it and tells what came of it; `stages.MovedMeanwhile` goes through."""
    done = decisions.record_decision(request.work, account, decided, today=request.today, seen=seen)
    said = decided.renews_on is not None
    return messages.recorded(
        views.recorded_view(request.tx, request.playbook, done, said_date=said)
    )


def _record_typed(
    request: Request, account: Account, said: DecisionText, seen: int | None
) -> Message:
    line = f"/decision {quoted(account.name)}"
    if said.outcome is None:
        raise UserError(_unknown_outcome_text(request, account, said.extra))
    if said.extra:
        raise UserError(
            "After the outcome come only *because* and *over*: "
            f"`{line} {said.outcome} because {quoted(short(said.extra, 200)).strip(chr(34))}`."
        )
    until = _parse_renewal_date(request, said, f"{line} {said.outcome} until 2028-03-31")
    decided = DecisionInput(said.outcome, said.reason, said.alternative, until)
    if until is not None and not effect_of(request.playbook, account.stage, said.outcome).renews:
        raise UserError(
            f'"until" is the next renewal, and {said.outcome} begins no new term here. '
            f"`/account {quoted(account.name)} renews {until.isoformat()}` sets the date."
        )
    try:
        return record_decision(request, account, decided, seen)
    except stages.MovedMeanwhile as meanwhile:
        because = f" because {said.reason}" if said.reason else ""
        over = f" over {said.alternative}" if said.alternative else ""
        entry = meanwhile.change.stage_entry
        again = f"/decision id:{account.id}@{entry} {said.outcome}{over}{because}"
        sentence = conflict_text(request, meanwhile)
        raise AnswerEarly(messages.conflict_message(sentence, cut(again, 2000))) from None


def conflict_text(request: Request, meanwhile: stages.MovedMeanwhile) -> str:
    """The sentence for whoever came second."""
    change = meanwhile.change
    now_in = request.playbook.stage(change.to_stage)
    return messages.conflict_text(
        meanwhile.account.name,
        now_in.name if now_in else change.to_stage,
        change.by_user,
        change.at,
    )


def _unknown_outcome_text(request: Request, account: Account, words: str) -> str:
    guess = suggest_outcome(words)
    line = f"/decision {quoted(account.name)}"
    if guess is not None:
        return f'There is no decision "{short(words)}". Did you mean `{line} {guess}`?'
    offered = ", ".join(one for one, _ in outcome_choices(request.playbook, account.stage))
    return (
        f'I do not know the decision "{short(words)}". It is one of {offered}: '
        f"`{line} {outcome_choices(request.playbook, account.stage)[0][0]} because …`."
    )


def _parse_renewal_date(request: Request, said: DecisionText, would_work: str) -> date | None:
    if said.until is None:
        return None
    try:
        return parse_future(cut(said.until, 80), request.today)
    except ValueError as error:
        raise UserError(f"{plain(str(error))} A line that works: `{would_work}`.") from None


def _add_alternative(request: Request, account: Account, said: DecisionText) -> Message:
    accounts.require_live(account)
    for name in said.considers:
        decisions.add_alternative(
            request.work, account, cut(name, decisions.MAX_ALTERNATIVE_LENGTH)
        )
    return messages.alternatives(account.name, views.alternative_names(request.tx, account))


def _status_lines(request: Request, account: Account) -> list[str]:
    stage = request.playbook.stage(account.stage)
    return messages.status_lines(
        account.name,
        stage.decision if stage else "",
        known.is_open(request.tx, account),
        views.past_decisions(request.tx, request.playbook, account),
        views.alternative_names(request.tx, account),
    )


def _outcome_label(request: Request, account: Account, outcome: str) -> str:
    """ "They chose us: they sign → Onboarding"."""
    to = effect_of(request.playbook, account.stage, outcome)
    target = request.playbook.stage(to.to) if to.to else None
    where = f" → {target.name}" if target else ""
    return f"{cut(to.means or messages.OUTCOME_NAMES[outcome], 74 - len(where))}{where}"
