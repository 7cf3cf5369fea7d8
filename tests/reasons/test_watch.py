"""One watch over accounts: reasons are shown at once, told once, and end when they are settled."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import freezegun
import pytest
from freezegun.api import FrozenDateTimeFactory
from sqlalchemy import update
from sqlmodel import col, select

from db.models import Account, Contact, Learned, ReasonTold, Touchpoint
from tests.commands.helpers import account
from tests.databases import BOTH
from tests.lists.test_lists import pick
from tests.nudges.helpers import many, occurrences, skip_digests, writing
from tests.story import MONDAY, PLAYBOOK, Story

pytestmark = BOTH

ASKS_FOR_VALUE = PLAYBOOK.replace("key: thanks,", "key: thanks, records: value,")
CARES = PLAYBOOK + "\nparticipation: {silent_after: {operations: 10 days, sales: 60 days}}\n"


@pytest.fixture
def caring(tmp_path: Path) -> Iterator[Story]:
    with told_with(tmp_path, CARES) as story:
        yield story
        skip_digests(story)


@contextmanager
def told_with(folder: Path, playbook: str) -> Iterator[Story]:
    with freezegun.freeze_time(MONDAY) as frozen:
        assert isinstance(frozen, FrozenDateTimeFactory)
        story = Story(folder, frozen, playbook)
        try:
            yield story
            story.ended()
        finally:
            story.close()


def quiet(story: Story) -> None:
    """The plays of the stage are another story."""
    with writing(story) as tx:
        tx.delete(Touchpoint)


def days_pass(story: Story, days: int) -> None:
    """As if the accounts had been made and moved so much earlier: weeks of a story take seconds."""
    earlier = timedelta(days=days)
    with writing(story) as tx:
        for account in tx.all(select(Account)):
            account.stage_entered_at -= earlier
            account.created_at -= earlier


def told(story: Story) -> list[str]:
    with writing(story) as tx:
        return sorted(tx.all(select(col(ReasonTold.kind))))


def test_an_account_that_falls_behind_is_told_of_once_and_again_when_it_is_stuck(
    story: Story,
) -> None:
    story.types("priya", "/account add Acme stage onboarding manager @priya")
    story.types("priya", "/account add Borea stage onboarding manager @priya")
    quiet(story)
    days_pass(story, 29)
    story.until("2026-11-24 17:00")  # thirty days
    story.until("2026-11-25 09:01")
    words = "Acme: Behind in Onboarding since Wed 25 Nov (31 days, 30 expected)"
    story.sees("@priya", "Wed 25 Nov", words)
    assert f"At risk: {words.partition(': ')[2]}" in story.types("priya", "/account acme").text
    assert "Acme (31 days, Behind)" in story.types("priya", "/stage").text
    digest = story.types("priya", "/linchpin digest").text
    assert "At risk later: 2 · Acme · behind in Onboarding since Wed 25 Nov" in digest
    days_pass(story, 13)
    story.until("2026-11-26 17:00")
    story.until("2026-11-27 09:01")  # forty-six
    stuck = "Stuck in Onboarding since Fri 27 Nov (46 days, 30 expected)"
    story.sees("@priya", "Fri 27 Nov", f"Acme: {stuck}")
    story.sees("@diego", "Fri 27 Nov", f"Acme · Priya Raman: {stuck}")
    assert told(story) == ["stuck", "stuck"]
    story.types("priya", "/stage acme advocacy")
    story.sees("#customers", "Acme")
    quiet(story)
    assert "At risk" not in story.types("priya", "/account acme").text
    story.until("2026-11-28 17:00")
    story.until("2026-11-30 08:59")
    story.after(hours=2)
    assert told(story) == ["stuck"]
    skip_digests(story)


def test_an_import_of_old_accounts_tells_nobody(story: Story) -> None:
    many(story, 30, story.now)
    quiet(story)
    with writing(story) as tx:
        tx.execute(update(Account).values(stage_entered_at=story.now - timedelta(days=400)))
    story.after(days=1)
    assert told(story) == []
    days_pass(story, 29)
    story.until("2026-11-25 09:01")
    # They have no manager.
    story.sees("#sales", "30 accounts to look at", "… and 15 more")
    assert told(story) == ["behind"] * 30


def test_what_is_known_against_an_account_stands_until_it_is_settled(story: Story) -> None:
    story.types("priya", "/account add Acme stage advocacy manager @tom renews 2027-01-15")
    quiet(story)
    story.types("sam", "/log acme complaint the export loses rows")
    story.types("sam", "/promise acme SSO by 2026-11-24")
    with writing(story) as tx:
        acme = account(story, "Acme").id
        common: dict[str, Any] = {
            "account_id": acme,
            "source": "slash",
            "created_at": story.now,
        }
        tx.add(Learned(kind="risk", text="new IT head", term=1, **common))
        tx.add(Learned(kind="risk", text="of last term", term=0, **common))
        gone: dict[str, Any] = {"role": "COO, champion", "left_on": story.now.date()}
        tx.add(Contact(name="Jane Doe", name_key="jane doe", **gone, **common))
    story.until("2026-11-24 09:01")
    began = "Complaint open since Mon 23 Nov · Champion left on Mon 23 Nov: Jane Doe"
    story.sees("@tom", f"Acme: {began} · Risk recorded on Mon 23 Nov: new IT head")
    story.until("2026-11-25 09:01")
    story.sees("@tom", "Promise: SSO")
    story.sees("@tom", "Acme: Promise overdue since Tue 24 Nov: SSO")
    card = story.types("priya", "/account acme").text
    assert (
        "At risk: Complaint open since Mon 23 Nov · Champion left on Mon 23 Nov: Jane Doe · "
        "Promise overdue since Tue 24 Nov: SSO · Risk recorded on Mon 23 Nov: new IT head\n"
    ) in card
    assert "At risk: 1 of 1 renewal within 90 days" in story.types("tom", "/linchpin digest").text
    story.types("sam", "/log acme resolved")
    with writing(story) as tx:
        tx.add(Contact(name="Tom Reed", name_key="tom reed", role="champion", **common))
        for risk in tx.all(select(Learned)):
            risk.answered_by_touchpoint = 1
    story.types("tom", "/promise acme SSO by 2026-12-24 they agreed")
    assert "At risk" not in story.types("priya", "/account acme").text
    story.until("2026-11-26 09:01")
    assert told(story) == []


def test_a_notice_stands_until_it_is_withdrawn_and_home_shows_who_is_at_risk(
    story: Story,
) -> None:
    story.types("priya", "/account add Acme stage advocacy manager @sam renews 2027-01-15")
    story.types("priya", "/account add Borea stage advocacy manager @sam renews 2027-01-20")
    story.types("priya", "/account acme worth 42k EUR")
    story.types("sam", "/linchpin settings department operations")  # which diego leads
    quiet(story)
    for who in ("sam", "diego", "priya"):
        story.slack.open_home(who)
    story.settle()
    answer = story.types("priya", "/account acme notice 2027-01-15").text
    assert "Acme has given notice for Fri 15 Jan 2027." in answer
    story.after(minutes=2)
    story.slack.open_home("diego")
    story.settle()
    given = "Notice given on Mon 23 Nov: for Fri 15 Jan 2027"
    risk = "*Acme* · Fri 15 Jan 2027 (53 days) · EUR 42,000"
    assert f"{risk}\\n{given}" in str(story.slack.home("sam"))
    led = str(story.slack.home("diego"))
    assert "At risk: 1 of 2 renewals, EUR 42,000" in led
    assert f"{risk} · Sam Carter\\n{given}" in led
    assert "Notice given" not in str(story.slack.home("priya"))
    assert f"At risk: {given}" in story.types("tom", "/account acme").text
    story.slack.say("tom", "@tom", "which accounts are at risk?")
    story.slack.say("tom", "@tom", "which of my accounts are at risk?")
    story.settle()
    told = "At risk: 1 renewal within 90 days\n• Acme · Fri 15 Jan 2027 (53 days)"
    story.sees("@tom", told)
    story.sees("@tom", "No account of yours is at risk.")
    assert "withdrawn" in story.types("tom", "/account acme notice withdrawn").text
    assert "At risk" not in story.types("tom", "/account acme").text
    assert "No notice of Acme" in story.types("tom", "/account acme notice withdrawn").text
    story.types("tom", "/account acme notice 2027-01-15")
    story.types("tom", "/decision acme renewed until 2028-01-15")
    assert "At risk" not in story.types("tom", "/account acme").text
    for message in story.slack.unexpected():
        story.sees(message.channel, message.text)


def test_a_silent_department_is_asked_once_until_it_has_been_in_touch(caring: Story) -> None:
    story = caring
    for name in ("Acme", "Borea"):
        story.types("priya", f"/account add {name} stage onboarding")
    story.types("priya", "/account add Dune stage lost")
    story.types("diego", "/linchpin settings department operations")
    quiet(story)
    days_pass(story, 10)
    story.until("2026-11-24 10:00")
    listed = story.sees("#operations", "Get in touch: Operations silent for 11 days", "2 unclaimed")
    assert "To watch: Operations silent since Fri 13 Nov (11 days)" in (
        story.types("priya", "/account acme").text
    )
    story.types("priya", "/log borea call somebody else called them")
    story.types("diego", "/log acme call they want a second seat")
    pick(story, "diego", listed, "Borea", "Skip…")
    story.slack.submit("diego")
    assert "To watch" not in story.types("priya", "/account acme").text
    story.until("2026-11-25 10:00")
    assert occurrences(story, "silence:operations", "Acme") == [(1, "cancelled")]
    assert told(story) == ["silent"]  # Borea's still is, and was told
    story.until("2026-12-04 08:00")
    story.until("2026-12-07 10:00")
    assert occurrences(story, "silence:operations", "Borea") == [(1, "skipped")]
    story.sees("#operations", "Acme", "Operations silent for 13 days")


def test_value_that_did_not_grow_is_asked_about_once_at_two_thirds(story: Story) -> None:
    story.types("priya", "/account add Acme stage advocacy renews 2026-12-23")
    for what in ("a day", "a week"):
        story.types("priya", f"/value acme saved {what}, they said so")
    story.types("priya", "/decision acme renewed until 2026-12-23")
    quiet(story)
    story.types("priya", "/value acme saved an hour, they said so")
    story.until("2026-12-11 23:00")
    assert occurrences(story, "value:2") == []
    story.until("2026-12-14 10:00")
    listed = story.sees("#sales", "Acme", "Compare its value with the last term")
    story.clicks("sam", listed, "How to do these")
    form = story.slack.modal("sam")
    assert form is not None
    for words in ("Two thirds of term 2", "so far: 1 entry confirmed", "gave them: 2 entries"):
        assert words in str(form.blocks)
    text = story.types("priya", "/account acme").text
    assert "To watch: No more confirmed value than in term 1: two thirds" in text
    assert "At risk" not in text
    for number in range(3):
        story.types("priya", f"/value acme thing {number}, they said so")
    story.until("2026-12-15 10:00")
    assert occurrences(story, "value:2") == [(1, "cancelled")]
    for message in story.slack.unexpected():  # plays before the renewal, digests
        story.sees(message.channel, message.text)


def test_nothing_is_asked_where_a_play_asks_for_value_in_this_term(tmp_path: Path) -> None:
    with told_with(tmp_path, ASKS_FOR_VALUE) as story:
        story.types("priya", "/account add Acme stage advocacy manager @tom renews 2026-12-02")
        story.until("2026-11-30 10:00")  # two thirds of the term were over yesterday
        story.sees("#marketing", "Acme", "A thank-you")
        words = "No confirmed value: two thirds of the term were over on Sun 29 Nov"
        story.sees("@tom", f"Acme: {words}")
        assert occurrences(story, "value:1") == []
        assert f"To watch: {words}" in story.types("priya", "/account acme").text
        for message in story.slack.unexpected():  # plays before the renewal, digests
            story.sees(message.channel, message.text)
