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
from bot.terminal.demo import Demo, demo_playbook
from bot.terminal.playbook.file import DEFAULT
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


def test_a_visitor_moves_an_account_answers_a_nudge_and_reads_the_digest(page: Page) -> None:
    def says(text: str) -> None:
        box = page.get_by_role("textbox").first
        box.fill(text)
        box.press("Enter")

    def channel(name: str) -> None:
        page.get_by_role("button", name=re.compile(rf"^#?\s*{name}\b")).first.click()

    # A week has been lived through: nudges are there, some answered.
    expect(page.get_by_text("Done by").first).to_be_visible()

    says("/stage acme corporation renewal")
    expect(page.get_by_text("Only visible to you").last).to_be_visible()
    expect(page.get_by_text("What happens next").last).to_be_visible()

    channel("customers")
    expect(page.get_by_text("moved from").last).to_be_visible()

    page.get_by_role("button", name="to next Monday 9:00").click()
    expect(page.get_by_text("Nov 30").first).to_be_visible(timeout=120_000)  # five days of work
    expect(page.get_by_text("Company digest").last).to_be_visible()

    channel("operations")
    done = page.get_by_role("button", name="Done", exact=True).last
    done.click()
    expect(page.get_by_text("nothing written down").last).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="Not now", exact=True).click()


def test_the_demo_s_company_has_a_fourth_department_with_plays_of_its_own(page: Page) -> None:
    page.get_by_role("button", name=re.compile(r"^#?\s*support\b")).first.click()
    expect(page.get_by_text("Support").first).to_be_visible()
    expect(page.get_by_text("Show their people where to ask").first).to_be_visible()


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
