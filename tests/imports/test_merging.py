"""A file's lines against the accounts that are known: what is new, what differs, what is kept."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.rules.imports.accounts import AccountLine
from bot.rules.imports.merge import (
    AccountIndex,
    Comparison,
    Difference,
    ImportHistory,
    Known,
    columns_to_save,
    compare,
    describe_changes,
    external_ids,
    resolve_differences,
    to_json,
    value_text,
)
from bot.rules.imports.owners import Owner, Owners, SlackMember
from bot.rules.imports.result import KeptValue
from bot.rules.imports.sheet import Reject
from bot.rules.text.names import key

NOBODY = Owner(None, None)
PRIYA, JO = Owner("U1", None), Owner(None, "Jo")
OWNERS = Owners([SlackMember("U1", "Priya", "Priya Raman", "priya", "")])
ENTERED = datetime(2026, 11, 1, tzinfo=UTC)
MARCH, APRIL = date(2027, 3, 31), date(2027, 4, 30)


def known(number: int, name: str, external_id: str | None = None, **facts: Any) -> Known:
    values: dict[str, Any] = {"stage": "adoption", "stage_entry": 4, "term": 2, "version": 7}
    values |= {"manager_id": None, "owner_name": None, "renews_on": None, "archived": False}
    values |= {"stage_entered_at": ENTERED}
    return Known(
        id=number, name=name, name_key=key(name), external_id=external_id, **values | facts
    )


def line(row: int, name: str, external_id: str | None = None, **facts: Any) -> AccountLine:
    values: dict[str, Any] = {"stage": None, "owner": NOBODY, "renews_on": None, "aliases": ()}
    return AccountLine(
        row=row, name=name, name_key=key(name), external_id=external_id, **values | facts
    )


ACME, BOLT, COG = known(1, "Acme", "A1"), known(2, "Bolt"), known(3, "Cog", "C1")
BOOK = AccountIndex.of([ACME, BOLT, COG], [("acme inc", 1)])


def compared(*lines: AccountLine, book: AccountIndex = BOOK) -> Comparison:
    return compare(lines, book, external_ids(lines))


# -- which account a line means


@pytest.mark.parametrize(
    ("said", "met"),
    [
        (line(2, "Bolt"), BOLT),
        (line(2, "ACME INC"), ACME),
        (line(2, "Acme", "A1"), ACME),
        (line(2, "Acme Holding", "A1"), ACME),  # renamed in the CRM
        (line(2, "Acme Inc", "A1"), ACME),
        (line(2, "Bolt", "B9"), BOLT),  # it had no id
        (line(2, "Acme", "A9"), ACME),  # it got another id
    ],
)
def test_a_line_means_the_account_of_its_id_name_or_alias(said: AccountLine, met: Known) -> None:
    found = compared(said)
    assert (found.met, found.new, found.rejects) == ([(met, said)], [], [])


def test_what_nobody_knows_is_new() -> None:
    said = [line(2, "Dune"), line(3, "Echo", "E1")]
    found = compared(*said)
    assert (found.new, found.met, found.rejects, found.differences) == (said, [], [], [])


def test_each_account_is_met_by_its_own_line() -> None:
    met = [line(2, "Acme", "A1"), line(3, "Bolt"), line(4, "Cog", "C1")]
    new = [line(5, "Dune", "D1"), line(6, "Echo", "E1"), line(7, "Fox")]
    found = compared(*met, *new)
    assert found.met == [(ACME, met[0]), (BOLT, met[1]), (COG, met[2])]
    assert (found.new, found.rejects) == (new, [])


@pytest.mark.parametrize(
    ("lines", "reject"),
    [
        (
            [line(3, "Cog", "A1")],
            Reject(3, '"Cog" is the name of another account than the one with id A1 (Acme)'),
        ),
        (
            [line(3, "Acme", "N1"), line(4, "Acme Holding", "A1")],
            Reject(3, 'another account of the file, id A1, is called "Acme"'),
        ),
        ([line(2, "Dune"), line(5, "DUNE")], Reject(5, '"DUNE" is already in row 2, by its name')),
        (
            [line(2, "Acme"), line(6, "Acme Inc")],
            Reject(6, '"Acme Inc" is already in row 2, by its name'),
        ),
        (
            [line(2, "Dune", "D"), line(7, "Dunes", "D")],
            Reject(7, '"Dunes" is already in row 2, by its id d'),
        ),
    ],
)
def test_what_a_line_cannot_mean(lines: list[AccountLine], reject: Reject) -> None:
    found = compared(*lines, line(8, "Last"))
    assert found.rejects == [reject]
    taken = len(found.new) + len(found.met)
    assert taken == len(lines)  # the reject is left out, the last line is not


# -- what differs

FULL = known(4, "Full", "F1", manager_id="U1", renews_on=MARCH, sector="Retail", country="Ireland")


@pytest.mark.parametrize(
    ("said", "values"),
    [
        ({}, {}),
        ({"stage": "adoption", "owner": PRIYA, "renews_on": MARCH, "sector": "Retail"}, {}),
        ({"stage": "growth"}, {"stage": "growth"}),
        ({"renews_on": APRIL}, {"renews_on": APRIL}),
        ({"sector": "Health"}, {"sector": "Health"}),
        ({"country": "France"}, {"country": "France"}),
        ({"owner": JO}, {"owner": JO}),
        ({"name": "Full Ltd"}, {"name": "Full Ltd"}),
        ({"name": "FULL"}, {}),
        ({"name": "Full & Co"}, {}),  # one of its aliases
        ({"external_id": None}, {}),
        ({"external_id": "F2"}, {"external_id": "F2"}),
        ({"external_id": "F2", "name": "Full & Co"}, {"external_id": "F2"}),
    ],
)
def test_only_what_a_line_says_otherwise_differs(
    said: dict[str, Any], values: dict[str, Any]
) -> None:
    facts: dict[str, Any] = {"name": "Full", "external_id": "F1"} | said
    found = compared(line(2, **facts), book=AccountIndex.of([FULL], [(key("Full & Co"), 4)]))
    assert found.differences == ([Difference(FULL, values)] if values else [])
    assert found.archived == []


def test_an_archived_account_stays_as_it_is() -> None:
    gone = FULL._replace(archived=True)
    said = line(2, "Full", "F1", stage="growth", renews_on=APRIL)
    found = compared(said, line(3, "Dune"), book=AccountIndex.of([gone], []))
    assert found.archived == [KeptValue("Full", "archived", "stage, renews_on")]
    assert (found.differences, found.met) == ([], [(gone, said)])
    assert compared(line(2, "Full", "F1"), book=AccountIndex.of([gone], [])).archived == []


# -- what is written, and what people said in Slack


@pytest.mark.parametrize(
    ("values", "said", "wrote", "moved", "written", "kept"),
    [
        # A stage that an import gave follows the file, once each time that the file changes.
        ({"stage": "growth"}, {"stage": "adoption"}, {}, True, {"stage": "growth"}, None),
        ({"stage": "growth"}, {"stage": "growth"}, {}, True, {}, None),
        ({"stage": "growth"}, {}, {}, False, {}, ("moved in Slack", "stage growth")),
        # A field is the file's while it holds what an import wrote.
        ({"renews_on": APRIL}, {}, {"renews_on": "2027-03-31"}, True, {"renews_on": APRIL}, None),
        (
            {"renews_on": APRIL},
            {},
            {"renews_on": "2027-02-28"},
            True,
            {},
            ("changed in Slack", "renewal 2027-04-30"),
        ),
        ({"sector": "Health"}, {}, {}, True, {}, ("changed in Slack", "sector Health")),
        ({"country": "France"}, {}, {}, False, {}, ("changed in Slack", "country France")),
        ({"owner": JO}, {}, {"owner": ["U1", None]}, True, {"owner": JO}, None),
        (
            {"owner": JO},
            {},
            {"owner": [None, "Jo"]},
            True,
            {},
            ("changed in Slack", "owner Jo (not found in Slack)"),
        ),
        ({"name": "F"}, {}, {"name": "Full"}, True, {"name": "F"}, None),
        ({"name": "F"}, {}, {"name": "Fill"}, True, {}, ("changed in Slack", "name F")),
        ({"external_id": "F2"}, {}, {}, False, {"external_id": "F2"}, None),
    ],
)
def test_what_people_said_in_slack_is_kept(
    values: dict[str, Any],
    said: dict[str, Any],
    wrote: dict[str, Any],
    moved: bool,
    written: dict[str, Any],
    kept: tuple[str, str] | None,
) -> None:
    found = resolve_differences(Difference(FULL, values), ImportHistory(said, wrote, moved), OWNERS)
    assert found == (written, [KeptValue("Full", *kept)] if kept else [])


def test_what_is_empty_is_filled_whoever_left_it_so() -> None:
    values = {"owner": PRIYA, "renews_on": APRIL, "sector": "Health", "country": "France"}
    assert resolve_differences(Difference(BOLT, values), ImportHistory({}, {}, False), OWNERS) == (
        values,
        [],
    )


# -- how it is told and written down


def test_a_change_in_a_table() -> None:
    values = {"stage": "growth", "renews_on": APRIL, "owner": JO, "external_id": "B1"}
    assert describe_changes(BOLT, values, OWNERS) == (
        "stage adoption → growth, renewal none → 2027-04-30, "
        "owner nobody → Jo (not found in Slack), "
        "id none → B1"
    )
    more = {"name": "Full Ltd", "sector": "Health", "country": "France", "owner": NOBODY}
    assert describe_changes(FULL, more, OWNERS) == (
        "name Full → Full Ltd, sector Retail → Health, country Ireland → France, "
        "owner Priya → nobody"
    )
    assert value_text(None, OWNERS) == "none"


def test_a_value_as_it_is_kept_for_the_next_import() -> None:
    fields = ("renews_on", "owner", "name", "sector")
    assert [to_json(getattr(FULL, name)) for name in fields] == [
        "2027-03-31",
        ["U1", None],
        "Full",
        "Retail",
    ]


def test_the_columns_that_change() -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    values = {"stage": "growth", "owner": JO, "name": "Full & Sons", "renews_on": APRIL}
    assert columns_to_save(FULL, values, now) == {
        "stage": "growth",
        "stage_entry": 5,
        "stage_entered_at": now,
        "manager_id": None,
        "owner_name": "Jo",
        "name": "Full & Sons",
        "name_key": key("Full & Sons"),
        "slug": "full-sons",
        "renews_on": APRIL,
    }
    facts = {"sector": "Health", "country": "France", "external_id": "F2"}
    assert columns_to_save(FULL, facts, now) == facts
