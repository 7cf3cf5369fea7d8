"""What the rows of a file say, without a database: columns, dates, owners, stages, deals."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.rules.errors import UserError
from bot.rules.imports.accounts import AccountLine, read_accounts
from bot.rules.imports.cells import parse_date
from bot.rules.imports.csv_file import detect_delimiter
from bot.rules.imports.deals import (
    Deal,
    current_agent,
    deal_events,
    group_by_account,
    outcome_of,
    read_deals,
)
from bot.rules.imports.deals import derive_state as stands
from bot.rules.imports.headings import find_columns, list_headings
from bot.rules.imports.owners import Owner, Owners, SlackMember
from bot.rules.imports.result import NO_ACCOUNT, Change, KeptValue, Result
from bot.rules.imports.sheet import Line, Reject, read_sheet
from bot.rules.imports.stages import StageWords, normalise
from bot.rules.playbook.playbook import parse as playbook_of
from bot.rules.text.money import Money
from bot.rules.text.names import key
from tests.story import PLAYBOOK

TODAY = date(2026, 11, 23)
STAGES = playbook_of(PLAYBOOK, "story.yaml")
PRIYA = SlackMember("U1", "Priya", "Priya Raman", "priya", "priya@firm.example")
DIEGO = SlackMember("U2", "Diego", "Diego Sol", "diego", "diego@firm.example")
PEOPLE = Owners([PRIYA, DIEGO, SlackMember("U3", "Sol", "Diego Sol", "sol", "")])


# -- the file


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"a\0b", "a.csv is no text file. Export the list as CSV, import that file."),
        (b"", "a.csv has no heading in its first row. Export it with headings."),
        (
            b"A,B\nc,d\n" + b'"' + b"x" * 200_000,
            "a.csv cannot be read after row 2 (field larger than field limit (131072)): a quote "
            "may not be closed there. Nothing was written.",
        ),
    ],
)
def test_what_is_no_csv(data: bytes, says: str) -> None:
    with pytest.raises(UserError) as caught:
        read_sheet(data, "a.csv")
    assert caught.value.sentence == says


def test_so_many_nuls_are_no_text_and_fewer_are_left_out() -> None:
    assert read_sheet(b"Account\n" + b"a" * 11 + b"\0\n", "a.csv").lines[0].cells == ["a" * 11]
    with pytest.raises(UserError, match="is no text file"):
        read_sheet(b"Account\n" + b"a" * 9 + b"\0\n", "a.csv")


@pytest.mark.parametrize(
    ("row", "lines", "ragged"),
    [
        (b"a,b\n", [Line(2, ["a", "b"])], []),
        (b"c\n", [], [Reject(2, "1 cell where the heading has 2")]),
        (b"a,b,c\n", [], [Reject(2, "3 cells where the heading has 2")]),
        (
            b'"d\n",e,f\n',
            [],
            [Reject(2, "3 cells where the heading has 2: a quote may not be closed here")],
        ),
        (b",\n", [], []),
        (b" \n", [], []),
        (b"g,h,,\n", [Line(2, ["g", "h"])], []),
        (b"g,h,,x\n", [], [Reject(2, "4 cells where the heading has 2")]),
        (b",b\n", [Line(2, ["", "b"])], []),
    ],
)
def test_a_row(row: bytes, lines: list[Line], ragged: list[Reject]) -> None:
    sheet = read_sheet(b"A,B\n" + row, "a.csv")
    assert (sheet.lines, sheet.ragged) == (lines, ragged)


def test_the_delimiter_is_the_sign_that_parts_most_cells() -> None:
    assert detect_delimiter('"a,b,c";d') == ";"
    assert detect_delimiter("a\tb\tc,d") == "\t"
    assert detect_delimiter("a") == ","


def test_only_the_headings_tell_the_delimiter_and_a_break_in_a_cell_stays() -> None:
    sheet = read_sheet(b'A,B\r\n"c;d;e\r\nf;g",h\r\n', "a.csv")
    assert sheet.lines == [Line(2, ["c;d;e\r\nf;g", "h"])]


# -- headings


def test_the_surest_heading_wins_and_a_column_is_one_field() -> None:
    found = find_columns(["Name", "Account_Name", "ID", "TYPE"], "accounts", ())
    assert found.places == {"name": 1, "external_id": 2, "stage": 3}
    assert (found.heading("name"), found.heading("owner")) == ("Account_Name", "")
    twice = find_columns(["Account", "Account"], "deals")
    assert twice.places == {"account": 0}
    shared = find_columns(["Name", "Owner name"], "accounts")
    assert shared.places == {"name": 0, "owner": 1}


def test_what_is_asked_for_goes_first() -> None:
    asked = ["Shop = name", "type=IGNORE", "A=B=external-id"]
    headings = ["Account", "Shop", "Type", "A=B", "Status"]
    found = find_columns(headings, "accounts", asked)
    assert found.places == {"name": 1, "external_id": 3, "stage": 4}


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (
            "Shop=nam",
            'I cannot use --map "Shop=nam": write --map "Their column=field", where field is one '
            "of name, external_id, owner, stage, renews_on, amount, currency, tier, "
            "contract, contract_id, alias, sector, country or ignore.",
        ),
        ("=name", 'I cannot use --map "=name"'),
        ("name", 'I cannot use --map "name"'),
        (
            "Shap=name",
            'There is no column "Shap" in the file. Its headings are: Shop, (empty), Town.',
        ),
    ],
)
def test_what_is_asked_for_and_cannot_be(asked: str, says: str) -> None:
    with pytest.raises(UserError) as caught:
        find_columns(["Shop", " ", "Town"], "accounts", [asked])
    assert caught.value.sentence.startswith(says)


def test_a_file_without_the_column_that_is_needed() -> None:
    with pytest.raises(UserError) as caught:
        find_columns(["", " Colour ", "Size"], "accounts")
    assert caught.value.sentence == (
        "No column was understood as the account's name, so nothing was written. The headings "
        "found are: (empty), Colour, Size. Say which one it is, for example: "
        '--map "Colour=name"'
    )
    with pytest.raises(UserError, match='--map "Their column=name"'):
        find_columns([" "], "accounts")


def test_many_headings_are_cut() -> None:
    assert list_headings(["a", "b", "c"], 2) == "a, b, and 1 more"
    assert list_headings(["a", " b "], 2) == "a, b"
    assert list_headings([str(n) for n in range(31)]).endswith(", 29, and 1 more")


# -- dates


@pytest.mark.parametrize(
    ("cell", "order", "found"),
    [
        ("2027-03-31 10:00", "dmy", "2027-03-31"),
        (" 03/04/2027", "dmy", "2027-04-03"),
        ("03/04/2027 10:00", "mdy", "2027-03-04"),
        ("03.04.2027", "mdy", "2027-04-03"),  # nobody writes the month first with dots
        ("3-4-27", "mdy", "2027-03-04"),
        ("2027/3/4", "mdy", "2027-03-04"),
        ("2027.3.4", "mdy", "2027-03-04"),
        ("4 MARCH 27", "mdy", "2027-03-04"),
        ("4-Sept-2027", "dmy", "2027-09-04"),
        ("March 4 2027", "dmy", "2027-03-04"),
        ("Mar. 4, 2027", "dmy", "2027-03-04"),
        ("Dec 31, 2027", "dmy", "2027-12-31"),
        ("1 jan 2027", "dmy", "2027-01-01"),
    ],
)
def test_a_date(cell: str, order: Any, found: str) -> None:
    assert parse_date(cell, order) == date.fromisoformat(found)


@pytest.mark.parametrize(
    "cell",
    [
        "31/02/2027",
        "soon",
        "03/04-2027",
        "13/13/2027",
        "3/4/20277",
        "Q1 2027",
        "2027-03-31 or later",
        "2027-03-3112",
    ],
)
def test_what_is_no_date(cell: str) -> None:
    with pytest.raises(ValueError, match=f'^"{cell}" is no date: write it like 2027-03-31$'):
        parse_date(f" {cell} ", "dmy")


# -- owners


@pytest.mark.parametrize(
    ("cell", "owner"),
    [
        ("Priya Raman", Owner("U1", None)),
        ("Raman, Priya", Owner("U1", None)),
        ("PRIYA@firm.example", Owner("U1", None)),
        ("P. Raman (priya@firm.example)", Owner("U1", None)),
        ("Priya Raman (EMEA)", Owner("U1", None)),
        ("diego", Owner("U2", None)),
        ("Diego Sol", Owner(None, "Diego Sol")),  # two people are called so
        ("Jo Stranger", Owner(None, "Jo Stranger")),
        ("", Owner(None, None)),
        ("No owner", Owner(None, None)),
        ("-", Owner(None, None)),
        ("N/A", Owner(None, None)),
        ("unassigned", Owner(None, None)),
    ],
)
def test_whom_an_owner_means(cell: str, owner: Owner) -> None:
    assert PEOPLE.find(cell) == owner
    assert PEOPLE.find(cell) == owner


def test_people_are_found_by_each_of_their_names_and_by_no_name_that_two_have() -> None:
    ann = SlackMember("U7", "Ann", "Annika Berg", "aberg", "ab@firm.example")
    bea = SlackMember("U8", "Bea", "Annika Berg", "", "")
    owners = Owners([ann, bea])
    for words in ("ann", "ABERG", "ab@firm.example", "Ann (Berlin) (EMEA)"):
        assert owners.find(words) == Owner("U7", None)
    for words in ("Annika Berg", "Berg, Annika", "Lund, Bea, jr."):
        assert owners.find(words) == Owner(None, words)
    assert [owners.called(Owner(user, None)) for user in ("U7", "U8")] == ["Ann", "Bea"]


def test_an_owner_in_a_table() -> None:
    owners = (Owner("U1", None), Owner("U9", None), Owner(None, "Jo"), Owner(None, None))
    assert [PEOPLE.called(one) for one in owners] == [
        "Priya",
        "U9",
        "Jo (not found in Slack)",
        "nobody",
    ]


# -- stages


@pytest.mark.parametrize(
    ("words", "stage"),
    [
        (" Onboarding ", "onboarding"),
        ("MQL", "prospect"),
        ("Closed-Won", "onboarding"),
        ("Existing_Customer", "onboarding"),  # there is no adoption here
        ("Up for renewal", "renewal"),
        ("evangelist", "advocacy"),
        ("Cancelled", "lost"),
        ("closed lost", "lost"),
        ("trial", None),  # there is no evaluation here
        ("nonsense", None),
        ("", None),
    ],
)
def test_which_stage_the_words_of_a_crm_mean(words: str, stage: str | None) -> None:
    known = StageWords(STAGES)
    assert known.find(words) == stage
    assert known.find(words) == stage


def test_what_is_said_of_stages_goes_first() -> None:
    known = StageWords(STAGES, {"stage:MQL": "Renewal", "stage:A=B": "lost"})
    assert known.asked == {"mql": "renewal", "a b": "lost"}
    assert (known.find("mql"), known.find("A=B")) == ("renewal", "lost")
    keys = ", ".join(stage.key for stage in STAGES.stages)
    with pytest.raises(UserError) as caught:
        StageWords(STAGES, {"stage:MQL": "nowhere"})
    assert caught.value.sentence == (
        'I cannot use --stage "mql=nowhere": write --stage "Their word=stage", where '
        f"stage is one of {keys}."
    )


def test_a_word_that_is_no_stage_is_told_with_what_helps() -> None:
    known = StageWords(STAGES)
    assert known.unknown("onbording") == (
        'no stage "onbording", did you mean "onboarding"? Say --stage "onbording=onboarding"'
    )
    assert known.unknown("zzz") == 'no stage "zzz". Say --stage "zzz=prospect"'


def test_the_stage_that_deals_call_for_or_the_nearest() -> None:
    known = StageWords(STAGES)
    wanted = ("evaluation", "onboarding", "adoption", "lost")
    assert [known.of_deals(key) for key in wanted] == [
        "prospect",
        "onboarding",
        "onboarding",
        "lost",
    ]
    with pytest.raises(UserError) as caught:
        known.of_deals("growth")
    keys = ", ".join(stage.key for stage in STAGES.stages)
    assert caught.value.sentence == (
        "The playbook has no stage growth, which the deals call for. Say which one it is, for "
        f'example: --stage "growth=prospect". It has: {keys}.'
    )
    assert normalise(" Closed_Won - now!") == "closed won now"


# -- accounts

HEAD = "Account,Stage,Owner,Renewal date,ID,Alias,Industry,Country\n"


def accounts(rows: str, head: str = HEAD) -> tuple[list[AccountLine], list[Reject]]:
    sheet = read_sheet((head + rows).encode(), "a.csv")
    found = find_columns(sheet.headings, "accounts")
    words, today = StageWords(STAGES), date(2026, 11, 23)
    lines, result = read_accounts(sheet, found, words, PEOPLE, {}, currency=None, today=today)
    return lines, result.rejects


def test_a_row_of_accounts_says_all_of_this() -> None:
    lines, rejects = accounts(
        " Acme  Corp ,lead,Priya,2027-03-31, A1 ,Ac; Acme|Acme Inc ;,HEALTH_CARE,Ireland\n"
        "Bolt,,,,,,n/a,-\nx\n"
    )
    acme = AccountLine(
        2,
        "Acme Corp",
        key("Acme Corp"),
        "prospect",
        Owner("U1", None),
        date(2027, 3, 31),
        "A1",
        ["Ac", "Acme", "Acme Inc"],
        "Health care",
        "Ireland",
    )
    nothing: Any = (None, Owner(None, None), None, None, [], None, None)
    assert (lines[0][:10], lines[1][:2]) == (acme[:10], (3, "Bolt"))
    assert lines[1][3:10] == nothing
    assert rejects == [Reject(4, "a line below the list")]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (",lead,,,,,,", "no account name"),
        ("x" * 201 + ",,,,,,,", "the name has 201 characters; at most 200"),
        ("Acme,wrong,,,,,,", 'no stage "wrong". Say --stage "wrong=prospect"'),
    ],
)
def test_why_a_row_is_left_out(row: str, why: str) -> None:
    lines, rejects = accounts(f"{row}\nBolt,lead,,,,,,\n")
    assert rejects == [Reject(2, why)]
    assert [line.name for line in lines] == ["Bolt"]


@pytest.mark.parametrize("row", ["x" * 200 + ",,,,,,,", "A,,,,,," + "x" * 80 + "," + "y" * 80])
def test_what_just_fits_is_taken(row: str) -> None:
    assert accounts(row + "\n")[1] == []


@pytest.mark.parametrize(
    ("cell", "fact"),
    [
        ("HOSPITAL_HEALTH_CARE", "Hospital health care"),
        ("Real_estate now", "Real_estate now"),
        ("Retail", "Retail"),
        ("Unknown.", None),
        ("Other", None),
        ("NULL", None),
    ],
)
def test_a_sector_for_people_to_read(cell: str, fact: str | None) -> None:
    assert accounts(f"Acme,,,,,,{cell},\n")[0][0].sector == fact


def test_a_file_of_names_alone() -> None:
    (line,), rejects = accounts("Acme\n", "Account\n")
    assert (line.name, line.stage, line.renews_on, line.aliases, rejects) == (
        "Acme",
        None,
        None,
        [],
        [],
    )


# -- deals

DEALS = "Account,Account ID,Opportunity ID,Sales agent,Stage,Product,Amount,Created,Closed\n"


def deals(rows: str, head: str = DEALS, dates: Any = "") -> tuple[list[Deal], Result]:
    sheet = read_sheet((head + rows).encode(), "d.csv")
    found = find_columns(sheet.headings, "deals")
    return read_deals(sheet, found, TODAY, {"dates:": dates})


def test_a_row_of_deals_says_all_of_this() -> None:
    sold = "Acme  Corp,A1,D1,Priya (p@x.example),Closed Won,Gold,500.00,2026-10-01,2026-11-01\n"
    found, result = deals(sold)
    assert found == [
        Deal(
            row=2,
            id="D1",
            account="Acme Corp",
            account_key=key("Acme Corp"),
            account_id="A1",
            agent="Priya",
            title="Gold",
            amount="500",
            outcome="won",
            step="Closed Won",
            created=date(2026, 10, 1),
            closed=date(2026, 11, 1),
            worth=Money(500_00, None),
        )
    ]
    assert (result.rejects, result.skipped) == ([], {})


def test_a_row_that_names_only_the_account_says_nothing_else() -> None:
    (deal,), _ = deals("Acme\n", "Account\n")
    assert len(deal.id) == 16
    assert deal._replace(id="") == Deal(
        2, "", "Acme", key("Acme"), None, "", "", "", "open", "", None, None
    )


def test_days_of_deals_are_read_as_asked_and_one_may_be_opened_and_closed() -> None:
    row = "A,,D1,,Won,,,03/04/2026,03/04/2026\n"
    for order, day in (("dmy", date(2026, 4, 3)), ("mdy", date(2026, 3, 4))):
        (deal,), _ = deals(row, dates=order)
        assert (deal.created, deal.closed) == (day, day)


def test_rows_without_an_account_are_told_as_one() -> None:
    found, result = deals(",,D1,,,,,,\n,A1,D2,,,,,,\n,,D3,,,,,,\n")
    assert result.skipped == {NO_ACCOUNT: [2, 4]}
    assert [(deal.id, deal.account, deal.account_id) for deal in found] == [("D2", "", "A1")]


def test_why_a_deal_is_left_out() -> None:
    row, why = "A,,D0,,,,,,", "deal D0 is already in row 2"
    found, result = deals(f"B,,D0,,,,,2026-11-23,\n{row}\nx\n")
    assert result.rejects == [Reject(4, "a line below the list"), Reject(3, why)]
    assert [deal.id for deal in found] == ["D0"]


def test_the_close_date_of_an_open_deal_is_a_hope() -> None:
    (deal,) = deals("A,,D1,,Negotiation,,,2026-11-23,2027-05-01\n")[0]
    assert (deal.outcome, deal.closed, deal.step) == ("open", None, "Negotiation")


def test_the_times_of_won_and_lost_tell_how_a_deal_ended() -> None:
    head = "Account,Won time,Lost time,Closed\n"
    rows = "A,2026-11-02,,2026-11-01\nB,,2026-11-03,2026-11-01\nC,,,2026-11-01\n"
    found, _ = deals(rows, head)
    assert [(deal.outcome, deal.step, deal.closed) for deal in found] == [
        ("won", "won", date(2026, 11, 2)),
        ("lost", "lost", date(2026, 11, 3)),
        ("open", "", None),
    ]


def test_a_deal_without_an_id_gets_one_that_stays() -> None:
    row = "Acme,A1,,Ann,{},Gold,{},2026-10-01,\n"
    first, again = (deals(row.format(*words))[0][0].id for words in (("New", 1), ("Won", 2)))
    others = [
        deals(text)[0][0].id
        for text in (
            "Acme,A1,,Ann,New,Silver,1,2026-10-01,\n",
            "Acme,A2,,Ann,New,Gold,1,2026-10-01,\n",
            "Bolt,A1,,Ann,New,Gold,1,2026-10-01,\n",
            "Acme,A1,,Ann,New,Gold,1,2026-10-02,\n",
        )
    ]
    assert first == again
    assert len({first, *others}) == 5
    assert len(first) == 16


@pytest.mark.parametrize(
    ("agent", "amount", "read"),
    [
        ("Priya (7)", "-5.0", ("Priya", "-5")),
        ("Priya (7) Raman", "5.50", ("Priya (7) Raman", "5.50")),
        ("", "1,000.00", ("", "1,000")),
    ],
)
def test_the_agent_and_the_amount_of_a_deal(agent: str, amount: str, read: tuple[str, str]) -> None:
    (deal,) = deals(f'A,,D1,{agent},,,"{amount}",,\n')[0]
    assert (deal.agent, deal.amount) == read


def deal(outcome: Any, created: str | None, closed: str | None = None, **more: Any) -> Deal:
    facts: dict[str, Any] = {"row": 2, "id": "D1", "account": "Acme", "account_key": "acme"}
    facts |= {"account_id": None, "agent": "", "title": "", "amount": "", "step": outcome}
    days = [date.fromisoformat(day) if day else None for day in (created, closed)]
    return Deal(**facts | {"outcome": outcome, "created": days[0], "closed": days[1]} | more)


@pytest.mark.parametrize(
    ("step", "outcome"),
    [("Closed as won", "won"), ("SIGNED", "won"), ("abandoned", "lost"), ("Closed-Lost", "lost")],
)
def test_the_words_of_an_end(step: str, outcome: str) -> None:
    assert outcome_of(step) == outcome


def test_deals_by_account() -> None:
    found = group_by_account(
        [
            deal("won", None),
            deal("won", None, account="", account_key="", account_id="A1"),
            deal("lost", None),
        ]
    )
    assert {mark: len(deals) for mark, deals in found.items()} == {"acme": 2, "id:A1": 1}


@pytest.mark.parametrize(
    ("known", "stage", "since", "why"),
    [
        (
            [("won", None, "2026-10-25")],
            "onboarding",
            "2026-10-25",
            "the first deal was won on 2026-10-25",
        ),
        (
            [("won", None, "2026-10-24")],
            "adoption",
            "2026-11-23",
            "a customer without an open deal",
        ),
        (
            [("won", None, "2026-01-01"), ("open", "2025-12-01")],
            "growth",
            "2026-01-01",
            "a customer with an open deal",
        ),
        (
            [("won", None, "2026-01-01"), ("open", "2026-02-02"), ("open", "2026-03-03")],
            "growth",
            "2026-02-02",
            "a customer with an open deal",
        ),
        (
            [("won", None, "2026-01-01"), ("open", None)],
            "growth",
            "2026-01-01",
            "a customer with an open deal",
        ),
        (
            [("open", "2026-03-03"), ("open", "2026-02-02"), ("lost", "2020-01-01")],
            "evaluation",
            "2026-02-02",
            "a deal is open, none was won",
        ),
        ([("open", None)], "evaluation", None, "a deal is open, none was won"),
        (
            [("lost", None, "2026-02-02"), ("lost", "2026-03-03")],
            "lost",
            "2026-03-03",
            "every deal was lost",
        ),
    ],
)
def test_where_deals_say_an_account_stands(
    known: list[Any], stage: str, since: str | None, why: str
) -> None:
    found = stands([deal(*one) for one in known], TODAY, {})
    day = date.fromisoformat(since) if since else None
    assert found == (stage, day, why, False)


def test_the_step_of_the_newest_deal_may_have_been_given_a_stage() -> None:
    known = [deal("open", "2026-11-01", step="Pilot"), deal("open", "2026-11-02", step="Demo")]
    assert stands(known, TODAY, {"pilot": "renewal"}).stage == "evaluation"
    found = stands(known, TODAY, {"demo": "renewal"})
    assert found == ("renewal", date(2026, 11, 2), 'the newest deal is at "Demo"', True)
    same = [one._replace(created=TODAY, row=5 - n) for n, one in enumerate(known)]
    assert stands(same, TODAY, {"pilot": "renewal"}).stage == "renewal"


@pytest.mark.parametrize(
    ("known", "agent"),
    [
        ([], ""),
        ([("2026-01-01", "")], ""),
        ([("2025-01-01", "Ann"), ("2025-01-01", "Ann"), ("2026-01-02", "Bob")], "Bob"),
        ([("2025-01-02", "Ann"), ("2025-01-02", "Ann"), ("2026-01-02", "Bob")], "Ann"),
        ([("2026-01-02", "Ann"), ("2026-01-03", "Bob"), ("2026-01-01", "Cem")], "Bob"),
        ([("2026-01-03", "Bob"), ("2026-01-02", "Ann"), ("2026-01-01", "Ann")], "Ann"),
        ([("2026-01-03", "Ann"), ("2026-01-03", "Bob")], "Bob"),
        ([(None, "Ann")], "Ann"),
    ],
)
def test_who_has_the_account(known: list[Any], agent: str) -> None:
    assert current_agent([deal("open", day, agent=name) for day, name in known]) == agent


def test_what_happened_with_a_deal() -> None:
    won = deal("won", "2026-01-01", "2026-02-01", title="Gold", amount="5", agent="Ann")
    assert [*deal_events(won)] == [
        ("D1:opened", date(2026, 1, 1), "Opened: Gold (Ann)"),
        ("D1:won", date(2026, 2, 1), "Won: Gold for 5 (Ann)"),
    ]
    assert [*deal_events(deal("lost", None, "2026-02-01", amount="5"))] == [
        ("D1:lost", date(2026, 2, 1), "Lost: a deal")
    ]
    ((_, _, text),) = deal_events(deal("won", None, "2026-02-01"))
    assert text == "Won: a deal"
    assert [*deal_events(deal("open", None, "2026-02-01")), *deal_events(deal("won", None))] == []


# -- what came of it


def test_pieces_of_a_file_are_added_up() -> None:
    whole = Result(1, 2, 3, [Reject(9, "b")], interactions=4, silent=5, skipped={"x": [2]})
    kept, change = KeptValue("Bolt", "archived", "id"), Change("Bolt", False, "v")
    whole.kept, whole.notes, whole.changes = [kept], ["first"], [change]
    more = Result(10, 20, 30, [Reject(4, "a")], interactions=40, silent=50)
    more.skipped = {"x": [5], "y": [6, 7]}
    more.kept, more.notes = [KeptValue("Acme", "archived", "stage")], ["n"]
    more.changes = [Change("Acme", True, "w")]
    whole.take(more)
    assert (whole.added, whole.updated, whole.unchanged) == (11, 22, 33)
    assert (whole.interactions, whole.silent) == (44, 55)
    assert whole.rejects == [Reject(4, "a"), Reject(9, "b")]
    assert whole.kept == [kept, *more.kept]
    assert (whole.notes, whole.changes) == (["first", "n"], [change, *more.changes])
    assert whole.skipped == {"x": [2, 5], "y": [6, 7]}
    assert whole.rejected == 6
