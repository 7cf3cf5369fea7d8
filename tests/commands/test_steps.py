"""Workflow Builder's steps: they do it once, for the person in the step, and say how it ended."""

from __future__ import annotations

from typing import Any

import pytest

from bot.handlers.workspace.workflow_steps import STEP_FUNCTIONS
from bot.messages.workspace.steps import STEPS
from sandbox.model import Execution
from tests.commands.helpers import account, lasting, logged, moves
from tests.story import Story


def runs(story: Story, step: str, **inputs: Any) -> Execution:
    """Runs a step as a workflow would; how it ended."""
    inputs.setdefault("person", "tom")
    begun = story.slack.run_step("tom", step, inputs)
    assert begun.event is not None
    assert begun.event.status == 200
    story.settle()
    return story.slack.execution(begun.id)


def test_every_step_of_the_manifest_is_done_by_somebody():
    assert set(STEP_FUNCTIONS) == set(STEPS)
    assert all("person" in step.inputs for step in STEPS.values())


def test_an_interaction_is_logged_for_the_person_in_the_step(story: Story):
    story.types("priya", "/account add Acme Corporation")
    ended = runs(
        story, "step_log", account="acme", text="They like *it*", kind="Call", on="2026-11-20"
    )
    assert ended.status == "completed"
    assert ended.outputs == {
        "account": "Acme Corporation",
        "summary": "Logged for Acme Corporation: call, Fri 20 Nov",
    }
    (entry,) = logged(story)
    assert (entry.kind, entry.text, entry.source) == ("call", "They like *it*", "workflow")
    assert (entry.by_user, entry.happened_on.isoformat()) == ("U0TOM", "2026-11-20")


def test_an_account_is_moved_and_the_company_told(story: Story):
    story.types("priya", "/account add Acme stage onboarding")
    ended = runs(story, "step_move", account="Acme", stage="next")
    assert (ended.status, ended.outputs["before"], ended.outputs["stage"]) == (
        "completed",
        "Onboarding",
        "Renewal",
    )
    assert "Story of the year · Mon 23 Nov · Marketing" in ended.outputs["summary"]
    assert moves(story, "Acme")[-1] == ("onboarding", "renewal", None, "U0TOM")
    story.sees("#customers", "Acme", "by Tom Okafor")
    story.sees("#marketing", "Story of the year")


def test_an_account_is_told_and_what_is_not_known_is_left_out(story: Story):
    story.types("priya", "/account add Acme stage onboarding")
    first = runs(story, "step_account", account="acme").outputs
    assert (first["stage"], first["days"], set(first) & {"manager", "renews_on"}) == (
        "Onboarding",
        0,
        set(),
    )
    story.types("priya", "/account acme manager tom")
    story.types("priya", "/account acme renews 2027-03-31")
    known = runs(story, "step_account", account="acme").outputs
    assert (known["manager"], known["renews_on"]) == ("U0TOM", "2027-03-31")
    assert "Tom Okafor" in known["summary"]


@pytest.mark.parametrize(
    ("step", "inputs", "sentence"),
    [
        ("step_log", {"account": "nobody", "text": "x"}, 'No account matches "nobody"'),
        ("step_log", {"account": "acme corp", "text": "x"}, 'may be "Acme Corp East" or "Acme'),
        ("step_log", {"account": "globex", "text": "x", "kind": "fax"}, 'Unknown kind "fax"'),
        ("step_log", {"account": "globex", "text": "x", "on": "2027-01-01"}, "still to come"),
        ("step_move", {"account": "globex", "stage": "renewel"}, 'Unknown stage "renewel"'),
        ("step_move", {"account": "globex", "stage": "prospect"}, "Add a reason"),
        ("step_account", {"account": "old"}, None),
    ],
)
def test_a_step_that_cannot_be_done_fails_with_a_sentence_and_changes_nothing(
    story: Story, step: str, inputs: dict[str, str], sentence: str | None
):
    for name in ("Acme Corp East", "Acme Corp West", "Old", "Globex stage onboarding"):
        story.types("priya", f"/account add {name}")
    story.types("priya", "/account old archive")
    before = lasting(story)
    ended = runs(story, step, **inputs)
    assert lasting(story) == before
    if sentence is None:
        assert "archived" in ended.outputs["summary"].lower()
    else:
        assert ended.status == "failed"
        assert sentence in ended.error


def test_who_was_slower_than_another_is_told(story: Story):
    story.types("priya", "/account add Acme")
    story.types("priya", "/stage acme onboarding")
    story.sees("#customers", "Acme")
    ended = runs(story, "step_move", account="acme", stage="renewal")
    assert ended.error.startswith("Priya Raman moved Acme to Onboarding meanwhile, Mon 23 Nov")
    assert account(story, "Acme").stage == "onboarding"


def test_slack_telling_it_again_has_no_second_effect(story: Story):
    story.types("priya", "/account add Acme")
    begun = story.slack.run_step(
        "tom", "step_log", {"account": "acme", "text": "hello", "person": "tom"}
    )
    failed = story.slack.run_step(
        "tom", "step_log", {"account": "globex", "text": "hello", "person": "tom"}
    )
    assert begun.event is not None
    assert failed.event is not None
    story.types("priya", "/account add Globex")
    for event in (begun.event, failed.event):
        story.slack.redeliver(event)
        # The same execution in another event, as Slack gives it another name.
        event.payload["event_id"] = "Ev-another"
        story.slack.redeliver(event)
    story.settle()
    assert len(logged(story)) == 1
    assert story.slack.execution(failed.id).status == "failed"
    ends = [c for c in story.slack.calls() if c.method.startswith("functions.")]
    assert [call.outcome for call in ends] == ["ok", "ok"]


@pytest.mark.parametrize("trouble", ["500_after", "drop_after", "500_before", "429"])
def test_an_end_that_slack_did_not_confirm_is_told_again(story: Story, trouble: str):
    story.types("priya", "/account add Acme")
    story.slack.fail("functions.completeSuccess", trouble)
    begun = story.slack.run_step("tom", "step_account", {"account": "acme", "person": "tom"})
    story.settle()
    story.after(minutes=2)
    assert story.slack.execution(begun.id).status == "completed"
    assert "Messages go out" in story.types("priya", "/linchpin status").text


@pytest.mark.parametrize("who", ["gus", "olga"])
def test_a_step_for_somebody_who_may_not_speak_fails_and_shows_nothing(story: Story, who: str):
    story.types("priya", "/account add Acme")
    before = lasting(story)
    for step, more in (("step_account", {}), ("step_log", {"text": "hello"})):
        ended = runs(story, step, account="acme", person=who, **more)
        assert ended.status == "failed"
        assert "Linchpin answers" in ended.error
        assert "Acme" not in ended.error
    assert lasting(story) == before


def test_nothing_in_an_accounts_name_becomes_markup(story: Story):
    story.types("priya", '/account add "<!channel> & *Co*"')
    told = runs(story, "step_account", account="<!channel> & *Co*").outputs
    assert told["account"] == "‹!channel› & *Co*"
    assert "<" not in str(told)
    failed = runs(story, "step_move", account="<!channel> & *Co*", stage="prospect")
    assert failed.error.startswith("‹!channel› & *Co* is in Prospect already")
