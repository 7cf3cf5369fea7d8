"""Queries for the people at customers."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, update
from sqlmodel import col, select

from db.core.tx import Tx
from db.models import (
    AdvocacyEntry,
    Audit,
    Contact,
    Decision,
    Interaction,
    Learned,
    Touchpoint,
    ValueEntry,
)

#: Where a contact is named: the table, when that was, and whether it still counts.
_NAMED_IN: tuple[tuple[Any, Any, Any], ...] = (
    (Interaction, Interaction.happened_on, col(Interaction.undone_at).is_(None)),
    (ValueEntry, ValueEntry.confirmed_on, col(ValueEntry.undone_at).is_(None)),
    (Decision, Decision.at, col(Decision.undone_at).is_(None)),
    (AdvocacyEntry, AdvocacyEntry.on, col(AdvocacyEntry.undone_at).is_(None)),
    (Learned, Learned.created_at, col(Learned.undone_at).is_(None)),
    (Touchpoint, Touchpoint.state_at, col(Touchpoint.state) == "done"),
)
#: Every table with a `contact_id`.
NAMING_MODELS = tuple(model for model, _, _ in _NAMED_IN)


def by_name(tx: Tx, account_id: int, name_key: str) -> Contact | None:
    """The account's contact of that name."""
    return tx.first(select(Contact).filter_by(account_id=account_id, name_key=name_key))


def named_in(tx: Tx, account_id: int, text: str) -> int | None:
    """The id of the account's contact whose whole name stands in a text, if it is just one."""
    names = select(col(Contact.id), col(Contact.name)).where(col(Contact.account_id) == account_id)
    found = [one_id for one_id, name in tx.rows(names) if name.casefold() in text.casefold()]
    return found[0] if len(found) == 1 else None


def list_of_account(tx: Tx, account_id: int) -> list[Contact]:
    """An account's contacts by name, those who left last."""
    return list_of_accounts(tx, [account_id])


def list_of_accounts(tx: Tx, account_ids: Sequence[int]) -> list[Contact]:
    """The same of several accounts."""
    found = tx.all_among(select(Contact), Contact.account_id, account_ids)
    return sorted(found, key=lambda one: (one.left_on is not None, one.name_key))


def list_unmatched(tx: Tx) -> list[tuple[int, str, bool]]:
    """(account id, words, whether they are a note) that may name a person who is no contact."""
    found = []
    for model, words, more in (
        (ValueEntry, ValueEntry.confirmed_by, True),
        (AdvocacyEntry, AdvocacyEntry.note, col(AdvocacyEntry.verb) == "agreed"),
    ):
        said = select(col(model.account_id), col(words)).where(
            col(words).is_not(None),
            col(model.contact_id).is_(None),
            col(model.undone_at).is_(None),
            more,
        )
        found += [
            (row[0], row[1] or "", model is AdvocacyEntry) for row in tx.rows(said.distinct())
        ]
    return found


def last_contacts(tx: Tx, account_id: int) -> dict[int, date]:
    """Contact id -> the last day on which something was recorded with them, of an account."""
    found: dict[int, date] = {}
    for model, when, counts in _NAMED_IN:
        by_contact = col(model.contact_id)
        mine = (col(model.account_id) == account_id, by_contact.is_not(None), counts)
        for contact_id, at in tx.rows(
            select(by_contact, func.max(when)).where(*mine).group_by(by_contact)
        ):
            if at is not None:
                day = at.date() if isinstance(at, datetime) else at
                found[contact_id] = max(day, found.get(contact_id, day))
    return found


def link_earlier(tx: Tx, contact: Contact) -> None:
    """Names the contact in what was recorded of them before, by their name."""
    for model, words in ((ValueEntry, "confirmed_by"), (AdvocacyEntry, "note")):
        said = getattr(model, words)
        mine = col(model.account_id) == contact.account_id
        theirs = (said == contact.name) | said.startswith(f"{contact.name},")
        named = update(model).where(mine, col(model.contact_id).is_(None), theirs)
        tx.execute(named.values(contact_id=contact.id))


def changed_by_people(tx: Tx, ids: Sequence[int]) -> set[int]:
    """Which of the contacts somebody added or changed in Slack."""
    subjects = [f"contact:{one}" for one in ids]
    found = tx.all_among(select(col(Audit.subject)), Audit.subject, subjects)
    return {int(subject.partition(":")[2]) for subject in found}
