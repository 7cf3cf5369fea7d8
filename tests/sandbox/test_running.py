"""Running it: quick, leaves nothing behind, works with frozen time, tells who listens."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import freezegun
import pytest
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from sandbox import FREEZE_IGNORE, Sandbox
from tests.sandbox.conftest import Clock
from tests.sandbox.little_bot import LittleBot
from tests.waiting import wait_for


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def test_it_starts_quickly_answers_quickly_and_leaves_no_thread(clock: Clock) -> None:
    """Once is enough: a busy machine says nothing about the sandbox."""
    before = set(threading.enumerate())

    def is_quick() -> bool:
        sb = Sandbox(now=clock)
        start = seconds(sb.serve)
        api = WebClient(token=sb.bot_token, base_url=sb.api_url)
        answer = min(seconds(api.auth_test) for _ in range(20))
        sb.close()
        return start < 0.3 and answer < 0.02

    wait_for(is_quick)
    assert set(threading.enumerate()) <= before  # one of an earlier test may have ended meanwhile


Frozen = (
    freezegun.api.FrozenDateTimeFactory
    | freezegun.api.StepTickTimeFactory
    | freezegun.api.TickingDateTimeFactory
)


@pytest.fixture
def frozen() -> Iterator[Frozen]:
    freezegun.configure(extend_ignore_list=FREEZE_IGNORE)
    with freezegun.freeze_time(datetime(2027, 3, 28, 0, 30, tzinfo=UTC)) as clock:
        yield clock


def test_it_works_with_frozen_time(frozen: Frozen) -> None:
    with Sandbox(now=lambda: datetime.now(UTC)) as sb:
        bot = LittleBot(sb)
        sb.bot_url = bot.url
        assert sb.command("priya", "#sales", "/whisper hi").text == "you said hi"
        api = WebClient(token=sb.bot_token, base_url=sb.api_url)
        one = api.chat_postMessage(channel="C0SALES", text="one")["ts"]
        frozen.tick(60)
        two = api.chat_postMessage(channel="C0SALES", text="two")["ts"]
        assert (one[:10], two[:10]) == ("1806193800", "1806193860")
        assert sb.react("tom", sb.messages("sales")[0], "eyes").status == 200  # type: ignore[union-attr]
        bot.close()
    assert sb.complaints == []


def test_an_unexpected_message_is_found(sb: Sandbox, api: WebClient) -> None:
    api.chat_postMessage(channel="C0SALES", text="Acme: kick-off")
    api.chat_postMessage(channel="U0PRIYA", text="for you")
    sb.say("tom", "#sales", "Acme?")
    assert sb.expect("#sales", "Acme", "kick-off").text == "Acme: kick-off"
    assert [m.text for m in sb.unexpected()] == ["for you"]
    with pytest.raises(AssertionError, match="@priya: for you"):
        sb.expect("#sales", "Acme")
    sb.expect("@priya")
    assert sb.unexpected() == []


def test_whoever_listens_is_told_until_the_end(sb: Sandbox, api: WebClient) -> None:
    listener = sb.subscribe()
    api.chat_postMessage(channel="C0SALES", text="x")
    assert listener.get(timeout=20).channel == "C0SALES"
    api.chat_postEphemeral(channel="C0SALES", user="U0TOM", text="x")
    change = listener.get(timeout=20)
    assert (change.kind, change.viewer) == ("ephemeral", "U0TOM")
    sb.close()
    assert listener.get(timeout=20).kind == "closed"
    sb.unsubscribe(listener)


def test_many_at_once_do_not_disturb_each_other(sb: Sandbox, api: WebClient) -> None:
    def work(n: int) -> None:
        for turn in range(10):
            api.chat_postMessage(channel="C0SALES", text=f"{n}.{turn}")
            sb.messages("sales")

    threads = [threading.Thread(target=work, args=(n,)) for n in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    posted = sb.messages("sales")
    assert len({m.ts for m in posted}) == 50
    assert {m.text for m in posted} == {f"{n}.{t}" for n in range(5) for t in range(10)}


def test_socket_mode_carries_commands_and_events(sb: Sandbox, bot: LittleBot) -> None:
    sb.bot_url = None
    handler = SocketModeHandler(bot.app, sb.app_token)
    handler.connect()
    try:
        wait_for(lambda: sb.endpoint.socket.connected)
        assert sb.command("priya", "#sales", "/echo x").text == "ok"
        said = sb.say("tom", "#sales", "hello")
        event = sb.react("priya", said, "eyes")
        assert event is not None
        assert event.status == 200
        assert bot.got[-1]["event"]["reaction"] == "eyes"
    finally:
        handler.close()


def test_a_page_may_add_its_own_routes(clock: Clock) -> None:
    import urllib.request

    from starlette.responses import PlainTextResponse
    from starlette.routing import Route

    sb = Sandbox(now=clock)
    sb.serve(routes=[Route("/", lambda request: PlainTextResponse("page"))])
    with urllib.request.urlopen(sb.url + "/") as answer:
        assert answer.read() == b"page"
    sb.close()
