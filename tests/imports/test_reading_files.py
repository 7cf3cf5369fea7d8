"""Files as programs write them: encodings, delimiters, quotes, rows that do not fit."""

import csv
import io
import zipfile
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from bot.rules.errors import UserError
from bot.rules.imports.cells import parse_date
from bot.rules.imports.csv_file import detect_delimiter
from bot.rules.imports.sheet import Sheet, read_sheet

from .conftest import Desk

# Letters that were broken before begin with one of these, or are one.
_BROKEN = "\ufffd" + "".join(map(chr, range(0xC2, 0xF5)))
_CELL = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cf"), exclude_characters=_BROKEN), max_size=12
)


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
        (b"a\0b", "no text file"),
        (b"II*\0" + b"\1" * 99, "no text file"),
        (b"<html><table><tr><td>Account</td></tr></table></html>", "is a web page"),
        (b"%PDF-1.7 x", "is a PDF"),
        (b"PK\x03\x04" + b"x" * 99, "no workbook that can be read"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 99, "old or locked Excel workbook"),
        (b"Account," + b"a," * 1_000_000 + b"\nAcme\n", "Export fewer columns"),
        (
            "Account\n\u4e2d\u570b\u8a9e\n".encode("euc_kr", "replace") + b"\xff\xfe\x81",
            "which encoding",
        ),
        (b"A,B\n" + b'"' + b"x" * 200_000, "a quote may not be closed"),
    ],
)
def test_what_is_no_csv_is_refused_with_a_sentence(data: bytes, says: str) -> None:
    with pytest.raises(UserError, match=says):
        read_sheet(data, "a.csv")


def _texts(sheet: Sheet) -> list[list[str]]:
    return [line.cells for line in sheet.lines]


@pytest.mark.parametrize(
    ("words", "encoding"),
    [
        ("Süd & Co", "cp1252"),
        ("Süd & Co", "mac_roman"),
        ("Müller & Söhne – Smith’s Café", "mac_roman"),
        ("Société Générale", "cp1252"),
        ("Żabka Śruby Łódź", "cp1250"),
        ("Şişli Gıda", "cp1254"),
        ("Dvořák Plzeň Gdańsk", "cp1250"),
        ("España", "mac_roman"),
        ("Crème Brûlée, Østergård", "cp1252"),
        ("Яндекс Облако", "cp1251"),
        ("ООО Мир", "cp1251"),
        ("Αθήνα Ελλάς", "cp1253"),
        ("さくら製作所", "shift_jis"),
        ("中国移动通信", "gb18030"),
        ("Müller, さくら, Łódź", "utf-8"),
        ("Müller さくら", "utf-16-le"),
        ("Müller さくら", "utf-16-be"),
    ],
)
def test_a_short_file_is_read_in_the_encoding_it_has(words: str, encoding: str) -> None:
    data = f"Account;Owner\n{words};Priya\n".encode(encoding)
    assert _texts(read_sheet(data, "a.csv")) == [[words, "Priya"]]


@pytest.mark.parametrize(
    ("words", "encoding"),
    [
        ("Żółć", "cp1250"),
        ("Nový", "cp1250"),
        ("Hörður", "cp1252"),
        ("İstanbul", "cp1254"),
        ("שלום", "cp1255"),
        ("شركة", "cp1256"),
        ("MÃ¼ller", "utf-8"),
        ("M\ufffdller", "utf-8"),
        ("M\ufffdller", "utf-16"),
    ],
)
def test_letters_that_would_come_out_wrong_are_refused(words: str, encoding: str) -> None:
    with pytest.raises(UserError, match="as CSV UTF-8"):
        read_sheet(f"Account,Owner\n{words},Priya\n".encode(encoding), "a.csv")


@given(
    st.sampled_from(["cp1250", "cp1252", "mac_roman", "shift_jis", "euc_jp", "euc_kr", "gb18030"]),
    st.sampled_from(
        ["Łódź", "Søren", "Großmann", "東京電力", "삼성전자", "中国银行", "Æther", "Šaľa"]
    ),
    st.sampled_from(",;\t|"),
)
def test_what_comes_in_is_what_stands_there_or_nothing(encoding: str, name: str, sign: str) -> None:
    """Cases known to be read as others are in docs; none of these is."""
    try:
        data = f"Account{sign}Owner\n{name}{sign}Priya\n".encode(encoding)
    except UnicodeEncodeError:
        return
    try:
        read = _texts(read_sheet(data, "a.csv"))
    except UserError:
        return
    assert read == [[name, "Priya"]]


@pytest.mark.parametrize(
    ("text", "rows", "left_out"),
    [
        ("sep=;\nAccount Name;Owner\nNorth, Mill;Tom\n", [["North, Mill", "Tom"]], []),
        ('"Account\nname";"Owner"\n"North\nMill";"Tom"\n', [["North\nMill", "Tom"]], []),
        ("Customers, as of today\n\nAccount,Owner\nAcme,Tom\n", [["Acme", "Tom"]], []),
        ("Account|Owner\nAcme|Tom\n", [["Acme", "Tom"]], []),
        ("Account,City\n,Tier\n", [["", "Tier"]], []),
        ("Account,Kind\nProduct,Type\n", [["Product", "Type"]], []),
        ("Account\n\nStatus,Active\n\nAccount,Owner,City\nA,B,C\n", [["A", "B", "C"]], []),
        (
            "Account,Owner,ARR\nAcme,Tom,5\nAccount,Owner,ARR\nBolt,Ann,7\nTotal,,12\n"
            'Grand Totals (2 records),,\n\n"Confidential, do not share"\n',
            [["Acme", "Tom", "5"], ["Bolt", "Ann", "7"]],
            ["the headings again", "a totals row", "a totals row", "a line below the list"],
        ),
        (
            "Account,Owner,ARR\nTotal,Tom,5\nTotal Wine & More,,7\n",
            [["Total", "Tom", "5"], ["Total Wine & More", "", "7"]],
            [],
        ),
        ("Account,Owner\nTotal,Owner\n", [["Total", "Owner"]], []),
        (
            "Account,Owner\nAcme,Tom\nBolt,\nGenerated by: Ann,\nRecord Count,2\n,\nToday,\n",
            [["Acme", "Tom"], ["Bolt", ""]],
            ["a line below the list", "a totals row", "a line below the list"],
        ),
        (
            "Account,Owner\nConfidential Records Ltd,Tom\n3 Records,Ann\n",
            [["Confidential Records Ltd", "Tom"], ["3 Records", "Ann"]],
            [],
        ),
        (
            "Account,Owner,Owner\nAcme,,Tom\n",
            [["Acme", "Tom", "Tom"]],
            [],
        ),
    ],
)
def test_the_list_is_found_among_what_programs_write_around_it(
    text: str, rows: list[list[str]], left_out: list[str]
) -> None:
    sheet = read_sheet(text.encode(), "a.csv")
    assert _texts(sheet) == rows
    assert [reject.reason for reject in sheet.ragged] == left_out


def test_a_heading_that_stands_twice_is_told_and_is_one_column() -> None:
    sheet = read_sheet(b"Account,Owner,Owner\nAcme,,Tom\n", "a.csv")
    assert sheet.headings == ["Account", "Owner", ""]
    assert sheet.notes == [
        'The column "Owner" is there 2 times: in each row the first cell that is filled counts.'
    ]


def test_a_workbook_is_read_as_its_rows() -> None:
    book = Workbook()
    hidden, shown = book.active, book.create_sheet("Accounts")
    hidden.append(["Account"])
    hidden.append(["Not this"])
    hidden.sheet_state = "hidden"
    shown.append(["Account", "Renewal date", "ARR", "Record ID"])
    shown.append(["Süd & Co", datetime(2027, 3, 31), 12000.0, 4215551212])
    out = io.BytesIO()
    book.save(out)
    sheet = read_sheet(out.getvalue(), "a.xlsx")
    assert _texts(sheet) == [["Süd & Co", "2027-03-31", "12000", "4215551212"]]


def test_a_workbook_made_to_fill_the_memory_is_refused_unread() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"<row><c><v>1</v></c></row>" * 400_000)
    with pytest.raises(UserError, match="too large when unpacked"):
        read_sheet(out.getvalue(), "a.xlsx")


def test_a_workbook_with_a_cell_far_out_is_refused() -> None:
    book = Workbook()
    book.active["A1"], book.active["XFD2"] = "Account", "far"
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(UserError, match="more than 2,000 columns"):
        read_sheet(out.getvalue(), "a.xlsx")


def test_text_is_cleaned_of_what_nobody_sees() -> None:
    sheet = read_sheet("Account\n\u202eAc\u200bme\x07\nBolt Works\n".encode(), "a.csv")
    assert _texts(sheet) == [["Acme"], ["Bolt Works"]]


@given(
    st.one_of(
        st.binary(max_size=200), st.text(max_size=80).map(lambda text: text.encode("utf-16"))
    ),
    st.sampled_from([b"", b"Account,Owner\n", b"sep=;\nAccount;Owner\n", b"PK\x03\x04", b'"']),
)
def test_whatever_the_bytes_are_the_answer_is_a_sheet_or_a_sentence(
    data: bytes, before: bytes
) -> None:
    try:
        sheet = read_sheet(before + data, "a.csv")
    except UserError:
        return
    assert all(len(line.cells) == len(sheet.headings) for line in sheet.lines)


@given(
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]),
    st.sampled_from(",;\t|"),
    st.integers(0, 15),
    st.lists(st.sampled_from(["Acme", "Süd & Co", "Total Wine", "さくら"]), min_size=1, max_size=5),
)
def test_the_list_is_found_however_far_down_it_begins(
    encoding: str, sign: str, above: int, names: list[str]
) -> None:
    rows = [f"{name}{sign}00{place}{sign}Priya" for place, name in enumerate(names)]
    text = "\n".join(["Report", *[""] * above, f"Account{sign}Record ID{sign}Owner", *rows])
    sheet = read_sheet(text.encode(encoding), "a.csv")
    assert _texts(sheet) == [row.split(sign) for row in rows]
    assert [line.row for line in sheet.lines] == [above + 3 + at for at in range(len(names))]


@given(st.lists(st.tuples(_CELL.map("A{}".format), _CELL.filter(str.strip)), max_size=8))
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
