"""The forms about what touchpoints brought back: opened with what is known, and submitted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from slack_bolt import App
from slack_sdk.models.views import View

from bot.actions.answers import answers as actions
from bot.actions.answers import rows
from bot.actions.views import value as views_value
from bot.context import Context
from bot.handlers.base.clicks import Body, clicked_value, view_listener
from bot.handlers.base.form import FieldError, Form
from bot.handlers.base.request import Request
from bot.handlers.base.worth import parse_worth
from bot.handlers.promises.forms import owner_choices
from bot.messages.accounts import value as value_messages
from bot.messages.answers import forms as messages
from bot.messages.kit.blocks import text_message
from bot.messages.kit.message import Message
from bot.messages.kit.text import mention, on
from bot.rules.answers import ONE_WEEK, Answer, read_answer
from bot.rules.contacts import contact_label
from bot.rules.errors import UserError
from bot.rules.language.value import read_value, without_amount
from bot.rules.playbook.sections import Records
from bot.rules.text.words import plural
from db.answers import answers
from db.models import Account, Contact, Touchpoint, ValueEntry


def register(app: App, linchpin: Context) -> None:
    """Listens to the button of the weekly question."""
    app.action("answers:week")(view_listener(linchpin, _week_form))


def answer_form(request: Request, touchpoint: Touchpoint) -> View:
    """What a touchpoint that is done brought back, with what is written down already."""
    account, kind = actions.require_done(request.work, touchpoint)
    is_mine = touchpoint.by_user == request.speaker.user_id
    by = "you" if is_mine or not touchpoint.by_user else mention(touchpoint.by_user)
    row = answers.row_of(request.tx, touchpoint.answer_row)
    about = messages.AnswerForm(
        touchpoint_id=touchpoint.id,
        account_id=account.id,
        account=account.name,
        title=touchpoint.title,
        kind=kind,
        by=f"done by {by}, {on(touchpoint.state_at)}",
        last=None if row is not None else answers.last_line(request.tx, account.id, kind),
        known=_known(request, touchpoint, row) if row is not None else None,
        renews_on=account.renews_on,
    )
    first = request.playbook.promises.owner
    owners = sorted(owner_choices(request.playbook), key=lambda owner: owner[0] != first)
    return messages.answer_form(about, owners, request.channel)


def _known(request: Request, touchpoint: Touchpoint, row: object) -> Answer:
    """What is written down already, and with whom it was spoken of."""
    answer, contact = rows.read(row), request.tx.get(Contact, touchpoint.contact_id)
    if contact is None or answer.who:
        return answer
    return replace(answer, contact_id=contact.id, who=contact_label(contact.name, contact.role))


def submit_answer(form: Form) -> None:
    """Keeps the answer; a second Save changes it."""
    request = form.request
    touchpoint = actions.load(request.tx, int(form.ids["touchpoint"]))
    with form.at("text"):
        account, kind = actions.require_done(request.work, touchpoint)
    answer = _value_answer(form, account) if kind == "value" else _answer(form, account, kind)
    with form.at("text"):
        actions.save(request.work, touchpoint, answer, today=request.today)


def _value_answer(form: Form, account: Account) -> Answer:
    """An amount counts once it was read back, and a result is confirmed by whom was picked."""
    worth, got = parse_worth(form, "text"), read_value(form.text("text"), None)
    text = without_amount(got.text, worth) if worth else got.text
    contact = form.contact(account)
    if contact is None:
        return Answer(text, worth, got.is_confirmed, got.who or "")
    return Answer(text, worth, True, contact_label(contact.name, contact.role), contact.id)


def _answer(form: Form, account: Account, kind: Records) -> Answer:
    text, picked, contact = form.text("text"), form.future_day("due_on"), form.contact(account)
    answer = read_answer(kind, text, form.request.today, None)
    if picked is not None:
        answer = Answer(text, due_on=picked, owner=form.choice("owner"))
    return replace(answer, contact_id=contact.id) if contact else answer


def save_words(
    request: Request, touchpoint: Touchpoint, words: str
) -> tuple[Answer, Message | None]:
    """Keeps a line as it was typed; the message reads an amount in it back. `UserError` if not."""
    _, kind = actions.require_done(request.work, touchpoint)
    currency = request.playbook.value.currency
    try:
        answer = read_answer(kind, request.readable(words), request.today, currency)
    except ValueError as error:
        raise UserError(str(error)) from None
    account = actions.save(request.work, touchpoint, answer, today=request.today)
    got = read_value(answer.text, currency) if kind == "value" and not answer.worth else None
    if got is None or not (got.amounts or got.unread):
        return answer, None
    entry = answers.row_of(request.tx, touchpoint.answer_row)
    assert isinstance(entry, ValueEntry)
    view = views_value.entry(request.playbook, entry)
    question = value_messages.added_message(
        account.name, view, amounts=got.amounts, unread=got.unread
    )
    return answer, question


def _week_form(request: Request, body: Body) -> View:
    day = date.fromisoformat(clicked_value(body))
    since = request.now - ONE_WEEK - (request.today - day)
    missing = answers.list_unanswered(request.tx, since, request.speaker.user_id)
    if not missing:
        raise UserError("All of them have an answer now.")
    shown = [(row.id, row.account, row.title, row.records) for row in missing]
    return messages.week_form(shown, request.channel)


def submit_week(form: Form) -> Message:
    """Keeps every line that was filled in."""
    kept, questions = 0, []
    for block_id in form.inputs:
        if words := form.text(block_id):
            with form.at(block_id):
                touchpoint = actions.load(form.request.tx, int(block_id))
                _, question = save_words(form.request, touchpoint, words)
            kept += 1
            questions += [question] if question else []
    if not kept:
        raise FieldError(form.inputs[0], "Write one line, or close the form.")
    message = text_message(f"{plural(kept, 'answer')} kept.")
    for question in questions:
        message = message.followed_by(question)
    return message


SUBMITS = {"answer": submit_answer, "answers_week": submit_week}
