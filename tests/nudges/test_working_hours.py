"""Nudges come in working hours: weekends, holidays, zones, both DST nights, odd days."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import freezegun
import pytest
from freezegun.api import FrozenDateTimeFactory

from sandbox import SlackMessage
from tests.nudges.helpers import dublin, many, skip_digests
from tests.story import DUBLIN, PLAYBOOK, Story

ZONES = """
name: Two zones
destination: advocacy
company: {channel: "#customers", timezone: Europe/Dublin}
departments:
  sales: {channel: "#sales", timezone: America/New_York, hours: "09:00-17:00"}
  operations: {channel: "#sales", timezone: Europe/Dublin, hours: "08:00-12:00", holidays: IE}
stages:
  - key: onboarding
    decision: Did we choose well?
    plays:
      - {key: kickoff, title: Kick-off call, owner: operations, due: on entry,
         ask: "Call {account}.", helps: They know us.}
      - {key: question, title: First question, owner: sales, due: on entry,
         ask: "Ask {account}.", helps: They see whether we listen.}
  - {key: advocacy, decision: Do we tell others?, plays: [
      {key: thanks, title: A thank-you, owner: sales, due: 1 month after entry,
       ask: "Thank {account}.", helps: They feel seen.}]}
"""


@contextmanager
def _at(folder: Path, begins: str, playbook: str = PLAYBOOK) -> Iterator[Story]:
    """A story that begins at another time (UTC), or with another playbook."""
    with freezegun.freeze_time(begins) as frozen:
        assert isinstance(frozen, FrozenDateTimeFactory)
        story = Story(folder, frozen, playbook)
        try:
            yield story
        finally:
            story.close()


def said_at(message: SlackMessage) -> str:
    """When a message came, by Dublin's clocks."""
    moment = datetime.fromtimestamp(float(message.ts), UTC).astimezone(DUBLIN)
    return f"{moment:%a %Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("due", "said"),
    [
        ("2026-11-27 18:00", "Mon 2026-11-30 09:00"),  # Friday evening
        ("2026-11-28 11:00", "Mon 2026-11-30 09:00"),  # Saturday
        ("2026-12-24 16:59", "Fri 2026-12-25 09:00"),  # it waits for a morning
        ("2026-12-24 17:00", "Fri 2026-12-25 09:00"),  # operations has no holidays here
        ("2026-11-30 23:59", "Tue 2026-12-01 09:00"),  # month end
    ],
)
def test_outside_working_hours_a_nudge_waits_for_the_next_opening(
    story: Story, due: str, said: str
) -> None:
    many(story, 1, dublin(due))
    story.frozen.move_to(dublin(due))
    story.until(dublin(said[4:]) + timedelta(minutes=1))
    nudge = story.sees("#operations", "Kick-off call")
    assert said_at(nudge) == said
    _take_the_rest(story)


def test_a_holiday_of_the_department_is_no_working_day(story: Story) -> None:
    story.until("2026-12-23 16:00")
    skip_digests(story)
    story.types("priya", "/account add Acme")  # sales keeps Ireland's holidays
    story.until("2026-12-24 09:01")
    nudge = story.sees("#sales", "First question")
    assert said_at(nudge) == "Thu 2026-12-24 09:00"
    story.until("2026-12-28 08:59")  # Christmas and a weekend
    assert story.again(nudge).edited is None
    story.until("2026-12-28 09:01")
    story.sees("#sales", "Sales digest", "First question")
    _take_the_rest(story)


@pytest.mark.parametrize(
    ("sunday", "opening"),
    [
        ("2027-03-28 00:30", "2027-03-29 08:00"),  # 01:00 does not exist that night
        ("2026-10-25 00:30", "2026-10-26 09:00"),  # 01:00 comes twice
    ],
)
def test_the_nights_the_clocks_change_move_nothing_by_an_hour(
    tmp_path: Path, sunday: str, opening: str
) -> None:
    with _at(tmp_path, sunday) as story:
        many(story, 1, dublin(sunday))
        story.until(datetime.fromisoformat(f"{opening}+00:00") + timedelta(minutes=1))
        nudge = story.sees("#operations", "Kick-off call")
        assert f"{datetime.fromtimestamp(float(nudge.ts), UTC):%Y-%m-%d %H:%M}" == opening


@pytest.mark.parametrize(
    ("entered", "due"),
    [("2027-12-31 10:00", "Mon 2028-01-31 14:00"), ("2028-01-31 10:00", "Tue 2028-02-29 14:00")],
)
def test_month_ends_and_leap_days(tmp_path: Path, entered: str, due: str) -> None:
    with _at(tmp_path, entered, ZONES) as story:
        story.types("priya", "/account add Acme stage advocacy")
        story.until(dublin(due[4:]) + timedelta(minutes=1))
        assert said_at(story.sees("#sales", "A thank-you")) == due


def test_departments_that_share_a_channel_each_keep_their_own_hours(tmp_path: Path) -> None:
    with _at(tmp_path, "2026-11-23 06:00", ZONES) as story:
        for name in ("Acme", "Borea", "Cobalt", "Delta", "Elm", "Fjord"):
            story.slack.command("priya", "#general", f"/account add {name} stage onboarding")
        story.until("2026-11-23 08:05")
        early = story.sees("#sales", "Sales and Operations today", "6 touchpoints", "Kick-off")
        assert "First question" not in early.text
        story.until("2026-11-23 14:05")  # nine in New York: a channel takes ten new lines a day
        assert "10 touchpoints" in story.again(early).text
        assert "First question" in story.again(early).text


@pytest.mark.parametrize(
    ("manager", "said"), [("@aiko", "Thu 2026-11-26 00:00"), ("@sam", "Wed 2026-11-25 14:00")]
)
def test_a_manager_s_own_working_hours_count(story: Story, manager: str, said: str) -> None:
    story.types("priya", f"/account add Acme stage onboarding manager {manager}")
    story.until("2026-11-26 08:00")
    story.sees("#operations", "Kick-off call")
    assert said_at(story.sees(manager, "Personal hello")) == said  # nine where they are


def _take_the_rest(story: Story) -> None:
    for message in story.slack.unexpected():
        story.sees(message.channel, message.text[:20])
