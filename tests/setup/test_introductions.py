"""What stands before Linchpin's first message in a channel, and to a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from freezegun import freeze_time
from sqlalchemy import update
from sqlmodel import col

from bot.terminal.process.startup import learn_workspace
from db.models import Member
from tests.story import MONDAY, Story


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    """Linchpin has said nothing yet."""
    with freeze_time(MONDAY) as frozen:
        told = Story(tmp_path, frozen, introduced=False)  # type: ignore[arg-type]
        yield told
        told.close()


def texts(story: Story, where: str) -> list[str]:
    return [message.text.partition("\n")[0] for message in story.slack.messages(where)]


def test_a_department_s_first_message_comes_after_what_when_and_how_to_answer(story: Story):
    story.types("priya", "/account add Acme stage onboarding manager @tom")
    story.until("2026-11-24 10:00")
    told = story.sees("#operations", "Linchpin posts here")
    assert told.text == (
        "Linchpin posts here for Operations: one list at 9:00 (Dublin) on working days, with a "
        "digest on Mondays. Promises come when they are due.\n"
        "Answer with a line's menu or a reaction: ✅ on a single nudge; on a list, a line's number."
        " What is left over moves to the next list."
    )
    nudge = story.sees("#operations", "Kick-off call")
    assert float(told.ts) < float(nudge.ts)
    story.clicks("maya", told, "Show an example")
    example = story.private("maya").text
    assert "Operations today, Tue 24 Nov: 3 touchpoints" in example
    assert 'They decide: "Did we choose well?"' in example
    assert "Globex · claimed by Sam" in example
    story.types("priya", "/account add Globex stage onboarding manager @tom")
    story.until("2026-11-25 09:30")
    story.sees("#operations", "Globex")
    assert sum("posts here" in text for text in texts(story, "#operations")) == 1


def test_the_hours_are_those_in_force_and_a_button_changes_them(story: Story):
    story.types("priya", "/linchpin setup")
    story.clicks("priya", story.private("priya"), "setup:department", value="operations")
    story.slack.submit("priya", {"Working hours": "13:30-17:00", "Working days": "tue-sat"})
    story.types("priya", "/account add Acme stage onboarding manager @tom")
    story.until("2026-11-24 14:00")
    told = story.sees("#operations", "one list at 13:30 (Dublin)", "digest on Tuesdays")
    story.sees("#operations", "Kick-off call")
    story.clicks("tom", told, "Change hours or channel…")
    assert "Only admins" in story.private("tom").text
    story.clicks("priya", told, "Change hours or channel…")
    form = story.slack.modal("priya")
    assert form is not None
    assert form.title == "Operations"
    story.slack.submit("priya", {"Working hours": "08:00-12:00"})
    story.settle()
    assert story.again(told).text == told.text


def test_the_company_s_channel_is_told_of_its_digest(story: Story):
    story.types("priya", "/account add Acme")
    story.types("priya", "/stage acme onboarding")
    told = story.sees("#customers", "Linchpin posts here for the whole company")
    assert "one digest on Mondays at 9:00 (Dublin)" in told.text
    assert float(told.ts) < float(story.sees("#customers", "Acme moved").ts)


def test_a_person_s_first_message_comes_after_a_hello_at_their_own_hours_once(story: Story):
    with story.tx() as tx:
        tom = update(Member).where(col(Member.user_id) == "U0TOM")
        tx.execute(tom.values(tz="Asia/Tokyo", department="sales"))
    story.types("priya", "/account add Acme stage onboarding manager @tom")
    story.until("2026-11-27 10:00")
    hello = story.sees("@tom", "Hello Tom")
    assert hello.text == (
        "Hello Tom. At 9:00 your time (Tokyo), you get one message with what is yours. Nothing "
        "due, no message.\n"
        "The rest of Sales is in <#C0SALES>. React there: ✅ on a single nudge; on a list, a "
        "line's number.\nAsk me anything here, like \"what's next?\""
    )
    first = story.sees("@tom", "Personal hello")
    assert float(hello.ts) < float(first.ts)
    assert datetime.fromtimestamp(float(hello.ts), ZoneInfo("Asia/Tokyo")).hour == 9
    story.clicks("tom", hello, "Change hours…")
    form = story.slack.modal("tom")
    assert form is not None
    assert "Working hours" in str(form.blocks)
    story.slack.dismiss("tom")
    story.clicks("tom", hello, "What's next for me?")
    assert "Personal hello" in story.private("tom").text
    assert story.again(hello).text == hello.text
    learn_workspace(story.engine, story.playbook, story.context.slack, frozenset())
    story.types("priya", "/account add Globex stage onboarding manager @tom")
    story.until("2026-12-01 10:00")
    assert sum("Hello Tom" in text for text in texts(story, "@tom")) == 1
