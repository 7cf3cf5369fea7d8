"""The bytes of a CSV file as headings and rows, whichever program exported it."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from bot.rules.errors import UserError
from bot.rules.text.words import plural

_DELIMITERS: Final = ",;\t"
# A stray NUL, which PostgreSQL cannot keep, is left out; with one in 20 signs it is no text at all.
_MAX_NULS: Final = 20
_WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # xlsx, and the xls before it


class Reject(NamedTuple):
    """A row that was left out; `row` as a spreadsheet counts, the heading being row 1."""

    row: int
    reason: str


class Line(NamedTuple):
    """A row with as many cells as there are headings, and its number."""

    row: int
    cells: list[str]


@dataclass(frozen=True)
class Sheet:
    """A file's headings, its whole rows and those that do not fit the headings."""

    headings: Sequence[str]
    lines: list[Line]
    ragged: list[Reject] = field(default_factory=list)


def read_sheet(data: bytes, source: str) -> Sheet:
    """The sheet in the bytes of `source`; UserError when they are no CSV file."""
    if data.startswith(_WORKBOOKS):
        raise UserError(
            f"{source} is an Excel workbook. Save it as CSV (File, Save as, CSV UTF-8) and import "
            "that file."
        )
    text = decode_bytes(data)
    if text.count("\0") > len(text) / _MAX_NULS:
        raise UserError(f"{source} is no text file. Export the list as CSV and import that file.")
    text = text.replace("\0", "")
    records = _records(text, source)
    headings = next(records, None)
    if headings is None or not any(cell.strip() for cell in headings):
        raise UserError(f"{source} has no heading in its first row. Export it with headings.")
    return _build_sheet(headings, records)


def decode_bytes(data: bytes) -> str:
    """Text from bytes: UTF-8 with or without a mark, UTF-16 with one, else Windows' cp1252."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def detect_delimiter(heading: str) -> str:
    """The sign found most outside quotes. (csv.Sniffer raises on a file of one column.)"""
    bare = "".join(heading.split('"')[::2])
    return max(_DELIMITERS, key=bare.count)


def _records(text: str, source: str) -> Iterator[list[str]]:
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=detect_delimiter(first))
    rows = 0
    try:
        for record in reader:
            yield record
            rows += 1
    except csv.Error as error:
        raise UserError(
            f"{source} cannot be read after row {rows} ({error}): a quote may not be closed "
            "there. Nothing was written."
        ) from error


def _build_sheet(headings: list[str], records: Iterator[list[str]]) -> Sheet:
    width = len(headings)
    sheet = Sheet(headings, [])
    for number, cells in enumerate(records, 2):
        if len(cells) > width and not any(cells[width:]):
            del cells[width:]  # spreadsheets like to end every line with a few commas
        if len(cells) == width and any(cells):
            sheet.lines.append(Line(number, cells))
        elif any(cell.strip() for cell in cells):
            reason = f"{plural(len(cells), 'cell')} where the heading has {width}"
            if any("\n" in cell for cell in cells):
                reason += ": a quote may not be closed here"
            sheet.ragged.append(Reject(number, reason))
    return sheet
