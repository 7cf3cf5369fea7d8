"""The company's digest shows its chart itself: once, whatever breaks, else in words."""

from __future__ import annotations

from collections.abc import Iterator
from unittest.mock import patch

import pytest
from sqlmodel import select

from bot.messages.digests import chart
from bot.messages.kit import pictures
from bot.nudges import charts
from db.models import Workspace
from sandbox import SlackMessage
from tests.story import Story

MONDAY_AFTER = "2026-11-30 09:05"
AHEAD = {
    "currency": "EUR",
    "months": [
        ["2026-12-01", 960_000, 0],
        ["2027-01-01", 4_200_000, 1_800_000],
        ["2027-02-01", 0, 2_400_000],
        ["2027-03-01", 0, 0],
    ],
    "others": [["GBP", 6_300_000, 2, 0], ["USD", 3_000_000, 1, 0]],
    "unknown": [0, 0],
}


@pytest.fixture
def company(story: Story) -> Story:
    story.types("priya", "/account add Acme stage renewal renews 2026-12-18")
    story.types("priya", "/account acme worth 9600 EUR")
    return story


@pytest.fixture
def drawn() -> Iterator[None]:
    """To draw a real picture takes longer than the rest of a story."""
    with patch.object(chart, "draw_chart", lambda facts: b"\x89PNG"):
        yield


@pytest.fixture(autouse=True)
def patient() -> Iterator[None]:
    with patch.object(charts, "_PAUSES", (0, 0)):
        yield


def digests(story: Story) -> list[SlackMessage]:
    """The company's digests in #customers; all else that was said is read."""
    for message in story.slack.unexpected():
        story.slack.expect(message.channel, *([message.text] if message.text else []))
    found = story.slack.messages("#customers")
    assert not any(message.files for message in found)
    return [message for message in found if "Company digest" in message.text]


def test_the_picture_is_a_block_of_the_message_with_its_numbers(company: Story) -> None:
    company.until(MONDAY_AFTER)
    (digest,) = digests(company)
    (image,) = [block for block in digest.blocks if block["type"] == "image"]
    assert image["alt_text"] == (
        "Renewals by month, EUR thousand a year. Dec 9.6, none at risk; Jan 0; Feb 0; Mar 0; "
        "Apr 0; May 0."
    )
    assert f"Chart: {image['alt_text']}" in digest.text
    file = company.slack.workspace.files[image["slack_file"]["id"]]
    assert file.data.startswith(b"\x89PNG")


@pytest.mark.usefixtures("drawn")
@pytest.mark.parametrize(
    ("method", "kind"),
    [
        ("files.getUploadURLExternal", "429"),
        ("files.getUploadURLExternal", "drop_before"),
        ("files.completeUploadExternal", "drop_before"),
        ("files.completeUploadExternal", "500_after"),
    ],
)
def test_an_upload_that_fails_leaves_the_numbers_in_words(
    company: Story, method: str, kind: str
) -> None:
    company.slack.fail(method, kind)
    company.until(MONDAY_AFTER)
    (digest,) = digests(company)
    assert not any(block["type"] == "image" for block in digest.blocks)
    assert "Dec 9.6, none at risk" in str(digest.blocks)
    assert "Chart: Renewals by month" in digest.text


@pytest.mark.usefixtures("drawn")
@pytest.mark.parametrize("kind", ["429", "drop_before", "drop_after", "500_after"])
def test_a_post_in_doubt_stands_there_once_with_its_picture(company: Story, kind: str) -> None:
    company.until("2026-11-30 08:59")
    digests(company)
    company.slack.fail("chat.postMessage", kind)
    company.until("2026-11-30 09:30")
    (digest,) = digests(company)
    assert any(block["type"] == "image" for block in digest.blocks)


@pytest.mark.usefixtures("drawn")
def test_a_picture_that_slack_does_not_show_yet_is_left_out(company: Story) -> None:
    with patch.object(charts, "_wait_until_shown"):
        company.until(MONDAY_AFTER)
    (digest,) = digests(company)
    assert not any(block["type"] == "image" for block in digest.blocks)


@pytest.mark.parametrize("missing", ["matplotlib", "scope", "figure"])
def test_without_matplotlib_or_the_scope_it_comes_without(company: Story, missing: str) -> None:
    with company.tx() as tx:
        workspace = tx.one(select(Workspace))
        if missing == "scope":
            workspace.scopes = "chat:write"
    broken = {"side_effect": ValueError} if missing == "figure" else {"return_value": b"\x89PNG"}
    can_draw = patch.object(pictures, "can_draw", return_value=missing != "matplotlib")
    with can_draw, patch.object(chart, "draw_chart", **broken):
        company.until(MONDAY_AFTER)
    (digest,) = digests(company)
    assert not any(block["type"] == "image" for block in digest.blocks)
    assert "Dec 9.6, none at risk" in str(digest.blocks)


def test_the_words_of_a_chart_and_a_picture_of_it() -> None:
    assert chart.chart_alt_text(AHEAD) == (
        "Renewals by month, EUR thousand a year. Dec 9.6, none at risk; Jan 60, of them 18 at "
        "risk; Feb 24, all at risk; Mar 0."
    )
    beside = "Not in the chart, none at risk: GBP 63,000 (2 renewals) · USD 30,000 (1 renewal)"
    assert chart.beside_text(AHEAD) == beside
    risky = {**AHEAD, "others": [["GBP", 6_300_000, 2, 1]], "unknown": [3, 0]}
    assert chart.beside_text(risky) == (
        "Not in the chart: GBP 63,000 (2 renewals, 1 at risk) · 3 renewals without an amount"
    )
    png = chart.draw_chart(AHEAD)
    assert png.startswith(b"\x89PNG")
    assert int.from_bytes(png[16:20], "big") == 960  # pixels wide
