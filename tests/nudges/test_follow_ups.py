"""Nobody answers: whoever decides hears of it in the morning; who is gone is stood in for."""

from __future__ import annotations

from tests.databases import BOTH
from tests.nudges.helpers import (
    dublin,
    kickoff,
    labels,
    many,
    thread,
    touchpoint,
)
from tests.story import Story

TAKEN = "Acme · Kick-off call · 4 days overdue · unclaimed, with Operations"


@BOTH
def test_nobody_is_reminded_and_the_lead_hears_once_in_the_morning(story: Story) -> None:
    nudge = kickoff(story, manager="manager @priya")
    story.until("2026-11-30 08:59")
    assert told_of(story, "diego") == []
    story.until("2026-11-30 09:06")
    story.sees("@diego", "1 update for you", TAKEN)
    story.until("2026-12-09 12:00")
    assert len(told_of(story, "diego")) == 1
    assert thread(story, nudge) == []
    skip_all(story)


def test_an_answer_ends_the_escalation(story: Story) -> None:
    nudge = kickoff(story, manager="manager @priya")
    story.clicks("aiko", nudge, "Done")
    story.until("2026-12-04 17:00")
    assert told_of(story, "diego") == []
    skip_all(story)


def test_without_a_lead_the_account_s_manager_is_told(story: Story) -> None:
    story.types("priya", "/account add Acme manager @tom")
    story.until("2026-11-30 09:06")
    story.sees("@tom", "Acme · First question · 4 days overdue · unclaimed, with Sales")
    skip_all(story)


def test_without_a_lead_or_a_manager_an_admin_is_told_once_a_week(story: Story) -> None:
    for account in ("Acme", "Globex"):
        story.types("priya", f"/account add {account}")
    story.until("2026-12-01 12:00")
    story.sees("@priya", "Sales has no lead to tell.", "`/linchpin settings sales lead @name`")
    assert not [m for m in story.slack.unexpected() if "no lead to tell" in m.text]
    skip_all(story)


def test_a_lead_who_is_gone_is_not_asked(story: Story) -> None:
    kickoff(story, manager="manager @priya")
    story.slack.change_person("diego", deleted=True)
    story.settle()
    story.sees("@priya", "Diego Santos has left Slack", "Operations has no lead")
    story.until("2026-11-30 09:06")
    story.sees("@priya", TAKEN)
    skip_all(story)


def test_several_at_once_are_one_message_to_the_lead(story: Story) -> None:
    many(story, 8, dublin("2026-11-24 09:00"))
    story.until("2026-11-30 09:06")
    told = story.sees("@diego", "8 updates for you", "Firm 000 · Kick-off call", "Firm 007")
    assert told_of(story, "diego") == [told.text]
    skip_all(story)


@BOTH
def test_a_claim_of_somebody_who_left_is_freed_without_a_question(story: Story) -> None:
    nudge = kickoff(story)
    story.clicks("aiko", nudge, "I'll take it")
    story.slack.change_person("aiko", deleted=True)
    story.settle()
    story.sees("@priya", "Aiko Tanaka has left Slack", "1 claimed touchpoint is unclaimed again")
    assert touchpoint(story).state == "nudged"


def test_a_manager_is_nudged_in_their_own_dm_and_the_new_one_gets_it_when_it_changes(
    story: Story,
) -> None:
    kickoff(story, manager="manager @priya")
    story.until("2026-11-25 09:05")
    old = story.sees("@priya", "Personal hello")
    story.types("priya", "/account acme manager @tom")
    story.settle()
    assert labels(story.again(old)) == []
    new = story.sees("@tom", "Personal hello", "You manage Acme from now on.")
    row = touchpoint(story, "hello")
    story.clicks("tom", new, "Done", block_id=f"touchpoint-{row.id}")
    assert touchpoint(story, "hello").state == "done"


def test_a_manager_who_left_or_is_a_guest_is_stood_in_for(story: Story) -> None:
    kickoff(story, manager="manager @tom")
    story.slack.change_person("tom", deleted=True)
    story.settle()
    story.sees("@priya", "Tom Okafor has left Slack", "Sales gets their touchpoints")
    story.until("2026-11-25 09:05")
    story.sees("#sales", "Personal hello")


def test_what_a_manager_leaves_unanswered_when_they_go_comes_to_the_department(
    story: Story,
) -> None:
    kickoff(story, manager="manager @tom")
    story.until("2026-11-25 09:05")
    story.sees("@tom", "Personal hello")
    story.slack.change_person("tom", deleted=True)
    story.settle()
    story.sees("@priya", "Tom Okafor has left Slack")
    story.sees("#sales", "Personal hello")


def told_of(story: Story, who: str) -> list[str]:
    """What somebody was told of touchpoints that nobody took."""
    return [m.text for m in story.slack.dms(who) if "unclaimed, with" in m.text]


def skip_all(story: Story) -> None:
    """Lists, mornings and digests are other stories."""
    for message in story.slack.unexpected():
        story.sees(message.channel, "")
