"""The accounts that a sheet lists, row by row, and why rows are rejected."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from bot.rules.contracts import ContractLine, add_up, main_of
from bot.rules.imports.cells import field_orders, read_amount, read_days
from bot.rules.imports.headings import Columns
from bot.rules.imports.ids import clean_id, id_key
from bot.rules.imports.owners import NOBODY, Owner, Owners
from bot.rules.imports.result import Choice, Question, Result, two_companies
from bot.rules.imports.sheet import Sheet
from bot.rules.imports.stages import StageWords
from bot.rules.text.money import Money
from bot.rules.text.names import company_key, key, spelling_key
from bot.rules.text.words import plural

#: As for `/account add`: a longer name does not fit into the first line of a nudge.
MAX_NAME_LENGTH: Final = 200
#: As for `/account acme sector …`: it is shown in the first lines of the card.
MAX_FACT_LENGTH: Final = 80
#: A renewal outside of these is a slip of the pen, or means that there is none.
_LONGEST_AGO: Final = timedelta(days=3_653)
_FURTHEST_AHEAD: Final = timedelta(days=10_958)
_ALIASES: Final = re.compile(r"[;|\n]")
#: What is known of an account beside its name, a word or two each.
DETAILS: Final = ("sector", "country", "tier")
#: What a file may say of an account, in the order in which it is told.
FIELDS: Final = ("stage", "owner", "renews_on", "worth", *DETAILS, "external_id")
#: How exports write that a value is unknown.
_EMPTY_WORDS: Final = frozenset({"", "n/a", "na", "none", "unknown", "not set", "null", "other"})


class AccountLine(NamedTuple):
    """The values that one row has for an account; None and () for those it does not have."""

    row: int
    name: str
    name_key: str
    stage: str | None
    owner: Owner
    renews_on: date | None
    external_id: str | None
    aliases: Sequence[str]
    sector: str | None = None
    country: str | None = None
    tier: str | None = None
    worth: Money | None = None  # its currency may be missing
    #: What this row says of a contract; and all lines, where several rows are about one account.
    contract: ContractLine = ContractLine("", None, None)
    contracts: tuple[ContractLine, ...] = ()

    def said(self) -> dict[str, Any]:
        """The values of `FIELDS` that the row has."""
        values = {name: getattr(self, name) for name in FIELDS}
        return {name: value for name, value in values.items() if value not in (None, NOBODY)}


def read_accounts(
    sheet: Sheet,
    columns: Columns,
    stages: StageWords,
    owners: Owners,
    answers: Mapping[str, str],
    *,
    currency: str | None,
    today: date,
    known: Sequence[str] = (),
) -> tuple[list[AccountLine], Result]:
    """The accounts of a sheet, the rows that were left out and what is to be asked. Several rows
    of one account are its contracts. Amounts without a currency are in `currency`; `known` are the
    names of all accounts."""
    rows = [(line.row, columns.cells(line)) for line in sheet.lines]
    lines, result = [], Result(rejects=[*sheet.ragged], notes=[*sheet.notes])
    is_stages = _ask_of_stages(
        columns, [cells["stage"] for _, cells in rows], stages, answers, result
    )
    result.questions += owners.questions([cells["owner"] for _, cells in rows])
    orders = field_orders(sheet, columns, ("renews_on",), answers, result)
    within = (today - _LONGEST_AGO, today + _FURTHEST_AHEAD)
    heading = columns.heading("amount")
    for row, cells in rows:
        if not is_stages:
            cells["stage"] = ""
        if (reason := _reject_name(cells["name"], known)) is not None:
            result.reject(row, reason)
            continue
        stage = stages.find(cells["stage"])
        if stage is None and cells["stage"]:
            result.reject(row, stages.unknown(cells["stage"]))
            result.waiting[row] = (cells["name"], f"stage:{cells['stage']}")
            continue
        renews_on = read_days(cells, orders, row, within, result).get("renews_on")
        worth = _read_worth(row, cells, heading, currency, result)
        _omit_long_details(row, cells, result)
        cells["external_id"] = read_id(row, cells["external_id"], result) or ""
        owner = owners.find(cells["owner"])
        lines.append(_account_line(row, cells, stage, owner, renews_on, worth))
    past = [line.row for line in lines if line.renews_on and line.renews_on < today]
    if past:
        count = plural(len(past), "renewal date")
        result.notes.append(f"{count} {'is' if len(past) == 1 else 'are'} in the past already.")
    result.tell_omitted()
    lines = _same_companies(_doubt_ids(lines, result), known, answers, result)
    return _join_contracts(lines, currency, today), result


def read_id(row: int, cell: str, result: Result) -> str | None:
    """An id, if it has all its digits."""
    try:
        return clean_id(cell)
    except ValueError:
        result.omit("rounded by a spreadsheet is the id", row, cell)
        return None


def _doubt_ids(lines: Sequence[AccountLine], result: Result) -> list[AccountLine]:
    """Without the ids that rows of different names share: those tell nobody apart."""
    names: dict[str, dict[str, AccountLine]] = {}
    for line in lines:
        if line.external_id:
            names.setdefault(id_key(line.external_id), {})[company_key(line.name)] = line
    doubted = {mark: list(shared.values()) for mark, shared in names.items() if len(shared) > 1}
    for first, second, *_ in doubted.values():
        result.notes.append(
            f'The id {first.external_id} is of "{first.name}" and "{second.name}" (row '
            f"{second.row}), so it was left out and both go by their names."
        )
    return [
        line._replace(external_id=None) if id_key(line.external_id or "") in doubted else line
        for line in lines
    ]


def _same_companies(
    lines: Sequence[AccountLine],
    known: Sequence[str],
    answers: Mapping[str, str],
    result: Result,
) -> list[AccountLine]:
    """The lines under the known names, where only punctuation or a legal form that is missing
    tells them apart; unless somebody answered that they are new."""
    exact = {key(name) for name in known}
    alike: dict[str, str] = {}
    for name in known:
        alike.setdefault(company_key(name), name)
    found = []
    for line in lines:
        other = alike.setdefault(company_key(line.name), line.name)
        is_other = line.name_key not in exact and key(other) != line.name_key
        answer = answers.get(f"company:{line.name}")
        is_other = is_other and _may_be_same(line.name, other) and not line.external_id
        if is_other and answer is None:
            text = f'Row {line.row}, "{line.name}", is taken as "{other}". Is it the same?'
            choices = (Choice("same", "The same"), Choice("new", "A new customer"))
            result.questions.append(
                Question("company", line.name, text, 1, False, choices, "same", other)
            )
        if is_other and answer != "new":
            line = line._replace(name=other, name_key=key(other))
        found.append(line)
    return found


def _may_be_same(name: str, other: str) -> bool:
    """Two different legal forms are two companies: "Acme AG" and "Acme GmbH"."""
    forms = [spelling_key(one.replace(".", "")) for one in (name, other)]
    return company_key(name) in forms or forms[0] == forms[1]


def _read_worth(
    row: int, cells: Mapping[str, str], heading: str, currency: str | None, result: Result
) -> Money | None:
    try:
        return read_amount(cells["amount"], cells["currency"], heading, currency)
    except ValueError:
        result.omit("no amount can be read from", row, f"{cells['amount']} {cells['currency']}")
        return None


def _omit_long_details(row: int, cells: dict[str, str], result: Result) -> None:
    for name in DETAILS:
        if len(cells[name]) > MAX_FACT_LENGTH:
            result.omit(f"longer than {MAX_FACT_LENGTH} characters is the {name}", row, cells[name])
            cells[name] = ""


def _join_contracts(
    lines: Sequence[AccountLine], currency: str | None, today: date
) -> list[AccountLine]:
    """The rows of one account as one line with its contracts; the first row says the rest. A row
    that says the same of the contract again stays a row of its own."""
    groups: dict[str, list[AccountLine]] = {}
    joined: list[AccountLine] = []
    for line in lines:
        group = groups.setdefault(_mark(line), [])
        told = [one.contract for one in group]
        if not group or line.contract[1:3] == (None, None) or line.contract in told:
            joined.append(line)
        if line.contract not in told:
            group.append(line)
    return [_with_contracts(line, groups[_mark(line)], currency, today) for line in joined]


def _mark(line: AccountLine) -> str:
    return f"id {id_key(line.external_id)}" if line.external_id else line.name_key


def _with_contracts(
    line: AccountLine, group: Sequence[AccountLine], currency: str | None, today: date
) -> AccountLine:
    if line is not group[0] or len(group) < 2:
        return line
    contracts = tuple(
        one.contract._replace(name=one.contract.name or f"Contract {number}")
        for number, one in enumerate(group, 1)
    )
    main = main_of(contracts, currency, today) or 0
    worth = add_up((one.worth for one in contracts), currency)
    return line._replace(contracts=contracts, worth=worth, renews_on=contracts[main].renews_on)


def _reject_name(name: str, known: Sequence[str]) -> str | None:
    """Why a row is left out because of its name; None for one that can be taken."""
    if not name:
        return "no account name"
    if len(name) > MAX_NAME_LENGTH:
        return f"the name has {len(name)} characters; at most {MAX_NAME_LENGTH}"
    return None if name in known else two_companies(name)


def _account_line(
    row: int,
    cells: Mapping[str, str],
    stage: str | None,
    owner: Owner,
    renews_on: date | None,
    worth: Money | None,
) -> AccountLine:
    contract_id = cells["contract_id"] or None
    return AccountLine(
        row,
        cells["name"],
        key(cells["name"]),
        stage,
        owner,
        renews_on,
        clean_id(cells["external_id"]),
        [alias.strip() for alias in _ALIASES.split(cells["alias"]) if alias.strip()],
        sector=_parse_detail(cells["sector"]),
        country=_parse_detail(cells["country"]),
        tier=_parse_detail(cells["tier"]),
        worth=worth,
        contract=ContractLine(cells["contract"], worth, renews_on, external_id=contract_id),
    )


def _parse_detail(cell: str) -> str | None:
    """A sector or country for people to read: "HOSPITAL_HEALTH_CARE" is "Hospital health care"."""
    if cell.casefold().strip("-. ") in _EMPTY_WORDS:
        return None
    return cell.replace("_", " ").capitalize() if "_" in cell and " " not in cell else cell


def _ask_of_stages(
    columns: Columns,
    cells: Sequence[str],
    stages: StageWords,
    answers: Mapping[str, str],
    result: Result,
) -> bool:
    """Asks what unknown words mean; or, when no word of the column is a stage, whether it is the
    stage's at all. Says whether it is read as such."""
    words = sorted({*cells} - {""})
    heading = columns.heading("stage")
    if words and not any(map(stages.find, words)) and f"column:{heading}" not in answers:
        shown = ", ".join(f'"{word}"' for word in words[:5])
        text = f'No word in the column "{heading}" is a stage of the playbook ({shown}).'
        choices = [Choice("ignore", "Leave this column alone"), Choice("stage", "They are stages")]
        rows = len(list(filter(None, cells)))
        result.questions.append(Question("column", heading, text, rows, True, choices))
        return False
    result.questions += stages.questions(cells)
    return True
