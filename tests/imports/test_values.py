"""Cells as real exports have them: each by its right value, and none bars the way."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.errors import UserError
from bot.rules.imports.cells import parse_date
from bot.rules.imports.deals import outcome_of
from bot.rules.imports.ids import clean_id, id_key
from bot.rules.text.names import company_key
from db.models import Account, Contract

from .conftest import Desk


def renewals(desk: Desk) -> dict[str, str | None]:
    return {one.name: str(one.renews_on) if one.renews_on else None for one in desk.all(Account)}


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("0001-01-01", None),
        ("9999-12-31", None),
        ("1753-01-01", None),
        ("1900-01-00", None),
        ("0000-00-00", None),
        ("N/A", None),
        ("-", None),
        ("TBD", None),
        ("Auto-renew", None),
        ("evergreen", None),
        ("31. März 2027", "2027-03-31"),
        ("31 août 2027", "2027-08-31"),
        ("31 ene 2027", "2027-01-31"),
        ("15 okt 2027", "2027-10-15"),
        ("15 de março de 2027", "2027-03-15"),
        ("3 maja 2027", "2027-05-03"),
        ("2027-03-31T23:00:00.000Z", "2027-03-31"),
        ("Wed, 31 Mar 2027 10:00 PM", "2027-03-31"),
    ],
)
def test_a_cell_is_its_date_or_none(cell: str, day: str | None) -> None:
    found = parse_date(cell, "dmy")
    assert (str(found) if found else None) == day


@given(
    st.dates(date(1950, 1, 1)),
    st.sampled_from(["{0:%Y-%m-%d} or later", "{0:%Y-%m-%d}12", "{0:%d/%m/%Y}x"]),
)
def test_no_date_is_read_from_its_first_signs(day: object, shape: str) -> None:
    with pytest.raises(ValueError, match="is no date"):
        parse_date(shape.format(day), "dmy")


def test_smallest_and_largest_dates_are_none_and_the_next_file_comes_in(desk: Desk) -> None:
    desk.bring(
        "Account,Renewal date\nOne,0001-01-01\nTwo,2027-03-31\nThree,9999-12-31\nFour,1753-01-01\n"
    )
    assert renewals(desk) == {"One": None, "Two": "2027-03-31", "Three": None, "Four": None}
    desk.bring("Account\nFive\n")
    assert "Five" in renewals(desk)


def test_one_cell_costs_that_cell(desk: Desk) -> None:
    said = desk.bring(
        "Account,Renewal date\nAlba,N/A\nBrook,2027-05-01\nEcho,TBD\nGolf,46477\nHotel,soonish\n"
    )
    assert renewals(desk) == {
        "Alba": None, "Brook": "2027-05-01", "Echo": None, "Golf": None, "Hotel": None,
    }  # fmt: skip
    assert '2 cells left empty: no date can be read from "46477" (row 5).' in said


def test_a_whole_column_of_serial_numbers_is_dates(desk: Desk) -> None:
    desk.bring("Account,Renewal date\nAlba,46477\nBrook,46478\nCedar,\n")
    assert renewals(desk) == {"Alba": "2027-03-31", "Brook": "2027-04-01", "Cedar": None}


def test_ids_that_lost_digits_join_and_rename_nobody(desk: Desk) -> None:
    head = "Record ID,Company name\n"
    desk.bring(head + "1.23457E+11,North Mill\n")
    said = desk.bring(head + "1.23457E+11,South Mill\n1.23457E+11,North Mill\n1.2E+11,West Mill\n")
    assert [one.name for one in desk.all(Account)] == ["North Mill", "South Mill", "West Mill"]
    assert {one.external_id for one in desk.all(Account)} == {None}
    assert "rounded by a spreadsheet" in said


def test_an_id_that_two_names_share_renames_nobody(desk: Desk) -> None:
    head = "Record ID,Company name\n"
    desk.bring(head + "77,North Mill\n")
    said = desk.bring(head + "77,South Mill\n77,North Mill\n")
    assert [one.name for one in desk.all(Account)] == ["North Mill", "South Mill"]
    assert 'The id 77 is of "South Mill" and "North Mill" (row 3)' in said


def test_one_id_in_several_spellings() -> None:
    assert clean_id(" 123 45.0 ") == "12345"
    assert (
        id_key("0015g00000AbCdE")
        == id_key("0015g00000AbCdEAAV"[:15] + "AAV")[:15] + id_key("0015g00000AbCdE")[15:]
    )
    assert id_key("0015g00000AbCdE") != id_key("0015g00000abcde")
    assert id_key("abc-1") == id_key("ABC-1")


def test_names_but_for_their_legal_form() -> None:
    names = ("Northwind Traders", "northwind traders, Inc.", "NORTHWIND TRADERS GmbH & Co. KG")
    assert {company_key(name) for name in names} == {"northwind traders"}
    assert company_key("Co") == "co"


def test_a_customer_in_another_spelling_is_the_same(desk: Desk) -> None:
    desk.bring("Account\nNorthwind Traders\n")
    desk.bring('Account,Renewal date\n"northwind traders, Inc.",2027-03-31\n')
    assert renewals(desk) == {"Northwind Traders": "2027-03-31"}


def test_several_contracts_of_one_customer_are_kept(desk: Desk) -> None:
    desk.bring(
        "Account Name,Owner,Contract end\nUmbrella plc,Priya Raman,2028-09-30\n"
        "Umbrella plc,Priya Raman,2027-02-28\nUmbrella PLC ,Tom Okafor,2027-05-31\n"
    )
    (account,) = desk.all(Account)
    days = sorted(str(one.renews_on) for one in desk.all(Contract))
    assert days == ["2027-02-28", "2027-05-31", "2028-09-30"]
    assert str(account.renews_on) == "2027-02-28"


@pytest.mark.parametrize(
    ("step", "outcome"),
    [
        ("Closed Won (Sales Pipeline)", "won"),
        ("Won - Renewal", "won"),
        ("Gewonnen", "won"),
        ("Contract signed", "won"),
        ("Vunnen", "won"),
        ("Signé", "won"),
        ("Firmado", "won"),
        ("Closed Lost (Sales Pipeline)", "lost"),
        ("Verbal win likely", "open"),
        ("Not won", "open"),
    ],
)
def test_how_a_deal_ended_in_other_words(step: str, outcome: str) -> None:
    assert outcome_of(step) == outcome


def test_dates_that_can_be_two_write_nothing_until_it_is_said(desk: Desk) -> None:
    content = "Account,Renewal date\nG1,03/04/2027\nG2,05/06/2027\n"
    assert "2 " in desk.bring(content, "--dry-run")
    with pytest.raises(UserError, match="--dates dmy or --dates mdy"):
        desk.bring(content)
    assert desk.all(Account) == []
    desk.bring(content, "--dates", "dmy")
    assert renewals(desk) == {"G1": "2027-04-03", "G2": "2027-06-05"}


def test_an_import_that_breaks_bars_no_other_file(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("broken")

    with monkeypatch.context() as patched:
        patched.setattr("bot.actions.imports.process.plan_ahead", broken)
        with pytest.raises(RuntimeError):
            desk.bring("Account\nAcme\n")
    assert desk.all(Account) == []
    desk.bring("Account\nBolt\n")
    assert [one.name for one in desk.all(Account)] == ["Bolt"]


def test_a_cell_of_two_companies_makes_no_third(desk: Desk) -> None:
    said = desk.deals("Account,Deal ID,Stage\nAcme; Globex,1,Closed Won\nInitech,2,Closed Won\n")
    assert [one.name for one in desk.all(Account)] == ["Initech"]
    assert '"Acme; Globex" are two companies' in said
    said = desk.bring("Account,Stage\nAcme; Globex,Onboarding\nBolt / Crane,Onboarding\nA/S Dan,\n")
    assert [one.name for one in desk.all(Account)] == ["Initech", "A/S Dan"]
    assert '"Bolt / Crane" are two companies' in said


def test_wins_in_other_words_and_before_a_migration_make_customers(desk: Desk) -> None:
    desk.deals(
        "Record ID,Deal Name,Deal Stage,Close Date,Create Date,Associated Company\n"
        "1,Starter,Closed Won (Sales Pipeline),2024-03-01,2025-06-10,Alba Foods\n"
        "2,Lost one,Closed Lost,2026-01-31,2025-10-10,Alba Foods\n"
        "3,Starter,Gewonnen,2025-03-01,2024-06-10,Cedar Co\n"
        "4,Starter,Contract signed,2025-03-01,2024-06-10,Delta Co\n"
    )
    assert {one.stage for one in desk.all(Account)} == {"adoption"}
