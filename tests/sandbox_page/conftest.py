from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from bot.manifest import manifest
from sandbox import Sandbox
from sandbox.page.page import page_routes
from tests.sandbox_page.stand_ins import Browser, EchoBot, HandClock


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def bot() -> Iterator[EchoBot]:
    running = EchoBot()
    yield running
    running.close()


@pytest.fixture
def sandbox(clock: HandClock, bot: EchoBot) -> Iterator[Sandbox]:
    workspace = Sandbox(now=clock.now, bot_url=bot.url)
    workspace.switches.patience = 30  # a busy machine is not what is tried here
    workspace.serve(routes=page_routes(workspace, clock, features=manifest()["features"]))
    yield workspace
    workspace.close()


@pytest.fixture
def as_(sandbox: Sandbox) -> Iterator[Callable[[str], Browser]]:
    opened: list[Browser] = []

    def become(handle: str) -> Browser:
        opened.append(Browser(sandbox.url, sandbox.person(handle).id))
        return opened[-1]

    yield become
    for one in opened:
        one.http.close()


@pytest.fixture
def page(browser, sandbox: Sandbox):
    """The sandbox's page, open at 1280x800; an error in its scripts fails the test."""
    window = browser.new_page(viewport={"width": 1280, "height": 800})
    troubles: list[str] = []
    window.on("pageerror", lambda error: troubles.append(str(error)))
    window.on("console", lambda said: troubles.extend([said.text] if said.type == "error" else []))
    window.goto(sandbox.url)
    window.wait_for_selector("body.ready")
    yield window
    window.close()
    assert troubles == []
