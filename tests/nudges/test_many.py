"""Many at once: after downtime, in shared channels, more than a message can hold."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from db.models import Touchpoint
from db.touchpoints import touchpoints
from tests.databases import BOTH
from tests.nudges.helpers import dublin, kickoff_row, labels, many, touchpoint, writing
from tests.story import Story

FRIDAY = dublin("2026-11-20 09:00")


@BOTH
def test_after_downtime_all_come_as_one_list_oldest_first_in_working_hours(story: Story) -> None:
    many(story, 6, FRIDAY)
    with writing(story) as tx:
        oldest = tx.get(Touchpoint, 4)
        assert oldest is not None
        touchpoints.save(tx, oldest, due_at=FRIDAY - timedelta(days=2))
    story.frozen.move_to(dublin("2026-11-25 22:00"))
    story.settle()
    assert story.slack.messages("#operations") == []
    story.until("2026-11-26 09:01")
    listed = story.sees("#operations", "Operations today", "6 touchpoints")
    order = [listed.text.index(f"Firm {number:03}") for number in (3, 0, 1, 2, 4, 5)]
    assert order == sorted(order)
    _others(story)


def test_two_departments_with_one_channel_share_a_list(story: Story) -> None:
    story.types("priya", "/linchpin settings marketing channel #operations")
    many(story, 3, dublin("2026-11-24 09:00"))
    for name in ("Acme", "Borea", "Cobalt"):
        story.slack.command("priya", "#general", f"/account add {name} stage advocacy")
    story.frozen.move_to(dublin("2026-11-26 10:00"))
    story.settle()
    words = "Marketing and Operations today", "6 touchpoints", "Kick-off call", "A thank-you"
    story.sees("#operations", *words)
    _others(story)


def test_managers_plays_stand_in_the_list_of_the_department_that_acts_for_them(
    story: Story,
) -> None:
    many(story, 4, FRIDAY, owner="manager")
    with writing(story) as tx:
        for number in (1, 2, 3, 4):
            found = tx.get(Touchpoint, number)
            assert found is not None
            touchpoints.save(tx, found, play="hello", title="Personal hello")
    for name in ("Acme", "Borea"):
        story.slack.command("priya", "#general", f"/account add {name}")
    story.frozen.move_to(dublin("2026-11-24 09:00"))
    story.settle()
    story.sees("#sales", "6 touchpoints", "First question", "Personal hello")


def test_forty_come_in_three_mornings_and_a_list_shows_ten_of_them(story: Story) -> None:
    many(story, 40, FRIDAY)
    story.settle()
    first = story.sees("#operations", "10 touchpoints", "30 more tomorrow")
    assert "Firm 010" not in first.text
    story.until("2026-11-24 09:01")
    second = story.sees("#operations", "20 touchpoints", "10 carried over", "20 more tomorrow")
    assert "Show 10 more" in labels(second)
    story.until("2026-11-25 09:01")
    third = story.sees("#operations", "40 touchpoints")  # nothing waits for a third morning
    assert "more tomorrow" not in third.text
    story.clicks("diego", third, "Show 30 more")
    form = story.slack.modal("diego")
    assert form is not None
    assert str(form.blocks).count("Firm 0") >= 30
    story.reacts("diego", third, "one")
    assert "40 touchpoints\n1 done · 39 unclaimed" in story.again(third).text


@pytest.mark.parametrize("opened", [True, False])
def test_hidden_lines_keep_no_place_of_the_customers_week_until_somebody_opens_them(
    story: Story, opened: bool
) -> None:
    many(story, 12, FRIDAY)
    more = {"report": ("operations", FRIDAY), "hello": ("sales", dublin("2026-11-24 12:00"))}
    with writing(story) as tx:
        for play, (owner, due) in more.items():
            row = kickoff_row(12, due, owner) | {"play": play, "title": f"The {play}"}
            tx.add_all(Touchpoint, [row])
    story.settle()
    story.sees("#operations", "3 more tomorrow")
    story.until("2026-11-24 09:01")
    listed = story.sees("#operations", "13 touchpoints")
    if opened:
        story.clicks("diego", listed, "Show 3 more")
    story.until("2026-11-25 09:01")
    told = [message.text for message in story.slack.unexpected()]
    assert any("Firm 011" in text for text in told) is not opened
    _others(story)


def test_five_hundred_are_said_quickly_and_once(story: Story) -> None:
    many(story, 500, FRIDAY)
    began = time.process_time()
    story.settle()
    story.sees("#operations", "10 touchpoints", "490 more tomorrow")
    story.until("2026-11-25 09:01")
    folded = story.sees("#operations", "Moved to Wed 25 Nov: Firm 000", "Firm 009 and 10 more")
    assert folded.text.startswith("Operations, Tue 24 Nov: 0 of 20 done")
    listed = story.sees("#operations", "500 touchpoints")
    took = time.process_time() - began
    assert "Show 490 more" in labels(listed)
    assert len(listed.blocks) <= 50
    assert len(listed.text) <= 4000
    began = time.process_time()
    story.reacts("diego", listed, "one")
    assert touchpoint(story, account="Firm 000").state == "done"
    assert time.process_time() - began < 10
    assert took < 30  # about 6 s on an idle machine


def test_whose_time_came_first_is_looked_at_from_that_moment_on(story: Story) -> None:
    due, second = story.now + timedelta(days=1), timedelta(seconds=1)
    many(story, 2, due)
    with writing(story) as tx:
        sooner = tx.get(Touchpoint, 2)
        assert sooner is not None
        touchpoints.save(tx, sooner, wake_at=due - second)
    workspace = story.context.workspace
    found = [touchpoints.next_to_check(story.engine, due - late * second) for late in (2, 1, 0)]
    assert found == [None, (workspace, 2), (workspace, 2)]
    with writing(story) as tx:
        answered = tx.get(Touchpoint, 2)
        assert answered is not None
        touchpoints.save(tx, answered, wake_at=None)
    assert touchpoints.next_to_check(story.engine, due - second) is None
    assert touchpoints.next_to_check(story.engine, due) == (workspace, 1)


def _others(story: Story) -> None:
    """What comes to other places is another story."""
    for message in story.slack.unexpected():
        story.sees(message.channel, message.text[:20])
