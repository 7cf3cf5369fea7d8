"""Before a customer decides again, its manager gets a brief; its gaps are asked about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import freezegun
import pytest
from sqlalchemy import event, update
from sqlmodel import col, select

from bot.nudges.duties import briefs as nudge
from bot.rules.briefs import due_brief
from bot.rules.facts.gaps import Gap
from db.models import (
    DECISION_DATE,
    GOAL,
    RISK,
    Account,
    Alternative,
    Brief,
    Contact,
    Learned,
    Touchpoint,
)
from sandbox import SlackMessage
from tests.forms.helpers import modal, starts_with
from tests.nudges.helpers import labels
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
                if not is_brief(message.text) and "no decision" not in message.text:
                    told.slack.expect(message.channel, message.text)
            told.ended()
        finally:
            told.close()


def briefed(story: Story) -> SlackMessage:
    story.types("priya", "/account acme renews 2027-01-20")
    story.after(minutes=6)
    return story.sees("@priya", "Acme renews Wed 20 Jan 2027 (58 days)")


def is_brief(text: str) -> bool:
    """Whether a message is a brief: "Acme renews …"."""
    return text.split()[1:2] == ["renews"]


def briefs(story: Story) -> list[int]:
    with story.tx() as tx:
        return tx.all(select(col(Brief.days_before)).order_by(col(Brief.id)))


def test_it_tells_what_they_weigh_and_what_is_missing(story: Story) -> None:
    message = briefed(story)
    for words in (
        'They decide: "Do we choose them again?"',  # the renewal's question, not onboarding's
        "Confirmed value this term: none recorded",
        "Promises: 1 open: SSO, Wed 31 Mar 2027\n",
        "Could make them say no: no risk recorded",
        "Missing: 5\nNo confirmed value this term\nNo decision maker recorded\n"
        "No contact recorded\nAlternatives not known\nDecision date not recorded",
        "Onboarding · term 1 · last contact Mon 23 Nov (Tom Okafor, call)",
    ):
        assert words in message.text, words
    assert labels(message)[1:3] == ["Ask Marketing", "Ask Sales"]
    assert labels(message)[-2:] == ["Show details", "Record decision…"]
    story.clicks("priya", message, "Record decision…")
    assert starts_with(modal(story, "priya"), "account") == "Acme"
    assert starts_with(modal(story, "priya"), "renews") == "2028-01-20"
    story.slack.dismiss("priya", all_views=True)
    story.clicks("priya", message, "Show details")
    shown = str(modal(story, "priya").blocks)
    for words in ("SSO", "Sales 0, Marketing 0, Operations 0, others 1"):
        assert words in shown
    story.clicks("priya", story.slack.modal("priya"), "Show account")
    assert "Onboarding" in str(modal(story, "priya").blocks)
    assert story.again(message).text == message.text
    story.after(days=1)
    assert briefs(story) == [60]


def learn(story: Story, model: Any, **values: Any) -> None:
    """Records something of Acme, by Diego and now."""
    made = {"account_id": 1, "by_user": "U0DIEGO", "source": "button"}
    at = "at" if model is Alternative else "created_at"
    with story.tx() as tx:
        tx.add(model(**{**made, at: story.now, **values}))


def test_three_briefs_tell_what_the_work_brought_back_and_what_is_new(story: Story) -> None:
    story.types("priya", "/account acme renews 2027-02-21")
    learn(story, Learned, kind=GOAL, text="Cork site, 12 people", term=1)
    learn(story, Learned, kind=RISK, text="night shift logins down by a third", term=1)
    learn(story, Learned, kind=RISK, text="Night shift logins down by a third", term=1)
    learn(story, Contact, name="Tom Reed", name_key="tom reed", role="CFO, decision maker")
    story.types("maya", "/value acme rota in 20 minutes, was 2 hours, they said so")
    ask = _touchpoint(story, "alternative", owner="sales", due_at=story.now + timedelta(days=21))
    story.after(minutes=6)
    first = story.sees("@priya", "Acme renews Sun 21 Feb 2027 (90 days)")
    for words in (
        "Confirmed value this term: 1 result\n",
        "Who decides: Tom Reed, CFO",
        "no: night shift logins down by a third (Diego Santos, Mon 23 Nov)\nMissing: 2",
        "Missing: 2\nAlternatives not known · planned: Sales, Mon 14 Dec\nDecision date not",
    ):
        assert words in first.text, words
    assert "New since" not in first.text
    assert "Cork site, 12 people (Diego Santos, Mon 23 Nov)" in details(story, first)
    assert "rota in 20 minutes, was 2 hours (confirmed, Mon 23 Nov)" in details(story, first)
    story.until("2026-12-01 09:00")
    learn(story, Alternative, name="FlowDesk", name_key="flowdesk", term=1)
    learn(story, Learned, kind=DECISION_DATE, text="Jane Doe", due_on=date(2027, 2, 15), term=1)
    story.types("priya", "/promise acme night shift terminals by 2027-01-15 owner operations")
    _end(story, ask)
    story.until("2026-12-23 11:00")
    second = story.sees("@priya", "Acme renews Sun 21 Feb 2027 (60 days)")
    for words in (
        "Decision date: Mon 15 Feb 2027: Jane Doe\n",
        "Alternatives: FlowDesk\n",
        "New since the 90-day brief: alternative FlowDesk, decision date, "
        "night shift terminals promised\n",
        "Missing: none",
    ):
        assert words in second.text, words
    said = "night shift terminals promised by Fri 15 Jan 2027 (Priya Raman, Tue 1 Dec)"
    assert said in details(story, second)
    story.types("maya", "/value acme temps start in 2 hours, they said so")
    _nothing_new(story, "risk", at=story.now)
    learn(story, Learned, kind=DECISION_DATE, text="Jane Doe", due_on=date(2027, 1, 17), term=1)
    story.until("2027-01-22 11:00")
    third = story.sees("@priya", "Acme renews Sun 21 Feb (30 days)")
    for words in (
        "New since the 60-day brief: value confirmed, decision date\n",
        "Decision date: Sun 17 Jan passed 5 days ago: not decided\n",
        "Missing: none",
    ):
        assert words in third.text, words
    assert "asked Wed 23 Dec 2026: nothing new" in third.text
    story.slack.messages("@priya")


def details(story: Story, brief: SlackMessage) -> str:
    """What stands behind a brief's button."""
    story.clicks("priya", brief, "Show details")
    return str(modal(story, "priya").blocks)


def _touchpoint(story: Story, records: str, **values: Any) -> int:
    """Plans a touchpoint of Acme that brings something back."""
    common = {"account_id": 1, "stage": "renewal", "stage_entry": 0, "play": f"play-{records}"}
    common |= {"kind": "step", "title": "A step", "ask": "Ask.", "state_at": story.now}
    with story.tx() as tx:
        return tx.add(Touchpoint(**{**common, "records": records, **values})).id


def _end(story: Story, touchpoint_id: int) -> None:
    with story.tx() as tx:
        tx.execute(
            update(Touchpoint)
            .where(col(Touchpoint.id) == touchpoint_id)
            .values(state="done", by_user="U0TOM", state_at=story.now)
        )


def _nothing_new(story: Story, records: str, at: datetime) -> None:
    _touchpoint(
        story,
        records,
        owner="operations",
        due_at=at,
        state="done",
        by_user="U0DIEGO",
        answered_at=at,
        answered_by="U0DIEGO",
    )


def test_a_gap_is_asked_for_and_closes_when_it_is_recorded(story: Story) -> None:
    message = briefed(story)
    story.clicks("priya", message, "brief:ask:value")
    asked = story.sees("#marketing", "Ask for one result they confirm", "choose them again?")
    now = story.again(message).text
    assert "No confirmed value this term · asked: Marketing, Mon 23 Nov" in now
    story.clicks("priya", message, "brief:ask:value")
    assert "asked: Marketing, Mon 23 Nov. Nobody was asked again." in story.private("priya").text
    story.types("maya", "/value acme Two days a month, they said so")
    story.reacts("maya", asked, "white_check_mark")
    now = story.again(message).text
    assert "Confirmed value this term: 1 result" in now
    assert "Missing: 4" in now
    with story.tx() as tx:
        (gap,) = tx.all(select(Touchpoint).filter_by(kind="gap"))
        assert gap.records == "value"


def test_after_nothing_new_nobody_is_asked_for_30_days(story: Story) -> None:
    _nothing_new(story, "alternative", at=story.now)
    message = briefed(story)
    assert "Alternatives not known · asked Mon 23 Nov: nothing new" in message.text
    assert "brief:ask:alternatives" not in str(message.blocks)


def test_who_may_be_asked_again() -> None:
    gap = Gap("alternatives", asked_on=date(2027, 3, 8))
    assert not gap.may_ask(date(2027, 4, 6))
    assert gap.may_ask(date(2027, 4, 7))


def test_an_old_brief_asks_nobody_about_who_has_left_or_renewed(story: Story) -> None:
    message = briefed(story)
    story.types("priya", "/account acme renews 2028-01-20")
    story.clicks("priya", message, "brief:ask:value")
    assert "renews Thu 20 Jan 2028 now" in story.private("priya").text
    story.types("priya", "/stage acme lost because they closed")
    story.clicks("priya", message, "brief:ask:value")
    assert "Acme has left (Lost), so nobody was asked." in story.private("priya").text
    with story.tx() as tx:
        assert tx.count(Touchpoint, col(Touchpoint.kind) == "gap") == 0


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
    return [text.partition(" ")[0] for text in told if is_brief(text)]


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
    story.sees("@priya", "Acme renews Thu 10 Dec (17 days)")
    assert briefs(story) == [60, 30]


def test_a_manager_who_is_away_has_it_read_by_the_deputy(story: Story) -> None:
    story.types("priya", "/linchpin away @tom until 2026-12-06")
    story.types("priya", "/account acme renews 2027-01-20")
    story.after(minutes=6)
    story.sees("@tom", "Acme renews Wed 20 Jan 2027 (58 days)")


@pytest.mark.parametrize(
    ("days", "due"), [(91, None), (90, 90), (61, 90), (60, 60), (30, 30), (1, 30), (0, None)]
)
def test_which_brief_is_due(days: int, due: int | None) -> None:
    assert due_brief(days, (90, 60, 30)) == due


def test_the_brief_of_a_customer_that_has_left_asks_nobody(story: Story) -> None:
    brief = briefed(story)
    assert "brief:ask:" in str(story.again(brief).blocks)
    story.types("priya", "/stage acme lost because of the price")
    left = story.again(brief)
    assert "brief:ask:" not in str(left.blocks)
    assert "Missing" in left.text  # what it said stays
