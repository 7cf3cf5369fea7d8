"""Sector and country of an export: read, kept as people in Slack said, taken back by an undo."""

from __future__ import annotations

import pytest

from bot.actions.accounts import accounts, lookup
from bot.actions.actor import Actor
from db.core.tx import begin
from tests.forms.helpers import modal
from tests.story import Story

from .conftest import TEAM, Desk

HEADINGS = {
    "hubspot": "Company name,Industry,Country/Region",
    "salesforce": "Account Name,Industry,Billing Country",
    "pipedrive": "Organization - Name,Organization - Industry,Organization - Country of Address",
    "plain": "account,sector,office_location",
    "other": "Customer,Vertical,HQ country",
}


def facts(desk: Desk, name: str = "Acme") -> tuple[str | None, str | None]:
    found = desk.account(name)
    return found.sector, found.country


@pytest.mark.parametrize("crm", HEADINGS)
def test_the_usual_headings_are_understood(desk: Desk, crm: str) -> None:
    said = desk.bring(f"{HEADINGS[crm]}\nAcme,HOSPITAL_HEALTH_CARE,Ireland\nBolt,n/a,-\n")
    assert facts(desk) == ("Hospital health care", "Ireland")
    assert facts(desk, "Bolt") == (None, None)
    assert "│ Accounts │ 2 │" in said


def test_any_column_can_be_named_and_a_dry_run_shows_it(desk: Desk) -> None:
    content = f"Account,Their branch,Home\nAcme,Retail,Ireland\nBolt,{'x' * 81},\n"
    said = desk.bring(content, "--map", "Their branch=sector", "--map", "Home=country", "--dry-run")
    assert "stage prospect, sector Retail, country Ireland" in said
    assert "longer than 80 characters is the sector" in said


def test_what_somebody_said_in_slack_stays_and_an_undo_puts_the_rest_back(desk: Desk) -> None:
    desk.bring("Account,Industry,Country\nAcme,Retail,Ireland\nBolt,Retail,\n")
    with begin(desk.engine, TEAM) as tx:
        acme = lookup.find_account(tx, "Acme")
        accounts.set_fact(desk.work(tx, Actor("U1", "slash")), acme, "sector", "Fashion")
    later = "Account,Industry,Country\nAcme,Clothing,Norway\nBolt,,Norway\n"
    said = desk.bring(later, "--dry-run")
    assert "Acme │ changed in Slack │ sector Clothing" in said
    assert "country Ireland → Norway" in said
    desk.bring(later)
    assert (facts(desk), facts(desk, "Bolt")) == (("Fashion", "Norway"), ("Retail", "Norway"))
    desk.typed("--undo")
    assert (facts(desk), facts(desk, "Bolt")) == (("Fashion", "Ireland"), ("Retail", None))


def test_who_could_give_a_reference_is_answered_from_an_export(story: Story) -> None:
    export = b"Company name,Lifecycle stage,Industry,Country\n" + (
        b"Acme,Evangelist,Hospital & Health Care,Ireland\nBolt,Evangelist,Retail,\n"
    )
    story.slack.upload("priya", "@linchpin", "hubspot.csv", export)
    story.settle()
    story.clicks("priya", story.sees("@priya", "2 rows, nothing written yet"), "Import")
    found = story.types("priya", "/advocacy who could give a reference in healthcare?").text
    assert "Acme · Hospital & Health Care: never asked" in found.replace("&amp;", "&")
    assert "Bolt" not in found
    story.types("priya", "/account acme edit")
    assert "Hospital & Health Care" in str(modal(story, "priya").blocks)
