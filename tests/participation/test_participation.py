"""Everyone takes part: shares on the card, silence in the digest, thanks that can be declined."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import freezegun
from freezegun.api import FrozenDateTimeFactory

from bot.rules.participation import silent_departments
from db.models import Touchpoint
from tests.nudges.helpers import occurrences, skip_digests
from tests.story import MONDAY, PLAYBOOK, Story

CARES = PLAYBOOK + "\nparticipation: {silent_after: {operations: 10 days, sales: 60 days}}\n"


def test_shares_silence_and_thanks(tmp_path: Path) -> None:
    with freezegun.freeze_time(MONDAY) as frozen:
        assert isinstance(frozen, FrozenDateTimeFactory)
        story = Story(tmp_path, frozen, CARES)
        try:
            _tell(story)
            story.ended()
        finally:
            story.close()


def _tell(story: Story) -> None:
    story.types("priya", "/account add Acme stage onboarding")
    story.types("priya", "/linchpin settings department sales")
    story.types("priya", "/log acme call they like it")
    story.types("priya", "/advocacy acme did quote")
    with story.tx() as tx:
        tx.delete(Touchpoint)
    card = story.types("priya", "/account acme").text
    assert "Our involvement this term: Sales 1, Marketing 0, Operations 0" in card
    months = story.types("priya", "/account acme participation").text
    assert "• November 2026: Sales 1, Marketing 0, Operations 0" in months
    assert "Priya Raman (2)" in _digest(story) or "(2)" in _digest(story)
    assert "⭐ Acme: quote (of their own accord)" in _digest(story)
    story.types("priya", "/linchpin settings thanks off")
    assert "Thank you" not in _digest(story)
    story.until("2026-12-04 12:00")
    skip_digests(story)
    story.sees("#operations", "Acme", "Operations has been silent for 11 days")
    text = _digest(story)
    assert "Operations has not touched Acme for 11 days" in text
    assert "Sales has not" not in text
    story.types("priya", "/stage acme advocacy")
    story.sees("#customers", "Acme")
    assert "Acme came to Advocacy, 11 days after we first met them" in _digest(story)
    with story.tx() as tx:
        tx.delete(Touchpoint)


def test_a_silent_department_is_asked_once_and_no_more_when_somebody_of_it_has_been_in_touch(
    tmp_path: Path,
) -> None:
    with freezegun.freeze_time(MONDAY) as frozen:
        assert isinstance(frozen, FrozenDateTimeFactory)
        story = Story(tmp_path, frozen, CARES)
        try:
            _be_silent(story)
            skip_digests(story)
            story.ended()
        finally:
            story.close()


def _be_silent(story: Story) -> None:
    for name in ("Acme", "Borea"):
        story.types("priya", f"/account add {name} stage onboarding")
    story.types("priya", "/account add Dune stage lost")
    story.types("diego", "/linchpin settings department operations")
    with story.tx() as tx:
        tx.delete(Touchpoint)
    story.until("2026-12-03 12:00")
    story.until("2026-12-04 10:00")
    asked = story.sees("#operations", "Acme", "Operations has been silent for 11 days")
    assert "Operations has not touched Acme for 11 days. Do one small thing" in asked.text
    assert "*Done*" not in asked.text  # in what is asked no sign is markup
    borea = story.sees("#operations", "Borea", "silent for 11 days")
    story.types("priya", "/log borea call somebody else called them")
    story.types("diego", "/log acme call they want a second seat")
    story.settle()
    assert "No longer needed: Operations has been in touch" in story.again(asked).text
    assert "Do one small thing" in story.again(borea).text
    story.clicks("diego", borea, "Skip")
    story.slack.submit("diego")
    story.until("2026-12-14 08:00")
    assert occurrences(story, "silence:operations", "Borea") == [(1, "skipped")]
    story.until("2026-12-15 10:00")
    story.sees("#operations", "Borea", "Operations has been silent for 22 days")
    story.sees("#operations", "Acme", "Operations has been silent for 11 days")
    with story.tx() as tx:
        tx.delete(Touchpoint)


def _digest(story: Story) -> str:
    return story.types("priya", "/linchpin digest").text


def test_a_department_that_never_did_anything_counts_from_when_we_met() -> None:
    limits, today = {"sales": 60.0, "operations": 60.0}, date(2026, 11, 23)
    assert silent_departments({"sales": date(2026, 9, 24)}, date(2026, 1, 1), limits, today) == {
        "operations": 326
    }
    assert silent_departments({}, date(2026, 9, 24), limits, today) == {}
