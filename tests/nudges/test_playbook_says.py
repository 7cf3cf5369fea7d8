"""What the playbook says of a play and a department: who hears of it, and in which channel."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import freezegun
import pytest
from sqlmodel import col, select

from db.core.tx import begin
from db.models import Account
from tests.story import MONDAY, PLAYBOOK, Story

PLAYS = "".join(
    f"      - {{key: w{weight}, title: Weight {weight}, owner: sales, due: on entry,"
    f' weight: {weight}, contacts_customer: false, ask: "Ask {{account}}.", helps: It helps.}}\n'
    for weight in (3, 2, 1)
)
SAYS = PLAYBOOK.replace("  - key: onboarding\n", f"{PLAYS}  - key: onboarding\n", 1).replace(
    'operations: {channel: "#operations",',
    'operations: {channel: "#operations", routes: {A: "#key", c: "#scale"},',
)


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    with freezegun.freeze_time(MONDAY) as frozen:
        told = Story(tmp_path, frozen, SAYS)  # type: ignore[arg-type]
        try:
            yield told
            told.ended()
        finally:
            told.close()


def test_the_weight_says_whether_somebody_hears_at_once_on_monday_or_never(story: Story) -> None:
    story.types("priya", "/linchpin settings sales lead @sam")
    story.types("priya", "/account add Acme")
    story.sees("#sales", "3 touchpoints", "Weight 3", "Weight 2", "Weight 1")
    story.until("2026-11-27 15:00")
    story.sees("@sam", "Weight 3", "unclaimed, with Sales")
    story.until("2026-11-30 15:00")
    story.sees("@sam", "Unclaimed too long: 1 touchpoint", "Weight 2", "First question")
    story.until("2026-12-04 17:00")
    assert "Weight 1" not in str([message.text for message in story.slack.messages("@sam")])
    for message in story.slack.unexpected():  # the mornings of #sales, and digests
        story.sees(message.channel, message.text[:20])


def tier(story: Story, account: str, tier: str) -> None:
    with begin(story.engine, story.context.workspace) as tx:
        found = tx.one(select(Account).where(col(Account.name) == account))
        found.tier = tier


def add_channel(story: Story, name: str) -> None:
    story.slack.add_channel(name, ["priya", "diego"])
    story.slack.invite("priya", f"#{name}", "linchpin")
    story.settle()


def test_a_nudge_goes_to_the_channel_of_the_account_s_tier_where_there_is_one(
    story: Story,
) -> None:
    add_channel(story, "scale")
    for name in ("Big", "Middle", "Small"):
        story.types("priya", f"/account add {name} stage onboarding")
    tier(story, "Big", "A")  # #key is not there yet
    tier(story, "Small", "C")
    story.until("2026-11-24 09:01")
    story.sees("#operations", "Kick-off call", "Big", "Middle")
    story.sees("#scale", "Linchpin posts here for Operations (tier c)", "Promises come")
    nudge = story.sees("#scale", "Kick-off call", "Small")
    assert "Unclaimed in Operations" in story.types("priya", "/next", where="#scale").text
    story.clicks("diego", nudge, "Done")
    add_channel(story, "key")
    story.types("priya", "/account add Large stage onboarding")
    tier(story, "Large", "a")
    story.until("2026-11-25 09:01")
    story.sees("#sales", "Personal hello", "Big", "Middle", "Small")
    story.sees("#key", "Linchpin posts here")
    story.sees("#key", "Kick-off call", "Large")
