"""Three departments never ask one customer for everything in one week; what waits says so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import freezegun
import pytest
from freezegun.api import FrozenDateTimeFactory

from db.models import Touchpoint
from sandbox import SlackMessage
from tests.databases import BOTH
from tests.nudges.helpers import dublin, kickoff_row, many, touchpoint
from tests.story import MONDAY, Story

pytestmark = BOTH

PLAYBOOK = """
name: A playbook that asks much
destination: renewal
company: {channel: "#customers", timezone: Europe/Dublin}
attention: {customer_a_week: 2, channel_a_day: 3, person_a_day: 2, longest_wait: 2 weeks}
departments:
  sales: {channel: "#sales", timezone: Europe/Dublin}
  marketing: {channel: "#marketing", timezone: Europe/Dublin}
  operations: {channel: "#operations", timezone: Europe/Dublin}
stages:
  - key: onboarding
    decision: Did we choose well?
    plays:
      - {key: kickoff, title: Kick-off call, owner: operations, due: 1 business day after entry,
         ask: "Call {account}.", helps: They know us.}
      - {key: hello, title: Personal hello, owner: manager, due: 1 business day after entry,
         contacts_customer: false, ask: "Read up on {account}.", helps: They are known.}
  - key: renewal
    decision: Do we choose them again?
    plays:
      - {key: story, title: Story, owner: marketing, due: on entry,
         ask: "Send {account} its story.", helps: They see the year.}
      - {key: terms, title: The terms, owner: sales, due: on entry, weight: 3,
         ask: "Send {account} the terms.", helps: They weigh the price.}
      - {key: issues, title: Open issues, owner: operations, due: on entry,
         ask: "Close {account}'s issues.", helps: They see how things will be.}
      - {key: question, title: The question, owner: sales, due: on entry, weight: 3,
         ask: "Ask {account} whether they would buy it today.", helps: They say their doubts.}
      - {key: brief, title: The brief, owner: sales, due: on entry,
         contacts_customer: false, ask: "Write one page on {account}.", helps: We are prepared.}
"""
LATE = "/account add Acme stage renewal renews 2026-12-21"  # four weeks ahead


@pytest.fixture
def story(tmp_path: Path, database_url: str) -> Iterator[Story]:
    with freezegun.freeze_time(MONDAY) as frozen:
        assert isinstance(frozen, FrozenDateTimeFactory)
        told = Story(tmp_path, frozen, PLAYBOOK, url=database_url)
        try:
            yield told
            told.ended()
        finally:
            told.close()


def told(story: Story) -> list[str]:
    """The plays for Acme in the messages that came since the last look, in any channel."""
    came = []
    for message in story.slack.unexpected():
        story.sees(message.channel, message.text[:20])
        came += [title for title in TITLES if title in message.text]
    return came


def line(story: Story, play: str) -> str:
    """The block of a play's line in its list."""
    return f"touchpoint-{touchpoint(story, play).id}"


TITLES = ("Story", "The terms", "Open issues", "The question", "The brief")


def test_late_in_renewal_the_plays_come_two_a_week_the_weightiest_first(story: Story) -> None:
    story.types("priya", LATE)
    assert sorted(told(story)) == ["The brief", "The question", "The terms"]
    answer = story.types("priya", "/next acme")
    assert "Story · postponed until" in answer.text
    assert "2 asks are shown and not answered yet" in answer.text  # nobody has asked Acme
    story.until("2026-11-25 08:59")
    assert told(story) == []
    story.until("2026-11-25 09:00")  # their second working day was over
    assert sorted(told(story)) == ["Open issues", "Story"]


def test_what_is_done_or_claimed_takes_a_place_and_one_more_is_never_refused(story: Story) -> None:
    story.types("priya", LATE)
    told(story)
    listed = _nudge(story, "The question")
    story.clicks("priya", listed, "Done", block_id=line(story, "question"))
    story.slack.submit("priya")
    story.settle()
    held = story.types("priya", "/next acme").text
    assert "Acme has been asked once this week, and 1 other ask is shown" in held
    story.clicks("sam", listed, "I'll take it", block_id=line(story, "terms"))
    story.settle()
    held = story.types("priya", "/next acme").text
    assert "Acme has been asked twice this week" in held
    story.until("2026-11-27 09:00")
    assert "Story" not in told(story)  # a week from the asks, not two working days from the nudges
    story.types("maya", "/next marketing")
    story.clicks("maya", story.private("maya"), "I'll take it")
    said = [each.text for each in story.slack.ephemerals("maya")]
    assert any("Acme has been asked twice this week already." in text for text in said)
    assert touchpoint(story, "story").state == "claimed"


def test_a_reaction_that_is_one_too_many_counts_and_says_so(story: Story) -> None:
    story.types("priya", LATE)
    told(story)
    story.clicks("sam", _nudge(story, "The terms"), "I'll take it", block_id=line(story, "terms"))
    story.until("2026-11-25 09:00")
    assert len(told(story)) == 1  # nobody had answered the question
    later = next(
        m
        for place in ("#marketing", "#operations")
        for m in story.slack.messages(place)
        if "Story" in m.text or "Open issues" in m.text
    )
    story.clicks("priya", _nudge(story, "The question"), "Done", block_id=line(story, "question"))
    story.slack.submit("priya")
    story.settle()
    story.reacts("diego", later, "eyes")
    said = [each.text for each in story.slack.ephemerals("diego")]
    assert said == ["Acme has been asked twice this week already."]


def _nudge(story: Story, title: str) -> SlackMessage:
    return next(m for m in story.slack.messages("#sales") if title in m.text)


def test_what_nobody_answered_frees_its_place_after_its_second_day(story: Story) -> None:
    """Example 3 of the playbook: Sales was asked to on the 19th and 20th, and did nothing."""
    story.types("priya", "/account add Acme stage onboarding")
    with story.tx() as tx:
        shown = {"state": "nudged", "owner": "sales", "stage": "renewal", "title": "Ask"}
        for play, day in (("terms", 19), ("question", 20)):
            at = dublin(f"2026-11-{day} 09:00")
            row = kickoff_row(1, at, "sales") | shown | {"play": play, "nudged_at": at}
            tx.add(Touchpoint(**row | {"wake_at": None, "stage_entry": 9}))
    story.until("2026-11-24 09:00")
    story.sees("#operations", "Kick-off call")
    story.sees("#sales", "Personal hello")
    assert touchpoint(story).postponed_since is None


def test_a_skipped_one_asked_nothing_so_that_the_next_goes_at_once(story: Story) -> None:
    story.types("priya", LATE)
    told(story)
    listed = _nudge(story, "The question")
    assert touchpoint(story, "story").postponed_until is not None
    story.clicks("priya", listed, "Skip…", block_id=line(story, "question"))
    story.slack.submit("priya")
    story.settle()
    assert told(story) == ["Story"]


def test_what_a_move_makes_pointless_ends(story: Story) -> None:
    story.types("priya", LATE)
    told(story)
    story.types("priya", "/stage acme onboarding because they asked for a fresh start")
    story.sees("#customers", "Acme")
    assert "postponed until" not in story.types("priya", "/account acme").text
    assert touchpoint(story, "story").state == "cancelled"
    story.until("2026-11-24 09:00")
    story.settle()
    story.sees("#operations", "Kick-off call")  # nobody had asked the customer anything
    story.sees("#sales", "Personal hello")


def test_a_channel_gets_so_many_new_lines_a_morning_and_nothing_waits_for_a_third(
    story: Story,
) -> None:
    many(story, 12, dublin("2026-11-20 09:00"))
    story.settle()
    story.sees("#operations", "3 touchpoints", "9 more tomorrow")
    answer = story.types("priya", "/next operations")
    assert "Operations has reached its limit of 3 a day" in answer.text
    story.until("2026-11-24 09:01")
    story.sees("#operations", "6 touchpoints", "3 carried over", "6 more tomorrow")
    story.until("2026-11-25 09:01")
    story.sees("#operations", "12 touchpoints", "Show 2 more")
