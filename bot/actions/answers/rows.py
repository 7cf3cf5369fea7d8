"""The rows that answers make: value entries, contacts, alternatives, goals, promises, notes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import col

from bot.actions.accounts import interactions, value
from bot.actions.audit import audit_action
from bot.actions.contacts import contacts
from bot.actions.promises import promises
from bot.actions.promises.promises import Owner
from bot.actions.work import Work
from bot.rules.answers import Answer
from bot.rules.contacts import read_contact
from bot.rules.errors import UserError
from bot.rules.text import names
from bot.rules.text.money import Money, format_yearly
from bot.rules.text.words import cut
from db.answers import answers
from db.contacts import contacts as known_contacts
from db.lifecycle import decisions
from db.models import (
    Account,
    Alternative,
    Contact,
    Interaction,
    Learned,
    Promise,
    Touchpoint,
    ValueEntry,
)

MAX_ALTERNATIVE_LENGTH = 100


@dataclass(frozen=True)
class Source:
    """The touchpoint that brought an answer back; `today` is the person's own day."""

    work: Work
    account: Account
    touchpoint: Touchpoint
    today: date


def write(source: Source, kind: str, answer: Answer) -> Any:
    """Makes the row of an answer. Raises `UserError` where something it needs is missing."""
    return _WRITERS[kind](source, answer)


def read(row: Any) -> Answer:
    """A row as the answer that made it."""
    if isinstance(row, ValueEntry):
        worth = Money(row.hundredths, row.currency) if row.hundredths else None
        text = f"{row.text}, {format_yearly(worth)}" if worth else row.text
        who = row.confirmed_by or ""
        return Answer(text, worth, row.confirmed_at is not None, who, row.contact_id)
    if isinstance(row, Contact):
        return Answer(", ".join(filter(None, (row.name, row.role))))
    if isinstance(row, Alternative):
        return Answer(row.name)
    if isinstance(row, Interaction):
        return Answer(row.text.partition(": ")[2])
    return Answer(row.text, due_on=row.due_on)


def take_back(work: Work, touchpoint: Touchpoint) -> str:
    """Undoes the row of an answer; what others have used since stays, and a sentence says so."""
    row = answers.row_of(work.tx, touchpoint.answer_row)
    if row is None:
        return ""
    if isinstance(row, ValueEntry | Learned | Interaction):
        row.undone_at = work.now
    elif isinstance(row, Promise):
        try:
            promises.undo_promise(work, row.id)
        except UserError as error:
            return error.sentence
        return ""
    elif row.touchpoint_id == touchpoint.id and not (
        isinstance(row, Contact) and row.id in known_contacts.last_contacts(work.tx, row.account_id)
    ):
        work.tx.delete(type(row), col(type(row).id) == row.id)
    audit_action(work, touchpoint.answer_row or "", "answer.undone", {"account": row.account_id})
    return ""


def save_alternative(
    work: Work, account: Account, name: str, touchpoint_id: int | None = None
) -> Alternative:
    """Saves an alternative that the customer considers; one that is known is heard of anew."""
    return decisions.save_alternative(
        work.tx,
        Alternative(
            account_id=account.id,
            name=name,
            name_key=names.key(name),
            term=account.term,
            touchpoint_id=touchpoint_id,
            by_user=work.by.user,
            source=work.by.source,
            at=work.now,
        ),
    )


def _value(source: Source, answer: Answer) -> ValueEntry:
    contact_id = answer.contact_id
    if contact_id is None and (
        contact := contacts.resolve_named(source.work, source.account, answer.who)
    ):
        contact_id = contact.id
    who = answer.who or None
    confirmed = value.Confirmation(source.today, who, contact_id) if answer.confirmed else None
    return value.add_entry(
        source.work,
        source.account,
        answer.text,
        worth=answer.worth,
        confirmed=confirmed,
        touchpoint_id=source.touchpoint.id,
    )


def _person(source: Source, answer: Answer) -> Contact:
    try:
        said = read_contact(answer.text)
    except ValueError as error:
        raise UserError(str(error)) from None
    return contacts.save_contact(
        source.work, source.account, said, touchpoint_id=source.touchpoint.id
    )


def _alternative(source: Source, answer: Answer) -> Alternative:
    name = answer.text.partition(",")[0] if not answer.is_vague("alternative") else answer.text
    name = cut(name.strip(), MAX_ALTERNATIVE_LENGTH)
    return save_alternative(source.work, source.account, name, source.touchpoint.id)


def _promise(source: Source, answer: Answer) -> Promise:
    if answer.due_on is None:
        raise UserError("Say by when: a promise needs a day.")
    owner = Owner(answer.owner or source.work.playbook.promises.owner)
    made = promises.make_promise(source.work, source.account, answer.text, answer.due_on, owner)
    return made.promise


def _note(source: Source, answer: Answer) -> Interaction:
    return interactions.log(
        source.work,
        source.account,
        kind="note",
        text=f"{source.touchpoint.title}: {answer.text}",
        happened_on=source.today,
        touchpoint_id=source.touchpoint.id,
        contact_id=answer.contact_id,
    )


def save_learned(
    work: Work,
    account: Account,
    kind: str,
    text: str,
    due_on: date | None,
) -> Learned:
    """Saves a goal, a risk or a decision date."""
    return work.tx.add(
        Learned(
            account_id=account.id,
            kind=kind,
            text=text,
            due_on=due_on,
            term=account.term,
            by_user=work.by.user,
            source=work.by.source,
            created_at=work.now,
        )
    )


def _learned(kind: str) -> Callable[[Source, Answer], Learned]:
    def save(source: Source, answer: Answer) -> Learned:
        row = save_learned(source.work, source.account, kind, answer.text, answer.due_on)
        row.touchpoint_id, row.contact_id = source.touchpoint.id, answer.contact_id
        return row

    return save


_WRITERS: dict[str, Callable[[Source, Answer], Any]] = {
    "value": _value,
    "person": _person,
    "alternative": _alternative,
    "decision date": _learned("decision date"),
    "goal": _learned("goal"),
    "risk": _learned("risk"),
    "promise": _promise,
    "note": _note,
}
