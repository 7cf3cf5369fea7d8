"""Done, Skip and Snooze on a nudge: one click where that is enough, a form where more helps."""

from __future__ import annotations

import pytest
from sqlmodel import col, select

from db.models import Touchpoint
from tests.commands.helpers import logged
from tests.forms.helpers import asks_more, modal, starts_with, submits
from tests.nudges.helpers import audited, dublin, kickoff, labels, touchpoint, whispers
from tests.story import Story


def test_done_is_done_by_the_click_and_the_form_may_be_closed(story: Story) -> None:
    nudge = kickoff(story)
    story.clicks("diego", nudge, "Done")
    assert modal(story, "diego").title == "Done"
    assert "✓ Done by <@U0DIEGO>" in story.again(nudge).text
    story.slack.dismiss("diego")
    assert touchpoint(story).state == "done"
    assert logged(story) == []


def test_what_is_told_after_done_becomes_a_part_of_the_account_s_story(story: Story) -> None:
    nudge = kickoff(story)
    story.clicks("diego", nudge, "Done")
    asks_more(story, "diego")
    submits(
        story,
        "diego",
        {
            "How did it go?": "It went well",
            "Notes": "They like <!here> & the *plan*",
            "What did they get?": "Two days a month",
            "Next step": "Send the numbers",
            "Next step on": "2026-12-01",
        },
    )
    assert story.slack.modal("diego") is None
    (entry,) = logged(story)
    assert entry.text == (
        "Kick-off call: Went well. They like <!here> & the *plan*\n"
        "Next step (by Tue 1 Dec): Send the numbers"
    )
    assert entry.touchpoint_id == touchpoint(story).id
    assert ": went well" in story.again(nudge).text
    assert "<!here>" not in str(story.types("diego", "/account acme").blocks)


def test_done_asks_two_things_and_more_keeps_what_was_filled_in(story: Story) -> None:
    nudge = kickoff(story)
    story.clicks("diego", nudge, "Done")
    short = modal(story, "diego")
    assert [b["block_id"] for b in short.blocks if b["type"] == "input"] == ["went", "note"]
    story.slack.workspace.views[short.id].values = {
        "note": {"field": {"type": "plain_text_input", "value": "They like it"}}
    }
    whole = asks_more(story, "diego")
    assert len([b for b in whole.blocks if b["type"] == "input"]) == 9
    late = submits(story, "diego", {"promise": "SSO"})
    assert "needs a date" in str(late.errors)
    submits(story, "diego", {"promise_on": "2026-12-31", "step": "Call", "step_on": "2026-12-05"})
    assert logged(story)[0].text.startswith("Kick-off call: They like it")
    told = whispers(story, "diego")[-1]
    assert told.startswith("Planned: Acme · Call: Operations")
    assert 'Acme was promised "SSO" by Thu 31 Dec' in told
    assert "1 open promise" in story.types("priya", "/promise acme").text


def test_more_of_a_touchpoint_that_was_undone_says_so_when_submitted(story: Story) -> None:
    nudge = kickoff(story)
    story.clicks("diego", nudge, "Done")
    story.clicks("aiko", story.again(nudge), "Undo")
    asks_more(story, "diego")
    answer = submits(story, "diego", {"promise": "SSO", "promise_on": "2026-12-31"})
    assert "was reopened meanwhile" in str(answer.errors)
    assert "No promise to" in story.types("priya", "/promise acme").text


def test_nothing_told_writes_nothing(story: Story) -> None:
    nudge = kickoff(story)
    story.clicks("diego", nudge, "Done")
    before = story.again(nudge).text
    submits(story, "diego")
    assert logged(story) == []
    assert story.again(nudge).text == before


def test_a_form_left_open_while_it_was_reopened_says_why_it_keeps_nothing(story: Story) -> None:
    nudge = kickoff(story)
    story.clicks("diego", nudge, "Done")
    story.after(minutes=20)
    story.clicks("aiko", story.again(nudge), "Undo")
    story.after(minutes=40)
    answer = submits(story, "diego", {"Notes": "They like it"})
    assert answer.errors["went"].startswith('"Kick-off call" was reopened meanwhile, Tue 24 Nov')
    assert modal(story, "diego").title == "Done"
    assert logged(story) == []


def test_a_form_left_open_for_an_hour_still_saves(story: Story) -> None:
    nudge = kickoff(story)
    story.clicks("diego", nudge, "Done")
    story.after(hours=1)
    submits(story, "diego", {"Notes": "They like it"})
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
    values = {"Notes": "They like it"}
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


# -- the next step


def tells_a_step(story: Story, **more: str) -> None:
    nudge = kickoff(story)
    story.clicks("diego", nudge, "Done")
    asks_more(story, "diego")
    values = {"Next step": "Send them the numbers", "Next step on": "2026-12-05", **more}
    submits(story, "diego", values)


def step(story: Story) -> Touchpoint:
    with story.tx() as tx:
        (found,) = tx.all(select(Touchpoint).where(col(Touchpoint.kind) == "step"))
    return found


def test_a_next_step_with_a_day_is_planned_and_listed(story: Story) -> None:
    tells_a_step(story)
    said = whispers(story, "diego")[-1]
    assert said.startswith("Planned: Acme · Send them the numbers: Operations, due Mon 7 Dec")
    assert step(story).due_at == dublin("2026-12-07 09:00"), "a Saturday: the Monday after"
    for listed in ("/next operations", "/next acme"):
        assert "Send them the numbers" in story.types("aiko", listed).text


def test_a_next_step_is_nudged_where_its_owner_is_and_outlives_the_stage(story: Story) -> None:
    tells_a_step(story, **{"Owner": "Marketing", "Next step on": "2026-11-24"})
    nudge = story.sees("#marketing", "Send them the numbers")
    story.types("priya", "/stage acme advocacy")
    story.sees("#customers", "Acme")
    story.clicks("maya", nudge, "Done")
    assert step(story).state == "done"
    assert "Send them the numbers: done" in story.types("tom", "/account acme timeline").text


def test_undoing_done_takes_back_what_was_told_and_its_step_in_one_sentence(story: Story) -> None:
    tells_a_step(story, **{"Notes": "They like it"})
    nudge = next(m for m in story.slack.messages("#operations") if "Kick-off call" in m.text)
    story.clicks("diego", nudge, "Undo")
    assert whispers(story, "diego")[-1] == (
        'What was told of "Kick-off call" when it was done is taken back too, and the next step '
        '"Send them the numbers".'
    )
    assert [entry.undone_at is not None for entry in logged(story)] == [True]
    assert step(story).state == "cancelled"
    assert "They like it" not in story.types("tom", "/account acme timeline").text
    story.clicks("diego", story.again(nudge), "Done")
    asks_more(story, "diego")
    submits(story, "diego", {"Next step": "Call them", "Next step on": "2026-12-05"})
    assert "Call them" in story.types("aiko", "/next operations").text


def test_a_step_without_a_day_stays_words(story: Story) -> None:
    nudge = kickoff(story)
    story.clicks("diego", nudge, "Done")
    asks_more(story, "diego")
    submits(story, "diego", {"Next step": "Send them the numbers"})
    assert [entry.text for entry in logged(story)] == [
        "Kick-off call: Next step: Send them the numbers"
    ]
    with story.tx() as tx:
        assert tx.count(Touchpoint, col(Touchpoint.kind) == "step") == 0
