"""Files as programs write them: encodings, delimiters, quotes, rows that do not fit."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.errors import UserError
from bot.rules.imports.cells import parse_date
from bot.rules.imports.csv_file import detect_delimiter, read_sheet

from .conftest import Desk

_CELL = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"], ids=lambda name: str(name)
)
def test_a_file_is_read_in_the_encodings_of_spreadsheets(encoding: str) -> None:
    sheet = read_sheet("Account,City\nMüller & Söhne,Köln\n".encode(encoding), "a.csv")
    assert sheet.headings == ["Account", "City"]
    assert sheet.lines[0].cells == ["Müller & Söhne", "Köln"]


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_the_delimiter_is_told_by_the_heading_line(sign: str) -> None:
    sheet = read_sheet(f'"Account, full"{sign}City\nAcme{sign}Cork\n'.encode(), "a.csv")
    assert sheet.lines[0].cells == ["Acme", "Cork"]


def test_a_stray_nul_is_left_out_as_in_commands() -> None:
    sheet = read_sheet(b"Account,City\nAc\0me Corporation,Cork\n", "a.csv")
    assert sheet.lines[0].cells == ["Acme Corporation", "Cork"]


def test_a_file_of_one_column_is_read() -> None:
    assert detect_delimiter("Account") == ","
    assert [line.cells for line in read_sheet(b"Account\nAcme\nBolt\n", "a.csv").lines] == [
        ["Acme"],
        ["Bolt"],
    ]


def test_row_numbers_are_those_of_a_spreadsheet() -> None:
    sheet = read_sheet(b'Account,City\n"Acme\nCorp",Cork\n\n,\nBolt,Bonn,x\nCog,Cali\n', "a.csv")
    assert [line.row for line in sheet.lines] == [2, 6]
    assert sheet.ragged == [(5, "3 cells where the heading has 2")]


def test_empty_cells_at_the_end_of_a_row_do_not_make_it_ragged() -> None:
    assert not read_sheet(b"Account,City\nAcme,Cork,,\n", "a.csv").ragged


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "no heading"),
        (b"PK\x03\x04rest", "Excel workbook"),
        (b"a\0b", "no text file"),
        ("Account,City\nAcme,Cork\n".encode("utf-16-le"), "no text file"),
        (b"A,B\n" + b'"' + b"x" * 200_000, "a quote may not be closed"),
    ],
)
def test_what_is_no_csv_is_refused_with_a_sentence(data: bytes, says: str) -> None:
    with pytest.raises(UserError, match=says):
        read_sheet(data, "a.csv")


@given(st.lists(st.tuples(_CELL, _CELL.filter(str.strip)), max_size=8))
def test_whatever_csv_writes_is_read_back(rows: list[tuple[str, str]]) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([("Account", "City"), *rows])
    read = read_sheet(out.getvalue().encode("utf-8-sig"), "a.csv")
    assert [tuple(line.cells) for line in read.lines] == rows


@pytest.mark.parametrize(
    "cell",
    ["2027-03-31", "2027-03-31T10:00:00Z", "31/03/2027", "31.03.2027", "31-Mar-27", "2027/3/31",
     "31 March 2027", "Mar 31, 2027"],
)  # fmt: skip
def test_the_usual_shapes_of_a_date_are_read(cell: str) -> None:
    assert str(parse_date(cell, "dmy")) == "2027-03-31"


def test_dates_that_can_be_read_two_ways_are_refused(desk: Desk) -> None:
    content = "Account,Renewal date\nAcme,03/04/2027\n"
    with pytest.raises(UserError, match=r"03/04/2027.*--dates dmy or --dates mdy"):
        desk.bring(content)
    desk.bring(content, "--dates", "mdy")
    assert str(desk.account("Acme").renews_on) == "2027-03-04"
