"""Something new arrives between pressing a button and letting go of it: the click still counts."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from sandbox import Sandbox
from tests.sandbox_page.stand_ins import (
    ANSWERED,
    OPERATIONS,
    Browser,
    EchoBot,
    button,
    client,
    form,
    nudge,
    option,
    section,
    words,
)

pytestmark = pytest.mark.timeout(400)


@contextmanager
def pressed(page: Page, what: Locator) -> Iterator[None]:
    """The pointer goes down on it now, and up afterwards."""
    what.hover()
    page.mouse.down()
    yield
    page.mouse.up()


@pytest.fixture
def say(page: Page, sandbox: Sandbox) -> Callable[..., str]:
    """The bot says something; the page has fetched it, and would have drawn it, when this ends."""
    page.evaluate("async () => { window.page = await import('/ui/static/store.js') }")
    fetched = "words => page.store.messages.some(one => one.text === words)"

    def said(text: str, where: str = OPERATIONS, **more: Any) -> str:
        ts = str(client(sandbox).chat_postMessage(channel=where, text=text, **more)["ts"])
        page.wait_for_function(fetched, arg=text)
        return ts

    return said


def test_on_a_channel_in_the_sidebar(page: Page, sandbox: Sandbox, say: Callable[..., str]) -> None:
    with pressed(page, page.get_by_role("button", name="sales")):
        client(sandbox).chat_postMessage(channel="C0SALES", text="Unread there")
        say("Seen here")
    expect(page.locator("#roomhead", has_text="sales")).to_be_visible()
    expect(page.get_by_text("Unread there")).to_be_visible()


def test_on_a_button_of_a_message_that_changes(
    page: Page, sandbox: Sandbox, bot: EchoBot, say: Callable[..., str]
) -> None:
    ts = say("Acme", blocks=nudge("Acme"))
    done = page.get_by_role("button", name="Done", exact=True)
    with page.expect_response(ANSWERED), pressed(page, done):
        client(sandbox).chat_update(channel=OPERATIONS, ts=ts, text="Borea", blocks=nudge("Borea"))
        say("And more")
    expect(page.get_by_text("Borea", exact=True)).to_be_visible()
    assert bot.actions() == ["done"]


def test_on_what_closes_a_thread(page: Page, say: Callable[..., str]) -> None:
    ts = say("Acme")
    say("Nobody has this yet", thread_ts=ts)
    page.get_by_role("button", name="1 reply").click()
    with pressed(page, page.get_by_role("button", name="Close thread")):
        say("Somebody has", thread_ts=ts)
    expect(page.locator("#thread")).to_be_hidden()


def test_on_a_button_of_the_home(
    page: Page, sandbox: Sandbox, bot: EchoBot, say: Callable[..., str]
) -> None:
    def publish(label: str) -> None:
        blocks = [section(label, accessory=button(label, "open"), block_id="a")]
        client(sandbox).views_publish(user_id="U0DIEGO", view={"type": "home", "blocks": blocks})

    publish("Acme")
    page.get_by_role("button", name="Linchpin", exact=True).click()
    page.get_by_role("tab", name="Home").click()
    acme = page.get_by_role("button", name="Acme", exact=True)
    with page.expect_response(ANSWERED), pressed(page, acme):
        publish("Borea")
        say("To you", where="U0DIEGO")
    expect(page.get_by_role("button", name="Borea")).to_be_visible()
    assert bot.actions() == ["open"]


def test_on_a_home_that_was_published_anew_since_it_was_drawn(
    sandbox: Sandbox, bot: EchoBot, as_: Callable[[str], Browser]
) -> None:
    def publish(*blocks: dict[str, Any]) -> None:
        client(sandbox).views_publish(
            user_id="U0DIEGO", view={"type": "home", "blocks": list(blocks)}
        )

    diego = as_("diego")
    publish(section("Acme", accessory=button("Done", "done", value="7")))
    drawn = diego.state()["home"]
    (block,) = drawn["blocks"]
    action = {"type": "button", "action_id": "done", "block_id": block["block_id"], "value": "7"}
    publish(section("Borea"), section("Acme", accessory=button("Done", "done", value="7")))
    assert diego.post("action", view_id=drawn["id"], action=action)["ok"]
    publish(section("Nothing waits for you"))
    assert diego.post("action", view_id=drawn["id"], action=action)["ok"]
    assert bot.actions() == ["done", "done"]
    assert bot.last("block_actions")["actions"][0]["value"] == "7"


def test_on_a_forms_own_button(
    page: Page, sandbox: Sandbox, bot: EchoBot, say: Callable[..., str]
) -> None:
    opened: list[str] = []
    view = form() | {"blocks": [section("Acme")]}

    def answer(payload: dict[str, str]) -> dict[str, str]:
        if payload["type"] == "command":
            shown = client(sandbox).views_open(trigger_id=payload["trigger_id"], view=view)
            opened.append(shown["view"]["id"])
        return {}

    bot.answer = answer
    page.get_by_role("textbox", name="Message", exact=True).fill("/log acme")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="How did it go?")
    with pressed(page, dialog.get_by_role("button", name="Save")):
        changed = view | {"blocks": [section("Borea")]}
        client(sandbox).views_update(view_id=opened[0], view=changed)
        say("Behind it")
    expect(dialog).to_have_count(0)
    assert bot.last("view_submission")["view"]["id"] == opened[0]


def test_on_one_of_a_list_that_is_looked_up_again(
    page: Page, bot: EchoBot, say: Callable[..., str]
) -> None:
    found, hold = [option("Acme", "1")], threading.Event()

    def answer(payload: dict[str, str]) -> dict[str, object]:
        if payload["type"] == "block_suggestion" and payload["value"] == "acm":
            hold.wait(20)
            return {"options": [*found, option("Acme Robotics", "2")]}
        return {"options": found} if payload["type"] == "block_suggestion" else {}

    bot.answer = answer
    search = {"type": "external_select", "action_id": "which", "min_query_length": 1}
    say("Which?", blocks=[section("Which?", accessory=search | {"placeholder": words("Account")})])
    page.get_by_role("button", name="Account").click()
    page.get_by_role("textbox", name="Search").press_sequentially("ac")
    acme = page.get_by_role("option", name="Acme", exact=True)
    acme.hover()
    page.keyboard.type("m")
    with page.expect_response(ANSWERED), pressed(page, acme):
        with page.expect_response("**/ui/suggest"):
            hold.set()
        say("Meanwhile")
    assert bot.actions() == ["which"]
