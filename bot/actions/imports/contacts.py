"""Brings in a file of people at customers."""

from collections.abc import Iterable, Sequence

from bot.actions.imports.change_log import ChangeLog, find_known_accounts
from bot.actions.imports.process import Part
from bot.actions.work import Work
from bot.rules.contacts import contact_label
from bot.rules.imports.contacts import ContactLine, read_contacts
from bot.rules.imports.headings import Columns
from bot.rules.imports.merge import AccountIndex, Known
from bot.rules.imports.result import Change, KeptValue, Result
from bot.rules.imports.sheet import Sheet
from db.contacts import contacts
from db.models import Contact

_FIELDS = ("name", "role", "email", "external_id")


def parse_contacts(sheet: Sheet, columns: Columns) -> Part:
    """Reads a sheet of contacts."""
    lines, result = read_contacts(sheet, columns)
    return Part(lines, write_contacts, result)


def write_contacts(work: Work, lines: Sequence[ContactLine], log: ChangeLog) -> Result:
    """Adds and updates the contacts of some lines of a file; accounts are not made."""
    result = Result()
    book = find_known_accounts(
        work.tx,
        {line.account_key for line in lines if line.account_key},
        {line.account_id for line in lines if line.account_id},
    )
    met = [(line, account) for line in lines if (account := _find(line, book, result))]
    rows = contacts.list_of_accounts(work.tx, [account.id for _, account in met])
    by_name = {(row.account_id, row.name_key): row for row in rows}
    by_external = {(row.account_id, row.external_id or ""): row for row in rows}
    typed = contacts.changed_by_people(work.tx, [row.id for row in rows])
    for line, account in met:
        by_id = by_external.get((account.id, line.external_id)) if line.external_id else None
        known = by_id or by_name.get((account.id, line.name_key))
        if known is None:
            added = _add(work, account, line, log, result)
            by_name[account.id, line.name_key] = added
        else:
            _update(known, account, line, known.id in typed, by_name.values(), log, result)
    return result


def _find(line: ContactLine, book: AccountIndex, result: Result) -> Known | None:
    by_id = book.with_id(line.account_id)
    account = by_id or (book.named(line.account_key) if line.account_key else None)
    if account is None or account.archived:
        what = f'"{line.account}"' if line.account else f"with id {line.account_id}"
        why = f"the account {what} is archived" if account else f"there is no account {what}"
        result.skip(why, line.row)
        return None
    return account


def _add(work: Work, account: Known, line: ContactLine, log: ChangeLog, result: Result) -> Contact:
    values = {name: getattr(line, name) for name in _FIELDS}
    contact = work.tx.add(
        Contact(
            account_id=account.id,
            name_key=line.name_key,
            source="import",
            created_at=log.at,
            **values,
        )
    )
    contacts.link_earlier(work.tx, contact)
    log.note("contact", contact.id, None, values)
    what = contact_label(line.name, line.role)
    result.changes.append(Change(account.name, True, what))
    result.added += 1
    return contact


def _update(
    known: Contact,
    account: Known,
    line: ContactLine,
    typed: bool,
    others: Iterable[Contact],
    log: ChangeLog,
    result: Result,
) -> None:
    new = {
        name: said
        for name in _FIELDS
        if (said := getattr(line, name)) is not None and said != getattr(known, name)
    }
    if "name" in new and line.name_key != known.name_key:
        taken = {(one.account_id, one.name_key) for one in others}
        if (account.id, line.name_key) in taken:
            del new["name"]
        else:
            new["name_key"] = line.name_key
    filled = {name for name in new if getattr(known, name) is not None}
    if typed and filled:
        what = ", ".join(f"{name} {new[name]}" for name in sorted(filled - {"name_key"}))
        result.kept.append(KeptValue(account.name, "changed in Slack", what))
        new = {name: value for name, value in new.items() if name not in filled}
    if not new:
        result.unchanged += 1
        return
    log.change("contact", known, new)
    result.updated += 1
    what = f"{known.name}: " + ", ".join(f"{n} {v}" for n, v in new.items() if n != "name_key")
    result.changes.append(Change(account.name, False, what))
