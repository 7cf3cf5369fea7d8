"""Whoever goes by the keyboard keeps the focus while the page is drawn anew around it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from sandbox import Sandbox
from tests.sandbox_page.stand_ins import (
    ANSWERED,
    OPERATIONS,
    EchoBot,
    button,
    client,
    form,
    nudge,
    section,
)

pytestmark = pytest.mark.timeout(400)


def test_on_a_button_of_a_message_that_changes(page: Page, sandbox: Sandbox, bot: EchoBot) -> None:
    said = client(sandbox).chat_postMessage(channel=OPERATIONS, text="Acme", blocks=nudge("Acme"))
    done = page.get_by_role("button", name="Done", exact=True)
    done.focus()
    client(sandbox).chat_update(
        channel=OPERATIONS, ts=str(said["ts"]), text="Borea", blocks=nudge("Borea")
    )
    expect(page.get_by_text("Borea", exact=True)).to_be_visible()
    expect(done).to_be_focused()
    with page.expect_response(ANSWERED):
        page.keyboard.press("Enter")
    assert bot.actions() == ["done"]


def test_what_takes_the_place_of_the_pressed_button_has_it(page: Page, sandbox: Sandbox) -> None:
    def said(label: str, action: str) -> list[dict[str, Any]]:
        return [section("Acme", accessory=button(label, action, value="7"))]

    blocks = said("I have it", "claim")
    ts = client(sandbox).chat_postMessage(channel=OPERATIONS, text="Acme", blocks=blocks)["ts"]
    page.get_by_role("button", name="I have it").focus()
    blocks = said("Give it back", "release")
    client(sandbox).chat_update(channel=OPERATIONS, ts=str(ts), text="Acme", blocks=blocks)
    expect(page.get_by_role("button", name="Give it back")).to_be_focused()


def test_on_the_home_on_a_channel_and_in_a_form(page: Page, sandbox: Sandbox, bot: EchoBot) -> None:
    def publish(*words: str) -> None:
        rows = [section(one, accessory=button(f"Do {one}", "do", value=one)) for one in words]
        client(sandbox).views_publish(user_id="U0DIEGO", view={"type": "home", "blocks": rows})

    sales = page.get_by_role("button", name="sales")
    sales.focus()
    client(sandbox).chat_postMessage(channel="C0SALES", text="Unread there")
    expect(page.get_by_role("button", name="sales, 1 unread")).to_be_focused()

    publish("Acme", "Borea")
    page.get_by_role("button", name="Linchpin", exact=True).click()
    page.get_by_role("tab", name="Home").click()
    page.get_by_role("button", name="Do Borea").focus()
    publish("Cobalt", "Acme", "Borea")
    expect(page.get_by_role("button", name="Do Cobalt")).to_be_visible()
    expect(page.get_by_role("button", name="Do Borea")).to_be_focused()


def test_in_a_form_that_the_bot_changes_while_one_types(
    page: Page, sandbox: Sandbox, bot: EchoBot
) -> None:
    opened: list[str] = []

    def answer(payload: dict[str, str]) -> dict[str, str]:
        if payload["type"] == "command":
            shown = client(sandbox).views_open(trigger_id=payload["trigger_id"], view=form())
            opened.append(shown["view"]["id"])
        return {}

    bot.answer = answer
    page.get_by_role("textbox", name="Message", exact=True).fill("/log acme")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="How did it go?")
    field = dialog.locator("input.field:not([type=date]), textarea").first
    field.fill("They like it")
    page.keyboard.press("ArrowLeft")
    changed = form()
    changed["blocks"] = [section("More of it"), *changed["blocks"]]
    client(sandbox).views_update(view_id=opened[0], view=changed)
    expect(dialog.get_by_text("More of it")).to_be_visible()
    expect(field).to_be_focused()
    page.keyboard.type("!")
    expect(field).to_have_value("They like i!t")
