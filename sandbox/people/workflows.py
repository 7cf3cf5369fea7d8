"""Workflow Builder in small: a workflow of one step, which some person uses."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from sandbox.errors import NotPossible
from sandbox.http.bot_endpoint import BotEndpoint
from sandbox.model import Execution, Json, Person
from sandbox.state import APP_ID, Workspace

PERSON = "slack#/types/user_id"
_TYPES: dict[str, type] = {"integer": int, "boolean": bool}
"""What a value of a declared type is in JSON; all others are text."""


def run_step(
    endpoint: BotEndpoint, who: str | Person, step: str, inputs: Mapping[str, Any]
) -> Execution:
    """Send function_executed for this step. NotPossible where Workflow Builder would object."""
    ws = endpoint.ws
    with ws.lock:
        declared = ws.switches.functions.get(step)
        if declared is None:
            raise NotPossible(f"the app has no step {step!r}")
        given = {
            name: _typed(ws, declared, name, value)
            for name, value in inputs.items()
            if value is not None
        }
        missing = misfits(declared["input_parameters"], given)
        if missing:
            raise NotPossible(f"the step cannot be used so: {'; '.join(missing)}")
        execution = Execution(ws.ids.next("Fx"), step, declared["title"], ws.person(who).id, given)
        ws.executions[execution.id] = execution
        event = _event(ws, execution, declared)
    execution.event = endpoint.event(event, None)
    return copy.copy(execution)


def misfits(declared: Json, given: Json) -> list[str]:
    """What is wrong with values, by the manifest's declaration."""
    known = declared["properties"]
    unknown = [f"unknown: {name}" for name in given if name not in known]
    empty = [
        f"missing: {name}" for name in declared.get("required", ()) if given.get(name) in (None, "")
    ]
    wrong = [
        f"no {known[name]['type']}: {name}"
        for name, value in given.items()
        if name in known and type(value) is not _TYPES.get(known[name]["type"], str)
    ]
    return unknown + empty + wrong


def _typed(ws: Workspace, declared: Json, name: str, value: Any) -> Any:
    kind = declared["input_parameters"]["properties"].get(name, {}).get("type")
    return ws.person(value).id if kind == PERSON and value else value


def _event(ws: Workspace, execution: Execution, declared: Json) -> Json:
    return {
        "type": "function_executed",
        "function": {
            "id": "Fn0" + execution.step.upper(),
            "callback_id": execution.step,
            "title": declared["title"],
            "description": declared["description"],
            "type": "app",
            "input_parameters": _listed(declared["input_parameters"]),
            "output_parameters": _listed(declared["output_parameters"]),
            "app_id": APP_ID,
            "date_created": 1_790_000_000,
            "date_updated": 1_790_000_000,
            "date_deleted": 0,
        },
        "inputs": execution.inputs,
        "function_execution_id": execution.id,
        "workflow_execution_id": ws.ids.next("Wx"),
        "event_ts": ws.mint_ts(),
        "bot_access_token": "xwfp-sandbox-" + execution.id,
    }


def _listed(declared: Json) -> list[Json]:
    needed = declared.get("required", ())
    return [
        {**about, "name": name, "is_required": name in needed}
        for name, about in declared["properties"].items()
    ]
