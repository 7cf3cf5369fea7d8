"""Everyone takes part: shares beside the people, thanks that can be declined."""

from __future__ import annotations

from pathlib import Path

import freezegun
from freezegun.api import FrozenDateTimeFactory

from db.members.members import members_without_thanks
from db.models import Touchpoint
from tests.nudges.helpers import skip_digests
from tests.story import MONDAY, PLAYBOOK, Story


def test_shares_and_thanks(tmp_path: Path) -> None:
    with freezegun.freeze_time(MONDAY) as frozen:
        assert isinstance(frozen, FrozenDateTimeFactory)
        story = Story(tmp_path, frozen, PLAYBOOK)
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
    card = story.types("priya", "/account acme people").text
    assert "Our involvement this term: Sales 1, Marketing 0, Operations 0" in card
    months = story.types("priya", "/account acme participation").text
    assert "• November 2026: Sales 1, Marketing 0, Operations 0" in months
    assert "Advocates this quarter: Acme: quote (Priya Raman)" in _digest(story)
    story.types("priya", "/linchpin settings thanks off")
    with story.tx() as tx:
        assert members_without_thanks(tx) == {"U0PRIYA"}
    story.types("diego", "/log acme call all is well")  # he chose none, and leads Operations
    led = story.types("priya", "/account acme people").text
    assert "Our involvement this term: Sales 1, Marketing 0, Operations 1" in led
    story.until("2026-12-03 12:00")
    skip_digests(story)
    story.types("priya", "/stage acme advocacy")
    story.sees("#customers", "Acme")
    assert "Advocates this quarter: Acme: now in Advocacy · Acme: quote" in _digest(story)
    with story.tx() as tx:
        tx.delete(Touchpoint)


def _digest(story: Story) -> str:
    return story.types("priya", "/linchpin digest").text
