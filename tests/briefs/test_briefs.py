"""Before a customer decides again, its manager gets a brief; its gaps are asked about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import freezegun
import pytest
from sqlalchemy import event, update
from sqlmodel import col, select

from bot.nudges.duties import briefs as nudge
from bot.rules.briefs import due_brief
from db.models import Account, Brief, Decision, Touchpoint
from sandbox import SlackMessage
from tests.forms.helpers import modal, starts_with, submits
from tests.nudges.helpers import labels, thread
from tests.story import MONDAY, PLAYBOOK, Story

BRIEFED = PLAYBOOK + "renewals: {brief: [90, 60, 30], value: marketing, alternatives: sales}\n"


@pytest.fixture
def story(tmp_path: Path, database_url: str) -> Iterator[Story]:
    """Acme is a customer of Priya's and decides again in 58 days, so the brief of 60 is due."""
    with freezegun.freeze_time(MONDAY) as frozen:
        told = Story(tmp_path, frozen, BRIEFED, database_url)  # type: ignore[arg-type]
        try:
            told.types("priya", "/account add Acme manager @priya")
            told.types("priya", "/stage acme onboarding")
            told.types("priya", "/promise acme SSO by 2027-03-31 owner sales")
            told.types("tom", "/log acme call they like it")
            yield told
            for message in told.slack.unexpected():
                if "decides again" not in message.text and "no decision" not in message.text:
                    told.slack.expect(message.channel, message.text)
            told.ended()
        finally:
            told.close()


def briefed(story: Story) -> SlackMessage:
    story.types("priya", "/account acme renews 2027-01-20")
    story.after(minutes=6)
    return story.sees("@priya", "Acme decides again in 58 days", "by Wed 20 Jan 2027")


def briefs(story: Story) -> list[int]:
    with story.tx() as tx:
        return tx.all(select(col(Brief.days_before)).order_by(col(Brief.id)))


def test_it_tells_what_they_weigh_and_what_is_missing(story: Story) -> None:
    message = briefed(story)
    for words in (
        "Onboarding for 0 days, term 1",
        "Value this term: nothing is noted",
        "Promises: 1 open",
        '"SSO" by Wed 31 Mar 2027: Sales',
        "doing nothing (always one of them)",
        "Tom Okafor (1)",
        "No value that they have confirmed (Marketing can be asked)",
        "Operations has not taken part this term",
    ):
        assert words in message.text, words
    assert labels(message)[:2] == ["Ask Marketing", "Ask Sales"]
    story.clicks("priya", message, "What did they decide?")
    assert starts_with(modal(story, "priya"), "account") == "Acme"
    assert starts_with(modal(story, "priya"), "renews") == "2028-01-20"
    story.slack.dismiss("priya", all_views=True)
    story.after(days=1)
    assert briefs(story) == [60]


def test_a_gap_is_asked_for_and_its_answer_comes_back(story: Story) -> None:
    message = briefed(story)
    story.clicks("priya", message, "brief:ask:value")
    asked = story.sees("#marketing", "One number they confirm", "Wed 20 Jan 2027")
    assert "Marketing is asked" in story.again(message).text
    story.clicks("priya", message, "brief:ask:value")
    assert "Marketing is asked already" in story.private("priya").text
    story.clicks("maya", asked, "Done")
    submits(story, "maya", {"note": "Two days a month, says their CFO"})
    now = story.again(message).text
    assert '<@U0MAYA> says "Two days a month, says their CFO"' in now
    story.sees("@priya", "<@U0MAYA> says", "Two days a month, says their CFO")
    assert any("says their CFO" in reply for reply in thread(story, message))
    with story.tx() as tx:
        assert tx.count(Touchpoint, col(Touchpoint.kind) == "gap") == 1


def test_whatever_is_missing_can_be_asked_for(story: Story) -> None:
    story.types("priya", "/promise acme a test account by 2026-11-24 owner operations")
    story.until("2026-11-25 09:00")
    story.types("priya", "/account acme renews 2027-01-20")
    story.after(minutes=6)
    message = story.sees("@priya", "Acme decides again in 56 days")
    for words in (
        "No decision of theirs is noted (Sales can be asked)",
        "Nobody of theirs is known by name (Sales can be asked)",
        "Operations is late with a promise (Operations can be asked)",
    ):
        assert words in message.text, words
    story.clicks("priya", message, "brief:ask:promises.operations")
    late = story.sees("#operations", "When the promise will be kept", "Wed 20 Jan 2027")
    story.clicks("diego", late, "Done")
    submits(story, "diego", {"note": "On Friday, they know"})
    assert '<@U0DIEGO> says "On Friday, they know"' in story.again(message).text
    story.clicks("priya", message, "brief:ask:people")
    asked = story.sees("#sales", "Who decides there")
    story.clicks("tom", asked, "Done")
    submits(story, "tom", {"note": "Jo Byrne decides, Ed pays"})
    assert "Jo Byrne decides, Ed pays" in story.again(message).text
    assert any("Jo Byrne decides" in reply for reply in thread(story, message))
    story.types("priya", "/decision acme adopted because it works")
    assert "No decision of theirs" in story.again(message).text
    story.clicks("priya", message, "brief:ask:decisions")
    assert "No decision of theirs" not in story.again(message).text


def test_a_manager_gets_so_many_briefs_a_day_and_none_comes_too_late(tmp_path: Path) -> None:
    few = BRIEFED + "attention: {person_a_day: 2}\n"
    with freezegun.freeze_time(MONDAY) as frozen:
        told = Story(tmp_path, frozen, few)  # type: ignore[arg-type]
        try:
            _many_briefs(told)
        finally:
            told.close()


def _many_briefs(story: Story) -> None:
    days = {f"Firm{number}": date(2027, 1, 14 - 2 * number) for number in range(4)}
    for name in days:
        story.types("priya", f"/account add {name} stage advocacy manager @priya")
    with story.tx() as tx:
        for name, day in days.items():
            tx.execute(update(Account).where(col(Account.name) == name).values(renews_on=day))
    story.until("2026-11-23 16:00")
    story.settle()
    assert heard(story) == ["Firm3", "Firm2"]
    waits = story.types("priya", "/next").text
    assert "2 briefs before a renewal are held until" in waits
    assert "Tue 24 Nov 09:00" in waits
    assert "Firm1, Firm0. You have had 2 today, the nearest renewals first" in waits
    assert "held" not in story.types("tom", "/next").text
    story.types("priya", "/account add Late stage advocacy manager @priya renews 2026-11-24")
    story.after(minutes=6)
    assert heard(story)[2:] == ["Late"]  # tomorrow it would be of no use
    story.until("2026-11-24 10:00")
    assert heard(story)[3:] == ["Firm1", "Firm0"]


def heard(story: Story) -> list[str]:
    """The accounts of the briefs that Priya has got."""
    told = [message.text for message in story.slack.messages("@priya")]
    return [text.partition(" ")[0] for text in told if "decides again" in text]


def test_what_waits_for_the_morning_locks_nothing_and_asks_once_for_each_reader(
    story: Story,
) -> None:
    story.until("2026-11-24 03:00")
    seen: list[str] = []
    event.listen(story.engine, "before_cursor_execute", lambda *told: seen.append(told[2]))
    looks = []
    for number in range(2):
        with story.tx() as tx:
            tx.add_all(Account, [_renewing(20 * number + each) for each in range(20)])
        seen.clear()
        story.context.memory.idle.clear()
        assert not nudge.post_next_brief(story.context, datetime.now(UTC))
        assert not [each for each in seen if each.startswith(("BEGIN IMMEDIATE", "INSERT"))]
        looks.append(len(seen))
    assert looks[0] == looks[1]


def _renewing(number: int) -> dict[str, Any]:
    name = f"Firm{number}"
    now = datetime.now(UTC)
    return {
        "name": name,
        "name_key": name.casefold(),
        "slug": name.casefold(),
        "stage": "advocacy",
        "stage_entered_at": now,
        "manager_id": "U0PRIYA",
        "renews_on": date(2027, 1, 20),
        "created_at": now,
    }


def test_another_date_has_its_own_brief_and_a_late_one_only_the_nearest(story: Story) -> None:
    briefed(story)
    story.types("priya", "/account acme renews 2026-12-10")
    story.after(minutes=6)
    story.sees("@priya", "Acme decides again in 17 days")
    assert briefs(story) == [60, 30]


def test_a_date_that_goes_by_without_a_decision_is_told_once_a_week(story: Story) -> None:
    story.types("priya", "/account acme renews 2026-11-24")
    story.after(minutes=6)
    story.sees("@priya", "Acme decides again tomorrow")
    story.until("2026-11-24 09:30")
    told = story.sees("@priya", "Acme was to decide by Tue 24 Nov 2026, today", "no decision")
    assert "`/account Acme renews 2027-03-31`" in told.text
    assert labels(told) == ["What did they decide?"]
    story.until("2026-11-30 17:00")
    assert not [m for m in story.slack.unexpected() if "no decision" in m.text]
    story.until("2026-12-01 12:00")
    again = story.sees("@priya", "Acme was to decide by Tue 24 Nov 2026, 7 days ago")
    story.clicks("priya", again, "What did they decide?")
    submits(story, "priya", {"outcome": "renewed"})
    with story.tx() as tx:
        assert [row.outcome for row in tx.all(select(Decision))] == ["renewed"]
    story.until("2026-12-09 12:00")


def test_a_manager_who_is_away_has_it_read_by_the_deputy(story: Story) -> None:
    story.types("priya", "/linchpin away @tom until 2026-12-06")
    story.types("priya", "/account acme renews 2027-01-20")
    story.after(minutes=6)
    story.sees("@tom", "Acme decides again in 58 days")


@pytest.mark.parametrize(
    ("days", "due"), [(91, None), (90, 90), (61, 90), (60, 60), (30, 30), (1, 30), (0, None)]
)
def test_which_brief_is_due(days: int, due: int | None) -> None:
    assert due_brief(days, (90, 60, 30)) == due
