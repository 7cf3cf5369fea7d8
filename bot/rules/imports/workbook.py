"""Excel workbooks as records: the values of the first sheet that has any."""

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final

from bot.rules.errors import UserError
from bot.rules.text.clean import clean

_ZIP: Final = b"PK\x03\x04"
_OLD: Final = b"\xd0\xcf\x11\xe0"  # .xls, and .xlsx with a password
#: Unpacked; a list of accounts of this size has a million rows.
MAX_BYTES: Final = 200_000_000
#: Lists shrink to a tenth when packed; what shrinks more is made to fill a memory.
_MAX_RATIO: Final = 50
_SMALL: Final = 5_000_000
MAX_COLUMNS: Final = 2_000

#: What a formula shows that came to nothing.
_NO_VALUES: Final = ("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!")


def is_workbook(data: bytes) -> bool:
    return data.startswith((_ZIP, _OLD))


def read_workbook(data: bytes, source: str) -> list[list[str]]:
    """The rows of the first visible sheet that has some; UserError with a sentence."""
    as_csv = "Save it as CSV (File, Save as, CSV UTF-8) and import that file."
    if data.startswith(_OLD):
        raise UserError(f"{source} is an old or locked Excel workbook. {as_csv}")
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise UserError(
            f"{source} is an Excel workbook, which needs Linchpin's extra xlsx. {as_csv}"
        ) from None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            size = sum(part.file_size for part in packed.infolist())
        if size > min(MAX_BYTES, max(_SMALL, _MAX_RATIO * len(data))):
            raise UserError(f"{source} is too large when unpacked. {as_csv}")
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        for sheet in sheets:
            sheet.reset_dimensions()  # or a row is as wide as the file says
            if any(map(any, rows := [*_rows(sheet, source)])):
                return rows
    except UserError:
        raise
    except Exception:  # whatever a broken file makes of the library
        raise UserError(f"{source} is no workbook that can be read. {as_csv}") from None
    return []


def _rows(sheet: Any, source: str) -> Iterator[list[str]]:
    for row in sheet.iter_rows(values_only=True):
        if len(row) > MAX_COLUMNS:
            raise UserError(f"{source} has more than {MAX_COLUMNS:,} columns. Export fewer.")
        yield [_text(cell) for cell in row]


def _text(value: Any) -> str:
    """A value as a CSV file would have it."""
    if value is None or value in _NO_VALUES:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == value.min.time() else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return clean(str(value))
