"""Done, Skip and Snooze on a nudge: one click where that is enough, a form where more helps."""

from __future__ import annotations

import pytest

from tests.commands.helpers import logged
from tests.forms.helpers import modal, starts_with, submits
from tests.nudges.helpers import audited, dublin, kickoff, labels, touchpoint, whispers
from tests.story import Story


def test_done_is_done_by_the_click_and_the_form_may_be_closed(story: Story) -> None:
    nudge = kickoff(story)
    story.clicks("diego", nudge, "Done")
    assert modal(story, "diego").title == "Record what they said"
    assert "✓ Done by <@U0DIEGO>" in story.again(nudge).text
    story.slack.dismiss("diego")
    assert touchpoint(story).state == "done"
    assert logged(story) == []


def test_what_is_told_after_done_becomes_a_part_of_the_account_s_story(story: Story) -> None:
    nudge = kickoff(story)
    story.clicks("diego", nudge, "Done")
    submits(story, "diego", {"text": "They like <!here> & the *plan*"})
    assert story.slack.modal("diego") is None
    (entry,) = logged(story)
    assert entry.text == "Kick-off call: They like <!here> & the *plan*"
    assert entry.touchpoint_id == touchpoint(story).id
    assert "*Note:* They like" in str(story.again(nudge).blocks)
    assert "<!here>" not in str(story.types("diego", "/account acme").blocks)
    story.clicks("diego", story.again(nudge), "Undo")
    assert "taken back too" in whispers(story, "diego")[-1]
    assert "They like" not in story.types("tom", "/account acme timeline").text


def test_a_form_left_open_while_it_was_reopened_says_why_it_keeps_nothing(story: Story) -> None:
    nudge = kickoff(story)
    story.clicks("diego", nudge, "Done")
    story.after(minutes=20)
    story.clicks("aiko", story.again(nudge), "Undo")
    story.after(minutes=40)
    answer = submits(story, "diego", {"text": "They like it"})
    assert answer.errors["text"].startswith('"Kick-off call" was reopened meanwhile, Tue 24 Nov')
    assert modal(story, "diego").title == "Record what they said"
    assert logged(story) == []


def test_a_form_left_open_for_an_hour_still_saves(story: Story) -> None:
    nudge = kickoff(story)
    story.clicks("diego", nudge, "Done")
    story.after(hours=1)
    submits(story, "diego", {"text": "They like it"})
    assert [entry.text for entry in logged(story)] == ["Kick-off call: They like it"]


def test_done_does_not_wait_for_a_form_that_slack_does_not_open(story: Story) -> None:
    nudge = kickoff(story)
    story.slack.fail("views.open", "error:expired_trigger_id")
    story.clicks("diego", nudge, "Done")
    assert story.slack.modal("diego") is None
    assert touchpoint(story).state == "done"
    assert whispers(story, "diego") == []


def test_skip_asks_for_a_reason_and_shows_it(story: Story) -> None:
    nudge = kickoff(story)
    story.clicks("diego", nudge, "Skip…")
    assert touchpoint(story).state == "nudged"
    why = {"Why?": "It is not the right moment", "In your own words": "they *merge* & rest"}
    submits(story, "diego", why)
    assert touchpoint(story).state == "skipped"
    assert touchpoint(story).note == "not the right moment: they *merge* & rest"
    shown = story.again(nudge).text
    assert "Skipped by <@U0DIEGO>" in shown
    assert "not the right moment: they" in shown
    assert (
        "Kick-off call: skipped, not the right moment"
        in story.types("tom", "/account acme timeline").text
    )
    story.clicks("diego", story.again(nudge), "Undo")
    assert touchpoint(story).note is None


def test_skip_without_a_reason_is_fine_and_cancelling_changes_nothing(story: Story) -> None:
    nudge = kickoff(story)
    story.clicks("diego", nudge, "Skip…")
    story.slack.dismiss("diego")
    assert touchpoint(story).state == "nudged"
    story.clicks("diego", nudge, "Skip…")
    submits(story, "diego")
    assert (touchpoint(story).state, touchpoint(story).note) == ("skipped", None)


def test_who_was_slower_is_told_in_the_form_who_was_quicker(story: Story) -> None:
    nudge = kickoff(story)
    story.clicks("diego", nudge, "Skip…")
    story.clicks("aiko", nudge, "Done")
    answer = submits(story, "diego", {"Why?": "It is not the right moment"})
    assert answer.errors == {
        "why": '"Kick-off call" for Acme was done by Aiko Tanaka already, '
        "Tue 24 Nov 09:00. Nothing was changed."
    }
    assert touchpoint(story).state == "done"


def test_a_second_press_of_submit_has_no_second_effect(story: Story) -> None:
    nudge = kickoff(story)
    story.clicks("diego", nudge, "Done")
    open_form = modal(story, "diego")
    values = {"text": "They like it"}
    submits(story, "diego", values)
    story.slack.workspace.stacks["U0DIEGO"] = [open_form.id]  # the same window once more
    assert submits(story, "diego", values).errors == {}
    assert len(logged(story)) == 1


def test_snooze_offers_times_in_the_reader_s_zone(story: Story) -> None:
    nudge = kickoff(story)
    story.clicks("diego", nudge, "Snooze…")
    block = next(b for b in modal(story, "diego").blocks if b["block_id"] == "until")
    offered = [option["text"]["text"] for option in block["element"]["options"]]
    assert offered[0].startswith("Later today, at ")
    assert offered[1:] == ["Tomorrow, Wed 25 Nov", "Next week, Mon 30 Nov"]
    assert starts_with(modal(story, "diego"), "until") == offered[1]


@pytest.mark.parametrize(
    ("values", "back"),
    [
        ({}, "2026-11-25 09:00"),
        ({"until": "later"}, "2026-11-24 11:15"),
        ({"until": "2026-11-30"}, "2026-11-30 09:00"),
        ({"day": "2026-12-05"}, "2026-12-07 09:00"),  # a Saturday: the Monday after
    ],
)
def test_snooze_comes_back_when_it_was_said(story: Story, values: dict, back: str) -> None:
    nudge = kickoff(story)
    story.clicks("diego", nudge, "Snooze…")
    submits(story, "diego", values)
    assert touchpoint(story).snoozed_until == dublin(back)
    assert "Snoozed until" in story.again(nudge).text
    assert audited(story)[-1] == ("U0DIEGO", "form", "touchpoint.snooze")


@pytest.mark.parametrize("day", ["2026-11-24", "2020-01-01", "2029-01-01"])
def test_a_day_that_cannot_be_is_refused_at_its_field(story: Story, day: str) -> None:
    nudge = kickoff(story)
    story.clicks("diego", nudge, "Snooze…")
    answer = submits(story, "diego", {"day": day})
    assert answer.errors == {"day": "Pick a day from tomorrow on, within a year."}
    assert touchpoint(story).state == "nudged"


def test_a_snooze_form_left_open_until_the_time_has_come_asks_for_another(story: Story) -> None:
    nudge = kickoff(story)
    story.clicks("diego", nudge, "Snooze…")
    story.until("2026-11-24 15:30")
    answer = submits(story, "diego", {"until": "later"})
    assert answer.errors == {"until": "The working day is over by then: pick another time."}
    story.until("2026-11-25 08:00")
    answer = submits(story, "diego", {"until": "2026-11-25"})
    assert answer.errors["until"].startswith("Wed 25 Nov has come meanwhile")


def test_a_form_that_does_not_open_is_told_privately_with_another_way(story: Story) -> None:
    nudge = kickoff(story)
    story.slack.fail("views.open", "error:expired_trigger_id")
    story.clicks("diego", nudge, "Skip…")
    assert "Slack did not open the form" in whispers(story, "diego")[-1]
    assert touchpoint(story).state == "nudged"


def test_a_guest_s_form_is_refused(story: Story) -> None:
    nudge = kickoff(story)
    story.clicks("diego", nudge, "Skip…")
    story.slack.change_person("diego", is_restricted=True)
    submits(story, "diego", {"Why?": "It is not the right moment"})
    shown = modal(story, "diego")
    assert "guests cannot use it" in str(shown.blocks)
    assert "Acme" not in str(shown.blocks)
    assert touchpoint(story).state == "nudged"
    assert labels(story.again(nudge)) == ["Done", "I'll take it", "Snooze…", "Skip…"]
