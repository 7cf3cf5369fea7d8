"""`/decision`: what a customer decided, why, and against what."""

import re
from dataclasses import replace
from datetime import date

from slack_bolt import App
from slack_sdk.models.views import View

from bot.actions.accounts import accounts, lookup
from bot.actions.answers.rows import save_alternative
from bot.actions.lifecycle import changes, decisions, entering, plan_changes, stages, undo, views
from bot.actions.lifecycle.decisions import DecisionInput
from bot.context import Context
from bot.handlers.base.clicks import Body, action_listener, clicked_value, listener, open_form_for
from bot.handlers.base.form import Form, FormOutdated
from bot.handlers.base.request import NeedsForm, Request, offer
from bot.messages.kit.message import Message
from bot.messages.kit.text import quoted, short
from bot.messages.lifecycle import decision as messages
from bot.messages.lifecycle import decision_form as forms
from bot.rules.decisions import DecisionEffect, begins_term, effect_of, outcome_choices
from bot.rules.errors import UserError
from bot.rules.language.decisions import DecisionText, read_decision, suggest_outcome
from bot.rules.playbook.sections import OUTCOMES
from bot.rules.text.words import cut, tokens
from db.accounts import accounts as known_accounts
from db.lifecycle import decisions as known
from db.models import Account, Member, Touchpoint
from db.terms import terms


def register(app: App, linchpin: Context) -> None:
    """Listens to Undo, of a decision and of a stage that was entered by itself."""
    app.action("decision:undo")(action_listener(linchpin, take_back))
    app.action(re.compile("^renewal:"))(listener(linchpin, _open_answer))
    app.action("entered:undo")(
        action_listener(linchpin, lambda request, move: entering.undo_entry(request.work, move))
    )


def handle(request: Request) -> Message:
    """Answers `/decision …`."""
    if not tokens(request.text):
        raise NeedsForm(form(request))
    named, account, rest = request.split_account("/decision")
    if not rest:
        accounts.require_live(account)
        status = messages.status_message(*_status(request, account))
        raise NeedsForm(form(request, account), status)
    dated = [each for each in OUTCOMES if begins_term(request.playbook, account.stage, each)]
    said = read_decision(request.readable(rest), request.today, dated)
    if said.considers:
        return _add_alternative(request, account, said)
    return _record_typed(request, account, said, lookup.read_stage_entry(named))


def form(
    request: Request, account: Account | None = None, warning: str = "", said: str | None = None
) -> View:
    """ "Record the decision", with the outcomes of the stage that the account is in; `said` is
    picked."""
    if account is None:
        offered = [(outcome, messages.OUTCOME_NAMES[outcome]) for outcome in OUTCOMES]
        return forms.decision_form(None, offered, channel=request.channel)
    outcomes = outcome_choices(request.playbook, account.stage)
    return forms.decision_form(
        (account.id, account.name),
        [(outcome, _outcome_label(request, account, outcome)) for outcome, _ in outcomes],
        told=[*filter(None, [warning]), *messages.status_lines(*_status(request, account))],
        seen=account.stage_entry,
        renews_on=_next_renewal(request, account),
        channel=request.channel,
        outcome=said if said in dict(outcomes) else None,
    )


def _open_answer(context: Context, speaker: Member, body: Body) -> None:
    """Opens the form behind a button of a renewal that passed without a decision."""
    answer = clicked_value(body).partition(":")[0]
    if answer.isdecimal():  # a button carries the id alone
        answer = str(body["actions"][0]["action_id"]).partition(":")[2]

    def view(request: Request, touchpoint_id: int) -> View:
        touchpoint = request.tx.get(Touchpoint, touchpoint_id)
        account = known_accounts.by_id(request.tx, touchpoint.account_id) if touchpoint else None
        if account is None:
            raise UserError("That renewal is no longer there.")
        accounts.require_live(account)
        if answer == "date":
            seen, channel = account.stage_entry, request.channel
            return forms.renewal_date_form((account.id, account.name), seen, channel)
        return form(request, account, said="chose other" if answer == "left" else answer)

    open_form_for(context, speaker, body, view)


def submit_renewal_date(submitted: Form) -> Message:
    """Sets the renewal date of the form."""
    request, account = submitted.request, submitted.live_account()
    changed = plan_changes.set_renewal(request.work, account, submitted.future_day("renews"))
    return changes.answer(request.work, account, changed)


def submit_decision(submitted: Form) -> Message:
    """Records the decision of the form."""
    request, account = submitted.request, submitted.live_account()
    outcome = submitted.choice("outcome")
    effect = effect_of(request.playbook, account.stage, outcome)
    contact = submitted.contact(account)
    decided = DecisionInput(
        outcome,
        submitted.text("reason") or None,
        submitted.text("alternative") or None,
        _renewal_date(submitted, account) if effect.renews else None,
        contact.id if contact else None,
    )
    with submitted.at(_error_field(request, effect, decided)):
        try:
            return _record(request, account, decided, submitted.seen_entry(account))
        except stages.MovedMeanwhile as meanwhile:
            warning = f"{meanwhile} Nothing was changed."
            raise FormOutdated(form(request, meanwhile.account, warning)) from None


def _renewal_date(submitted: Form, account: Account) -> date | None:
    """The next renewal, where the person picked another day than the one filled in."""
    if submitted.day("renews") in (None, _next_renewal(submitted.request, account)):
        return None
    return submitted.future_day("renews")


def _next_renewal(request: Request, account: Account) -> date | None:
    current = terms.current_term(request.tx, account)
    if current is None:
        return None
    return decisions.next_renewal_date(request.tx, account, current, request.today)


def _error_field(request: Request, effect: DecisionEffect, decided: DecisionInput) -> str:
    """The field that an error is shown at: the reason where only that is missing."""
    target = request.playbook.stage(effect.to) if effect.to else None
    return "reason" if target is not None and target.exit and not decided.reason else "outcome"


def take_back(request: Request, decision_id: int) -> Message:
    """Undoes a decision."""
    decision, account = undo.undo(request.work, decision_id)
    undone = views.decision_view(request.playbook, decision)
    return messages.undone(account.name, undone, request.playbook.stage_name(account.stage))


def _record(
    request: Request, account: Account, decided: DecisionInput, seen: int | None
) -> Message:
    """Records it and returns what came of it; `stages.MovedMeanwhile` goes through."""
    done = decisions.record_decision(request.work, account, decided, today=request.today, seen=seen)
    has_date = decided.renews_on is not None
    view = views.recorded_view(request.work, done, said_date=has_date)
    return messages.recorded(view)


def _record_typed(
    request: Request, account: Account, said: DecisionText, seen: int | None
) -> Message:
    line = f"/decision {quoted(account.name)}"
    if said.outcome is None:
        raise _unknown_outcome(request, account, said.extra)
    if said.extra:
        reason = ", ".join(filter(None, (said.extra, said.reason)))
        again = _typed_line(account, replace(said, reason=reason))
        raise offer(f'Not used: "{short(said.extra)}".', ("Add as reason", again))
    would_work = f"{line} {said.outcome} until 2028-03-31"
    until = None if said.until is None else request.future_date(said.until, would_work)
    if said.length is not None:
        ends = [(day or request.today) + said.length for day in (account.renews_on, None)]
        until = next(day for day in ends if day > request.today)
    decided = DecisionInput(said.outcome, said.reason, said.alternative, until)
    if until is not None and not begins_term(request.playbook, account.stage, said.outcome):
        raise UserError(
            f'"until" is the next renewal, and {said.outcome} begins no new term here. '
            f"`/account {quoted(account.name)} renews {until.isoformat()}` sets the date."
        )
    try:
        return _record(request, account, decided, seen)
    except stages.MovedMeanwhile as meanwhile:
        again = _typed_line(account, said, f"@{meanwhile.change.stage_entry}")
        raise offer(str(meanwhile), ("Still record it", again)) from None


def _typed_line(account: Account, said: DecisionText, entry: str = "") -> str:
    """The line that says the same once more."""
    months = said.length.years * 12 + said.length.months if said.length else 0
    length = f"{months} months" if months else None
    parts = (
        (" for ", length),
        (" until ", said.until),
        (" over ", said.alternative),
        (" because ", said.reason),
    )
    rest = "".join(f"{sign}{words}" for sign, words in parts if words)
    return f"/decision id:{account.id}{entry} {said.outcome}{rest}"


def _unknown_outcome(request: Request, account: Account, words: str) -> Exception:
    head = f'Unknown decision "{short(words)}".'
    if (guess := suggest_outcome(words)) is not None:
        outcome, rest = guess
        line = f"/decision id:{account.id} {{word}} {rest}"
        return offer(f"{head} Did you mean {outcome}?", (outcome, line))
    offered = [outcome for outcome, _ in outcome_choices(request.playbook, account.stage)]
    example = f"/decision {quoted(account.name)} {offered[0]} because …"
    return UserError(f"{head} Decisions: {', '.join(offered)}: `{example}`.")


def _add_alternative(request: Request, account: Account, said: DecisionText) -> Message:
    accounts.require_live(account)
    for name in said.considers:
        name = cut(name, decisions.MAX_ALTERNATIVE_LENGTH)
        save_alternative(request.work, account, name)
    return messages.alternatives(account.name, views.alternative_names(request.tx, account))


def _status(
    request: Request, account: Account
) -> tuple[str, str, bool, list[messages.DecisionView], list[str]]:
    """What is decided and what is open, as the messages take it."""
    stage = request.playbook.stage(account.stage)
    return (
        account.name,
        stage.decision if stage else "",
        known.is_open(request.tx, account),
        views.past_decisions(request.tx, request.playbook, account),
        views.alternative_names(request.tx, account),
    )


def _outcome_label(request: Request, account: Account, outcome: str) -> str:
    """ "They chose us: they sign → Onboarding"."""
    effect = effect_of(request.playbook, account.stage, outcome)
    target = request.playbook.stage(effect.to) if effect.to else None
    where = f" → {target.name}" if target else ""
    return f"{cut(effect.means or messages.OUTCOME_NAMES[outcome], 74 - len(where))}{where}"


SUBMITS = {"decision": submit_decision, "renewal-date": submit_renewal_date}
