"""Every number of a digest and of Home opens the rows behind it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.story import Story

WEEK = (
    "/account add Acme stage onboarding manager @priya renews 2026-12-20",
    "/account add Globex stage onboarding manager @tom",
    "/account add Initech stage renewal manager @tom renews 2027-01-15",
    "/log acme complaint The export is slow",
    "/log globex call We talked",
    "/value acme 2 hours a week saved they said so",
    "/promise acme SSO by 2026-11-30 owner operations",
    "/stage globex renewal because they asked",
    "/decision initech renewed",
)


def _lived(story: Story) -> None:
    for line in WEEK:
        story.types("priya", line)
    story.until("2026-11-26 10:00")
    mine = next(m for m in story.slack.messages("#operations") if "Operations today" in m.text)
    row = next(b for b in story.again(mine).blocks if "Acme · *2 days" in str(b.get("text")))
    story.clicks("diego", mine, "Done", block_id=row["block_id"])
    _reads_all(story)


def _reads_all(story: Story) -> None:
    while story.slack.unexpected():
        story.sees(story.slack.unexpected()[0].channel)


def _options(blocks: list[dict[str, Any]]) -> list[str]:
    menus = [e for b in blocks for e in b.get("elements", []) if e.get("action_id") == "rows:show"]
    return [option["text"]["text"] for menu in menus for option in menu["options"]]


def _opened(story: Story, who: str, on: Any, label: str) -> tuple[str, int]:
    """The title of what a choice opens, and how many rows it shows."""
    menu = next(b for b in on.blocks if label in _options([b]))
    story.clicks(who, on, "rows:show", value=label, block_id=menu["block_id"])
    view = story.slack.modal(who)
    assert view is not None
    title, *parts = (block["text"]["text"] for block in view.blocks if "text" in block)
    story.slack.dismiss(who)
    return title.strip("*"), sum(part.count("• ") for part in parts)


@pytest.mark.parametrize("command", ["company", "mine"])
def test_every_number_of_a_digest_opens_as_many_rows(story: Story, command: str) -> None:
    _lived(story)
    story.until("2026-11-30 08:30")
    _reads_all(story)
    answer = story.types("priya", f"/linchpin digest {command}")
    labels = _options(answer.blocks)
    assert f"Menu: {', '.join(labels)}." in answer.text
    assert len(labels) >= 4, labels
    for label in labels:
        title, rows = _opened(story, "priya", story.private("priya"), label)
        assert (title, rows) == (label, int(label.rpartition(": ")[2]))


def test_every_number_of_a_department_s_monday_opens_as_many_rows(story: Story) -> None:
    _lived(story)
    story.until("2026-11-30 09:05")
    (monday,) = [m for m in story.slack.messages("#operations") if "digest, Mon" in m.text]
    assert "Last week: 1 of 2 done, 1 carried over. This week: 1 due today." in monday.text
    buttons = [e for b in monday.blocks for e in b.get("elements", []) if "action_id" in e]
    shown = [e["text"]["text"] for e in buttons if e["action_id"].startswith("rows:show:")]
    assert shown == ["Show done: 1", "Show this week: 1", "Show carried over: 1"]
    for label in shown:
        story.clicks("priya", monday, label)
        view = story.slack.modal("priya")
        assert view is not None
        rows = sum(str(block).count("• ") for block in view.blocks)
        assert rows == int(label.rpartition(": ")[2])
        story.slack.dismiss("priya")
    _reads_all(story)


def test_home_shows_the_renewals_that_it_cuts_in_pages(story: Story) -> None:
    for n in range(22):
        line = f"/account add Acme {n} stage renewal manager me renews 2026-12-{4 + n:02}"
        story.types("priya", line)
    story.slack.open_home("priya")
    story.settle()
    home = story.slack.home("priya")
    assert home is not None
    assert "Your renewals within 90 days: 22" in str(home.blocks)
    story.clicks("priya", home, "rows:show:all")
    assert _rows(story) == 20
    story.clicks("priya", story.slack.modal("priya"), "More")
    assert _rows(story) == 2
    while story.slack.unexpected():
        story.sees(story.slack.unexpected()[0].channel)


def _rows(story: Story) -> int:
    view = story.slack.modal("priya")
    assert view is not None
    return sum(str(block).count("• ") for block in view.blocks)
