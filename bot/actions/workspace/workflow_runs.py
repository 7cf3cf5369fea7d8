"""Runs of a workflow step: each is done and ended once, however often Slack reports it."""

from datetime import datetime
from typing import Any

from db import outbox
from db.core.tx import Tx
from db.ops import inbox


def first_time(tx: Tx, execution: str, now: datetime) -> bool:
    """Whether this run is new; one that failed is not done again."""
    return inbox.first_time(tx, f"step:{execution}", now)


def complete(tx: Tx, execution: str, outputs: dict[str, Any], now: datetime) -> None:
    """Hands the outputs to the workflow's next step."""
    outbox.enqueue_step_end(tx, execution=execution, outputs=outputs, now=now)


def fail(tx: Tx, execution: str, sentence: str, now: datetime) -> None:
    """Ends a run with a sentence, which Slack shows to whoever used the workflow."""
    if first_time(tx, execution, now):
        outbox.enqueue_step_end(tx, execution=execution, error=sentence, now=now)
