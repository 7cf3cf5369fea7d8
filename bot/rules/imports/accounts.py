"""The accounts that a sheet lists, row by row, and why rows are rejected."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

from bot.rules.contracts import ContractLine, add_up, main_of
from bot.rules.errors import UserError
from bot.rules.imports import dates as imports_dates
from bot.rules.imports.amounts import read_amount
from bot.rules.imports.csv_file import Reject, Sheet
from bot.rules.imports.dates import DateColumn, Order
from bot.rules.imports.headings import Columns
from bot.rules.imports.owners import Owner, Owners
from bot.rules.imports.stages import StageWords
from bot.rules.text.money import Money
from bot.rules.text.names import key

#: As for `/account add`: a longer name does not fit into the first line of a nudge.
MAX_NAME_LENGTH: Final = 200
#: As for `/account acme sector …`: it is shown in the first lines of the card.
MAX_FACT_LENGTH: Final = 80
_ALIASES: Final = re.compile(r"[;|\n]")
#: The columns that are read, in the order in which `_parse_account` takes their cells.
_FIELDS: Final = (
    "name stage owner renews_on external_id alias amount currency contract contract_id sector "
    "country tier"
).split()
#: What is known of an account beside its name, a word or two each; the last cells.
DETAILS: Final = ("sector", "country", "tier")
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


def read_accounts(
    sheet: Sheet,
    columns: Columns,
    stages: StageWords,
    owners: Owners,
    dates: Order | None,
    *,
    currency: str | None,
    today: date,
) -> tuple[list[AccountLine], list[Reject]]:
    """The accounts and the rejected rows of a sheet.

    Several rows of one account are its contracts. Amounts without a currency are in `currency`.
    UserError for a stage column of unknown words, and for dates that can be read in two ways.
    """
    cells = {field: _column_values(sheet, columns, field) for field in _FIELDS}
    _check_stage_column(columns, cells["stage"], stages)
    reader = _date_column(columns, cells["renews_on"], dates)
    heading = columns.heading("amount") if columns.place("amount") is not None else ""
    lines: list[AccountLine] = []
    rejects = list(sheet.ragged)
    for line, *values in zip(sheet.lines, *cells.values(), strict=True):
        account = _parse_account(line.row, values, stages, owners, reader, (heading, currency))
        if isinstance(account, Reject):
            rejects.append(account)
        else:
            lines.append(account)
    return _join_contracts(lines, currency, today), rejects


def _join_contracts(
    lines: Sequence[AccountLine], currency: str | None, today: date
) -> list[AccountLine]:
    """The rows of one account as one line with its contracts; the first row says the rest. A row
    that says the same of the contract again stays a row of its own."""
    groups: dict[tuple[str, str | None], list[AccountLine]] = {}
    joined: list[AccountLine] = []
    for line in lines:
        group = groups.setdefault((line.name_key, line.external_id), [])
        told = [one.contract for one in group]
        if not group or line.contract[1:3] == (None, None) or line.contract in told:
            joined.append(line)
        if line.contract not in told:
            group.append(line)
    return [
        _with_contracts(line, groups[line.name_key, line.external_id], currency, today)
        for line in joined
    ]


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


def _parse_account(
    row: int,
    values: Sequence[str],
    stages: StageWords,
    owners: Owners,
    dates: DateColumn,
    amounts: tuple[str, str | None],
) -> AccountLine | Reject:
    name, stage_words, owner, renews, external_id, aliases, *rest = values
    amount, unit, contract, contract_id, *facts = rest
    if not name:
        return Reject(row, "no account name")
    if len(name) > MAX_NAME_LENGTH:
        return Reject(row, f"the name has {len(name)} characters; at most {MAX_NAME_LENGTH}")
    stage = stages.find(stage_words)
    if stage is None and stage_words:
        return Reject(row, stages.unknown(stage_words))
    try:
        renews_on = dates.read(renews)
        worth = read_amount(amount, unit, *amounts)
    except ValueError as error:
        return Reject(row, str(error))
    for what, fact in zip(DETAILS, facts, strict=True):
        if len(fact) > MAX_FACT_LENGTH:
            return Reject(row, f"the {what} has {len(fact)} characters; at most {MAX_FACT_LENGTH}")
    sector, country, tier = map(_parse_detail, facts)
    return AccountLine(
        row,
        name,
        key(name),
        stage,
        owners.find(owner),
        renews_on,
        external_id or None,
        [alias.strip() for alias in _ALIASES.split(aliases) if alias.strip()] if aliases else (),
        *(sector, country, tier),
        worth,
        ContractLine(contract, worth, renews_on, external_id=contract_id or None),
    )


def _parse_detail(cell: str) -> str | None:
    """A sector or country for people to read: "HOSPITAL_HEALTH_CARE" is "Hospital health care"."""
    if cell.casefold().strip("-. ") in _EMPTY_WORDS:
        return None
    return cell.replace("_", " ").capitalize() if "_" in cell and " " not in cell else cell


def _column_values(sheet: Sheet, columns: Columns, field: str) -> list[str]:
    """A field's cells without needless spaces; empty ones when the file has no such column."""
    place = columns.place(field)
    if place is None:
        return [""] * len(sheet.lines)
    return [" ".join(line.cells[place].split()) for line in sheet.lines]


def _date_column(columns: Columns, cells: list[str], dates: Order | None) -> DateColumn:
    if columns.place("renews_on") is None:
        return DateColumn("dmy")
    return imports_dates.date_columns({columns.heading("renews_on"): cells}, dates).popitem()[1]


def _check_stage_column(columns: Columns, cells: list[str], stages: StageWords) -> None:
    """UserError when no word of the stage column is a stage: `--stage` or `--map` is needed."""
    words = sorted(set(cells) - {""})
    if not words or any(map(stages.find, words)):
        return
    heading = columns.heading("stage")
    shown = ", ".join(f'"{word}"' for word in words[:5])
    raise UserError(
        f'No word in the column "{heading}" is a stage of the playbook ({shown}), so nothing was '
        f'written. Say what they mean with --stage "{words[0]}=STAGE" for each, or that it is '
        f'some other column with --map "{heading}=ignore".'
    )
