"""Faults on command, and the pace."""

from __future__ import annotations

import time
from http.client import RemoteDisconnected
from urllib.error import URLError

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox import Sandbox
from tests.sandbox.conftest import Clock


def post(api: WebClient, text: str = "x", channel: str = "C0SALES") -> object:
    return api.chat_postMessage(channel=channel, text=text)


def test_a_429_names_the_seconds_to_wait_and_posts_nothing(sb: Sandbox, api: WebClient) -> None:
    sb.fail("chat.postMessage", "429", retry_after=7)
    with pytest.raises(SlackApiError) as caught:
        post(api)
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["retry-after"] == "7"
    assert caught.value.response["error"] == "ratelimited"
    assert sb.messages("sales") == []
    post(api)
    assert len(sb.messages("sales")) == 1


@pytest.mark.parametrize(("kind", "stands"), [("500_before", 0), ("500_after", 1)])
def test_a_500_comes_before_or_after_the_commit(
    sb: Sandbox, api: WebClient, kind: str, stands: int
) -> None:
    sb.fail("chat.postMessage", kind)
    with pytest.raises(SlackApiError) as caught:
        post(api)
    assert caught.value.response.status_code == 500
    assert len(sb.messages("sales")) == stands
    assert sb.calls()[0].outcome == kind


@pytest.mark.parametrize(("kind", "stands"), [("drop_before", 0), ("drop_after", 1)])
def test_a_connection_drops_before_or_after_the_commit(
    sb: Sandbox, api: WebClient, kind: str, stands: int
) -> None:
    sb.fail("chat.postMessage", kind)
    with pytest.raises((URLError, ConnectionError, RemoteDisconnected)):
        post(api)
    assert len(sb.messages("sales")) == stands


def test_slacks_own_sdk_doubles_a_message_when_the_connection_drops(sb: Sandbox) -> None:
    """As measured against the real one: the reason for retry_handlers=[] on the posting client."""
    sb.fail("chat.postMessage", "drop_after")
    post(WebClient(token=sb.bot_token, base_url=sb.api_url))
    assert len(sb.messages("sales")) == 2


@pytest.mark.parametrize("answer", ["500", "drop", "ok"])
def test_a_slow_commit_shows_later(sb: Sandbox, api: WebClient, clock: Clock, answer: str) -> None:
    sb.fail("chat.postMessage", "slow_commit", seconds=60, answer=answer)
    if answer == "ok":
        post(api)
    else:
        with pytest.raises((SlackApiError, URLError, ConnectionError)):
            post(api)
    assert sb.messages("sales") == []
    assert api.conversations_history(channel="C0SALES")["messages"] == []
    clock.forward(seconds=61)
    assert len(api.conversations_history(channel="C0SALES")["messages"]) == 1


def test_a_slow_answer_takes_real_time(sb: Sandbox, api: WebClient) -> None:
    sb.fail("auth.test", "slow_answer", seconds=0.2)
    started = time.monotonic()
    api.auth_test()
    assert time.monotonic() - started >= 0.2


def test_an_error_of_slacks_is_given_so_many_times(sb: Sandbox, api: WebClient) -> None:
    sb.fail("chat.postMessage", "error:token_revoked", times=2)
    for _ in range(2):
        with pytest.raises(SlackApiError, match="token_revoked"):
            post(api)
    post(api)


def test_a_fault_can_be_for_one_channel(sb: Sandbox, api: WebClient) -> None:
    sb.fail("*", "error:is_archived", channel="#marketing")
    post(api)
    with pytest.raises(SlackApiError, match="is_archived"):
        post(api, channel="#marketing")


def test_a_fault_can_be_for_one_dm(sb: Sandbox, api: WebClient) -> None:
    sb.fail("chat.postMessage", "500_before", channel="@priya")
    post(api, channel="U0TOM")
    with pytest.raises(SlackApiError):
        post(api, channel="U0PRIYA")


def test_an_unknown_fault_is_refused(sb: Sandbox) -> None:
    with pytest.raises(ValueError, match="no fault is called 418"):
        sb.fail("chat.postMessage", "418")
    with pytest.raises(ValueError, match=r"there is no method chat\.post"):
        sb.fail("chat.post", "429")


def test_the_pace_is_a_message_a_second_a_channel(
    sb: Sandbox, api: WebClient, clock: Clock
) -> None:
    sb.pace = True
    post(api)
    post(api)  # the burst
    with pytest.raises(SlackApiError) as caught:
        post(api)
    assert caught.value.response.headers["retry-after"] == "1"
    post(api, channel="C0MARKETING")
    clock.forward(seconds=1)
    post(api)
    with pytest.raises(SlackApiError, match="ratelimited"):
        post(api)


def test_without_a_burst_the_second_message_waits(sb: Sandbox, api: WebClient) -> None:
    sb.pace, sb.switches.burst = True, 0
    post(api)
    with pytest.raises(SlackApiError, match="ratelimited"):
        post(api)


def test_there_is_no_pace_unless_it_is_asked_for(sb: Sandbox, api: WebClient) -> None:
    for _ in range(5):
        post(api)
    assert len(sb.messages("sales")) == 5
