"""The digest as it stands in Slack: what is clicked there is confirmed, and done."""

from __future__ import annotations

from tests.story import Story


def test_a_click_in_a_digest_does_it_and_says_so_to_whoever_clicked(story: Story) -> None:
    story.types("priya", "/account add Acme stage onboarding")
    story.until("2026-11-24 09:01")
    nudge = story.sees("#operations", "Acme", "Kick-off call")
    story.until("2026-11-30 09:05")
    story.sees("#operations", "Nobody has taken this yet")
    story.sees("@diego", "waited with Operations")
    story.sees("#sales", "Personal hello")
    story.sees("#sales", "Nobody has taken this yet")
    story.sees("#customers", "All of us this week")
    story.sees("#sales", "Sales this week")
    story.sees("#marketing", "A quiet week")
    digest = story.sees("#operations", "Operations this week", "Kick-off call")
    story.clicks("aiko", digest, "Done")
    assert "Done by <@U0AIKO>" in story.again(nudge).text
    assert story.slack.ephemerals("aiko")[-1].text == "✓ Done: Acme · Kick-off call"
