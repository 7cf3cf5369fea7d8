"""A lead's Home: the team's renewals at risk and not known enough, by manager and by tier."""

from __future__ import annotations

import pytest

from tests.commands.helpers import account
from tests.home.test_home import home, modal, nothing_else_matters, opens_home, shown
from tests.story import Story
from tests.test_statement_counts import counted

ACCOUNTS = (
    # name, manager, renewal, amount, tier
    ("Quay", "sam", "2027-01-15", "18k EUR", "B"),
    ("Kestrel", "sam", "2027-01-20", "9600 EUR", "A"),
    ("Quillon", "tom", "2027-02-05", "24k EUR", "A"),
    ("Hearth", "tom", "2027-04-30", "16k EUR", "B"),
    ("Halcyon", "priya", "2026-12-31", "48k GBP", "A"),
)


@pytest.fixture
def sales(story: Story) -> Story:
    """Priya leads Sales, where Sam and Tom are; Maya's account is none of theirs."""
    for name, who, renews, amount, tier in ACCOUNTS:
        story.types(who, f"/account add {name} stage renewal manager me renews {renews}")
        story.types(who, f"/account {name} worth {amount}")
        story.types(who, f"/account {name} tier {tier}")
    story.types("maya", "/account add Other stage renewal manager me renews 2026-12-10")
    for who in ("sam", "tom"):
        story.types(who, "/linchpin settings department sales")
    story.types("priya", "/linchpin settings sales lead @priya")
    story.types("sam", "/log quay complaint the export fails")
    story.types("tom", "/log hearth complaint nobody answers the phone")
    nothing_else_matters(story)
    return story


def test_a_lead_sees_what_is_at_risk_and_why_and_what_is_not_known(sales: Story):
    words = opens_home(sales, "priya")
    order = [
        "At risk: 1 of 4 renewals, EUR 18,000",
        "Sales team, Mon 23 Nov · renewals within 90 days: EUR 51,600 and GBP 48,000 a year",
        "*Quay* · Fri 15 Jan 2027 (53 days) · EUR 18,000 · Sam Carter\n"
        "Complaint open since Mon 23 Nov",
        "*At risk later: Hearth* · Fri 30 Apr 2027 (158 days) · EUR 16,000 · Tom Okafor",
        "Not known enough: 4 of 4 renewals",
        "*Halcyon* · Thu 31 Dec (38 days) · GBP 48,000 · you\nConfirmed value, decision maker",
        "By manager",
        "*Sam Carter* · 2 accounts · 2 renewals · *1 at risk* (EUR 18,000) · 2 not known enough\n"
        "None overdue · none done last week",
        "*Tom Okafor* · 2 accounts · 1 renewal · none at risk · 1 at risk later",
        "By tier",
        "*Tier A* · 3 accounts · 3 renewals · none at risk · 3 not known enough\n"
        "*Tier B* · 2 accounts · 1 renewal · *1 at risk* (EUR 18,000) · 1 at risk later",
        "Unclaimed in Sales: none",
    ]
    at = [words.index(each) for each in order]
    assert at == sorted(at)
    assert "Other" not in words


def test_the_numbers_of_managers_and_tiers_add_up(sales: Story):
    words = opens_home(sales, "priya")
    managers, tiers = (
        [line.split(" · ") for line in words.splitlines() if line.startswith(starts)]
        for starts in (("*Sam", "*Tom", "*Priya"), "*Tier")
    )
    for lines in (managers, tiers):
        assert sum(int(parts[1].split()[0]) for parts in lines) == len(ACCOUNTS)
        assert sum(int(parts[2].split()[0]) for parts in lines) == 4
    assert "Yours today" not in words
    sales.clicks("priya", home(sales, "priya"), "next:mine")
    listed = str(modal(sales, "priya").blocks)
    assert "Later: " in listed or "Yours today" in listed


def test_an_account_s_menu_opens_its_card_and_changes_its_manager(sales: Story):
    opens_home(sales, "priya")
    lead = home(sales, "priya")
    menus = [b["accessory"] for b in lead.blocks if "Quay" in str(b.get("text"))]
    labels = [option["text"]["text"] for option in menus[0]["options"]]
    assert labels == ["Open account", "Message Sam Carter", "Change manager…"]
    link = next(each["url"] for each in menus[0]["options"] if "url" in each)
    assert link.endswith("channel=U0SAM")
    where = row_of(sales, "Quay")
    sales.clicks("priya", lead, "Open account", block_id=where)
    assert "Quay" in str(modal(sales, "priya").blocks)
    sales.clicks("priya", home(sales, "priya"), "Change manager…", block_id=where)
    sales.slack.submit("priya", {"manager": "U0TOM"})
    sales.settle()
    assert account(sales, "Quay").manager_id == "U0TOM"
    nothing_else_matters(sales)


def row_of(story: Story, name: str) -> str:
    blocks = home(story, "priya").blocks
    return next(b["block_id"] for b in blocks if f"*{name}*" in str(b.get("text")))


def test_renewals_by_month_are_listed_with_their_money(sales: Story):
    opens_home(sales, "priya")
    sales.clicks("priya", home(sales, "priya"), "Show renewals by month")
    words = str(modal(sales, "priya").blocks)
    assert "*Dec 2026* · 1 renewal · GBP 48,000 a year" in words
    assert "*Jan 2027* · 2 renewals · EUR 27,600 a year · *1 at risk*" in words


def test_a_lead_is_told_of_silence_once_its_owner_was_asked(sales: Story):
    for who in ("sam", "tom"):
        sales.types(who, f"/account add Basalt of {who} stage onboarding manager me")
    sales.until("2026-12-08 12:00")
    nothing_else_matters(sales)
    assert "nothing recorded since" not in opens_home(sales, "priya")
    sales.until("2026-12-14 12:00")
    nothing_else_matters(sales)
    sales.types("tom", "/log quillon call they are well")
    words = opens_home(sales, "priya")
    asked = "they were asked on"
    assert f"nothing recorded since Mon 23 Nov ({asked}" in words
    assert words.count(asked) == 1, "Tom was back"
    covers = [b for b in home(sales, "priya").blocks if "Set a cover" in str(b.get("accessory"))]
    assert [b["accessory"]["accessibility_label"] for b in covers] == ["Set a cover for Sam Carter"]
    nothing_else_matters(sales)


def test_a_lead_without_managers_has_everybody_s_home(sales: Story):
    assert "Yours today" in opens_home(sales, "diego")
    assert "Unclaimed in Operations" in shown(sales, "diego")


def test_a_lead_s_home_takes_few_statements(sales: Story):
    with counted(sales.engine) as found:
        opens_home(sales, "priya")
    built = [each for each in found if any("INTO outbox " in one for one in each)]
    assert max(map(len, built)) <= 40
