"""Socket Mode: two connections, and a silent one is replaced."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult

from bot.rules.errors import UserError
from bot.slack.http_call import tls_context
from bot.terminal.process.sockets import SILENT_SECONDS, SOCKETS, Sockets
from sandbox import Sandbox
from tests.waiting import wait_for


@pytest.fixture
def slack() -> Iterator[Sandbox]:
    with Sandbox(now=lambda: datetime.now(UTC)) as sandbox:
        sandbox.switches.patience = 30  # a busy machine is not what is tried here
        yield sandbox


@pytest.fixture
def app() -> App:
    found = App(
        authorize=lambda: AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="unused"),
        signing_secret="none",
        process_before_response=True,
    )
    found.command("/stage")(lambda ack: ack("heard"))
    return found


def test_a_silent_connection_is_replaced_and_the_other_answers_meanwhile(
    slack: Sandbox, app: App
) -> None:
    told: list[float] = []
    sockets = Sockets(
        app, slack.app_token, slack.api_url, silent=3, alive=lambda: told.append(time.monotonic())
    )
    sockets.open()
    link = slack.endpoint.socket
    try:
        wait_for(lambda: link.connections == 2)
        assert slack.command("priya", "#general", "/stage").text == "heard"
        link.silence()
        wait_for(lambda: link.connections == 3)
        assert len(slack.calls("apps.connections.open")) == 3
        link.speak_again()  # now Slack notices that it was closed
        wait_for(lambda: link.connections == 2)
        assert [slack.command("priya", "#general", "/stage").text for _ in range(4)] == [
            "heard"
        ] * 4
        assert told
    finally:
        sockets.close()


def test_the_connections_share_one_tls_context(
    slack: Sandbox, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[ssl.SSLContext] = []
    make = ssl.create_default_context

    def noted() -> ssl.SSLContext:
        made.append(make())
        return made[-1]

    monkeypatch.setattr(ssl, "create_default_context", noted)
    tls_context.cache_clear()
    sockets = Sockets(app, slack.app_token, slack.api_url)
    try:
        sockets.open()
        wait_for(lambda: slack.endpoint.socket.connections == 2)
    finally:
        sockets.close()
    assert len(made) == 1


def test_there_are_two_and_silence_is_a_minute() -> None:
    assert (SOCKETS, SILENT_SECONDS) == (2, 60)


def test_a_wrong_token_is_named(slack: Sandbox, app: App) -> None:
    slack.fail("apps.connections.open", "error:invalid_auth")
    with pytest.raises(UserError, match="SLACK_APP_TOKEN"):
        Sockets(app, slack.app_token, slack.api_url).open()
