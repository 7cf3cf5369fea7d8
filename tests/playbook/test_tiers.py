"""Plays and channels by tier, with the examples in the default playbook's comments in use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import freezegun
import pytest
from sqlmodel import select

from db.models import Touchpoint
from tests.story import MONDAY, Story

DEFAULT = (Path(__file__).parents[2] / "playbooks" / "default.yaml").read_text()
ROUTES = '    routes: {A: "#sales-key", C: "#sales-scale"}\n'
FOR = "        for: {tier: [A, B]}\n"
NEW = "        title: Ask who is new and who decides now\n"


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    """Acme of tier C in Evaluation; the two examples are no comments any more."""
    assert f"    # {ROUTES.strip()}\n" in DEFAULT
    assert f"#                 {FOR.strip()}\n" in DEFAULT
    text = DEFAULT.replace(f"    # {ROUTES.strip()}\n", ROUTES).replace(NEW, NEW + FOR)
    with freezegun.freeze_time(MONDAY) as frozen:
        told = Story(tmp_path, frozen, text)  # type: ignore[arg-type]
        told.types("priya", "/account add Acme stage evaluation")
        assert "The tier of Acme is C" in told.types("priya", "/account acme tier C").text
        yield told
        told.close()


def plays(story: Story, state: str = "planned") -> set[str]:
    with story.tx() as tx:
        return {row.play for row in tx.all(select(Touchpoint)) if row.state == state}


def test_a_tier_has_its_plays_and_its_channel_once_that_is_there(story: Story) -> None:
    story.types("priya", "/decision acme chose us")
    story.sees("#sales", "Hand over why they chose us")  # #sales-scale is not there yet
    assert plays(story) >= {"kickoff", "usage-check", "value-check", "ask-decision"}
    assert "who-is-new" not in plays(story)

    assert "… and 2 more: `/linchpin setup`" in story.types("priya", "/linchpin status").text
    setup = story.types("priya", "/linchpin setup").text
    assert "Nudges for Sales about tier C go to its own channel" in setup
    assert "I cannot write in #sales-scale" in setup

    story.slack.add_channel("sales-scale", ["priya"])
    story.slack.invite("priya", "#sales-scale", "linchpin")
    story.settle()
    assert "#sales-scale" not in story.types("priya", "/linchpin setup").text
    story.types("priya", "/account add Globex stage evaluation")
    story.types("priya", "/account globex tier c")
    story.types("priya", "/decision globex chose us")
    story.sees("#sales-scale", "Hand over why they chose us", "Globex")


def test_the_plan_follows_when_the_tier_changes(story: Story) -> None:
    story.types("priya", "/decision acme chose us")
    story.types("priya", "/account acme tier A")
    assert "who-is-new" in plays(story)
    story.types("priya", "/account acme tier C")
    assert "who-is-new" not in plays(story)
    assert plays(story, "cancelled") >= {"who-is-new"}
    story.types("priya", "/account acme tier none")  # without a tier it is a B
    assert "who-is-new" in plays(story)
