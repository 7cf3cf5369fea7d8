"""`/account acme` on one screen, and `/account acme timeline`: the whole story, page by page."""

from __future__ import annotations

from datetime import UTC, datetime

from db.models import Interaction
from tests.commands.helpers import account, buttons
from tests.story import Story


def talked(story: Story, times: int) -> None:
    """Calls on the first days of October, straight into rows."""
    acme = account(story, "Acme").id
    with story.tx() as tx:
        for n in range(1, times + 1):
            on = datetime(2026, 10, n, 12, tzinfo=UTC)
            tx.add(
                Interaction(
                    account_id=acme,
                    kind="call",
                    text=f"talk number {n}.",
                    happened_on=on.date(),
                    by_user="U0TOM",
                    source="slash",
                    created_at=on,
                )
            )


def test_a_card_tells_stage_manager_term_renewal_next_and_the_last_five(story: Story):
    story.types("priya", "/account add Acme stage onboarding manager @tom renews 2027-03-31")
    talked(story, 6)
    told = story.types("priya", "/account acme")
    for words in (
        "Acme · Onboarding since today, for about 30 days",
        "Manager: <@U0TOM>",
        "Term 1",
        "Renews Wed 31 Mar 2027 (in 128 days)",
        "Kick-off call: Operations",
        "Personal hello: <@U0TOM>",
        "Monthly report",
        "• Tue 6 Oct: call: talk number 6. (<@U0TOM>)",
        "talk number 2.",
        "Last move: Mon 23 Nov: added in Onboarding (<@U0PRIYA>)",
    ):
        assert words in told.text
    assert "talk number 1." not in told.text
    assert buttons(told) == [
        "Move to Renewal",
        "Record the decision…",
        "Move…",
        "Log…",
        "Timeline",
        "People",
        "Terms",
    ]


def test_a_card_of_an_archived_account_offers_its_story_and_people_only(story: Story):
    story.types("priya", "/account add Acme")
    story.types("priya", "/account acme archive")
    assert buttons(story.types("priya", "/account acme")) == ["Timeline", "People"]
    assert "added in Prospect" in story.types("priya", "/account acme timeline").text


def test_a_timeline_tells_touchpoints_and_moves_with_who_and_why(story: Story):
    story.types("priya", "/account add Acme stage onboarding manager @tom")
    story.types("priya", "/log acme call they like it")
    story.until("2026-11-24 09:05")
    nudge = story.sees("#operations", "Kick-off call")
    story.clicks("diego", nudge, "Done")
    story.types("tom", "/stage acme prospect because they start over")
    story.types("tom", "/log acme visit taken back")
    story.clicks("tom", story.private("tom"), "Undo")
    told = story.types("priya", "/account acme timeline").text
    lines = told.splitlines()
    assert lines[0] == "Acme: 7 entries, newest first"
    assert "• Tue 24 Nov: Kick-off call: done (<@U0DIEGO>)" in lines
    dropped = "• Tue 24 Nov: Personal hello: no longer needed"
    assert any(line.startswith(dropped) and "<@" not in line for line in lines)
    moved = "moved from Onboarding to Prospect, because they start over (<@U0TOM>)"
    assert f"• Tue 24 Nov: {moved}" in lines
    assert lines[-4:-1] == [
        "• Mon 23 Nov: call: they like it (<@U0PRIYA>)",
        "• Mon 23 Nov: term 1 began",
        "• Mon 23 Nov: added in Onboarding (<@U0PRIYA>)",
    ]
    assert "taken back" not in told
    story.sees("#customers", "moved from Onboarding")


def test_older_and_newer_turn_the_pages_in_place(story: Story):
    story.types("priya", "/account add Acme")
    talked(story, 24)
    story.types("priya", "/account acme")
    seen: list[str] = []
    story.clicks("priya", story.private("priya"), "Timeline")
    for page in ("1 of 3", "2 of 3", "3 of 3"):
        shown = story.private("priya")
        assert f"Page {page}" in shown.text
        seen += [line for line in shown.text.splitlines() if line.startswith("•")]
        if page != "3 of 3":
            story.clicks("priya", shown, "Older")
    assert len(seen) == len(set(seen)) == 25
    assert "number 1." in seen[-1]
    last = story.private("priya")
    labels = [e["text"]["text"] for b in last.blocks for e in b.get("elements", []) if "value" in e]
    assert labels == ["Newer", "Card"]
    story.clicks("priya", last, "Newer")
    assert "Page 2 of 3" in story.private("priya").text
    story.clicks("priya", story.private("priya"), "Card")
    assert story.private("priya").text.startswith("Acme · Prospect")


def test_a_page_is_typed_and_what_lies_beyond_is_the_last(story: Story):
    story.types("priya", "/account add Acme")
    talked(story, 11)
    assert "Page 2 of 2" in story.types("priya", "/account acme timeline 2").text
    assert "Page 2 of 2" in story.types("priya", "/account acme timeline 99999999").text
    assert "Page 1 of 2" in story.types("priya", "/account acme timeline 0").text
    assert "at most a page" in story.types("priya", "/account acme timeline soon").text


def test_the_longest_notes_fit_a_page(story: Story):
    story.types("priya", "/account add Acme")
    talked(story, 1)
    for _ in range(12):
        story.types("priya", "/log acme call " + "&" * 2900)
    assert "Page 1 of 2" in story.types("priya", "/account acme timeline").text
