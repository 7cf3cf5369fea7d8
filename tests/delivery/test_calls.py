"""What the call of a message is told, and the numbers of delivery."""

from __future__ import annotations

import json
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from db.outbox.claim import call_arguments
from db.outbox.states import RateLimit, backoff, base_lane

# -- the call


def row(method: str, **more: Any) -> Any:
    told = json.dumps({"text": "hello", "name": "pace"})
    plain = {"id": 7, "workspace_id": "T1", "dedupe_key": "k", "marks": "null", "lane": "C1"}
    return SimpleNamespace(**{**plain, "method": method, "payload": told, **more})


MARKED = {
    "metadata": {"event_type": "linchpin_message", "event_payload": {"id": "7"}},
    "client_msg_id": "eaf7999f-2094-5926-b26c-4da7a7406c2b",
}
SAID = {"text": "hello", "name": "pace"}
ROOT = SimpleNamespace(channel="D7", slack_ts="1.1")


@pytest.mark.parametrize(
    ("method", "root", "wanted"),
    [
        ("chat.postMessage", None, {**SAID, "channel": "C1", **MARKED}),
        ("chat.postMessage", ROOT, {**SAID, "channel": "D7", "thread_ts": "1.1", **MARKED}),
        ("chat.update", ROOT, {**SAID, "channel": "D7", "ts": "1.1"}),
        ("chat.delete", ROOT, {"channel": "D7", "ts": "1.1"}),
        ("chat.postEphemeral", None, SAID),
        ("views.publish", None, SAID),
    ],
)
def test_the_arguments_of_each_call(method: str, root: Any, wanted: dict[str, Any]) -> None:
    assert call_arguments(row(method), root) == wanted


def test_marks_go_along_and_another_message_has_another_id() -> None:
    def id_of(**more: Any) -> str:
        return str(call_arguments(row("chat.postMessage", **more), None)["client_msg_id"])

    marked = call_arguments(row("chat.postMessage", marks='["a", "b"]'), None)
    assert marked["metadata"]["event_payload"] == {"id": "7", "marks": "a b"}
    others = [id_of(id=8), id_of(workspace_id="T2"), id_of(dedupe_key="l")]
    assert len({id_of(), *others}) == 4
    assert id_of() == id_of()


# -- the numbers


def test_the_wait_after_a_failure_doubles_up_to_a_quarter_of_an_hour() -> None:
    assert backoff(1, 1) == timedelta(seconds=5.455305)
    for attempt, base in ((1, 5), (2, 10), (3, 20), (8, 640), (9, 900), (20, 900)):
        waits = [backoff(row_id, attempt).total_seconds() / base for row_id in range(400)]
        assert 0.75 <= min(waits) < 0.76
        assert 1.24 < max(waits) <= 1.25
    assert backoff(1, 1) * 2 != backoff(1, 2)


def test_a_burst_is_how_far_ahead_a_workspace_may_run() -> None:
    assert RateLimit().slack == timedelta(seconds=2)
    assert RateLimit(workspace=timedelta(seconds=1), burst=3).slack == timedelta(seconds=3)


def test_edits_belong_to_their_channel() -> None:
    assert (base_lane("C1/edits"), base_lane("C1"), base_lane("C1/U7")) == ("C1", "C1", "C1/U7")
