"""`import --deals FILE.csv`: stages and past interactions from a list of opportunities."""

from datetime import date

import pytest

from bot.rules.errors import UserError
from bot.rules.imports.deals import Deal, Outcome, current_agent, derive_state, outcome_of
from db.models import Account, Interaction, StageChange, Touchpoint

from .conftest import Desk

TODAY = date(2026, 11, 23)
OURS = "Account,Opportunity_ID,Sales_Agent,Deal_Stage,Product,Close_Date,Close_Value,Created_On\n"


def _deal(outcome: Outcome, created: str, closed: str | None = None, agent: str = "") -> Deal:
    return Deal(
        row=2, id=created, account="Acme", account_key="acme", account_id=None, agent=agent,
        title="", amount="", outcome=outcome, step=outcome,
        created=date.fromisoformat(created), closed=date.fromisoformat(closed) if closed else None,
    )  # fmt: skip


LONG_AGO = _deal("won", "2024-01-10", "2024-02-01")
LATELY = _deal("won", "2026-10-01", "2026-11-10")
OPEN = _deal("open", "2026-11-01")
LOST = _deal("lost", "2026-09-01", "2026-11-20")


@pytest.mark.parametrize(
    ("deals", "stage", "since"),
    [
        ([OPEN], "evaluation", "2026-11-01"),
        ([LOST, OPEN], "evaluation", "2026-11-01"),
        ([LOST], "lost", "2026-11-20"),
        ([LATELY], "onboarding", "2026-11-10"),
        ([LATELY, LOST], "onboarding", "2026-11-10"),
        ([LONG_AGO], "adoption", "2024-03-02"),
        ([LONG_AGO, LATELY], "adoption", "2024-03-02"),  # a repeat order is no onboarding
        ([LONG_AGO, LOST], "adoption", "2024-03-02"),  # a lost deal is no churned customer
        ([LONG_AGO, LATELY, OPEN], "growth", "2026-11-01"),
    ],
)
def test_the_deals_of_an_account_tell_its_stage(deals: list[Deal], stage: str, since: str) -> None:
    found = derive_state(deals, TODAY, {})
    assert (found.stage, str(found.since)) == (stage, since)
    assert found.why


@pytest.mark.parametrize(
    ("words", "outcome"),
    [("Won", "won"), ("closedwon", "won"), ("Closed Lost", "lost"), ("In_Progress", "open"),
     ("Contract Sent", "open"), ("", "open")],
)  # fmt: skip
def test_the_words_of_a_deal_are_won_lost_or_open(words: str, outcome: str) -> None:
    assert outcome_of(words) == outcome


def test_the_agent_with_the_most_recent_deals_has_the_account() -> None:
    old = [_deal("won", f"2020-01-{n:02d}", "2020-02-01", "Ann") for n in range(1, 9)]
    new = [_deal("won", f"2026-10-{n:02d}", "2026-11-01", "Bob") for n in range(1, 3)]
    assert current_agent([*old, *new, _deal("open", "2026-11-20", agent="Cem")]) == "Bob"


def test_deals_become_stages_owners_and_past_interactions(desk: Desk) -> None:
    said = desk.deals(
        OURS
        + "Acme,A1,Priya Raman,Won,GTXBasic,2025-05-06,500.0,2025-04-24\n"
        + "Acme,A2,Priya Raman,Lost,GTXPro,2025-06-06,0.0,2025-05-24\n"
        + "Bolt,B1,Jo Stranger,In_Progress,GTXPro,,,2026-11-02\n"
    )
    acme, bolt = desk.account("Acme"), desk.account("Bolt")
    assert (acme.stage, acme.manager_id) == ("adoption", "U1")
    assert (bolt.stage, bolt.manager_id, bolt.owner_name) == ("evaluation", None, "Jo Stranger")
    assert [(str(one.happened_on), one.text) for one in desk.all(Interaction)] == [
        ("2025-04-24", "Opened: GTXBasic (Priya Raman)"),
        ("2025-05-06", "Won: GTXBasic for 500 (Priya Raman)"),
        ("2025-05-24", "Opened: GTXPro (Priya Raman)"),
        ("2025-06-06", "Lost: GTXPro (Priya Raman)"),
        ("2026-11-02", "Opened: GTXPro (Jo Stranger)"),
    ]
    assert "2 accounts came from the deals alone." in said
    assert "5 past interactions from deals." in said
    assert all(one.due_at > desk.now for one in desk.all(Touchpoint))


HEADINGS = {
    "hubspot": "Record ID,Deal Name,Deal Stage,Close Date,Deal owner,Amount,Create Date,"
    "Associated Company\n7,Gear,Closed Won,2025-05-06 10:00,Priya Raman,500,2025-04-24 09:00,Acme",
    "salesforce": "Opportunity ID,Opportunity Name,Stage,Close Date,Opportunity Owner,Amount,"
    "Created Date,Account Name\n7,Gear,Closed Won,5/6/2025,Priya Raman,500,4/24/2025,Acme",
    "pipedrive": "Deal - ID,Deal - Title,Deal - Status,Deal - Stage,Deal - Won time,"
    "Deal - Owner,Deal - Value,Deal - Deal created,Deal - Organization\n"
    "7,Gear,Won,Contract,2025-05-06 10:00:00,Priya Raman,500,2025-04-24 09:00:00,Acme",
}


@pytest.mark.parametrize("crm", HEADINGS)
def test_the_usual_headings_of_deals_are_understood(desk: Desk, crm: str) -> None:
    desk.deals(HEADINGS[crm] + "\n")
    assert desk.account("Acme").manager_id == "U1"
    assert [one.external_id for one in desk.all(Interaction)] == ["7:opened", "7:won"]
    assert desk.all(Interaction)[1].text == "Won: Gear for 500 (Priya Raman)"


def test_rows_that_cannot_be_are_rejected(desk: Desk) -> None:
    said = desk.deals(
        OURS
        + ",X1,A,Won,P,2025-05-06,1,2025-04-24\n" * 30
        + "Acme,A1,A,Won,P,2027-05-06,1,2025-04-24\n"
        + "Acme,A2,A,Won,P,2025-03-06,1,2025-04-24\n"
        + "Acme,A3,A,In_Progress,P,2027-05-06,1,2026-04-24\n"
        + "Acme,A3,A,In_Progress,P,,1,2026-04-24\n"
    )
    assert "30 rows │ no account named" in said
    assert "in the future is the day of closing" in said
    assert "35 │ deal A3 is already in row 34" in said
    # What closed before it was created came from a CRM that was migrated: its close date counts.
    assert "33 │" not in said
    assert desk.account("Acme").stage == "growth"


def test_the_same_deals_twice_change_nothing(desk: Desk) -> None:
    content = OURS + "Acme,A1,Ann,Won,P,2025-05-06,1,2025-04-24\n"
    desk.deals(content)
    desk.wait(days=1)
    assert "Nothing was written." in desk.deals(content)
    assert len(desk.all(Interaction)) == 2


def test_a_deal_that_is_won_later_moves_its_account_on(desk: Desk) -> None:
    desk.deals(OURS + "Acme,A1,Ann,In_Progress,P,,,2026-11-02\n")
    desk.wait(days=2)
    desk.deals(OURS + "Acme,A1,Ann,Won,P,2026-11-24,9,2026-11-02\n")
    assert desk.account("Acme").stage == "onboarding"
    assert [one.external_id for one in desk.all(Interaction)] == ["A1:opened", "A1:won"]


def test_deals_do_not_take_back_what_the_list_of_accounts_knows_better(desk: Desk) -> None:
    desk.bring("Account,Stage\nAcme,Evangelist\nBolt,Churned\nCog,Lead\n")
    won = "".join(
        f"{name},{name}1,Ann,Won,P,2025-05-06,1,2025-04-24\n" for name in ("Acme", "Bolt", "Cog")
    )
    desk.deals(OURS + won)
    assert {one.name: one.stage for one in desk.all(Account)} == {
        "Acme": "advocacy",
        "Bolt": "churned",
        "Cog": "adoption",
    }
    assert "Nothing has changed" in desk.bring(
        "Account,Stage\nAcme,Evangelist\nBolt,Churned\nCog,Lead\n"
    )


def test_a_step_named_by_an_option_decides(desk: Desk) -> None:
    desk.deals(OURS + "Acme,A1,Ann,Closed Won,P,2025-05-06,1,2025-04-24\n",
               "--stage", "Closed Won=onboarding")  # fmt: skip
    assert desk.account("Acme").stage == "onboarding"


def test_accounts_and_deals_together_are_one_import(desk: Desk) -> None:
    accounts = desk.file("a.csv", "Account\nAcme\n")
    deals = desk.file("d.csv", OURS + "Acme,A1,Ann,Won,P,2026-10-06,1,2026-09-24\n")
    desk.typed(accounts, "--deals", deals)
    assert [one.to_stage for one in desk.all(StageChange)] == ["prospect", "adoption"]
    assert {one.stage for one in desk.all(Touchpoint) if not one.term} == {"adoption"}
    desk.typed("--undo")
    assert not desk.all(Account)
    assert not desk.all(Interaction)


def test_deals_without_a_column_for_the_account_are_refused(desk: Desk) -> None:
    with pytest.raises(UserError, match=r'--map "Firm=account"'):
        desk.deals("Firm,Stage\nAcme,Won\n")
