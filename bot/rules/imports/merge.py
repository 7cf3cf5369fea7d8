"""Compares what a file says with what is known, and decides what changes."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from bot.rules.imports.accounts import AccountLine
from bot.rules.imports.ids import id_key
from bot.rules.imports.owners import NOBODY, Owner, Owners
from bot.rules.imports.result import KeptValue
from bot.rules.imports.sheet import Reject
from bot.rules.text.money import Money, format_yearly
from bot.rules.text.names import key, slug


class Known(NamedTuple):
    """An account as the database has it."""

    id: int
    name: str
    name_key: str
    external_id: str | None
    stage: str
    stage_entry: int
    term: int
    manager_id: str | None
    owner_name: str | None
    renews_on: date | None
    archived: bool
    version: int
    stage_entered_at: datetime
    sector: str | None = None
    country: str | None = None
    tier: str | None = None
    hundredths: int | None = None
    currency: str | None = None

    @property
    def worth(self) -> Money | None:
        """What it pays a year."""
        return None if self.hundredths is None else Money(self.hundredths, self.currency)

    @property
    def owner(self) -> Owner:
        return Owner(self.manager_id, self.owner_name)


#: How fields are called in tables, where that is not their own name.
_LABELS: Final = {"renews_on": "renewal", "external_id": "id", "worth": "amount"}


@dataclass
class AccountIndex:
    """The known accounts by name, CRM id and alias."""

    by_key: dict[str, Known] = field(default_factory=dict)
    by_external: dict[str, Known] = field(default_factory=dict)
    by_alias: dict[str, Known] = field(default_factory=dict)

    @classmethod
    def of(cls, accounts: Iterable[Known], aliases: Iterable[tuple[str, int]]) -> "AccountIndex":
        """The index of all accounts and (alias key, account id) pairs."""
        by_id = {account.id: account for account in accounts}
        return cls(
            {account.name_key: account for account in by_id.values()},
            {id_key(known.external_id): known for known in by_id.values() if known.external_id},
            {alias: by_id[account_id] for alias, account_id in aliases},
        )

    def with_id(self, external_id: str | None) -> Known | None:
        """The account with that id, however it is written."""
        return self.by_external.get(id_key(external_id)) if external_id else None

    def named(self, name_key: str) -> Known | None:
        """The account of that name or alias."""
        return self.by_key.get(name_key) or self.by_alias.get(name_key)


class Difference(NamedTuple):
    """A known account of which the file says something else: field -> the file's value."""

    account: Known
    values: dict[str, Any]


@dataclass
class Comparison:
    """A file compared with the known accounts; `met` are all of these that it mentions."""

    new: list[AccountLine] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    met: list[tuple[Known, AccountLine]] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    archived: list[KeptValue] = field(default_factory=list)


def external_ids(lines: Iterable[AccountLine]) -> set[str]:
    """The CRM's ids that a file names."""
    return {id_key(line.external_id) for line in lines if line.external_id}


def compare(lines: Sequence[AccountLine], book: AccountIndex, ids: Set[str]) -> Comparison:
    """New, different and rejected lines of a file; `ids` are all CRM ids that the file names."""
    result = Comparison()
    seen: dict[str | int, int] = {}
    for line in lines:
        account = _find_known(line, book, ids)
        if isinstance(account, Reject):
            result.rejects.append(account)
            continue
        if (duplicate := _duplicate_row(line, account, seen)) is not None:
            result.rejects.append(duplicate)
            continue
        if account is None:
            result.new.append(line)
            continue
        result.met.append((account, line))
        values = _changed_values(account, line, book)
        if values and account.archived:
            result.archived.append(KeptValue(account.name, "archived", ", ".join(values)))
        elif values:
            result.differences.append(Difference(account, values))
    return result


def _find_known(line: AccountLine, book: AccountIndex, ids: Set[str]) -> Known | Reject | None:
    """The known account of a row: by its id, else by its name or alias."""
    named = book.named(line.name_key)
    if not line.external_id:
        return named
    same_id = book.with_id(line.external_id)
    if same_id is not None and named is not None and same_id.id != named.id:
        return Reject(
            line.row,
            f'"{line.name}" is the name of another account than the one with id '
            f"{line.external_id} ({same_id.name})",
        )
    if (
        same_id is None
        and named is not None
        and named.external_id
        and id_key(named.external_id) in ids
    ):
        reason = f'another account of the file, id {named.external_id}, is called "{line.name}"'
        return Reject(line.row, reason)
    return same_id or named


def _duplicate_row(
    line: AccountLine, account: Known | None, seen: dict[str | int, int]
) -> Reject | None:
    """Rejects a second row for one account. `seen` holds names and ids with their rows."""
    external = f"id {id_key(line.external_id)}" if line.external_id else None
    candidates = (line.name_key, account and account.id, external)
    marks = [mark for mark in candidates if mark is not None]
    for mark in marks:
        if mark in seen:
            by = f"by its {mark}" if mark == external else "by its name"
            return Reject(line.row, f'"{line.name}" is already in row {seen[mark]}, {by}')
    seen.update(dict.fromkeys(marks, line.row))
    return None


def _changed_values(account: Known, line: AccountLine, book: AccountIndex) -> dict[str, Any]:
    said = line.said().items()
    values = {name: value for name, value in said if value != getattr(account, name)}
    by_id = bool(line.external_id and account.external_id) and id_key(
        line.external_id or ""
    ) == id_key(account.external_id or "")
    if by_id:
        values.pop("external_id", None)
    if by_id and line.name_key != account.name_key and line.name_key not in book.by_alias:
        values["name"] = line.name
    return values


@dataclass(frozen=True)
class ImportHistory:
    """What earlier imports wrote of an account: `said` by files of this kind, `wrote` by any."""

    said: Mapping[str, Any]
    wrote: Mapping[str, Any]
    moved_by_import: bool


def resolve_differences(
    difference: Difference, past: ImportHistory, owners: Owners
) -> tuple[dict[str, Any], list[KeptValue]]:
    """The values to write, and those that are not because people changed them in Slack. A stage
    that the file named last time too is no news, and is not written again."""
    values: dict[str, Any] = {}
    kept: list[KeptValue] = []
    for name, value in difference.values.items():
        if name == "stage":
            ours, news = past.moved_by_import, past.said.get("stage") != value
        else:
            ours, news = _is_unchanged_since_import(difference.account, name, past.wrote), True
        if not ours:
            why = "moved in Slack" if name == "stage" else "changed in Slack"
            what = _label(name, value, owners)
            kept.append(KeptValue(difference.account.name, why, what))
        elif news:
            values[name] = value
    return values, kept


def _is_unchanged_since_import(account: Known, name: str, wrote: Mapping[str, Any]) -> bool:
    value = getattr(account, name)
    if name == "external_id" or value in (None, NOBODY):
        return True
    return name in wrote and to_json(value) == wrote[name]


def to_json(value: Any) -> Any:
    """A value as `ImportChange` keeps it."""
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def from_json(name: str, value: Any) -> Any:
    """A value of a field or column, as `ImportChange` keeps it, as it was."""
    if value is None or not name.endswith(("_on", "_at")):
        return value
    return (date if name.endswith("_on") else datetime).fromisoformat(value)


def value_text(value: Any, owners: Owners) -> str:
    """A value for a table."""
    if value is None:
        return "none"
    if isinstance(value, Money):
        return format_yearly(value)
    return owners.called(value) if isinstance(value, Owner) else str(value)


def describe_values(values: Mapping[str, Any], owners: Owners) -> str:
    """ "stage adoption, renewal 2027-03-31, EUR 12,000 a year": what a new account has."""
    return ", ".join(
        value_text(value, owners) if name == "worth" else _label(name, value, owners)
        for name, value in values.items()
        if value is not None
    )


def _label(name: str, value: Any, owners: Owners) -> str:
    return f"{_LABELS.get(name, name)} {value_text(value, owners)}"


def describe_changes(account: Known, values: Mapping[str, Any], owners: Owners) -> str:
    """ "stage evaluation → adoption, renewal none → 2027-03-31"."""
    return ", ".join(
        f"{_label(name, getattr(account, name), owners)} → {value_text(value, owners)}"
        for name, value in values.items()
    )


def columns_to_save(
    account: Known, values: Mapping[str, Any], entered_at: datetime
) -> dict[str, Any]:
    """The columns of an account that change with these values; `entered_at` is for a new stage."""
    columns = columns_of(values)
    if "stage" in values:
        columns |= {"stage_entry": account.stage_entry + 1, "stage_entered_at": entered_at}
    return columns


def columns_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of an account that hold these values of fields."""
    columns = {name: value for name, value in values.items() if name not in ("owner", "worth")}
    if "owner" in values:
        columns["manager_id"], columns["owner_name"] = values["owner"]
    if "worth" in values:
        columns["hundredths"], columns["currency"] = values["worth"] or (None, None)
    if "name" in values:
        columns |= {"name_key": key(values["name"]), "slug": slug(values["name"])}
    return columns
