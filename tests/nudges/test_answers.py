"""People answer a nudge: buttons and reactions, undoing, being second, not being asked."""

from __future__ import annotations

import pytest

from tests.databases import BOTH
from tests.nudges.helpers import (
    audited,
    dublin,
    kickoff,
    labels,
    occurrences,
    presses,
    skip_digests,
    touchpoint,
    whispers,
)
from tests.story import Story

SKIP = "black_right_pointing_double_triangle_with_vertical_bar"
FOUR = [
    ("Done", "white_check_mark", "Done by <@U0DIEGO>", "done"),
    ("I'll take it", "eyes", "Claimed by <@U0DIEGO>", "claimed"),
    ("Snooze…", "zzz", "Snoozed until", "planned"),
    ("Skip…", SKIP, "Skipped by <@U0DIEGO>", "skipped"),
]


def test_a_nudge_says_account_ask_date_and_decision_and_prints_the_legend(story: Story) -> None:
    nudge = kickoff(story)
    shown = str(nudge.blocks)
    for words in (
        "*Acme* · Kick-off call · due today",
        "Agree with Acme what a good first month looks like.",
        'They decide: "Did we choose well?"',
    ):
        assert words in shown
    for words in ("Acme", "Kick-off call", "due today", "Agree with Acme", "Did we choose well?"):
        assert words in nudge.text
    assert labels(nudge) == ["Done", "I'll take it", "Snooze…", "Skip…"]
    assert "✅ done · 👀 I'll take it · 💤 tomorrow · ⏭️ skip" in shown


@pytest.mark.parametrize(("button", "emoji", "says", "state"), FOUR)
def test_a_button_and_its_reaction_do_the_same(
    story: Story, button: str, emoji: str, says: str, state: str
) -> None:
    clicked = kickoff(story)
    presses(story, "diego", clicked, button)
    if button != "Snooze…":
        assert says in story.again(clicked).text
        assert touchpoint(story).state == state
    if button == "I'll take it":
        story.clicks("diego", clicked, "Done")
    story.until("2026-11-25 12:00")
    story.sees("#sales", "Personal hello")
    if button == "Snooze…":  # it has come back
        story.clicks("diego", story.sees("#operations", "Acme"), "Done")
    story.types("priya", "/account add Borea stage onboarding")
    story.until("2026-11-26 09:00")
    story.settle()
    reacted = story.sees("#operations", "Borea")
    story.reacts("diego", reacted, emoji)
    assert says in story.again(reacted).text
    assert touchpoint(story, account="Borea").state == state


@pytest.mark.parametrize(("button", "emoji", "says", "state"), FOUR)
def test_taking_a_reaction_back_undoes_it(
    story: Story, button: str, emoji: str, says: str, state: str
) -> None:
    nudge = kickoff(story)
    before = nudge.blocks
    story.reacts("diego", nudge, emoji)
    assert says in story.again(nudge).text
    story.unreacts("diego", nudge, emoji)
    assert labels(story.again(nudge)) == ["Done", "I'll take it", "Snooze…", "Skip…"]
    assert story.again(nudge).text == nudge.text
    assert len(story.again(nudge).blocks) == len(before)
    assert touchpoint(story).state == "nudged"
    assert touchpoint(story).wake_at == dublin("2026-11-25 09:00")


@pytest.mark.parametrize("emoji", ["eyes::skin-tone-2", "raised_hand::skin-tone-5", "eye"])
def test_skin_tones_and_aliases_mean_the_same(story: Story, emoji: str) -> None:
    nudge = kickoff(story)
    story.reacts("diego", nudge, emoji)
    assert "Claimed by <@U0DIEGO>" in story.again(nudge).text


@pytest.mark.parametrize("emoji", ["thumbsup", "tada", "x"])
def test_other_reactions_mean_nothing(story: Story, emoji: str) -> None:
    nudge = kickoff(story)
    story.reacts("diego", nudge, emoji)
    assert story.again(nudge).edited is None


@pytest.mark.parametrize(("button", "says"), [("Done", "Done by"), ("Skip…", "Skipped by")])
def test_undo_reopens_what_was_ended(story: Story, button: str, says: str) -> None:
    nudge = kickoff(story)
    presses(story, "diego", nudge, button)
    folded = story.again(nudge)
    assert says in folded.text
    assert labels(folded) == ["Undo"]
    story.clicks("aiko", folded, "Undo")
    assert labels(story.again(nudge)) == ["Done", "I'll take it", "Snooze…", "Skip…"]
    assert audited(story)[-1] == ("U0AIKO", "button", "touchpoint.undo")


def test_undo_of_done_goes_back_to_who_had_it(story: Story) -> None:
    nudge = kickoff(story)
    story.clicks("diego", nudge, "I'll take it")
    story.clicks("diego", story.again(nudge), "Done")
    story.clicks("diego", story.again(nudge), "Undo")
    assert "Claimed by <@U0DIEGO>" in story.again(nudge).text
    assert labels(story.again(nudge)) == ["Done", "Release", "Snooze…"]


@BOTH
def test_a_reaction_whose_effect_was_undone_by_the_button_no_longer_counts(story: Story) -> None:
    nudge = kickoff(story)
    story.reacts("diego", nudge, "white_check_mark")
    story.clicks("aiko", story.again(nudge), "Undo")
    undone = story.again(nudge)
    assert "The ✅ of <@U0DIEGO> no longer counts" in undone.text
    assert "Taken away and put anew, it does" in str(undone.blocks)
    # Another of the same meaning counts, and goes, as if the first one were not there.
    story.reacts("diego", nudge, "heavy_check_mark")
    assert touchpoint(story).state == "done"
    story.unreacts("diego", nudge, "heavy_check_mark")
    assert touchpoint(story).state == "nudged"
    # Taken away, the first changes nothing but the words; put anew, it counts.
    before = audited(story)
    story.unreacts("diego", nudge, "white_check_mark")
    assert audited(story) == before
    assert story.again(nudge).text == nudge.text
    story.reacts("diego", nudge, "white_check_mark")
    assert "✓ Done by <@U0DIEGO>" in story.again(nudge).text


def test_a_claim_by_reaction_that_is_given_back_by_the_button_no_longer_counts(
    story: Story,
) -> None:
    nudge = kickoff(story)
    story.reacts("diego", nudge, "eyes")
    story.reacts("diego", nudge, "white_check_mark")
    story.clicks("diego", story.again(nudge), "Undo")
    now = story.again(nudge)
    assert "Claimed by <@U0DIEGO>" in now.text
    assert "The ✅ of <@U0DIEGO> no longer counts" in now.text
    story.clicks("aiko", now, "Release")
    assert "The 👀 of <@U0DIEGO>, the ✅ of <@U0DIEGO> no longer count." in story.again(nudge).text
    story.reacts("aiko", nudge, "eyes")
    assert "Claimed by <@U0AIKO>" in story.again(nudge).text


def test_the_second_to_click_is_told_who_was_quicker(story: Story) -> None:
    nudge = kickoff(story)
    story.clicks("diego", nudge, "Done")
    story.clicks("aiko", nudge, "Skip…")  # her screen still shows the buttons
    assert "was done by <@U0DIEGO> already" in whispers(story, "aiko")[0]
    assert "Done by <@U0DIEGO>" in story.again(nudge).text
    assert whispers(story, "diego") == []


def test_who_wants_what_somebody_has_is_told(story: Story) -> None:
    nudge = kickoff(story)
    story.clicks("diego", nudge, "I'll take it")
    story.clicks("aiko", nudge, "I'll take it")
    assert "<@U0DIEGO> has claimed it already" in whispers(story, "aiko")[0]
    story.clicks("diego", story.again(nudge), "Release")
    story.clicks("aiko", nudge, "I'll take it")
    assert "Claimed by <@U0AIKO>" in story.again(nudge).text


@pytest.mark.parametrize("button", ["Done", "I'll take it", "Snooze…", "Skip…"])
def test_a_double_click_has_one_effect_and_no_complaint(story: Story, button: str) -> None:
    nudge = kickoff(story)
    story.clicks("diego", nudge, button)
    presses(story, "diego", nudge, button)
    updates = len(story.slack.calls("chat.update"))
    if button in ("Done", "I'll take it"):
        story.clicks("diego", nudge, button)
    assert len(audited(story)) == 1
    assert whispers(story, "diego") == []
    assert len(story.slack.calls("chat.update")) == updates


def test_undo_twice_is_told_kindly(story: Story) -> None:
    nudge = kickoff(story)
    story.clicks("diego", nudge, "Done")
    folded = story.again(nudge)
    story.clicks("diego", folded, "Undo")
    story.clicks("diego", folded, "Undo")
    assert whispers(story, "diego") == ["There is nothing to undo here: it is open already."]


@pytest.mark.parametrize("who", ["gus", "zapbot"])
def test_guests_and_bots_change_nothing_by_reacting(story: Story, who: str) -> None:
    nudge = kickoff(story)
    story.reacts(who, nudge, "white_check_mark")
    story.unreacts(who, nudge, "white_check_mark")
    assert story.again(nudge).edited is None
    assert audited(story) == []


def test_a_guest_who_clicks_gets_one_private_line(story: Story) -> None:
    nudge = kickoff(story)
    story.clicks("gus", nudge, "Done")
    assert len(whispers(story, "gus")) == 1
    assert "guests cannot use it" in whispers(story, "gus")[0]
    assert audited(story) == []


def test_somebody_from_another_company_changes_nothing(story: Story) -> None:
    nudge = kickoff(story)
    story.slack.channel("operations").members.append("U0OLGA")
    story.reacts("olga", nudge, "white_check_mark")
    story.clicks("olga", nudge, "Done")
    assert "people of the company that runs it" in whispers(story, "olga")[0]
    assert audited(story) == []


def test_somebody_who_was_deactivated_changes_nothing(story: Story) -> None:
    nudge = kickoff(story)
    story.slack.change_person("aiko", deleted=True)
    # Slack would not even let her in: a request that was on its way all the same.
    story.slack.person("aiko").deleted = False
    story.reacts("aiko", nudge, "white_check_mark")
    assert audited(story) == []


def test_a_late_reaction_changes_nothing_while_done_stands_and_counts_after(story: Story) -> None:
    nudge = kickoff(story)
    story.reacts("diego", nudge, "white_check_mark")
    story.reacts("aiko", nudge, "eyes")
    assert "Done by <@U0DIEGO>" in story.again(nudge).text
    story.unreacts("diego", nudge, "white_check_mark")
    assert "Claimed by <@U0AIKO>" in story.again(nudge).text


@BOTH
def test_reactions_taken_back_in_any_order_end_with_an_open_nudge(story: Story) -> None:
    nudge = kickoff(story)
    story.reacts("diego", nudge, "eyes")
    story.reacts("diego", nudge, "white_check_mark")
    story.unreacts("diego", nudge, "eyes")
    assert "Done by <@U0DIEGO>" in story.again(nudge).text
    story.unreacts("diego", nudge, "white_check_mark")
    assert touchpoint(story).state == "nudged"
    story.reacts("diego", nudge, "eyes")
    story.reacts("diego", nudge, "white_check_mark")
    story.unreacts("diego", nudge, "white_check_mark")
    assert "Claimed by <@U0DIEGO>" in story.again(nudge).text
    story.unreacts("diego", nudge, "eyes")
    assert touchpoint(story).state == "nudged"


def test_one_of_two_reactions_of_one_meaning_may_go(story: Story) -> None:
    nudge = kickoff(story)
    story.reacts("diego", nudge, "white_check_mark")
    story.reacts("diego", nudge, "heavy_check_mark")
    story.unreacts("diego", nudge, "white_check_mark")
    assert touchpoint(story).state == "done"
    story.unreacts("diego", nudge, "heavy_check_mark")
    assert touchpoint(story).state == "nudged"


def test_taking_back_a_reaction_does_not_undo_what_somebody_else_did(story: Story) -> None:
    nudge = kickoff(story)
    story.reacts("diego", nudge, "eyes")
    story.clicks("aiko", story.again(nudge), "Done")
    story.unreacts("diego", nudge, "eyes")
    assert "Done by <@U0AIKO>" in story.again(nudge).text


def test_events_that_come_late_or_twice_change_nothing(story: Story) -> None:
    nudge = kickoff(story)
    door, story.slack.bot_url = story.slack.bot_url, "http://127.0.0.1:9/away"
    added = story.slack.react("diego", nudge, "white_check_mark")
    removed = story.slack.unreact("diego", nudge, "white_check_mark")
    story.slack.bot_url = door
    assert added is not None
    assert removed is not None
    for event in (removed, added, added, removed):
        story.slack.redeliver(event)
        assert event.status == 200
    story.settle()
    assert touchpoint(story).state == "nudged"
    assert audited(story) == []
    story.slack.complaints.clear()


def test_a_claim_whose_event_comes_after_a_later_snooze_does_not_win(story: Story) -> None:
    nudge = kickoff(story)
    door, story.slack.bot_url = story.slack.bot_url, "http://127.0.0.1:9/away"
    claimed = story.slack.react("diego", nudge, "eyes")
    story.slack.bot_url = door
    story.reacts("diego", nudge, "zzz")
    assert claimed is not None
    story.slack.redeliver(claimed)
    story.settle()
    assert "Snoozed until" in story.again(nudge).text
    story.slack.complaints.clear()


def test_a_snoozed_nudge_comes_back_and_the_old_message_says_so(story: Story) -> None:
    nudge = kickoff(story)
    presses(story, "diego", nudge, "Snooze…")
    assert "Wed 25 Nov 09:00" in story.again(nudge).text
    story.until("2026-11-25 09:00")
    story.settle()
    fresh = story.sees("#operations", "Kick-off call", "due today")
    assert "Moved to Wed 25 Nov" in story.again(nudge).text
    assert labels(story.again(nudge)) == []
    story.sees("#sales", "Personal hello")
    story.clicks("diego", fresh, "Done")
    assert touchpoint(story).state == "done"


def test_undo_of_a_snooze_that_has_come_back_does_nothing(story: Story) -> None:
    nudge = kickoff(story)
    presses(story, "diego", nudge, "Snooze…")
    folded = story.again(nudge)
    story.until("2026-11-25 09:00")
    story.settle()
    fresh = story.sees("#operations", "Kick-off call")
    story.sees("#sales", "Personal hello")
    story.clicks("diego", folded, "Bring back today")
    assert whispers(story, "diego") == ["There is nothing to undo here: it is open already."]
    assert labels(story.again(fresh)) == ["Done", "I'll take it", "Snooze…", "Skip…"]


def test_a_snoozed_one_that_is_done_early_does_not_come_back(story: Story) -> None:
    nudge = kickoff(story)
    presses(story, "diego", nudge, "Snooze…")
    story.reacts("diego", nudge, "white_check_mark")
    assert "Done by" in story.again(nudge).text
    story.until("2026-11-26 12:00")
    story.sees("#sales", "Personal hello")
    story.unreacts("diego", nudge, "white_check_mark")  # its snooze is over meanwhile
    story.settle()
    story.sees("#operations", "Kick-off call")


@BOTH
def test_a_recurring_play_plans_the_next_when_one_ends_and_undo_takes_it_back(story: Story) -> None:
    nudge = kickoff(story)
    story.clicks("diego", nudge, "Done")
    story.until("2026-12-23 09:00")
    story.settle()
    skip_digests(story)
    for message in story.slack.unexpected():
        if "Monthly" not in message.text:
            story.sees(message.channel, message.text[:30])
    report = story.sees("#operations", "Monthly report")
    assert occurrences(story, "report") == [(1, "nudged")]
    story.clicks("diego", report, "Done")
    assert occurrences(story, "report") == [(1, "done"), (2, "planned")]
    assert touchpoint(story, "report").due_at == dublin("2027-01-22 09:00")
    story.clicks("diego", story.again(report), "Undo")
    assert occurrences(story, "report") == [(1, "nudged")]
    story.reacts("diego", report, SKIP)
    assert occurrences(story, "report") == [(1, "skipped"), (2, "planned")]
    story.unreacts("diego", report, SKIP)
    assert occurrences(story, "report") == [(1, "nudged")]
