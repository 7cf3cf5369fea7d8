"""`make demo` as a visitor meets it: a real process, a real browser."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bot.rules.playbook.diff import list_changes
from bot.rules.playbook.playbook import load
from bot.terminal.playbook.diff import DEFAULT
from demo.company import Demo, demo_playbook
from tools.child_processes import child_command

pytestmark = pytest.mark.timeout(400)


@pytest.fixture(scope="module")
def demo() -> Iterator[str]:
    """The address of a running demo."""
    command = child_command("bot", "demo", "--port", "0")
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = (re.search(r"http://127\.0\.0\.1:\d+", line) for line in process.stdout)
        found = next((address for address in said if address), None)
        assert found, "the demo ended before it said where it is"
        yield found[0]
        process.terminate()
        assert process.wait(60) == 0


@pytest.fixture
def page(demo: str, browser: Any) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 860})
    page.goto(demo)
    yield page
    page.close()


def channel(page: Page, name: str) -> None:
    page.get_by_role("button", name=re.compile(rf"^#?\s*{name}\b")).first.click()


def test_the_three_hints_show_a_visitor_what_it_is_for(page: Page) -> None:
    said = page.locator("#timeline .msg")
    dialog = page.get_by_role("dialog")

    # One line of today's list is done, and the list keeps what it taught.
    todays = said.filter(has_text="write down").last
    todays.get_by_role("button", name="More actions").first.click()
    page.get_by_role("menuitem", name="Done").first.click()
    dialog.get_by_role("textbox").first.fill("Fiona signs on Thursday")
    dialog.get_by_role("button", name="Save").click()
    expect(todays.get_by_text("Fiona signs on Thursday")).to_be_visible()

    # A brief that is nearly full: its gap is closed beside it.
    channel(page, "Linchpin")
    brief = said.filter(has_text="Missing: ").last
    expect(brief.get_by_text("Missing: 1")).to_be_visible()
    brief.get_by_role("button", name="Add alternatives").click()
    dialog.get_by_role("textbox").first.fill("Optivue")
    dialog.get_by_role("button", name="Save").click()
    dialog.get_by_role("button", name="Close").last.click()
    expect(said.filter(has_text="Missing: none").last).to_contain_text("Optivue")

    # A week on, the others have worked, and Monday's digest tells of it.
    page.get_by_role("button", name="+1 week").click()
    expect(page.get_by_text("Nov 30").first).to_be_visible(timeout=240_000)
    channel(page, "customers")
    expect(said.filter(has_text="Company digest, Mon 30 Nov").last).to_contain_text("thanks to")
    channel(page, "marketing")
    expect(page.get_by_text("Maya Lindqvist").last).to_be_visible()


def test_a_move_is_done_at_once_and_everybody_hears(page: Page) -> None:
    box = page.get_by_role("textbox").first
    box.fill("/stage acme renewal")
    box.press("Enter")
    said = page.locator("#timeline .msg")
    expect(said.filter(has_text="Acme Corporation: Growth → Renewal").last).to_be_visible()
    channel(page, "customers")
    expect(said.filter(has_text="Acme Corporation moved from Growth").last).to_be_visible()


def test_the_demo_s_company_has_a_fourth_department_with_plays_of_its_own(page: Page) -> None:
    channel(page, "support")
    expect(page.get_by_text("Nadia Haddad").or_(page.get_by_text("Ivo Marek")).last).to_be_visible()


def test_the_demo_s_playbook_is_the_default_one_and_what_support_does() -> None:
    changes = list_changes(load(DEFAULT), demo_playbook())
    assert [(one.what, one.where) for one in changes if one.where != "participation"] == [
        ("added", "department support"),
        ("added", "play onboarding/where-to-ask"),
        ("added", "play growth/open-tickets"),
    ]


def test_the_plain_demo_has_three_departments_both_acmes_and_nobody_who_answers(
    tmp_path: Path,
) -> None:
    demo = Demo(tmp_path, 0, plain=True)
    try:
        demo.prepare()
        assert f"{demo.time.now():%a %d %b %Y %H:%M}" == "Mon 23 Nov 2026 09:20"
        assert "support" not in {channel.name for channel in demo.sandbox.channels}
        assert "Acme Robotics" in demo.sandbox.command("tom", "#general", "/stage acme").text
        posts = demo.sandbox.messages("#sales")
        assert posts
        assert not any(post.reactions for post in posts)
    finally:
        demo.close()
