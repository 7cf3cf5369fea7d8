"""The people at customers that a sheet lists, row by row, and why rows are rejected."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from bot.rules.contacts import MAX_NAME_LENGTH, read_role
from bot.rules.imports.accounts import read_id
from bot.rules.imports.headings import Columns
from bot.rules.imports.result import NO_ACCOUNT, Result, two_companies
from bot.rules.imports.sheet import Sheet
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


def is_of_people(columns: Columns) -> bool:
    """Whether these are the columns of a list of people."""
    return any(wanted <= columns.places.keys() for wanted in _OF_PEOPLE)


def read_contacts(sheet: Sheet, columns: Columns) -> tuple[list[ContactLine], Result]:
    """The contacts of a sheet, and the rows that were left out."""
    lines: list[ContactLine] = []
    result = Result(rejects=[*sheet.ragged], notes=[*sheet.notes], noun="contact")
    seen: dict[tuple[str, str], int] = {}
    for line in sheet.lines:
        cells = columns.cells(line)
        for name in ("account_id", "contact_id"):
            cells[name] = read_id(line.row, cells[name], result) or ""
        contact = _parse_contact(line.row, cells)
        if not contact.account and not contact.account_id:
            result.skip(NO_ACCOUNT, line.row)
        elif (reason := two_companies(contact.account)) is not None:
            result.reject(line.row, reason)
        elif not contact.name or len(contact.name) > MAX_NAME_LENGTH:
            result.reject(line.row, f"a name has 1 to {MAX_NAME_LENGTH} characters")
        elif (mark := (contact.account_key or contact.account_id or "", contact.name_key)) in seen:
            result.reject(line.row, f'"{contact.name}" is already in row {seen[mark]}')
        else:
            seen[mark] = line.row
            lines.append(contact)
    result.tell_omitted()
    return lines, result


def _parse_contact(row: int, cells: Mapping[str, str]) -> ContactLine:
    account = cells["account"]
    name = cells["person"] or cells["name"] or f"{cells['first']} {cells['last']}".strip()
    return ContactLine(
        row,
        account,
        key(account) if account else "",
        cells["account_id"] or None,
        name,
        key(name) if name else "",
        read_role(", ".join(filter(None, (cells["title"], cells["role"])))),
        cells["email"] or None,
        cells["contact_id"] or None,
    )
