"""A person's morning: one DM with what is theirs, when there is something new."""

from __future__ import annotations

from sandbox import SlackMessage
from tests.nudges.helpers import touchpoint
from tests.story import Story


def managed(story: Story, *names: str) -> None:
    for name in names:
        story.types("priya", f"/account add {name} stage onboarding manager @tom")


def done(story: Story, message: SlackMessage, account: str, play: str = "hello") -> None:
    row = touchpoint(story, play, account)
    story.clicks("tom", message, "Done", block_id=f"touchpoint-{row.id}")


def skip_the_rest(story: Story) -> None:
    for message in story.slack.unexpected():
        story.sees(message.channel, "")


def test_one_dm_with_what_is_new_and_the_next_carries_it_on(story: Story) -> None:
    managed(story, "Acme", "Initech")
    story.until("2026-11-25 09:02")
    first = story.sees("@tom", "Wed 25 Nov: 2 touchpoints for you")
    assert "Acme · Personal hello · due today" in first.text
    done(story, first, "Acme")
    assert "Done by" in story.again(first).text
    managed(story, "Hooli")
    story.until("2026-11-26 09:02")
    assert "Thu 26 Nov: 1 touchpoint for you" in story.again(first).text  # edited, not posted
    assert "Initech · Personal hello · 1 day overdue" in story.again(first).text
    story.until("2026-11-27 09:02")
    second = story.sees("@tom", "Fri 27 Nov: 2 touchpoints for you", "Initech", "Hooli")
    assert "2 days overdue" in second.text
    assert "Yours, Wed 25 Nov: 1 of 2 done" in story.again(first).text
    assert touchpoint(story, "hello", "Initech").nudge_id
    skip_the_rest(story)


def claimed(story: Story) -> SlackMessage:
    """Acme's kick-off call, claimed by Diego on the day it was due."""
    story.types("priya", "/account add Acme stage onboarding manager @priya")
    story.until("2026-11-24 09:00")
    story.settle()
    nudge = story.sees("#operations", "Kick-off call")
    story.clicks("diego", nudge, "I'll take it")
    return nudge


def test_a_claim_moves_to_its_holders_dm_when_its_list_folds(story: Story) -> None:
    nudge = claimed(story)
    for name in ("Initech", "Hooli"):
        story.types("priya", f"/account add {name} stage onboarding manager @priya")
    story.until("2026-11-25 09:06")
    mine = story.sees("@diego", "Wed 25 Nov: 1 touchpoint for you", "Acme · Kick-off call")
    assert "With Diego Santos" in story.again(nudge).text
    assert "Acme" not in story.sees("#operations", "Initech", "Hooli").text
    done_by_diego = touchpoint(story)
    story.clicks("diego", mine, "Done", block_id=f"touchpoint-{done_by_diego.id}")
    assert touchpoint(story).state == "done"
    skip_the_rest(story)


def test_a_long_claim_is_asked_about_and_released_a_day_later(story: Story) -> None:
    claimed(story)
    skip_the_rest(story)
    story.until("2026-11-27 09:02")
    asked = story.sees("@diego", "You claimed it on Tue 24 Nov. Still on it?")
    assert "Fri 27 Nov: 1 touchpoint for you" in asked.text
    story.until("2026-11-30 09:02")
    released = story.sees("@diego", "Released to Operations: no update from you in 4 days")
    again = story.sees("#operations", "Kick-off call", "1   Acme")
    story.clicks("diego", released, "I'll take it")
    assert touchpoint(story).by_user == "U0DIEGO"
    assert "claimed by Diego Santos" in story.again(again).text
    skip_the_rest(story)


def test_still_on_it_keeps_the_claim(story: Story) -> None:
    claimed(story)
    skip_the_rest(story)
    story.until("2026-11-27 09:02")
    asked = story.sees("@diego", "Still on it?")
    story.clicks("diego", asked, "Still on it", block_id=f"touchpoint-{touchpoint(story).id}")
    assert "Still on it?" not in story.again(asked).text
    story.until("2026-11-30 12:00")
    assert touchpoint(story).by_user == "U0DIEGO"
    skip_the_rest(story)


def test_nobody_gets_it_outside_their_own_hours(story: Story) -> None:
    story.types("priya", "/account add Acme stage onboarding manager @sam")
    story.until("2026-11-25 13:59")  # 8:59 in New York, where Sam works
    assert not story.slack.dms("sam")
    story.until("2026-11-25 14:00")
    story.settle()
    first = story.sees("@sam", "Wed 25 Nov: 1 touchpoint for you", "Acme · Personal hello")
    story.until("2026-11-26 14:06")
    assert "Thu 26 Nov: 1 touchpoint for you" in story.again(first).text
    assert "1 day overdue" in story.again(first).text
    skip_the_rest(story)
