"""Nobody answers: a reminder, an escalation; a claim that nothing comes of."""

from __future__ import annotations

from tests.databases import BOTH
from tests.nudges.helpers import (
    dublin,
    kickoff,
    labels,
    many,
    skip_digests,
    thread,
    touchpoint,
    whispers,
)
from tests.story import Story


@BOTH
def test_an_unanswered_nudge_is_reminded_of_in_its_thread_and_escalated_to_the_lead(
    story: Story,
) -> None:
    nudge = kickoff(story, manager="manager @priya")
    story.until("2026-11-26 08:59")
    assert thread(story, nudge) == []
    story.until("2026-11-26 09:01")
    story.sees("@priya", "Personal hello")
    reminder = story.sees("#operations", "Nobody has taken this yet", "Acme", "Kick-off call")
    assert reminder.thread_ts == nudge.ts
    story.until("2026-11-30 09:01")
    escalation = story.sees("@diego", "waited with Operations", "nobody has taken it")
    assert labels(escalation) == ["Done", "I'll take it", "Snooze…", "Skip…"]
    assert "Agree with Acme" in escalation.text
    story.until("2026-12-09 12:00")
    skip_digests(story)
    story.sees("@priya", "This still waits for you", "Personal hello")
    story.sees("@priya", "Personal hello waits unanswered", "Sales has no lead")
    assert len(thread(story, nudge)) == 1


def test_an_answer_ends_reminders_and_escalation(story: Story) -> None:
    nudge = kickoff(story)
    story.clicks("aiko", nudge, "Done")
    story.until("2026-12-04 17:00")
    skip_digests(story)
    story.sees("#sales", "Personal hello")
    story.sees("#sales", "Nobody has taken this yet")
    story.sees("@priya", "Personal hello waits unanswered")
    assert thread(story, nudge) == []


def test_the_escalation_follows_what_becomes_of_it(story: Story) -> None:
    nudge = kickoff(story)
    story.until("2026-11-30 10:00")
    _take_all_but_escalations(story)
    escalation = story.sees("@diego", "waited with Operations")
    story.clicks("aiko", story.again(nudge), "I'll take it")
    assert "Claimed by <@U0AIKO>" in story.again(escalation).text
    assert labels(story.again(escalation)) == ["Done", "Release", "Snooze…", "Skip…"]
    story.clicks("diego", story.again(escalation), "Done")
    assert "Done by <@U0DIEGO>" in story.again(nudge).text
    assert "Done by <@U0DIEGO>" in story.again(escalation).text
    story.clicks("diego", escalation, "Skip…")  # an old screen
    assert "was done by <@U0DIEGO> already" in whispers(story, "diego")[0]


def test_without_a_lead_the_account_s_manager_is_told(story: Story) -> None:
    story.types("priya", "/account add Acme manager @tom")
    story.until("2026-12-01 12:00")
    skip_digests(story)
    nudge = story.sees("#sales", "First question")
    story.sees("#sales", "Nobody has taken this yet")
    escalation = story.sees("@tom", "waited with Sales")
    story.clicks("tom", escalation, "I'll take it")
    assert "Claimed by <@U0TOM>" in story.again(nudge).text


def test_without_a_lead_or_a_manager_an_admin_is_told_once_a_week(story: Story) -> None:
    story.types("priya", "/account add Acme")
    story.types("priya", "/account add Globex")
    story.until("2026-12-01 12:00")
    skip_digests(story)
    for account in ("Acme", "Globex"):
        story.sees("#sales", "First question", account)
        story.sees("#sales", "Nobody has taken this yet")
    told = story.sees("@priya", "Acme · First question waits unanswered", "Sales has no lead")
    assert "`/linchpin settings sales lead @name` names one" in told.text


def test_a_lead_who_is_gone_is_not_asked(story: Story) -> None:
    kickoff(story, manager="manager @priya")
    story.slack.change_person("diego", deleted=True)
    story.settle()
    story.sees("@priya", "Diego Santos has left Slack", "Operations has no lead")
    story.until("2026-11-30 10:00")
    skip_digests(story)
    story.sees("#operations", "Nobody has taken this yet")
    story.sees("@priya", "Personal hello")
    story.sees("@priya", "This still waits for you")
    story.sees("@priya", "waited with Operations")


def test_several_at_once_are_one_reminder_and_one_escalation_and_can_be_worked_through(
    story: Story,
) -> None:
    many(story, 8, dublin("2026-11-24 09:00"))
    story.until("2026-11-30 10:00")
    skip_digests(story)
    nudge = story.sees("#operations", "8 touchpoints for Operations")
    story.sees("#operations", "8 touchpoints above nobody has taken yet")
    escalation = story.sees("@diego", "8 touchpoints", "8 still open")
    story.clicks("diego", escalation, "Done", block_id=_block(escalation, "Firm 003"))
    assert "Done by <@U0DIEGO>" in story.again(escalation).text
    assert "7 still open" in story.again(escalation).text
    assert "7 still open" in story.again(nudge).text


@BOTH
def test_a_claim_expires_with_a_question_and_still_on_it_begins_it_anew(story: Story) -> None:
    nudge = kickoff(story)
    story.clicks("aiko", nudge, "I'll take it")
    story.until("2026-11-27 09:01")
    question = story.sees("#operations", "<@U0AIKO>, are you still on it?", "Mon 30 Nov")
    assert question.thread_ts == nudge.ts
    story.clicks("aiko", question, "Still on it")
    assert labels(story.again(question)) == []
    assert "Claimed by <@U0AIKO>" in story.again(question).text
    story.until("2026-12-02 09:10")
    story.sees("#operations", "<@U0AIKO>, are you still on it?")
    _take_sales(story)


def test_done_answers_the_question_too_wherever_it_is_pressed(story: Story) -> None:
    nudge = kickoff(story)
    story.clicks("aiko", nudge, "I'll take it")
    story.until("2026-11-27 09:01")
    question = story.sees("#operations", "are you still on it?")
    story.clicks("aiko", story.again(nudge), "Done")
    assert "Done by <@U0AIKO>" in story.again(question).text
    assert labels(story.again(question)) == []
    _take_sales(story)


def test_giving_it_back_opens_it_for_everybody(story: Story) -> None:
    nudge = kickoff(story)
    story.clicks("aiko", nudge, "I'll take it")
    story.until("2026-11-27 09:01")
    question = story.sees("#operations", "are you still on it?")
    story.clicks("aiko", question, "Release")
    assert labels(story.again(nudge)) == ["Done", "I'll take it", "Snooze…", "Skip…"]
    story.until("2026-12-01 12:00")
    story.sees("#operations", "Nobody has taken this yet")
    _take_sales(story)


def test_without_an_answer_it_goes_back_to_everybody_and_then_up(story: Story) -> None:
    nudge = kickoff(story)
    story.clicks("aiko", nudge, "I'll take it")
    story.until("2026-11-27 09:01")
    question = story.sees("#operations", "are you still on it?")
    story.until("2026-11-30 09:01")
    story.sees("#operations", "unclaimed again", "<@U0AIKO> did not say")
    assert labels(story.again(nudge)) == ["Done", "I'll take it", "Snooze…", "Skip…"]
    assert labels(story.again(question)) == []
    story.until("2026-12-01 09:01")
    story.sees("@diego", "waited with Operations")
    _take_sales(story)


@BOTH
def test_a_claim_of_somebody_who_left_is_freed_without_a_question(story: Story) -> None:
    nudge = kickoff(story)
    story.clicks("aiko", nudge, "I'll take it")
    story.slack.change_person("aiko", deleted=True)
    story.settle()
    story.sees("@priya", "Aiko Tanaka has left Slack", "1 claimed touchpoint is open for everybody")
    assert touchpoint(story).state == "nudged"


def test_a_manager_is_nudged_in_their_own_dm_and_the_new_one_gets_it_when_it_changes(
    story: Story,
) -> None:
    kickoff(story, manager="manager @priya")
    story.until("2026-11-25 09:05")
    old = story.sees("@priya", "Personal hello")
    story.types("priya", "/account acme manager @tom")
    story.settle()
    assert "Now with <@U0TOM>" in story.again(old).text
    assert labels(story.again(old)) == []
    new = story.sees("@tom", "Personal hello")
    story.clicks("tom", new, "Done")
    assert touchpoint(story, "hello").state == "done"
    for message in story.slack.unexpected():
        assert "manage" in message.text.lower() or "looks after" in message.text, message.text
        story.sees(message.channel, message.text[:20])


def test_a_manager_who_left_or_is_a_guest_is_stood_in_for(story: Story) -> None:
    kickoff(story, manager="manager @tom")
    story.slack.change_person("tom", deleted=True)
    story.settle()
    story.sees("@priya", "Tom Okafor has left Slack", "Sales stands in")
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


def _take_sales(story: Story) -> None:
    """The manager's part goes to #sales here, and is another story."""
    skip_digests(story)
    for message in story.slack.unexpected():
        if "Personal hello" in message.text:
            story.sees(message.channel, "Personal hello")


def _take_all_but_escalations(story: Story) -> None:
    _take_sales(story)
    story.sees("#operations", "Nobody has taken this yet")


def _block(message, words: str) -> str:
    return next(
        block["block_id"] for block in message.blocks if words in str(block.get("text", ""))
    )
