"""The arguments of the call for a row, as late as they can be known."""

import json
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from db.outbox.states import DELETE, POST, UPDATE


def call_arguments(row: Any, root: Any) -> dict[str, Any]:
    """What to call Slack with for a row, whose payload and marks are JSON's text.

    `root` is where the message stands (channel, slack_ts) that it answers in a thread or changes;
    None if there is none. Raises TypeError, ValueError, AttributeError or KeyError for a row of
    which no call can be made.
    """
    if row.method == DELETE:
        return {"channel": root.channel, "ts": root.slack_ts}
    payload = json.loads(row.payload)
    if row.method == UPDATE:
        return {**payload, "channel": root.channel, "ts": root.slack_ts}
    if row.method != POST:
        return {**payload}
    if root is None:
        return {**payload, "channel": row.lane, **_message_marks(row)}
    return {**payload, "channel": root.channel, "thread_ts": root.slack_ts, **_message_marks(row)}


def _message_marks(row: Any) -> dict[str, Any]:
    """What the message is found again by; anyone in the workspace can read it: opaque."""
    marks = json.loads(row.marks) if row.marks else None
    return {
        "metadata": {
            "event_type": "linchpin_message",
            "event_payload": {"id": str(row.id), **({"marks": " ".join(marks)} if marks else {})},
        },
        # Whether Slack dedupes by it is not documented: a bonus, nothing relies on it.
        "client_msg_id": str(uuid5(NAMESPACE_URL, _name(row))),
    }


def _name(row: Any) -> str:
    # With the key: after a restore an id is given to another message.
    return f"linchpin:{row.workspace_id}:{row.id}:{row.dedupe_key}"
