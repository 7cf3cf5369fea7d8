"""Which rows of a file are a list: its headings, its records, and what is neither."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from bot.rules.errors import UserError
from bot.rules.imports.csv_file import read_records
from bot.rules.imports.known_headings import HEADINGS, normalise
from bot.rules.text.words import plural

#: How far down headings are looked for: reports have titles and filters above them.
_LOOKED_THROUGH: Final = 20
_KNOWN: Final = {name for kind in HEADINGS.values() for names in kind.values() for name in names}
_TOTALS: Final = re.compile(
    r"(?:(?:grand|sub)[\s-]*)?totals?(?:\s*[:(\d].*|\s+(?:for|of|records|rows|amount)\b.*)?"
    r"|(?:(?:records?|rows?)\s*count|\d+\s*(?:records|rows)|sum|count"
    r"|insgesamt|gesamt|(?:gesamt|zwischen)?summe|total g[eé]n[eé]ral|totale|suma"
    r"|totaal|итого|razem)(?:\s*[:(\d].*)?",
    re.IGNORECASE,
)
_SURE_TOTALS: Final = re.compile(r"\b(?:grand|sub)[\s-]*total|\(\s*\d+|\d\s*(?:records|rows)", re.I)
_FOOTER: Final = re.compile(
    r"\W*(?:confidential|copyright|©|\(c\)|(?:generated|exported|printed|created|downloaded) "
    r"(?:by|on|at|from)\b|page \d|report (?:by|generated|created)|filters? applied|as of \d)",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(r"[^\w]*[\d.,'\s]*\d[\d.,'\s]*\W*(?:[A-Z]{3})?\W*")


class Reject(NamedTuple):
    """A row that was left out; `row` as a spreadsheet counts, from 1."""

    row: int
    reason: str


class Line(NamedTuple):
    """A row with as many cells as there are headings, and its number."""

    row: int
    cells: list[str]


@dataclass(frozen=True)
class Sheet:
    """A file's headings, its whole rows, those that are no records, and what was made of it."""

    headings: Sequence[str]
    lines: list[Line]
    ragged: list[Reject] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_sheet(data: bytes, source: str) -> Sheet:
    """The sheet in the bytes of `source`; UserError when they are no list."""
    records = [[*record] for record in read_records(data, source)]
    top = _find_headings(records)
    if top is None:
        raise UserError(f"{source} has no heading in its first row. Export it with headings.")
    headings = _without_empty_end(records[top])
    sheet = Sheet(headings, [])
    body = records[top + 1 :]
    end, gap = _end_of_list(body, headings), False
    for number, cells in enumerate(body, top + 2):
        after_end = number - top - 2 >= end
        gap = after_end and (gap or not any(map(str.strip, cells)))
        _sort_row(sheet, number, cells, after_end=after_end, gap=gap)
    return _join_twins(sheet)


def _find_headings(records: Sequence[Sequence[str]]) -> int | None:
    """The first row with two headings that are known, unless a row as wide with one is above it;
    else the first row that has several cells, or a known one, or any."""
    filled = {
        place: cells
        for place, record in enumerate(records[:_LOOKED_THROUGH])
        if (cells := [cell for cell in record if cell.strip()])
    }
    if not filled:
        return None
    known = {at: sum(normalise(cell) in _KNOWN for cell in cells) for at, cells in filled.items()}
    first = next(iter(filled))
    several = [at for at, cells in filled.items() if len(cells) > 1]
    lists = [at for at in filled if known[at] > 1]
    usual = next(iter(several or [at for at in filled if known[at]]), first)
    if known[first] and not lists:
        return first
    wider = lists and (not known[usual] or len(filled[usual]) < len(filled[lists[0]]))
    return lists[0] if wider else usual


def _without_empty_end(headings: list[str]) -> list[str]:
    while headings and not headings[-1].strip():
        headings = headings[:-1]
    return headings


def _end_of_list(body: Sequence[Sequence[str]], headings: Sequence[str]) -> int:
    """How many rows there are up to the last record that has more than one cell filled; a list of
    one column has no end before the file's."""
    if len(headings) == 1:
        return len(body)
    for place in range(len(body) - 1, -1, -1):
        filled = [cell.strip() for cell in body[place] if cell.strip()]
        if len(filled) > 1 and _no_record(headings, body[place], filled) is None:
            return place + 1
    return len(body)


def _sort_row(sheet: Sheet, number: int, cells: list[str], *, after_end: bool, gap: bool) -> None:
    """A row becomes a line of the sheet, or is left out with the reason."""
    width = len(sheet.headings)
    if len(cells) > width and not any(cells[width:]):
        cells = cells[:width]  # spreadsheets like to end every line with a few commas
    filled = [cell.strip() for cell in cells if cell.strip()]
    if not filled:
        return
    if (reason := _no_record(sheet.headings, cells, filled)) is not None:
        sheet.ragged.append(Reject(number, reason))
    elif (
        after_end and len(filled) == 1 and (gap or len(cells) != width or _FOOTER.match(filled[0]))
    ):  # spreadsheets pad it with empty cells
        sheet.ragged.append(Reject(number, "a line below the list"))
    elif len(cells) == width:
        sheet.lines.append(Line(number, cells))
    else:
        reason = f"{plural(len(cells), 'cell')} where the heading has {width}"
        if any("\n" in cell for cell in cells):
            reason += ": a quote may not be closed here"
        sheet.ragged.append(Reject(number, reason))


def _no_record(headings: Sequence[str], cells: Sequence[str], filled: Sequence[str]) -> str | None:
    """Why a row is none of the list's: a customer may be called Total, with an owner beside."""
    if [cell.strip() for cell in cells] == [heading.strip() for heading in headings]:
        return "the headings again"
    first, rest = filled[0], filled[1:]
    if not _TOTALS.fullmatch(first) or not all(map(_NUMBER.fullmatch, rest)):
        return None
    return "a totals row" if len(headings) > 1 or _SURE_TOTALS.search(first) else None


def _join_twins(sheet: Sheet) -> Sheet:
    """Columns of one heading are one: its first cell that is filled counts."""
    places: dict[str, list[int]] = {}
    for place, heading in enumerate(sheet.headings):
        if heading.strip():
            places.setdefault(normalise(heading), []).append(place)
    headings = [*sheet.headings]
    for first, *others in places.values():
        if others:
            sheet.notes.append(
                f'The column "{headings[first].strip()}" is there {len(others) + 1} times: in each '
                "row the first cell that is filled counts."
            )
        for line, other in ((line, other) for line in sheet.lines for other in others):
            line.cells[first] = line.cells[first].strip() or line.cells[other]
        for other in others:
            headings[other] = ""
    return Sheet(headings, sheet.lines, sheet.ragged, sheet.notes)
