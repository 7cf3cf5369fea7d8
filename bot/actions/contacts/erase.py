"""Erases one person at a customer: the contact, and the name wherever it was written down."""

from sqlalchemy import update
from sqlmodel import AutoString, SQLModel, col

from bot.actions.accounts import erase as of_accounts
from bot.actions.audit import audit_action
from bot.actions.work import Work
from db.accounts import account_data
from db.contacts import contacts
from db.models import Account, Contact, ImportChange

ERASED_PERSON = "(an erased person)"


def erase_contact(work: Work, contact: Contact) -> int:
    """Removes a contact; returns in how many rows and messages the name was replaced. The rows of
    the account keep what else they say. Messages that name the person and the account are changed
    in Slack, as `erase_account` does where a message tells of others too."""
    tx = work.tx
    account = tx.require(Account, contact.account_id)
    words = [word for word in (contact.name, contact.email, contact.phone) if word]
    count = 0
    for model, rows in account_data.account_rows(tx, account.id):
        if model is Contact:
            continue
        table = SQLModel.metadata.tables[str(model.__tablename__)]
        names = [one.name for one in table.c if isinstance(one.type, AutoString)]
        count += sum(_redact_row(row, names, words) for row in rows)
    for message in account_data.find_messages(tx, words, []):
        if any(name in str(message.payload) for name in of_accounts.names_in_messages(tx, account)):
            of_accounts.replace_in_message(tx, message, words, ERASED_PERSON, work.now)
            count += 1
    account_data.forget_answers(tx, words)
    for model in contacts.NAMING_MODELS:
        tx.execute(update(model).where(col(model.contact_id) == contact.id).values(contact_id=None))
    row = ((col(ImportChange.table) == "contact"), col(ImportChange.row_id) == contact.id)
    tx.delete(ImportChange, *row)
    for line in account_data.list_audits(tx, {f"contact:{contact.id}"}):
        line.detail = {}
    tx.delete(Contact, col(Contact.id) == contact.id)
    audit_action(work, f"contact:{contact.id}", "contact.erased", {"account": account.id})
    return count


def _redact_row(row: object, names: list[str], words: list[str]) -> bool:
    """Replaces the words in a row's texts; whether there were any."""
    found = False
    for name in names:
        said = getattr(row, name)
        if said and any(word in said for word in words):
            setattr(row, name, of_accounts.redacted(said, words, ERASED_PERSON))
            found = True
    return found
