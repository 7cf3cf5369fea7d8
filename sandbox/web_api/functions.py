"""functions.*: how a workflow's step ends."""

from __future__ import annotations

from typing import Any

from sandbox.errors import SlackError
from sandbox.model import Change, Execution, Json
from sandbox.people.workflows import misfits
from sandbox.state import Workspace


def complete_success(ws: Workspace, args: Json) -> Json:
    """functions.completeSuccess."""
    execution = _running(ws, args)
    declared = ws.switches.functions[execution.step]["output_parameters"]
    if not isinstance(args["outputs"], dict):
        raise SlackError("invalid_arguments", ["[ERROR] outputs must be an object"])
    wrong = misfits(declared, args["outputs"])
    if wrong:
        raise SlackError("parameter_validation_failed", wrong)
    return _end(ws, execution, "completed", outputs=args["outputs"])


def complete_error(ws: Workspace, args: Json) -> Json:
    """functions.completeError."""
    return _end(ws, _running(ws, args), "failed", error=args["error"])


def _running(ws: Workspace, args: Json) -> Execution:
    found = ws.executions.get(args["function_execution_id"])
    if found is None:
        raise SlackError("function_execution_not_found")
    if found.status != "running":
        raise SlackError("execution_not_in_running_state")
    return found


def _end(ws: Workspace, execution: Execution, status: str, **ended: Any) -> Json:
    execution.status = status
    for name, value in ended.items():
        setattr(execution, name, value)
    ws.announce(Change("view", viewer=execution.by))
    return {}


METHODS = {"functions.completeSuccess": complete_success, "functions.completeError": complete_error}
