"""The bytes of a file as records, whichever program exported them."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from bot.rules.errors import UserError
from bot.rules.imports.decoding import decode
from bot.rules.imports.workbook import MAX_COLUMNS, is_workbook, read_workbook
from bot.rules.text.clean import clean

# A stray control sign is left out; with one in 20 signs it is no text at all.
_MAX_CONTROLS: Final = 20
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1f]")
_DELIMITERS: Final = ",;\t|"
_SEPARATOR_LINE: Final = re.compile(r"\s*\"?sep=(.)\"?\r?\n", re.IGNORECASE)
_QUOTED: Final = re.compile(r'"[^"]*"')
_HEAD: Final = 20_000  # characters that tell the delimiter
#: First bytes -> what such a file is.
_OTHERS: Final = {
    b"%pdf": "a PDF",
    b"\x89png": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"gif8": "a picture",
    b"\x1f\x8b": "a compressed file",
    b"{\\rtf": "a text document",
    b"{": "a JSON file",
}
_PAGES: Final = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<style", b"<meta", b"<div")


def read_records(data: bytes, source: str) -> list[list[str]]:
    """The cells of every row, empty rows included; UserError when the file is no list."""
    if is_workbook(data):
        records = read_workbook(data, source)
    else:
        _check_kind(data, source)
        text = decode(data, source)
        if len(_CONTROL.findall(text)) > len(text) / _MAX_CONTROLS:
            raise UserError(f"{source} is no text file. Export the list as CSV, import that file.")
        records = list(_records(clean(text), source))
    if any(len(record) > MAX_COLUMNS for record in records):
        raise UserError(f"{source} has more than {MAX_COLUMNS:,} columns. Export fewer of them.")
    return records


def _check_kind(data: bytes, source: str) -> None:
    head = data[:200].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if head.startswith(_PAGES):
        raise UserError(
            f"{source} is a web page, as some programs write when asked for Excel. Open it in "
            "Excel, save it as CSV UTF-8 or .xlsx, and import that file."
        )
    for first, kind in _OTHERS.items():
        if head.startswith(first):
            raise UserError(f"{source} is {kind}. Export the list as CSV and import that file.")


def detect_delimiter(text: str) -> str:
    """The sign that most lines have equally often outside quotes. (csv.Sniffer raises on a file
    of one column.)"""
    bare = _QUOTED.sub("", text[:_HEAD])
    lines = [line for line in bare.splitlines() if line.strip()]

    def regularity(sign: str) -> tuple[int, int]:
        counts = Counter(count for line in lines if (count := line.count(sign)))
        often, lines_so = max(counts.items(), key=lambda item: item[1], default=(0, 0))
        return lines_so, often

    return max(_DELIMITERS, key=regularity)


def _records(text: str, source: str) -> Iterator[list[str]]:
    delimiter = None
    if line := _SEPARATOR_LINE.match(text):  # for Excel, which does not show it as a row
        delimiter, text = line[1], text[line.end() :]
    delimiter = delimiter or detect_delimiter(text)
    if max(map(len, text[: 10 * _HEAD].split("\n")[:20]), default=0) > 10 * _HEAD - 1:
        raise UserError(f"{source} has a row of {10 * _HEAD:,} characters. Export fewer columns.")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
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
