"""Steps of workflows and suggested prompts, as Slack has them."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk import WebClient

from sandbox import Sandbox
from sandbox.errors import NotPossible
from tests.sandbox.little_bot import LittleBot
from tests.sandbox.test_web_api import refused

STEPS: dict[str, Any] = {
    "greet": {
        "title": "Greet",
        "description": "Says hello",
        "input_parameters": {
            "properties": {"who": {"type": "slack#/types/user_id"}, "words": {"type": "string"}},
            "required": ["who"],
        },
        "output_parameters": {
            "properties": {"words": {"type": "string"}, "times": {"type": "integer"}},
            "required": ["words"],
        },
    }
}


@pytest.fixture
def execution(sb: Sandbox, bot: LittleBot) -> str:
    sb.switches.functions = STEPS
    begun = sb.run_step("priya", "greet", {"who": "tom", "words": "hello"})
    assert begun.event is not None
    told = begun.event.payload["event"]
    assert told["function"]["callback_id"] == "greet"
    assert told["inputs"] == {"who": "U0TOM", "words": "hello"}
    return begun.id


def test_a_step_ends_once(sb: Sandbox, api: WebClient, execution: str) -> None:
    done: dict[str, Any] = {"function_execution_id": execution, "outputs": {"words": "hello Tom"}}
    assert refused(api.functions_completeSuccess, **{**done, "outputs": {}}) == (
        "parameter_validation_failed"
    )
    wrong = {"words": "hello", "times": "two"}
    assert refused(api.functions_completeSuccess, **{**done, "outputs": wrong}) == (
        "parameter_validation_failed"
    )
    api.functions_completeSuccess(**done)
    assert sb.execution(execution).outputs == {"words": "hello Tom"}
    again = refused(api.functions_completeError, function_execution_id=execution, error="no")
    assert again == "execution_not_in_running_state"
    assert sb.execution(execution).status == "completed"


def test_a_step_fails_with_a_sentence(sb: Sandbox, api: WebClient, execution: str) -> None:
    api.functions_completeError(function_execution_id=execution, error="Nobody is there.")
    assert (sb.execution(execution).status, sb.execution(execution).error) == (
        "failed",
        "Nobody is there.",
    )
    nowhere = refused(api.functions_completeError, function_execution_id="Fx9", error="no")
    assert nowhere == "function_execution_not_found"


def test_what_workflow_builder_would_not_let_pass_is_not_sent(sb: Sandbox, bot: LittleBot) -> None:
    sb.switches.functions = STEPS
    for step, inputs in (("wave", {}), ("greet", {}), ("greet", {"who": "tom", "times": 2})):
        with pytest.raises(NotPossible):
            sb.run_step("priya", step, inputs)


def test_at_most_four_prompts_are_suggested(sb: Sandbox, api: WebClient) -> None:
    sb.switches.prompts = [{"title": "Help", "message": "help"}]
    assert sb.prompts("tom") == sb.switches.prompts
    own = [{"title": f"Ask {n}", "message": f"{n}?"} for n in range(5)]
    call = api.assistant_threads_setSuggestedPrompts
    assert refused(call, channel_id="D0TOM", prompts=own) == "invalid_arguments"
    assert refused(call, channel_id="C0SALES", prompts=own[:4]) == "channel_not_found"
    call(channel_id="D0TOM", prompts=own[:4])
    assert sb.prompts("tom") == own[:4]
