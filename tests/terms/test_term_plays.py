"""Plays of the term, in the default playbook: what is open, and on which days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from freezegun import freeze_time
from freezegun.api import FrozenDateTimeFactory
from sqlmodel import col, select

from bot.__main__ import build_parser
from bot.actions.actor import Actor
from bot.actions.responses.respond import respond
from bot.rules.facts.last_contact import contacts_customer
from bot.settings import Settings
from bot.terminal.imports.command import run
from db.models import Account, Touchpoint
from db.touchpoints.touchpoints import OPEN_STATES, lock_touchpoint
from tests.commands.test_account import QUIET
from tests.story import DUBLIN, MONDAY, Story

PRIYA = Actor("U0PRIYA", "button")
PLAYBOOK = (Path(__file__).parents[2] / "playbooks/default.yaml").read_text()


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Story]:
    with freeze_time(MONDAY) as frozen:
        assert isinstance(frozen, FrozenDateTimeFactory)
        story = Story(tmp_path, frozen, PLAYBOOK)
        yield story
        story.close()


def dublin(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=DUBLIN)


def done_until(story: Story, moment: str) -> None:
    """Every touchpoint is done on its day; of the messages of these days nothing is told."""
    open_ones = select(Touchpoint).where(col(Touchpoint.state).in_(OPEN_STATES))
    due = open_ones.where(col(Touchpoint.due_at) < dublin(moment)).order_by(col(Touchpoint.due_at))
    while True:
        with story.tx() as tx:
            first = tx.first(due)
        if first is None:
            break
        with story.context.begin(max(first.due_at, first.state_at), by=PRIYA) as work:
            touchpoint = lock_touchpoint(work.tx, first.id)
            assert touchpoint is not None
            respond(work, touchpoint, "done")
    story.frozen.move_to(dublin(moment))


def open_plays(story: Story) -> dict[str, str]:
    """The day of each play that is planned or shown, the soonest first."""
    with story.tx() as tx:
        rows = tx.all(select(Touchpoint).where(col(Touchpoint.state).in_(OPEN_STATES)))
    in_order = sorted(rows, key=lambda row: (row.due_at, row.play))
    return {row.play: f"{row.due_at.astimezone(DUBLIN):%-d %b %Y}" for row in in_order}


def stage_of(story: Story) -> str:
    with story.tx() as tx:
        return tx.one(select(Account)).stage


RENEWAL = {
    "date-and-notice": "30 Aug 2027",
    "starting-afresh": "14 Sep 2027",
    "value-confirmed": "24 Sep 2027",
    "ask-decision": "9 Nov 2027",
}


def chose_us(story: Story) -> None:
    story.types("priya", "/account add Acme stage evaluation renews 2027-11-23")
    story.types("priya", "/decision acme chose us")


def test_a_term_plans_its_plays_when_it_begins(told: Story) -> None:
    chose_us(told)
    assert open_plays(told) == {
        "handover": "23 Nov 2026",
        "kickoff": "24 Nov 2026",
        "first-result": "4 Dec 2026",
        "first-month": "21 Dec 2026",
        "usage-check": "22 Jan 2027",
        "value-check": "8 Mar 2027",
        "who-is-new": "23 Mar 2027",
        **RENEWAL,
    }
    with told.tx() as tx:
        rows = {row.play: row for row in tx.all(select(Touchpoint))}
    assert {row.postponed_until for row in rows.values()} == {None}
    assert (rows["kickoff"].records, rows["kickoff"].term) == ("goal", 0)
    assert (rows["value-check"].records, rows["value-check"].term) == ("value", 1)


def test_a_stage_is_entered_by_itself_and_undo_holds_for_that_renewal(told: Story) -> None:
    chose_us(told)
    told.types("priya", "/stage acme adoption")
    done_until(told, "2027-08-25 08:59")
    told.until("2027-08-25 09:01")
    assert stage_of(told) == "renewal"
    five = {**RENEWAL, "usage-check": "20 Sep 2027"}
    assert open_plays(told) == five
    posts = [m for m in told.slack.messages("#customers") if "entered Renewal by itself" in m.text]
    assert len(posts) == 1
    assert "renews Tue 23 Nov" in posts[0].text
    assert [m for m in told.slack.messages("#sales") if "Accept" in str(m.blocks)] == []

    told.clicks("sam", posts[0], "Undo")
    assert "is in Adoption as before" in told.again(posts[0]).text
    assert (stage_of(told), open_plays(told)) == ("adoption", five)
    told.until("2027-08-27 09:01")
    assert stage_of(told) == "adoption"

    told.types("priya", "/account acme renews 2028-01-31")
    moved = {
        "date-and-notice": "5 Nov 2027",
        "starting-afresh": "22 Nov 2027",
        "value-confirmed": "2 Dec 2027",
        "ask-decision": "17 Jan 2028",
    }
    assert {play: day for play, day in open_plays(told).items() if play in moved} == moved
    done_until(told, "2027-11-02 08:59")
    told.until("2027-11-02 09:01")
    assert stage_of(told) == "renewal"


def test_without_a_renewal_date_a_year_is_assumed_and_the_nudge_says_so(told: Story) -> None:
    told.types("priya", "/account add Acme stage evaluation manager @priya")
    told.types("priya", "/decision acme chose us")
    assert {play: open_plays(told)[play] for play in RENEWAL} == RENEWAL
    told.types("priya", "/stage acme adoption")
    done_until(told, "2027-08-25 08:59")
    told.until("2027-08-25 09:01")
    assert stage_of(told) == "renewal"
    done_until(told, "2027-08-30 08:59")
    told.until("2027-08-30 09:01")
    asked = [m.text for m in told.slack.messages("@priya") if "Agree how and when" in m.text]
    assert any("a year after the term began is assumed" in text for text in asked)


def test_renewing_in_place_begins_the_next_term_and_the_stage_anew(told: Story) -> None:
    chose_us(told)
    told.types("priya", "/stage acme adoption")
    told.types("priya", "/stage acme growth")
    done_until(told, "2027-05-10 10:00")
    told.types("priya", "/decision acme renewed until 2028-11-23")
    assert stage_of(told) == "growth"
    assert open_plays(told) == {
        "their-goals": "24 May 2027",
        "one-sentence": "21 Jun 2027",
        "usage-check": "9 Jul 2027",
        "value-check": "23 Aug 2027",
        "who-is-new": "10 Sep 2027",
        "date-and-notice": "30 Aug 2028",
        "starting-afresh": "14 Sep 2028",
        "value-confirmed": "22 Sep 2028",
        "ask-decision": "9 Nov 2028",
    }


@pytest.mark.parametrize("values", [2, 3])
def test_more_confirmed_value_than_last_term_offers_the_move_to_advocacy(
    told: Story, values: int
) -> None:
    told.types("priya", "/account add Acme stage adoption renews 2026-11-23")
    for number in range(2):
        told.types("priya", f"/value acme thing {number}, they said so")
    told.types("priya", "/decision acme renewed until 2027-11-23")
    for number in range(values):
        told.types("priya", f"/value acme other {number}, they said so")
    told.types("priya", "/stage acme renewal because a test moves it")
    told.frozen.move_to(dublin("2027-11-09 10:00"))
    told.slack.command("priya", "#general", "/decision acme renewed until 2028-11-23")
    plays = {"their-goals": "23 Nov 2027", "one-sentence": "21 Dec 2027"}
    assert plays.items() <= open_plays(told).items()
    told.settle()
    answer = told.private("priya")
    offer = "Move to Advocacy"
    assert (offer in str(answer.blocks)) == (values == 3)
    if values == 3:
        told.clicks("priya", answer, offer)
        assert stage_of(told) == "advocacy"
        assert not plays.keys() & open_plays(told).keys()
        assert {
            "thank-the-person": "11 Nov 2027",
            "what-they-would-like": "7 Dec 2027",
            "reference-call": "18 Jan 2028",
        }.items() <= open_plays(told).items()


def test_customers_of_before_get_the_plays_of_their_term_and_nothing_past(told: Story) -> None:
    told.types("priya", "/account add Acme stage renewal renews 2027-01-11")
    with told.tx() as tx:  # as an earlier version had planned it
        asked = tx.all(select(Touchpoint).where(col(Touchpoint.term) > 0))
        for row in asked:
            row.stage_entry, row.term, row.occurrence = 1, 0, 1
        tx.delete(Touchpoint, col(Touchpoint.play) == "usage-check")
    told.frozen.move_to(dublin("2026-11-25 07:00"))
    told.settle()
    with told.tx() as tx:
        terms = {row.play: (row.stage_entry, row.term) for row in tx.all(select(Touchpoint))}
    assert terms["value-confirmed"] == terms["ask-decision"] == terms["usage-check"] == (0, 1)
    assert "date-and-notice" not in terms


@pytest.mark.parametrize(
    ("renews", "late", "asked"),
    [
        ("2026-11-27", {"ask-decision": "23 Nov 2026"}, {"ask-decision"}),
        (
            "2027-01-02",
            {"value-confirmed": "23 Nov 2026", "ask-decision": "18 Dec 2026"},
            {"value-confirmed", "ask-decision"},
        ),
    ],
)
def test_who_arrives_late_gets_the_last_play_before_renewal_at_once(
    told: Story, tmp_path: Path, renews: str, late: dict[str, str], asked: set[str]
) -> None:
    file = tmp_path / "accounts.csv"
    file.write_text(f"Account,Stage,Renewal date\nAcme,adoption,{renews}\n")
    words = build_parser(["import"]).parse_args(["import", str(file)])
    run(words, settings=Settings(database_url=told.url), now=lambda: told.now, console=QUIET)
    told.settle()
    assert stage_of(told) == "renewal"
    plays = open_plays(told)
    assert late.items() <= plays.items()
    assert plays.keys() - {"usage-check"} == asked
    texts = [m.text for m in told.slack.messages("#sales")]
    assert any("Acme renews" in text for text in texts)  # the brief


def test_a_year_of_done_plays_is_quiet_and_rests_before_the_renewal(told: Story) -> None:
    chose_us(told)
    told.types("priya", "/value acme saved a day, they said so")
    for stage, until in (
        ("adoption", "2026-12-22 12:00"),
        ("growth", "2027-02-16 12:00"),
        ("renewal", "2027-08-25 09:00"),
    ):
        done_until(told, until)
        told.slack.command("priya", "#general", f"/stage acme {stage}")
    done_until(told, "2027-11-23 12:00")
    with told.tx() as tx:
        rows = tx.all(select(Touchpoint).order_by(col(Touchpoint.due_at)))
    done = [row for row in rows if row.state == "done"]
    late = [row.play for row in done if row.due_at > dublin("2027-08-25 09:00")]
    assert late == [
        "date-and-notice",
        "starting-afresh",
        "usage-check",
        "value-confirmed",
        "ask-decision",
        "usage-check",
    ]
    asks = [row.due_at for row in done if contacts_customer(told.playbook, row)]
    assert not [a for a, c in zip(asks, asks[2:], strict=False) if c - a < timedelta(days=7)]
    for owner, most in told.playbook.participation.silent_after.items():
        days = [row.due_at.date() for row in done if row.owner == owner]
        gaps = [(b - a).days for a, b in pairwise([*days, date(2027, 11, 23)])]
        assert max(gaps) <= most.rough_days, owner


def test_plays_for_other_tiers_end_with_the_tier_and_an_ask_of_before_holds_nothing(
    tmp_path: Path,
) -> None:
    with freeze_time(MONDAY) as frozen:
        assert isinstance(frozen, FrozenDateTimeFactory)
        only = "        due: every 4 months after term start\n"
        story = Story(tmp_path, frozen, PLAYBOOK.replace(only, only + FOR))
        story.types("priya", "/account add Acme stage evaluation renews 2027-11-23")
        with story.tx() as tx:  # asked on Thursday and Friday, and nobody answered
            for row, day in zip(tx.all(select(Touchpoint).limit(2)), (19, 20), strict=True):
                row.state, row.nudged_at = "nudged", dublin(f"2026-11-{day} 09:00")
        story.types("priya", "/account acme tier C")
        story.types("priya", "/decision acme chose us")
        assert "who-is-new" not in open_plays(story)
        story.types("priya", "/account acme tier B")
        assert open_plays(story)["who-is-new"] == "23 Mar 2027"
        story.types("priya", "/account acme tier C")
        assert "who-is-new" not in open_plays(story)
        story.until("2026-11-24 09:02")
        shown = [m.text for m in story.slack.messages("#operations")]
        assert any("Agree what a good first month looks like" in text for text in shown)
        story.close()


FOR = "        for: {tier: [A, B]}\n"


def test_a_favour_waits_for_confirmed_value_and_for_a_complaint(told: Story) -> None:
    told.types("priya", "/account add Acme stage advocacy renews 2028-11-23")
    done_until(told, "2027-01-28 12:00")
    with told.tx() as tx:
        call = tx.one(select(Touchpoint).where(col(Touchpoint.play) == "reference-call"))
        call.due_at = call.wake_at = told.now
        call.state = "planned"
        call.nudged_at = None
    told.until("2027-01-29 09:05")
    assert "confirmed no value this term or last" in told.types("priya", "/next acme").text
    told.types("priya", "/log acme complaint their export fails")
    told.types("priya", "/value acme saved a day, they said so")
    told.until("2027-02-02 09:05")
    assert "may not be asked for favours now" in told.types("priya", "/next acme").text
    assert not any("twenty minutes" in m.text for m in told.slack.messages("#sales"))


def test_three_that_enter_a_stage_in_one_morning_are_one_message(told: Story) -> None:
    for name in ("Acme", "Bolt", "Cog"):
        told.types("priya", f"/account add {name} stage evaluation renews 2027-11-23")
        told.types("priya", f"/decision {name} chose us")
    told.frozen.move_to(dublin("2027-08-25 08:59"))
    told.until("2027-08-25 09:01")
    posts = [m for m in told.slack.messages("#customers") if "by themselves" in m.text]
    assert len(posts) == 1
    assert "3 accounts entered Renewal" in posts[0].text
    first = posts[0].blocks[1]["block_id"]
    told.slack.click("sam", posts[0], "Undo", block_id=first)
    told.settle()
    assert "2 accounts entered Renewal" in told.again(posts[0]).text
    assert "is in Onboarding as before" in told.again(posts[0]).text
    with told.tx() as tx:
        stages = sorted(account.stage for account in tx.all(select(Account)))
    assert stages == ["onboarding", "renewal", "renewal"]
