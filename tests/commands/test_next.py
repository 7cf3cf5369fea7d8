"""`/next`: what comes next, for me, my department, an account."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from sandbox import Ephemeral
from tests.commands.helpers import lasting, many_accounts, touchpoints
from tests.story import Story


def _menus(shown: Ephemeral) -> list[list[str]]:
    rows = [block["accessory"] for block in shown.blocks if "accessory" in block]
    return [[option["text"]["text"] for option in menu["options"]] for menu in rows]


def test_nothing_to_do_is_said_kindly(story: Story):
    before = lasting(story)
    assert story.types("priya", "/next").text == "Nothing is open or planned for you."
    assert lasting(story) == before


def test_mine_is_what_i_manage_and_what_i_have_taken(story: Story):
    story.types("priya", "/account add Acme stage onboarding manager @priya")
    story.until("2026-11-24 09:05")
    nudge = story.sees("#operations", "Kick-off call")
    lines = story.types("priya", "/next mine").text.splitlines()
    assert lines[:2] == [
        "Later: 1 due within 7 days · 1 planned for later",
        "Acme · Personal hello · due Wed 25 Nov",
    ]
    story.clicks("priya", nudge, "touchpoint:claim")
    lines = story.types("priya", "/next mine").text.splitlines()
    assert lines[:3] == [
        "Yours today: 1",
        "Acme · Kick-off call · due today: Claimed by you today",
        "Later: 1 more due within 7 days · 1 planned for later",
    ]


def test_a_department_is_asked_by_name_by_its_channel_or_by_being_in_it(story: Story):
    story.types("priya", "/account add Acme stage onboarding")
    asked = story.types("tom", "/next operations").text
    assert asked.startswith("Later: 1 due within 7 days · 1 planned for later")
    here = story.types("tom", "/next", "#operations").text
    assert here == asked
    story.types("tom", "/linchpin settings department operations")
    assert story.types("tom", "/next").text == here


def test_what_a_manager_would_do_is_the_stand_in_s_when_there_is_none(story: Story):
    story.types("priya", "/account add Acme stage onboarding")
    assert "Personal hello" in story.types("priya", "/next sales").text


def test_mine_and_ours_are_sorted_together(story: Story):
    story.types("priya", "/account add Acme stage onboarding manager @priya")
    titles = [line.split(" · ")[1] for line in _list(story, "/next")]
    assert titles == [
        "Kick-off call",
        "Personal hello",
        "Monthly report",
        "Renewal brief",
    ]


def _list(story: Story, line: str) -> list[str]:
    return story.types("priya", line, "#operations").text.splitlines()[1:]


def test_the_menu_does_it_and_shows_the_list_as_it_is_now(story: Story):
    story.types("priya", "/account add Acme stage onboarding manager @priya")
    asked = story.types("priya", "/next acme")
    assert asked.text.startswith("Later: 2 due within 7 days · 2 planned for later")
    shown = story.private("priya")
    assert _menus(shown)[0] == ["Done", "I'll take it", "Skip…", "Details"]
    first = shown.blocks[1]["block_id"]
    story.slack.click("priya", shown, "Done", block_id=first)
    story.settle()
    now = story.private("priya")
    assert now.ts == shown.ts
    assert now.text.startswith("Later: 1 due within 7 days")
    assert touchpoints(story, "Acme")["kickoff"] == "done"


def test_the_menu_of_a_list_that_was_asked_about_still_works(story: Story):
    story.types("priya", "/account add Globex West")
    story.types("priya", "/account add Globex East")
    asked = story.types("priya", "/next globex")
    story.clicks("priya", asked.message, "Globex East")
    story.slack.click("priya", story.private("priya"), "Done")
    story.settle()
    assert story.private("priya").text == "Nothing is open or planned for Globex East."


def test_taking_one_turns_its_menu(story: Story):
    story.types("priya", "/account add Acme")
    story.until("2026-11-24 09:05")
    story.sees("#sales", "First question")
    story.types("priya", "/next acme")
    assert _menus(story.private("priya")) == [
        ["Done", "I'll take it", "Snooze…", "Skip…", "Details"]
    ]
    story.slack.click("priya", story.private("priya"), "I'll take it")
    story.settle()
    assert "Release" in _menus(story.private("priya"))[0]


@pytest.mark.parametrize("count", [16, 52])
def test_a_long_list_has_pages(story: Story, count: int):
    for n in range(2):
        story.types("priya", f"/account add Account {n}")
    _copy_touchpoints(story, count - 2)
    asked = story.types("priya", "/next sales")
    assert f"{count} due within 7 days" in asked.text
    pages = -(-count // 15)
    assert asked.text.splitlines()[-1] == f"Page 1 of {pages}."
    last = story.types("priya", f"/next sales page {pages}")
    assert last.text.count("First question") == count - 15 * (pages - 1)


def _copy_touchpoints(story: Story, count: int) -> None:
    many_accounts(story, [f"Copy {n}" for n in range(count)])
    with story.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO touchpoint (workspace_id, account_id, stage, stage_entry, play, "
                "occurrence, owner, title, state, state_at, due_at, wake_at, version) "
                "SELECT a.workspace_id, a.id, t.stage, 1, t.play, 1, t.owner, t.title, t.state, "
                "t.state_at, t.due_at, t.wake_at, 1 FROM account a, touchpoint t "
                "WHERE a.name LIKE 'Copy %' AND t.id = 1"
            )
        )


@pytest.fixture
def week(story: Story) -> Story:
    """Acme is Priya's, Globex nobody's; their first touchpoints were due on Tuesday."""
    story.types("priya", "/account add Acme Corporation stage onboarding manager @priya")
    story.types("priya", "/account add Globex stage onboarding")
    story.until("2026-11-25 09:30")  # a Wednesday
    for message in story.slack.unexpected():
        story.slack.expect(message.channel, message.text)
    return story


@pytest.mark.parametrize(
    ("typed", "told", "accounts"),
    [
        ("overdue ops", "Overdue for Operations", "Acme Corporation Globex"),
        ("ops overdue", "Overdue for Operations", "Acme Corporation Globex"),
        ("acme overdue", "Overdue for Acme Corporation", "Acme Corporation"),
        ("acme ops overdue", "Overdue for Operations at Acme Corporation", "Acme Corporation"),
        ("overdue", "Overdue for you and Operations", "Acme Corporation Globex"),
        ("@priya", "Unclaimed for Priya Raman: 1", "Acme Corporation"),
        ("priya's overdue", "Nothing is overdue for Priya Raman.", ""),
        ("priya acme today", "Due today for Priya Raman at Acme Corporation", "Acme Corporation"),
        ("sales today", "Due today for Sales", "Globex"),
        ("sales tomorrow", "Nothing is due on Thu 26 Nov for Sales.", ""),
        ("globex next week", "Nothing is due from Mon 30 Nov to Sun 6 Dec for Globex.", ""),
    ],
)
def test_what_is_overdue_or_due_on_a_day_for_whom(
    week: Story, typed: str, told: str, accounts: str
):
    shown = week.types("diego", f"/next {typed}").text
    assert told in shown
    assert " ".join(sorted({n for n in ("Acme Corporation", "Globex") if f"{n} ·" in shown})) == (
        accounts
    )


def test_a_mistyped_department_is_a_button(story: Story):
    story.types("priya", "/account add Globex stage onboarding")
    answer = story.types("priya", "/next opertions next week")
    assert "Did you mean operations?" in answer.text
    story.clicks("priya", answer.message, "Operations")
    assert "Nothing is due from Mon 30 Nov" in story.private("priya").text


def test_a_name_with_a_day_in_it_is_a_name(story: Story):
    story.types("priya", "/account add Friday Media Group")
    assert "First question" in story.types("priya", "/next friday media").text
