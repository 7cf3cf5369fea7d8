"""People at customers: picked or added by a form's field, changed, marked as left."""

from datetime import date

from bot.actions.audit import audit_action
from bot.actions.work import Work
from bot.messages.contacts.people import ContactRow
from bot.messages.kit.text import plain
from bot.rules.contacts import DECISION_MAKER, ContactText, has_role, leading_name, read_contact
from bot.rules.errors import UserError
from bot.rules.text import names
from db.contacts import contacts
from db.core.tx import Tx
from db.models import Account, Contact

#: What stands before words typed into a contact's field, to tell them from a contact's id.
TYPED = "+"


def resolve(work: Work, account: Account, words_or_id: str) -> Contact | None:
    """The contact that a form's field (`form_parts.contact_input`) or typed words mean. Somebody
    new is added. None for an empty field; `UserError` for a contact of another account."""
    if not words_or_id:
        return None
    if words_or_id.isdecimal():
        contact = work.tx.get(Contact, int(words_or_id))
        if contact is None or contact.account_id != account.id:
            raise UserError(f"That contact is not at {plain(account.name)}: pick another.")
        return contact
    try:
        said = read_contact(words_or_id.removeprefix(TYPED))
    except ValueError as error:
        raise UserError(str(error)) from None
    return save_contact(work, account, said)


def resolve_named(work: Work, account: Account, words: str | None) -> Contact | None:
    """The contact that words begin with, added when they are a name; None for "their CFO"."""
    said = leading_name(words) if words else None
    return save_contact(work, account, said) if said else None


def save_contact(
    work: Work,
    account: Account,
    said: ContactText,
    *,
    email: str | None = None,
    touchpoint_id: int | None = None,
) -> Contact:
    """Adds a contact, or gives the one of that name the role and e-mail that are new."""
    known = contacts.by_name(work.tx, account.id, names.key(said.name))
    email = email or said.email
    if known is None:
        added = work.tx.add_once(
            Contact(
                account_id=account.id,
                name=said.name,
                name_key=names.key(said.name),
                role=said.role,
                email=email,
                phone=said.phone,
                touchpoint_id=touchpoint_id,
                by_user=work.by.user,
                source=work.by.source,
                created_at=work.now,
            )
        )
        known = added or contacts.by_name(work.tx, account.id, names.key(said.name))
        assert known is not None
        contacts.link_earlier(work.tx, known)
        audit_action(work, known, "contact.added", {"account": account.id})
    elif any(
        new not in (None, old)
        for new, old in ((said.role, known.role), (email, known.email), (said.phone, known.phone))
    ):
        known.role, known.email = said.role or known.role, email or known.email
        known.phone = said.phone or known.phone
        audit_action(work, known, "contact.changed", {"account": account.id})
    return known


def change_contact(
    work: Work, contact: Contact, said: ContactText, email: str | None, *, has_left: bool
) -> None:
    """Changes what is known of a contact. Raises `UserError` for a name that another one has."""
    other = contacts.by_name(work.tx, contact.account_id, names.key(said.name))
    if other is not None and other.id != contact.id:
        raise UserError(f"{plain(other.name)} is there already. Mark one of the two as left.")
    contact.name, contact.name_key = said.name, names.key(said.name)
    contact.role, contact.email = said.role, email
    audit_action(work, contact, "contact.changed", {"account": contact.account_id})
    set_left(work, contact, has_left=has_left)


def set_left(work: Work, contact: Contact, *, has_left: bool) -> None:
    """Marks a contact as left, or as back; the manager hears of a champion in the morning."""
    if has_left == (contact.left_on is not None):
        return
    today = work.playbook.calendar("manager").local_date(work.now)
    contact.left_on = today if has_left else None
    verb = "contact.left" if has_left else "contact.back"
    audit_action(work, contact, verb, {"account": contact.account_id})


def contact_row(contact: Contact, last: date | None = None) -> ContactRow:
    """A contact as messages show them."""
    known = contact.name, contact.role, contact.email, contact.phone, contact.left_on
    return ContactRow(contact.id, *known, last)


def contact_rows(tx: Tx, account_id: int) -> list[ContactRow]:
    """An account's contacts, with when something was recorded with them last."""
    found = contacts.list_of_account(tx, account_id)
    last = contacts.last_contacts(tx, account_id) if found else {}
    return [contact_row(one, last.get(one.id)) for one in found]


def people_here(tx: Tx, account_id: int) -> list[ContactRow]:
    """Those who have not left, decision makers first: for cards, briefs and handoffs."""
    found = [one for one in contacts.list_of_account(tx, account_id) if one.left_on is None]
    found.sort(key=lambda one: not has_role(one.role, DECISION_MAKER))
    return [contact_row(one) for one in found]
