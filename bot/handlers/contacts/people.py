"""`/account acme people`: who is at a customer; adding, changing, marking as left, erasing."""

from slack_bolt import App
from slack_sdk.models.views import View

from bot.actions.contacts import contacts, earlier, erase
from bot.actions.contacts.contacts import contact_row, contact_rows
from bot.actions.facts.involvement import involvement_line
from bot.context import Context
from bot.handlers.base.clicks import (
    Body,
    clicked_value,
    listener,
    open_form_for,
    perform,
    run_action,
)
from bot.handlers.base.form import Form
from bot.handlers.base.request import Request
from bot.messages.contacts import people as messages
from bot.messages.kit.blocks import text_message
from bot.messages.kit.message import Message
from bot.rules.contacts import ContactText, read_contact, read_role
from bot.rules.errors import UserError
from bot.rules.text.names import key
from bot.rules.text.words import plural
from db.contacts import contacts as known
from db.models import Account, Contact, Member


def register(app: App, linchpin: Context) -> None:
    """Listens to the menu beside each contact."""
    app.action("contact:menu")(listener(linchpin, _choose))
    app.action("contact:earlier")(listener(linchpin, _add_earlier))


def handle(request: Request, account: Account, words: str) -> Message:
    """Answers `people`, `people Jo Byrne, COO` and `people Jo Byrne left`."""
    words = request.readable(words)
    if not words:
        return _list(request, account)
    name, left, _ = words.rpartition(" left")
    contact = known.by_name(request.tx, account.id, key(name)) if left else None
    if contact is not None:
        contacts.set_left(request.work, contact, has_left=True)
        return messages.left_message(account.name, contact_row(contact))
    try:
        said = read_contact(words)
    except ValueError as error:
        raise UserError(str(error)) from None
    contact = contacts.save_contact(request.work, account, said)
    return messages.saved_message(account.name, contact_row(contact))


def form(request: Request, account: Account | None = None) -> View:
    """ "Add a contact" at an account."""
    assert account is not None  # every button carries it
    return messages.contact_form((account.id, account.name), channel=request.channel)


def submit_contact(form: Form) -> Message:
    """Adds or changes a contact."""
    request = form.request
    account = request.tx.require(Account, int(form.ids["account"]))
    said = ContactText(" ".join(form.text("name").split()), read_role(form.text("role")))
    email = form.text("email") or None
    if "contact" not in form.ids:
        contact = contacts.save_contact(request.work, account, said, email=email)
        return messages.saved_message(account.name, contact_row(contact))
    contact = request.tx.require(Contact, int(form.ids["contact"]))
    left = form.choice("left") == messages.LEFT
    contacts.change_contact(request.work, contact, said, email, has_left=left)
    return messages.saved_message(account.name, contact_row(contact))


def submit_erase(form: Form) -> Message:
    """Removes a person's data, when an admin has typed their name."""
    request = form.request
    request.require_admin("erase a person")
    contact = request.tx.require(Contact, int(form.ids["contact"]))
    if key(form.text("name")) != contact.name_key:
        raise UserError(f"That is not the name. Type it as it stands: {contact.name}")
    count = erase.erase_contact(request.work, contact)
    return text_message(f"Erased: the contact, and the name in {plural(count, 'place')}.")


def _choose(context: Context, speaker: Member, body: Body) -> None:
    what = clicked_value(body).partition(":")[0]
    if what == "left":
        run_action(context, speaker, body, _toggle_left)
    else:
        open_form_for(context, speaker, body, _erase_form if what == "erase" else _change_form)


def _add_earlier(context: Context, speaker: Member, body: Body) -> None:
    def add(request: Request) -> Message:
        request.require_admin("add them")
        count = plural(earlier.add_people(request.work), "person", "people")
        return text_message(f"Added: {count}. `/account … people` shows them.")

    perform(context, speaker, body, add)


def _toggle_left(request: Request, contact_id: int) -> Message:
    contact = request.tx.require(Contact, contact_id)
    contacts.set_left(request.work, contact, has_left=contact.left_on is None)
    return _list(request, request.tx.require(Account, contact.account_id))


def _change_form(request: Request, contact_id: int) -> View:
    contact = request.tx.require(Contact, contact_id)
    account = request.tx.require(Account, contact.account_id)
    about = account.id, account.name
    return messages.contact_form(about, contact_row(contact), channel=request.channel)


def _erase_form(request: Request, contact_id: int) -> View:
    request.require_admin("erase a person")
    contact = request.tx.require(Contact, contact_id)
    account = request.tx.require(Account, contact.account_id)
    return messages.erase_form(contact.id, contact.name, account.name, request.channel)


def _list(request: Request, account: Account) -> Message:
    rows = contact_rows(request.tx, account.id)
    about = account.id, account.name
    part = involvement_line(request.work, account)
    return messages.people_message(
        about, rows, request.today, may_erase=request.is_admin, part=part
    )


SUBMITS = {"contact": submit_contact, "erase_contact": submit_erase}
