"""Channels that are renamed stay their department's: what the playbook calls them is kept."""

from __future__ import annotations

import pytest

from bot.nudges.duties.daily import sync_workspace
from bot.rules.playbook.playbook import parse
from db.playbook import versions
from tests.story import PLAYBOOK, Story


def takes(story: Story, text: str) -> None:
    """That playbook is in force from now on."""
    new = parse(text, "story.yaml")
    with story.tx() as tx:
        versions.save_version(tx, new, story.now)
        versions.activate_version(tx, new.version, None, story.now)


@pytest.mark.parametrize("heard", ["at once", "with the next sync"])
def test_a_renamed_channel_stays_its_department_s_and_a_new_one_does_not_take_its_place(
    story: Story, heard: str
) -> None:
    if heard != "at once":
        story.slack.switches.subscriptions -= {"channel_rename"}
    story.slack.rename("#operations", "ops")
    story.slack.rename("#customers", "clients")
    story.slack.add_channel("operations", ["priya", "linchpin"])
    story.slack.add_channel("customers", ["priya", "linchpin"])
    sync_workspace(story.engine, story.context.slack, story.playbook, story.now)
    assert "Messages go out" in story.types("priya", "/linchpin status").text
    story.types("priya", "/account add Acme")
    story.types("priya", "/stage acme onboarding")
    story.sees("#clients", "Acme moved")
    story.slack.rename("#ops", "ops-team")
    story.until("2026-11-24 10:00")
    story.sees("#ops-team", "Kick-off call")


def test_of_a_private_channel_the_same_is_heard(story: Story) -> None:
    takes(story, PLAYBOOK.replace("#operations", "#ops-private"))
    story.slack.add_channel("ops-private", ["priya"], is_private=True)
    story.slack.invite("priya", "#ops-private", "linchpin")
    story.slack.rename("#ops-private", "ops-inner")
    story.types("priya", "/account add Acme stage onboarding manager @tom")
    story.until("2026-11-24 10:00")
    story.sees("#ops-inner", "Linchpin posts here")
    story.sees("#ops-inner", "Kick-off call")
    story.slack.archive("#ops-inner")
    assert "is archived" in story.types("priya", "/linchpin status").text


def test_a_playbook_that_names_another_channel_changes_it(story: Story) -> None:
    story.slack.rename("#operations", "ops")
    takes(story, PLAYBOOK.replace("#operations", "#random"))
    story.slack.invite("priya", "#random", "linchpin")
    story.types("priya", "/account add Acme stage onboarding")
    story.until("2026-11-24 10:00")
    story.sees("#random", "Kick-off call", "Acme")
    takes(story, PLAYBOOK.replace("#operations", "#ops"))
    story.slack.rename("#ops", "ops-team")
    shown = story.types("priya", "/linchpin settings").text
    assert "Operations (`operations`): <#C0OPERATIONS>" in shown


def test_an_archived_channel_gives_way_to_a_new_one_of_its_name(story: Story) -> None:
    story.slack.rename("#operations", "ops-old")
    story.slack.archive("#ops-old")
    story.slack.add_channel("operations", ["priya"])
    story.slack.invite("priya", "#operations", "linchpin")
    story.types("priya", "/account add Acme stage onboarding")
    story.until("2026-11-24 10:00")
    story.sees("#operations", "Linchpin posts here")
    story.sees("#operations", "Kick-off call")


def test_a_tier_s_channel_that_is_renamed_stays_the_tier_s(story: Story) -> None:
    takes(story, PLAYBOOK.replace('"#operations",', '"#operations", routes: {A: "#random"},'))
    story.slack.invite("priya", "#random", "linchpin")
    story.slack.rename("#random", "ops-key")
    story.slack.add_channel("random", ["priya"])
    story.slack.invite("priya", "#random", "linchpin")
    story.types("priya", "/account add Acme stage onboarding")
    story.types("priya", "/account acme tier A")
    story.until("2026-11-24 10:00")
    story.sees("#ops-key", "Kick-off call", "Acme")


@pytest.mark.parametrize("where", ["#operations", "#customers"])
def test_an_archived_channel_is_told_of_once_with_what_mends_it(story: Story, where: str) -> None:
    story.types("priya", "/account add Acme stage onboarding manager @tom")
    story.until("2026-11-24 10:00")
    story.slack.archive(where)
    story.types("tom", "/account add Globex stage onboarding manager @tom")
    story.types("tom", "/stage globex renewal")
    story.until("2026-12-08 10:00")
    told = [m.text for m in story.slack.dms("priya") if "are waiting" in m.text]
    assert len(told) == 1
    assert "the channel is archived: unarchive it, or choose another: `/linchpin setup`" in told[0]
    story.slack.unarchive(where)
    story.settle()
    for left in story.slack.unexpected():
        story.sees(left.channel, left.text[:20])
