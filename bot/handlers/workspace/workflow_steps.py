"""Steps of Workflow Builder: each acts for the person chosen in it, once an execution. The outbox
tells Slack that a step completed or failed. Bolt's `complete` and `fail` would call Slack before
the transaction has committed."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from slack_bolt import App, BoltContext

from bot.actions.accounts import interactions, lookup
from bot.actions.accounts.lookup import with_names
from bot.actions.actor import Actor
from bot.actions.lifecycle import stages
from bot.actions.views import cards
from bot.actions.workspace import workflow_runs
from bot.context import Context
from bot.handlers.base.idempotency import effect_once
from bot.handlers.base.parsing import unlink
from bot.handlers.base.plain_text import defuse_markup, strip_markup, strip_message_markup
from bot.handlers.base.request import Request
from bot.messages.accounts import account as account_messages
from bot.messages.accounts import log as log_messages
from bot.messages.kit.text import day, plain, short
from bot.messages.lifecycle import stage as stage_messages
from bot.messages.workspace.steps import STEPS, account_outputs
from bot.rules.errors import UserError
from db.accounts.name_indexes import Names
from db.core.transient_errors import retry_on_deadlock
from db.core.tx import begin
from db.models import Account, Member

Json = dict[str, Any]
Run = Callable[[Request, Json], Json]
DEFAULT_KIND = "note"
NO_MEMBER_TEXT = (
    "The step does not say who does this: in Workflow Builder, choose a person for "
    f'"{STEPS["step_log"].inputs["person"].title}".'
)


def register(app: App, linchpin: Context) -> None:
    """Listens to the steps of the manifest."""
    for name, run in STEP_FUNCTIONS.items():
        app.function(name)(_build_listener(linchpin, run))


def _build_listener(linchpin: Context, run: Run) -> Callable[..., None]:
    def listen(body: Json, context: BoltContext) -> None:
        speaker: Member | None = context.get("speaker")
        try:
            if speaker is None:
                raise UserError(NO_MEMBER_TEXT)
            step = partial(_run_step, linchpin, speaker, body, run)
            with_names(
                linchpin.names,
                linchpin.workspace,
                lambda names: retry_on_deadlock(lambda: step(names)),
            )
        except UserError as error:
            _fail_step(linchpin, body, error.sentence)
        linchpin.wake()

    return listen


def _run_step(
    linchpin: Context, speaker: Member, body: Json, run: Run, names: Names | None
) -> None:
    event = body["event"]
    execution = event["function_execution_id"]
    with effect_once(linchpin, body, Actor(speaker.user_id, "workflow")) as work:
        # An execution has one effect, also when Slack tells of it in another event.
        if work is None or not workflow_runs.first_time(work.tx, execution, work.now):
            return
        request = Request(work, linchpin, speaker, every_name=names)
        outputs = run(request, event.get("inputs") or {})
        outputs["summary"] = strip_message_markup(work.tx, outputs["summary"])
        outputs = {
            name: defuse_markup(value) if isinstance(value, str) else value
            for name, value in outputs.items()
        }
        workflow_runs.complete(work.tx, execution, outputs, work.now)


def _fail_step(linchpin: Context, body: Json, sentence: str) -> None:
    with begin(linchpin.engine, linchpin.workspace) as tx:
        words = defuse_markup(strip_markup(tx, sentence))
        workflow_runs.fail(tx, body["event"]["function_execution_id"], words, linchpin.now())


def _log(request: Request, inputs: Json) -> Json:
    account = _account(request, inputs)
    on = _day(inputs) or request.today
    if on > request.today:
        raise UserError(f"{day(on)} is still to come, and only what has happened is logged.")
    kind, text = _kind(inputs), request.readable(_text(inputs, "text"))
    logged = interactions.log(request.work, account, kind=kind, text=text, happened_on=on)
    message = log_messages.logged(account.name, logged.kind, logged.text, on, logged.id)
    return {"account": account.name, "summary": message.text.partition("\n")[0]}


def _move(request: Request, inputs: Json) -> Json:
    account = _account(request, inputs)
    to, reason = _text(inputs, "stage"), request.readable(_text(inputs, "reason"))
    try:
        moved = stages.move(request.work, account, to, reason=reason or None, seen=None)
    except stages.MovedMeanwhile as meanwhile:
        again = "Nothing was changed: run the workflow again if it is still meant."
        raise UserError(f"{meanwhile} {again}") from None
    card = stages.build_move_card(request.work, moved)
    return {
        "account": account.name,
        "before": card.before,
        "stage": card.now_in,
        "summary": stage_messages.moved(card).text,
    }


def _get_account(request: Request, inputs: Json) -> Json:
    card = cards.account_card(request.work, _account(request, inputs))
    return account_outputs(card, account_messages.card(card))


def _account(request: Request, inputs: Json) -> Account:
    """The account that is meant for sure: a step cannot ask back."""
    words = _text(inputs, "account")
    if not words:
        raise UserError("The step does not say which account: give its name.")
    try:
        return lookup.find_account(request.tx, words, request.every_name)
    except lookup.AmbiguousAccount as unclear:
        names = " or ".join(f'"{plain(each.name)}"' for each in unclear.candidates)
        raise UserError(
            f'"{short(words)}" may be {names}. Nothing was changed: give the whole name.'
        ) from None


def _kind(inputs: Json) -> str:
    kind = _text(inputs, "kind").casefold() or DEFAULT_KIND
    if kind not in interactions.KINDS:
        known = ", ".join(interactions.KINDS)
        raise UserError(f'Unknown kind "{short(kind)}". Kinds: {known}.')
    return kind


def _day(inputs: Json) -> date | None:
    given = _text(inputs, "on")
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        raise UserError(f'"{short(given)}" is no date: give one like 2026-11-20.') from None


def _text(inputs: Json, name: str) -> str:
    """What was filled in, without spaces around it; "" for nothing."""
    return unlink(str(inputs.get(name) or "").replace("\x00", "")).strip()


STEP_FUNCTIONS: dict[str, Run] = {
    "step_log": _log,
    "step_move": _move,
    "step_account": _get_account,
}
