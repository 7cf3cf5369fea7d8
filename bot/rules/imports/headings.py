"""Which column of somebody's export means what: HubSpot, Salesforce, Pipedrive, a plain sheet."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.rules.errors import UserError
from bot.rules.imports.known_headings import HEADINGS, normalise
from bot.rules.imports.sheet import Line

#: A column that is to be left alone: `--map "Type=ignore"`.
IGNORE: Final = "ignore"


class NoNameColumn(UserError):
    """No heading of a file names the account."""


@dataclass(frozen=True)
class Columns:
    """The position of each field's column in the file, counted from 0."""

    places: Mapping[str, int]
    headings: Sequence[str]

    def heading(self, field: str) -> str:
        """The heading of a field, as the file spells it; "" where there is no such column."""
        return self.headings[self.places[field]] if field in self.places else ""

    def cells(self, line: Line) -> dict[str, str]:
        """A row's cells by field, without needless spaces; "" for one without a column."""
        found = {field: " ".join(line.cells[place].split()) for field, place in self.places.items()}
        return defaultdict(str, found)


def find_columns(headings: Sequence[str], kind: str, asked: Sequence[str] = ()) -> Columns:
    """The columns of a list of that kind by its headings; `asked` are `--map` values and go first.
    UserError when no column names the account, or `asked` names what is not there."""
    known, needed = HEADINGS[kind], "name" if kind == "accounts" else "account"
    spelled = [normalise(heading) for heading in headings]
    places = _asked_columns(headings, spelled, known, asked)
    taken = set(places.values())
    for field, names in known.items():
        if field in places:
            continue
        free = (
            place
            for name in names
            for place, heading in enumerate(spelled)
            if heading == name and place not in taken
        )
        if (place := next(free, None)) is not None:
            places[field] = place
            taken.add(place)
    if needed not in places:
        raise NoNameColumn(_missing_columns_text(headings, needed))
    return Columns({f: p for f, p in places.items() if f in known}, headings)


def _asked_columns(
    headings: Sequence[str],
    spelled: Sequence[str],
    known: Mapping[str, tuple[str, ...]],
    asked: Sequence[str],
) -> dict[str, int]:
    """The columns that `--map "Their column=field"` names; ignored ones get a field of no use."""
    places: dict[str, int] = {}
    for option in asked:
        column, _, field = (part.strip() for part in option.rpartition("="))
        field = field.casefold().replace(" ", "_").replace("-", "_")
        if not column or field not in (*known, IGNORE):
            raise UserError(
                f'I cannot use --map "{option}": write --map "Their column=field", where field is '
                f"one of {', '.join(known)} or {IGNORE}."
            )
        if normalise(column) not in spelled:
            raise UserError(
                f'There is no column "{column}" in the file. Its headings are: '
                f"{list_headings(headings)}."
            )
        place = spelled.index(normalise(column))
        places[f"{IGNORE}:{place}" if field == IGNORE else field] = place
    return places


def list_headings(headings: Sequence[str], most: int = 30) -> str:
    """Headings in one line: "Account, Revenue, and 12 more"."""
    shown = [heading.strip() or "(empty)" for heading in headings[:most]]
    rest = len(headings) - len(shown)
    return ", ".join(shown) + (f", and {rest} more" if rest else "")


def _missing_columns_text(headings: Sequence[str], needed: str) -> str:
    likely = next((heading.strip() for heading in headings if heading.strip()), "Their column")
    return (
        "No column was understood as the account's name, so nothing was written. The headings "
        f"found are: {list_headings(headings)}. Say which one it is, for example: "
        f'--map "{likely}={needed}"'
    )
