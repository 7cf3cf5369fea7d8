"""Many at once: after downtime, in shared channels, more than a message can hold."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from db.touchpoints import touchpoints
from sandbox import SlackMessage
from tests.databases import BOTH
from tests.nudges.helpers import (
    audited,
    dublin,
    labels,
    many,
    skip_digests,
    touchpoint,
    whispers,
    writing,
)
from tests.story import Story

FRIDAY = dublin("2026-11-20 09:00")


def row(message: SlackMessage, words: str) -> str:
    return next(b["block_id"] for b in message.blocks if words in str(b.get("text", "")))


def down_until(story: Story, moment: str) -> None:
    """Nothing runs until then."""
    story.frozen.move_to(dublin(moment))
    story.settle()
    skip_digests(story)


def test_five_come_one_by_one(story: Story) -> None:
    many(story, 5, FRIDAY)
    story.after(seconds=15)
    for number in range(5):
        assert f"Firm {number:03}" in story.sees("#operations", "Kick-off call").text


@BOTH
def test_six_come_as_one_message_oldest_first_and_only_in_working_hours(story: Story) -> None:
    many(story, 6, FRIDAY)
    with writing(story) as tx:
        oldest = touchpoints.by_id(tx, 4)
        assert oldest is not None
        touchpoints.save(tx, oldest, due_at=FRIDAY - timedelta(days=2))
    down_until(story, "2026-11-25 22:00")
    assert [m for m in story.slack.messages("#operations") if "Firm" in m.text] == []
    story.until("2026-11-26 09:01")
    nudge = story.sees("#operations", "6 touchpoints for Operations", "6 still open")
    order = [nudge.text.index(f"Firm {number:03}") for number in (3, 0, 1, 2, 4, 5)]
    assert order == sorted(order)
    story.settle()


def test_menus_of_a_combined_message_act_and_undo_by_reaction_means_nothing(story: Story) -> None:
    many(story, 6, FRIDAY)
    story.settle()
    nudge = story.sees("#operations", "6 touchpoints")
    story.reacts("diego", nudge, "white_check_mark")
    assert audited(story) == []
    story.clicks("diego", nudge, "Done", block_id=row(nudge, "Firm 002"))
    was = story.again(nudge)
    story.clicks("aiko", was, "I'll take it", block_id=row(was, "Firm 003"))
    now = story.again(nudge)
    assert "5 still open" in now.text
    assert "Firm 002 · Kick-off call: ✓ Done by <@U0DIEGO>" in now.text
    assert "Claimed by <@U0AIKO>" in now.text
    assert labels(now).count("Release") == 1
    story.clicks("aiko", nudge, "Skip…", block_id=row(nudge, "Firm 002"))  # an old screen
    assert "was done by <@U0DIEGO> already" in whispers(story, "aiko")[0]


def test_a_snoozed_item_comes_back_by_itself_and_leaves_the_combined_message(story: Story) -> None:
    many(story, 6, FRIDAY)
    story.settle()
    nudge = story.sees("#operations", "6 touchpoints")
    for firm in ("Firm 000", "Firm 001"):
        was = story.again(nudge)
        story.clicks("diego", was, "Snooze…", block_id=row(was, firm))
    story.until("2026-11-24 09:01")
    fresh = story.sees("#operations", "Firm 000", "Kick-off call")
    story.sees("#operations", "Firm 001", "Kick-off call")
    assert "Firm 000" not in story.again(nudge).text
    # The sum of the versions went down meanwhile: what is done now must still be shown.
    for number in (2, 3, 4, 5):
        was = story.again(nudge)
        story.clicks("diego", was, "Done", block_id=row(was, f"Firm {number:03}"))
        assert f"Firm {number:03} · Kick-off call: ✓ Done" in story.again(nudge).text
    assert "All looked after" in story.again(nudge).text
    story.clicks("diego", fresh, "Done")


def test_two_departments_with_one_channel_share_a_message(story: Story) -> None:
    story.types("priya", "/linchpin settings marketing channel #operations")
    many(story, 3, dublin("2026-11-24 09:00"))
    for name in ("Acme", "Borea", "Cobalt"):
        story.slack.command("priya", "#general", f"/account add {name} stage advocacy")
    story.frozen.move_to(dublin("2026-11-26 10:00"))
    story.settle()
    shared = story.sees("#operations", "6 touchpoints for Marketing and Operations")
    assert "Kick-off call" in shared.text
    assert "A thank-you" in shared.text


def test_managers_plays_count_with_those_of_the_department_that_stands_in(story: Story) -> None:
    many(story, 4, FRIDAY, owner="sales")
    with writing(story) as tx:
        for number in (1, 2, 3, 4):
            found = touchpoints.by_id(tx, number)
            assert found is not None
            touchpoints.save(tx, found, play="hello", title="Personal hello", owner="manager")
    for name in ("Acme", "Borea"):
        story.slack.command("priya", "#general", f"/account add {name}")
    story.frozen.move_to(dublin("2026-11-24 09:00"))
    story.settle()
    story.sees("#sales", "6 touchpoints for Sales", "First question", "Personal hello")


@pytest.mark.parametrize("count", [21, 40])
def test_more_than_a_message_shows_are_counted_and_move_up(story: Story, count: int) -> None:
    many(story, count, FRIDAY)
    story.settle()
    nudge = story.sees("#operations", f"{count} touchpoints", f"and {count - 20} more")
    assert "/next operations" in nudge.text
    assert "Firm 020" not in str(nudge.blocks)
    story.clicks("diego", nudge, "Done", block_id=row(nudge, "Firm 000"))
    now = story.again(nudge)
    assert "Firm 020" in str(now.blocks)
    assert "Firm 000* · Kick-off call: ✓ Done by" in str(now.blocks)


def test_five_hundred_are_said_quickly_and_once(story: Story) -> None:
    many(story, 500, FRIDAY)
    began = time.process_time()
    story.settle()
    took = time.process_time() - began
    nudge = story.sees("#operations", "500 touchpoints", "and 480 more")
    assert len(nudge.blocks) <= 50
    assert len(nudge.text) <= 4000
    began = time.process_time()
    story.clicks("diego", nudge, "Done", block_id=row(nudge, "Firm 000"))
    assert touchpoint(story, account="Firm 000").state == "done"
    assert time.process_time() - began < 10
    assert took < 15  # about 2 s on an idle machine


def test_whose_time_came_first_is_looked_at_from_that_moment_on(story: Story) -> None:
    due, second = story.now + timedelta(days=1), timedelta(seconds=1)
    many(story, 2, due)
    with writing(story) as tx:
        sooner = touchpoints.by_id(tx, 2)
        assert sooner is not None
        touchpoints.save(tx, sooner, wake_at=due - second)
    workspace = story.context.workspace
    found = [touchpoints.next_to_check(story.engine, due - late * second) for late in (2, 1, 0)]
    assert found == [None, (workspace, 2), (workspace, 2)]
    with writing(story) as tx:
        answered = touchpoints.by_id(tx, 2)
        assert answered is not None
        touchpoints.save(tx, answered, wake_at=None)
    assert touchpoints.next_to_check(story.engine, due - second) is None
    assert touchpoints.next_to_check(story.engine, due) == (workspace, 1)
