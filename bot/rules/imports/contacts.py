"""The people at customers that a sheet lists, row by row, and why rows are rejected."""

from dataclasses import dataclass, field
from typing import Final, NamedTuple

from bot.rules.contacts import MAX_NAME_LENGTH, read_role
from bot.rules.imports.csv_file import Line, Reject, Sheet
from bot.rules.imports.deal_rows import NO_ACCOUNT
from bot.rules.imports.headings import Columns
from bot.rules.text.names import key

#: Headings that only a list of people has; "Name" alone may be a customer's.
_OF_PEOPLE: Final = ({"first", "last"}, {"email", "title"}, {"email", "role"}, {"person"})


class ContactLine(NamedTuple):
    """The values that one row has for a contact; None for those it does not have."""

    row: int
    account: str
    account_key: str
    account_id: str | None
    name: str
    name_key: str
    role: str | None
    email: str | None
    external_id: str | None


@dataclass
class ContactSheet:
    """The contacts of a file and its rejected rows; `skipped`: reason -> rows, one line each."""

    lines: list[ContactLine] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    skipped: dict[str, list[int]] = field(default_factory=dict)


def is_of_people(columns: Columns) -> bool:
    """Whether these are the columns of a list of people."""
    return any(wanted <= columns.places.keys() for wanted in _OF_PEOPLE)


def read_contacts(sheet: Sheet, columns: Columns) -> ContactSheet:
    """The contacts of a sheet."""
    result = ContactSheet(rejects=list(sheet.ragged))
    seen: dict[tuple[str, str], int] = {}
    for line in sheet.lines:
        contact = _parse_contact(line, columns)
        if not contact.account and not contact.account_id:
            result.skipped.setdefault(NO_ACCOUNT, []).append(line.row)
        elif not contact.name or len(contact.name) > MAX_NAME_LENGTH:
            reason = f"a name has 1 to {MAX_NAME_LENGTH} characters"
            result.rejects.append(Reject(line.row, reason))
        elif (mark := (contact.account_key or contact.account_id or "", contact.name_key)) in seen:
            reason = f'"{contact.name}" is already in row {seen[mark]}'
            result.rejects.append(Reject(line.row, reason))
        else:
            seen[mark] = line.row
            result.lines.append(contact)
    return result


def _parse_contact(line: Line, columns: Columns) -> ContactLine:
    def cell(name: str) -> str:
        place = columns.place(name)
        return "" if place is None else " ".join(line.cells[place].split())

    account = cell("account")
    name = cell("person") or cell("name") or f"{cell('first')} {cell('last')}".strip()
    role = read_role(", ".join(filter(None, (cell("title"), cell("role")))))
    known = key(account) if account else "", cell("account_id") or None
    rest = role, cell("email") or None, cell("contact_id") or None
    return ContactLine(line.row, account, *known, name, key(name) if name else "", *rest)
