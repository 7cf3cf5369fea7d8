"""The company's digest has a picture in its thread: once, whatever breaks, and in words too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from sqlmodel import col, select

from bot.actions.actor import CLOCK
from bot.actions.digests import chart
from bot.actions.work import Work
from bot.messages.digests import chart as digests_chart
from bot.messages.kit import pictures
from bot.nudges import charts
from bot.rules.playbook.sections import Value
from db.models import Outbox, Workspace
from sandbox import SlackMessage
from tests.story import Story

MONDAY_AFTER = "2026-11-30 09:30"


@pytest.fixture
def company(story: Story) -> Story:
    for number in range(6):
        story.types(
            "priya", f"/account add Customer {number} stage {('onboarding', 'renewal')[number % 2]}"
        )
    return story


@pytest.fixture
def drawn() -> Iterator[None]:
    """What is uploaded is no real picture: to draw one takes longer than the rest of a story."""
    with patch.dict(charts._DRAWERS, {digests_chart.KIND: lambda facts: b"\x89PNG"}):
        yield


def posted(story: Story) -> list[SlackMessage]:
    """The pictures in #customers; all else that was said is read."""
    for message in story.slack.unexpected():
        story.slack.expect(message.channel, *([message.text] if message.text else []))
    return [message for message in story.slack.messages("#customers") if message.files]


def test_the_digest_has_a_picture_in_its_thread_that_says_in_words_what_it_shows(
    company: Story,
) -> None:
    company.until(MONDAY_AFTER)
    (found,) = posted(company)
    digest = next(m for m in company.slack.messages("#customers") if m.ts == found.thread_ts)
    assert "All of us this week" in digest.text
    (file,) = found.files
    assert file["title"] == "Accounts by stage, and the value they got, to 30 Nov"
    assert "Onboarding 3" in file["alt_txt"]
    assert (
        "Value noted in these 1 week: 0 confirmed" in file["alt_txt"]
        or "Renewal 3" in file["alt_txt"]
    )
    stored = company.slack.workspace.files[file["id"]]
    assert stored.data.startswith(b"\x89PNG")


def test_the_renewals_at_stake_of_six_months_are_in_the_picture(company: Story) -> None:
    for number, until, worth in (
        (0, "2026-12-18", "9,600 EUR"),
        (1, "2027-01-15", "18k EUR"),
        (2, "2027-01-29", "42k EUR"),
        (3, "2027-02-10", "63k GBP"),
        (4, "2027-09-01", "5k EUR"),
    ):
        company.types("priya", f"/account customer-{number} renews {until}")
        company.types("priya", f"/account customer-{number} worth {worth}")
    company.types("priya", "/account customer-5 renews 2027-03-01")
    company.types("priya", "/log customer-1 complaint the export is broken")
    with company.tx() as tx:
        playbook = company.playbook.model_copy(update={"value": Value(currency="EUR")})
        moment = datetime(2026, 11, 30, 12, tzinfo=UTC)
        facts = chart.build_chart_data(Work(tx, playbook, moment, CLOCK))
    assert facts is not None
    assert (
        "Renewals by month, EUR thousand a year: Dec 9.6, none at risk; Jan 60, of them 18 at "
        "risk; Feb 0; Mar 0; Apr 0; May 0. Not in the chart: GBP 63,000 (1 renewal), 1 renewal "
        "without an amount."
    ) in digests_chart.chart_alt_text(facts)
    posted(company)


def test_what_value_is_worth_is_shown_by_currency_the_playbooks_first(company: Story) -> None:
    for line in ("worth 12000 EUR they said so", "worth 2000.50 EUR", "worth 300 USD", ""):
        company.types("priya", f"/value customer 1 saved time {line}".strip())
    with company.tx() as tx:
        playbook = company.playbook.model_copy(update={"value": Value(currency="USD")})
        facts = chart.build_chart_data(
            Work(tx, playbook, company.now + timedelta(minutes=1), CLOCK)
        )
    assert facts is not None
    assert digests_chart.chart_alt_text(facts).endswith(
        "Value noted in these 1 week: 1 confirmed, 3 claimed. USD 0 confirmed, USD 300 claimed. "
        "EUR 12,000 confirmed, EUR 2,000.50 claimed."
    )
    assert facts["money"][1] == {"currency": "EUR", "confirmed": [1200000], "claimed": [200050]}
    png = digests_chart.draw_chart(facts)
    without = digests_chart.draw_chart({**facts, "money": []})
    assert pictures_height(png) > pictures_height(without)
    for message in company.slack.unexpected():
        company.slack.expect(message.channel, message.text)


def pictures_height(png: bytes) -> int:
    """Pixels, by the header: https://www.w3.org/TR/png, "IHDR"."""
    return int.from_bytes(png[20:24], "big")


@pytest.mark.usefixtures("drawn")
@pytest.mark.parametrize(
    ("method", "kind"),
    [
        ("files.getUploadURLExternal", "drop_before"),
        ("files.getUploadURLExternal", "429"),
        ("files.completeUploadExternal", "drop_before"),
        ("files.completeUploadExternal", "drop_after"),
        ("files.completeUploadExternal", "500_after"),
    ],
)
def test_whatever_breaks_it_stands_there_once(company: Story, method: str, kind: str) -> None:
    company.slack.fail(method, kind)
    company.until(MONDAY_AFTER)
    assert len(posted(company)) == 1


@pytest.mark.parametrize("missing", ["matplotlib", "scope"])
def test_without_matplotlib_or_the_scope_the_digest_comes_without(
    company: Story, missing: str
) -> None:
    with company.tx() as tx:
        workspace = tx.one(select(Workspace))
        if missing == "scope":
            workspace.scopes = "chat:write"
    with patch.object(pictures, "can_draw", return_value=missing != "matplotlib"):
        company.until(MONDAY_AFTER)
    assert posted(company) == []
    assert any("All of us" in m.text for m in company.slack.messages("#customers"))
    with company.tx() as tx:
        assert tx.count(Outbox, col(Outbox.kind) == "picture") == 0


@pytest.mark.usefixtures("drawn")
def test_a_channel_shared_outside_meanwhile_gets_no_picture(company: Story) -> None:
    company.slack.fail("files.getUploadURLExternal", "429")
    company.until("2026-11-30 09:00")
    company.after(seconds=2)
    company.slack.share("#customers")
    company.until(company.now + timedelta(hours=2))
    assert posted(company) == []
