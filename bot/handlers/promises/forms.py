"""The forms about promises: opened, with what is known filled in, and submitted."""

from slack_sdk.models.views import View

from bot.actions.answers import known
from bot.actions.promises import promises as actions
from bot.actions.promises.promises import Owner
from bot.actions.responses.respond import respond
from bot.handlers.base.form import FieldError, Form
from bot.handlers.base.request import Request
from bot.messages.kit.message import Message
from bot.messages.kit.text import day
from bot.messages.promises import forms
from bot.messages.promises import promise as messages
from bot.rules.errors import UserError
from bot.rules.playbook.playbook import MANAGER, Playbook
from bot.rules.promises import CONSENTS, read_consent
from db.models import Account
from db.promises import promises
from db.promises.promises import PromiseRecord

_NO_DAY = "A promise needs a date."


def new(
    request: Request,
    account: Account | None = None,
    text: str = "",
    owner: Owner | None = None,
    risk: str = "",
) -> View:
    """ "A promise", to be kept by whom the playbook names if nobody was named; `risk` is the key of
    what it is made against."""
    return forms.new(
        owner_choices(request.playbook),
        account=(account.id, account.name) if account else None,
        text=text,
        owner=owner.key if owner else request.playbook.promises.owner,
        keeper=owner.keeper if owner else None,
        ids={"channel": request.channel, "risk": risk},
    )


def change(request: Request, promise_id: int) -> View:
    """What becomes of an open promise. Raises `UserError` when it has ended."""
    promised = promises.by_id(request.tx, promise_id)
    if promised is None:
        raise UserError("That promise is no longer there: it was taken back.")
    return _build_change_form(request, promised)


def change_form_of_touchpoint(request: Request, touchpoint_id: int) -> View | None:
    """The same from a promise's nudge; None for a touchpoint that is no promise's."""
    promised = promises.by_touchpoint(request.tx, touchpoint_id)
    return None if promised is None else _build_change_form(request, promised)


def owner_choices(playbook: Playbook) -> list[tuple[str, str]]:
    """Who may own a touchpoint: the account's manager, then the departments."""
    departments = [(key, each.name) for key, each in playbook.departments.items()]
    return [(MANAGER, "The account's manager"), *departments]


def submit_new(form: Form) -> Message:
    """Saves a promise."""
    account, due_on = form.live_account(), form.future_day("due_on")
    if due_on is None:
        raise FieldError("due_on", _NO_DAY)
    owner = Owner(form.choice("owner"), form.colleague("keeper"))
    with form.at("text"):
        made = actions.make_promise(form.request.work, account, form.text("text"), due_on, owner)
    if risk := form.ids.get("risk"):
        known.answer_risk(form.request.work, str(risk), made.touchpoint.id)
    return messages.made(actions.promise_line(form.request.work, made))


def submit_change(form: Form) -> Message:
    """Gives a promise another date, or records that it will not be kept."""
    work = form.request.work
    promised = promises.lock_promise(work.tx, int(form.ids["promise"]))
    if promised is None:
        raise UserError("That promise is no longer there: it was taken back.")
    reason, consent = form.text("reason"), read_consent(form.choice("consent"))
    if form.choice("what") == forms.NEVER:
        respond(work, promised.touchpoint, "skip", note=f"{reason} ({CONSENTS[consent]})")
    else:
        due_on = form.future_day("due_on")
        if due_on is None:
            raise FieldError("due_on", "Say by when they get it instead.")
        if due_on == promised.promise.due_on:
            raise FieldError("due_on", f"It is promised for {day(due_on)} already.")
        actions.reschedule_promise(work, promised, due_on, consent, reason)
    line = actions.promise_line(work, promised)
    return messages.rescheduled_message(line) if line.is_open else messages.ended(line)


def _build_change_form(request: Request, promised: PromiseRecord) -> View:
    actions.require_open(promised)
    promise, name = promised.promise, promised.account.name
    return forms.change(promise.id, name, promise.text, promise.due_on, request.channel)


SUBMITS = {"promise": submit_new, "promise_change": submit_change}
