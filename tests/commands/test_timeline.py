"""`/account acme` on one screen, and `/account acme timeline`: the whole story, page by page."""

from __future__ import annotations

from datetime import UTC, datetime

from db.models import Interaction
from tests.commands.helpers import account, buttons
from tests.forms.helpers import submits
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


def test_a_card_tells_renewal_stage_manager_what_is_missing_next_and_the_last_three(story: Story):
    story.types("priya", "/account add Acme stage onboarding manager @tom renews 2027-03-31")
    talked(story, 6)
    told = story.types("priya", "/account acme")
    for words in (
        "Acme · renews Wed 31 Mar 2027 (128 days)\nOnboarding, term 1 · Tom Okafor\nRoad",
        "Missing: 5 · no confirmed value this term · ",
        "Next: Kick-off call · ",
        "Lately\n• Mon 23 Nov · added in Onboarding (Priya Raman)\n"
        "• Tue 6 Oct · call: talk number 6. (Tom Okafor)\n• Mon 5 Oct · call: talk number 5.",
    ):
        assert words in told.text, words
    assert "talk number 4." not in told.text
    assert buttons(told) == ["Log…", "Record value…", "Record decision…", "Move stage…"]


def test_the_menu_of_a_card_edits_and_archives_its_account(story: Story):
    story.types("priya", "/account add Acme stage onboarding manager @tom")
    shown = story.types("priya", "/account acme")
    story.clicks("priya", shown.message, "command:menu", value="Edit account…")
    submits(story, "priya", {"renews": "2027-03-31", "worth": "EUR 9,600", "tier": "A"})
    told = story.private("priya").text
    assert told.startswith(
        "Acme · renews Wed 31 Mar 2027 (128 days) · EUR 9,600 a year\n"
        "Onboarding, term 1 · Tom Okafor · tier A"
    )
    story.clicks("priya", shown.message, "command:menu", value="Archive…")
    assert account(story, "Acme").archived_at is None
    submits(story, "priya", {})
    assert "Archived, was in Onboarding" in story.private("priya").text
    story.clicks("priya", story.private("priya"), "command:menu", value="Restore")
    assert account(story, "Acme").archived_at is None


def test_lately_tells_each_thing_once(story: Story):
    story.types("priya", "/account add Acme stage renewal manager @priya renews 2027-03-31")
    story.sees("#marketing", "Story of the year")
    story.types("priya", "/decision acme renewed because it pays")
    story.sees("#marketing", "Story of the year")
    lately = story.types("priya", "/account acme").text.partition("Lately\n")[2]
    assert lately.count("it pays") == 1
    assert lately.startswith("• Mon 23 Nov · decision: they renewed, because it pays (Priya Raman)")


def test_a_card_of_an_archived_account_offers_its_story_and_people_only(story: Story):
    story.types("priya", "/account add Acme")
    story.types("priya", "/account acme archive")
    shown = story.types("priya", "/account acme")
    assert buttons(shown) == []
    assert "Restore" in str(shown.blocks)
    assert "Edit account" not in str(shown.blocks)
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
    assert lines[0] == "Acme: 5 entries, newest first"
    assert "• Tue 24 Nov · Kick-off call: done (Diego Santos)" in lines
    # Nobody ever saw what else was planned.
    assert "no longer needed" not in told
    moved = "moved from Onboarding to Prospect, because they start over (Tom Okafor)"
    assert f"• Tue 24 Nov · {moved}" in lines
    assert lines[-4:-1] == [
        "• Mon 23 Nov · call: they like it (Priya Raman)",
        "• Mon 23 Nov · term 1 began",
        "• Mon 23 Nov · added in Onboarding (Priya Raman)",
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
    assert labels == ["Newer", "Card", "Goals and risks", "Value", "Terms"]
    story.clicks("priya", last, "Newer")
    assert "Page 2 of 3" in story.private("priya").text
    story.clicks("priya", story.private("priya"), "Card")
    assert story.private("priya").text.startswith("Acme\nProspect")


def test_a_page_is_typed_and_what_lies_beyond_is_the_last(story: Story):
    story.types("priya", "/account add Acme")
    talked(story, 11)
    assert "Page 2 of 2" in story.types("priya", "/account acme timeline 2").text
    assert "Page 2 of 2" in story.types("priya", "/account acme timeline 99999999").text
    assert "Page 1 of 2" in story.types("priya", "/account acme timeline 0").text
    assert "Only a page number" in story.types("priya", "/account acme timeline soon").text


def test_the_longest_notes_fit_a_page(story: Story):
    story.types("priya", "/account add Acme")
    talked(story, 1)
    for _ in range(12):
        story.types("priya", "/log acme call " + "&" * 2900)
    assert "Page 1 of 2" in story.types("priya", "/account acme timeline").text
