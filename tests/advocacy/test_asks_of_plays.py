"""A play that asks for a favour counts as an ask when it is done, and waits while they rest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import freezegun
import pytest
from freezegun.api import FrozenDateTimeFactory
from sqlmodel import col, select

from db.models import AdvocacyEntry
from tests.nudges.helpers import touchpoint
from tests.story import MONDAY, PLAYBOOK, Story

ASKS = PLAYBOOK.replace(
    "      - {key: thanks,",
    """      - {key: a-quote, title: A sentence, owner: marketing, due: 1 day after entry,
         asks_for: quote, ask: "Ask {account} for a sentence.", helps: They say it in their words.}
      - {key: a-review, title: A review, owner: marketing, due: 2 days after entry,
         asks_for: review, ask: "Ask {account} for a review.", helps: They choose how far they go.}
      - {key: a-friend, title: Somebody they know, owner: marketing, due: 3 days after entry,
         asks_for: referral, ask: "Ask {account} whom they know.", helps: They help a friend.}
      - {key: thanks,""",
).replace("stages:", "attention: {customer_a_week: 20}\nstages:", 1)


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    with freezegun.freeze_time(MONDAY) as frozen:
        assert isinstance(frozen, FrozenDateTimeFactory)
        told = Story(tmp_path, frozen, ASKS)
        told.types("priya", "/account add Acme stage advocacy")
        told.types("priya", "/value acme saved a day, they said so")
        try:
            yield told
            told.ended()
        finally:
            told.close()


def noted(story: Story) -> list[tuple[str, str]]:
    with story.tx() as tx:
        rows = tx.all(
            select(AdvocacyEntry)
            .where(col(AdvocacyEntry.undone_at).is_(None))
            .order_by(col(AdvocacyEntry.at))
        )
        return [(row.verb, row.act) for row in rows]


def test_done_is_an_ask_and_the_third_of_a_quarter_is_held_until_one_is_undone(
    story: Story,
) -> None:
    story.until("2026-11-24 09:01")
    first = story.sees("#marketing", "A sentence", "Done notes that they were asked for a quote")
    story.clicks("maya", first, "Done")
    assert "noted: asked for a quote" in story.again(first).text
    assert noted(story) == [("asked", "quote")]
    assert "quote: ❔ asked Tue 24 Nov (<@U0MAYA>)" in story.types("sam", "/advocacy acme").text
    story.until("2026-11-25 09:01")
    second = story.sees("#marketing", "A review")
    story.types("maya", "/advocacy acme agreed review Jo Byrne")
    story.reacts("maya", second, "white_check_mark")
    assert noted(story)[1:] == [("asked", "review"), ("agreed", "review")]
    story.until("2026-11-26 09:01")
    story.sees("#marketing", "A thank-you")
    shown = story.types("maya", "/next acme").text
    assert "Acme may not be asked for favours now" in shown
    assert touchpoint(story, "a-friend").postponed_because == "rest"
    assert "Postponed: 1" in story.types("maya", "/linchpin digest").text
    refused = story.types("priya", "/advocacy acme asked talk").text
    assert "Acme may not be asked before Mon 22 Feb 2027" in refused
    story.clicks("maya", story.again(first), "Undo")
    assert noted(story) == [("asked", "review"), ("agreed", "review")]
    story.until("2026-11-27 09:05")
    story.sees("#marketing", "Somebody they know")


def test_an_ask_that_was_typed_today_is_not_counted_twice_and_a_snoozed_one_waits_too(
    story: Story,
) -> None:
    story.until("2026-11-24 09:01")
    first = story.sees("#marketing", "A sentence")
    story.types("maya", "/advocacy acme asked quote")
    story.clicks("maya", first, "Done")
    assert noted(story) == [("asked", "quote")]
    story.until("2026-11-25 09:01")
    second = story.sees("#marketing", "A review")
    story.reacts("maya", second, "zzz")
    story.types("priya", "/advocacy acme asked talk")
    story.until("2026-11-26 09:01")
    story.sees("#marketing", "A thank-you")
    assert touchpoint(story, "a-review").postponed_because == "rest"
    assert touchpoint(story, "a-review").state == "planned"
