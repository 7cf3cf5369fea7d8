"""Contacts as messages show them."""

from datetime import date

from bot.messages.contacts.people import ContactRow
from bot.rules.contacts import DECISION_MAKER, has_role
from db.contacts import contacts
from db.core.tx import Tx
from db.models import Contact


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
