"""What is decided of an account: whom to ask, its pace, who took part, promises, decisions."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.rules.briefs import brief_windows, due_brief, renewal_stage
from bot.rules.contact_limits import WaitingTouchpoint, latest_time, priority_key
from bot.rules.decisions import DecisionEffect, effect_of, is_redecision, outcome_choices
from bot.rules.facts.gaps import asking_play, gap_owner
from bot.rules.facts.took_part import Touch, by_month, involvement
from bot.rules.playbook.advocacy import (
    QUARTER,
    Cooldown,
    Entry,
    find_act,
    find_cooldown,
    latest_entries,
)
from bot.rules.playbook.playbook import Playbook, load, parse
from bot.rules.playbook.sections import OUTCOMES
from bot.rules.promises import nudge_time, read_consent
from bot.rules.promises import promise_status as promise_stands
from bot.rules.reasons import LEVELS
from bot.rules.text.sectors import same_sector
from bot.rules.time.phrases import Duration
from bot.rules.time.working_hours import parse_calendar
from tests.story import PLAYBOOK

TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)


# -- advocacy


def rests(
    asked: list[int], complaints: list[int], limit: int = 1, after: int = 30
) -> Cooldown | None:
    """The rest of who was asked, and complained, so many days ago."""
    return find_cooldown(
        [TODAY - days * DAY for days in asked],
        [TODAY - days * DAY for days in complaints],
        asks_a_quarter=limit,
        after_complaint=after * DAY,
        today=TODAY,
    )


@pytest.mark.parametrize(
    ("asked", "complaints", "limit", "found"),
    [
        ([], [], 1, None),
        ([90], [], 1, None),
        ([89], [], 1, Cooldown(TODAY + DAY, "asked")),
        ([0], [], 1, Cooldown(TODAY + QUARTER, "asked")),
        ([10], [], 2, None),
        ([10, 40, 95], [], 2, Cooldown(TODAY + 50 * DAY, "asked")),
        ([40, 10], [], 2, Cooldown(TODAY + 50 * DAY, "asked")),
        ([60, 40, 10], [], 2, Cooldown(TODAY + 50 * DAY, "asked")),
        ([], [30], 1, None),
        ([], [29], 1, Cooldown(TODAY + DAY, "complaint", TODAY - 29 * DAY)),
        ([], [50, 29], 1, Cooldown(TODAY + DAY, "complaint", TODAY - 29 * DAY)),
        ([80], [1], 1, Cooldown(TODAY + 29 * DAY, "complaint", TODAY - DAY)),
        ([10], [20], 1, Cooldown(TODAY + 80 * DAY, "asked")),
    ],
)
def test_who_was_asked_enough_or_complains_rests(
    asked: list[int], complaints: list[int], limit: int, found: Cooldown | None
) -> None:
    assert rests(asked, complaints, limit) == found


def test_the_last_word_on_an_act_counts_and_what_was_given_back_is_none() -> None:
    said = [
        Entry("quote", "asked", TODAY),
        Entry("call", "asked", TODAY),
        Entry("quote", "did", TODAY + DAY, "n", "U1"),
        Entry("quote", "gave", TODAY + 2 * DAY),
    ]
    assert latest_entries(said) == {"quote": said[2], "call": said[1]}


ACTS = ("Reference call", "Quotes", "Case study", "Case video", "Talk")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("quote: they love it", ("Quotes", "they love it")),
        ("QUOTES", ("Quotes", "")),
        ("reference call: glad", ("Reference call", "glad")),
        ("reference-calls ; glad to", ("Reference call", "glad to")),
        ("reference they were glad", ("Reference call", "they were glad")),
        ("refrence call glad", ("Reference call", "glad")),
        ("case they were glad", None),  # two acts begin so
        ("case studdy", ("Case study", "")),
        ("talk talk", ("Talk", "talk")),
        ("tal", ("Talk", "")),  # misspelled
        ("dance", None),
        ("", None),
        ("what a talk", None),
        ("talk. , yes", ("Talk", "yes")),
    ],
)
def test_an_act_is_found_by_its_first_words(words: str, found: tuple[str, str] | None) -> None:
    assert find_act(words, ACTS) == found


def test_an_act_that_is_named_goes_before_one_that_is_nearly_named_or_begun() -> None:
    assert find_act("quote wall", ("Quote", "Quote wall", "Quote walk")) == ("Quote wall", "")
    assert find_act("quote walls up", ("Quote", "Quote wall")) == ("Quote wall", "up")
    assert find_act("quote well put", ("Quote", "Quote wall")) == ("Quote", "well put")
    assert find_act("one two three four five", ("One two three four five",)) == (
        "One two three four five",
        "five",
    )


@pytest.mark.parametrize(
    ("known", "wanted", "same"),
    [
        ("Health care", "healthcare", True),
        ("Health", "health care", True),
        ("Hospital & Health Care", "healthcare", True),
        ("Hospital & Health Care", "hospitality", False),
        ("Food & Beverages", "food", True),
        ("Food & Beverages", "food and beverage", True),
        ("Food & Beverages", "food retail", False),
        ("Parties", "art", False),  # in it, but no beginning
        ("Aviation", "navigation", False),
        ("Retail & trade", "retail", True),
        ("Manufacturing", "manufacturng", True),
        ("Biotechfoods", "bio tech", True),
        ("Bio tech foods", "techfoods", True),
        ("Mining", "Printing", False),  # near, but another word
        ("Retail", "Finance", False),
        ("Retail", "", False),
        ("Retail", "!", False),
        ("", "retail", False),
        (None, "retail", False),
    ],
)
def test_a_sector_is_the_one_asked_for(known: str | None, wanted: str, same: bool) -> None:
    assert same_sector(known, wanted) is same


# -- attention


def waiting(**facts: Any) -> WaitingTouchpoint:
    now = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    return WaitingTouchpoint(**{"id": 1, "due_at": now, "latest": now, **facts})


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ({"renews_in": 30}, {"renews_in": 31}),
        ({"renews_in": 60}, {"renews_in": 61}),
        ({"renews_in": 90}, {"renews_in": 91}),
        ({"renews_in": 0}, {"renews_in": 31}),
        ({"renews_in": 90}, {"renews_in": None}),
        ({"renews_in": 90}, {"renews_in": -1}),
        ({"renews_in": 31, "weight": 0}, {"renews_in": 61, "weight": 9}),
        ({"weight": 3}, {"weight": 2, "hangs_on_renewal": True}),
        ({"hangs_on_renewal": True}, {"pace": "stuck"}),
        ({"pace": "stuck"}, {"pace": "behind"}),
        ({"pace": "behind"}, {"pace": "on track"}),
        ({"pace": "behind", "id": 2}, {"id": 1}),
    ],
)
def test_the_more_consequential_goes_first(first: dict[str, Any], then: dict[str, Any]) -> None:
    assert priority_key(waiting(**first)) < priority_key(waiting(**then))
    assert LEVELS == ("on track", "behind", "stuck")


@pytest.mark.parametrize("days", [(1, 30), (31, 60), (61, 90), (91, 400)])
def test_renewals_that_are_about_as_near_are_told_apart_by_what_comes_next(
    days: tuple[int, int],
) -> None:
    near, far = days
    assert priority_key(waiting(renews_in=far, id=1)) < priority_key(waiting(renews_in=near, id=2))


def test_what_hangs_on_a_renewal_goes_when_half_of_the_time_is_over() -> None:
    due = datetime(2026, 11, 23, tzinfo=UTC)
    longest = due + 20 * DAY
    assert latest_time(due, longest, None) == longest
    assert latest_time(due, longest, due + 10 * DAY) == due + 5 * DAY
    assert latest_time(due, longest, due + 90 * DAY) == longest
    assert latest_time(due, longest, due - 90 * DAY) == due


# -- briefs


@pytest.mark.parametrize(
    ("days_left", "found"),
    [(91, None), (90, 90), (61, 90), (60, 60), (30, 30), (1, 30), (0, None), (-1, None)],
)
def test_the_brief_that_is_due_is_the_nearest_whose_day_has_come(
    days_left: int, found: int | None
) -> None:
    assert due_brief(days_left, (90, 60, 30)) == found


@example(1, [30])
@example(31, [60, 30])
@given(st.integers(-5, 120), st.lists(st.integers(1, 100), unique=True))
def test_spans_and_window_say_the_same(days_left: int, before: list[int]) -> None:
    renews_on = TODAY + days_left * DAY
    found = [
        each for each, first, last in brief_windows(TODAY, before) if first <= renews_on <= last
    ]
    brief = due_brief(days_left, before)
    assert found == ([brief] if brief is not None else [])


# -- participation


def test_who_took_part_and_when() -> None:
    touches = [
        Touch("sales", "U0SAM", "sales", date(2026, 10, 31)),
        Touch("operations", "U0SAM", "sales", date(2026, 11, 2)),  # stood in for them
        Touch(None, "U0MAYA", "marketing", date(2026, 11, 3)),
        Touch("manager", "U0PRIYA", "support", date(2026, 11, 3)),
        Touch(None, "U0PRIYA", "support", date(2025, 11, 3)),
        Touch(None, "U0NEW", None, date(2025, 11, 3)),
    ]
    done = involvement(touches, ["sales", "marketing", "operations", "support", "it"], "U0PRIYA")
    assert done.counts == {
        "sales": 1, "marketing": 1, "operations": 1, "support": 0, "it": 0, "manager": 2,
        "others": 1,
    }  # fmt: skip
    assert done.took_part == {"sales", "marketing", "operations", "support"}
    assert done.total == len(touches)
    assert list(by_month(touches)) == [(2026, 11), (2026, 10), (2025, 11)]


# -- promises

DUBLIN = parse_calendar("Europe/Dublin", holidays=("2026-12-08",))


@pytest.mark.parametrize(
    ("due_on", "count", "unit", "asked"),
    [
        ("2026-12-11", 1, "business days", "2026-12-10 09:00"),
        ("2026-12-11", 4, "business days", "2026-12-04 09:00"),  # the 8th is a holiday
        ("2026-12-13", 1, "business days", "2026-12-10 09:00"),  # it can be kept until Friday
        ("2026-12-11", 2, "days", "2026-12-09 09:00"),
        ("2026-12-10", 2, "days", "2026-12-07 09:00"),
        ("2026-12-11", 1, "weeks", "2026-12-04 09:00"),
        ("2027-01-15", 1, "months", "2026-12-15 09:00"),
        ("2026-12-11", 4, "hours", "2026-12-11 09:00"),
        ("2026-11-25", 5, "business days", "2026-11-23 10:00"),  # nearer than that: now
        ("2026-11-02", 1, "days", "2026-11-23 10:00"),
    ],
)
def test_a_promise_is_asked_for_so_long_before(
    due_on: str, count: int, unit: Any, asked: str
) -> None:
    now = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    found = nudge_time(date.fromisoformat(due_on), Duration(count, unit), DUBLIN, now)
    assert found == datetime.fromisoformat(asked).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "ended", "today", "found"),
    [
        ("done", 0, 5, "kept"),
        ("done", -1, 5, "kept"),
        ("done", 1, 5, "late"),
        ("skipped", 0, 0, "broken"),
        ("cancelled", 0, 0, "dropped"),
        ("nudged", 0, 0, "open"),
        ("nudged", 0, 1, "overdue"),
        ("planned", 0, -1, "open"),
    ],
)
def test_how_a_promise_stands(state: str, ended: int, today: int, found: str) -> None:
    assert promise_stands(state, TODAY + ended * DAY, TODAY, TODAY + today * DAY) == found


def test_a_consent_that_nobody_knows_is_unknown() -> None:
    assert [read_consent(word) for word in ("agreed", "told", "unknown", "they agreed")] == [
        "agreed",
        "told",
        "unknown",
        "unknown",
    ]


# -- decisions

USUAL = parse(PLAYBOOK, "story.yaml")
LOST, GONE = "  - key: lost", "  - {key: gone, exit: true, decision: Why not?, plays: []}\n"
EXITS = PLAYBOOK.replace(LOST, GONE + LOST)
OWN = """
decisions:
  expanded: {to: advocacy, means: More of it}
  reduced: {renews: true}
"""
OWN_OF_A_STAGE = """    expected_days: 90
    outcomes:
      renewed: {renews: false, means: They stay}
      chose other: {to: lost}
"""
SAID = parse(OWN + EXITS.replace("    expected_days: 90\n", OWN_OF_A_STAGE), "said.yaml")
RENEWING = parse(
    EXITS.replace("    expected_days: 90\n", "    outcomes: {renewed: {means: They stay}}\n"),
    "renewing.yaml",
)
TWO_EXITS = parse(EXITS, "two.yaml")


@pytest.mark.parametrize(
    ("playbook", "stage", "outcome", "found"),
    [
        (USUAL, "prospect", "chose us", DecisionEffect("onboarding", False)),
        (USUAL, "onboarding", "chose us", DecisionEffect(None, False)),
        (USUAL, "prospect", "chose other", DecisionEffect("lost", False)),
        (USUAL, "lost", "chose other", DecisionEffect(None, False)),
        (USUAL, "lost", "chose us", DecisionEffect("onboarding", False)),
        (USUAL, "renewal", "renewed", DecisionEffect(None, True)),
        (USUAL, "renewal", "expanded", DecisionEffect(None, False)),
        (USUAL, "nowhere", "none", DecisionEffect(None, False)),
        (TWO_EXITS, "prospect", "chose other", DecisionEffect("gone", False)),
        (TWO_EXITS, "renewal", "chose other", DecisionEffect("lost", False)),
        (TWO_EXITS, "lost", "chose other", DecisionEffect(None, False)),
        (SAID, "prospect", "expanded", DecisionEffect("advocacy", False, "More of it")),
        (SAID, "advocacy", "expanded", DecisionEffect(None, False, "More of it")),
        (SAID, "prospect", "reduced", DecisionEffect(None, True)),
        (SAID, "renewal", "renewed", DecisionEffect(None, False, "They stay")),
        (SAID, "onboarding", "renewed", DecisionEffect(None, True)),
        (SAID, "renewal", "chose other", DecisionEffect("lost", False)),
    ],
)
def test_where_a_decision_leads(
    playbook: Playbook, stage: str, outcome: str, found: DecisionEffect
) -> None:
    assert effect_of(playbook, stage, outcome) == found


def test_the_outcomes_to_offer_are_the_stage_s_then_the_playbook_s_or_all() -> None:
    offered = outcome_choices(SAID, "renewal")
    assert [one for one, _ in offered] == ["renewed", "chose other", "expanded", "reduced"]
    assert offered[0][1] == DecisionEffect(None, False, "They stay")
    assert [one for one, _ in outcome_choices(SAID, "nowhere")] == ["expanded", "reduced"]
    assert [one for one, _ in outcome_choices(USUAL, "renewal")] == list(OUTCOMES)


@pytest.mark.parametrize(
    ("playbook", "stage", "found"),
    [
        (USUAL, "renewal", True),
        (USUAL, "onboarding", False),
        (USUAL, "lost", False),
        (USUAL, "nowhere", False),
        (SAID, "renewal", False),  # its first way begins no term
        (RENEWING, "renewal", True),
    ],
)
def test_which_stage_asks_to_choose_us_again(playbook: Playbook, stage: str, found: bool) -> None:
    assert is_redecision(playbook, stage) is found


# -- gaps


@pytest.mark.parametrize(
    ("gap", "key", "owner"),
    [
        ("value", "value-confirmed", "marketing"),
        ("alternatives", "starting-afresh", "sales"),
        ("date", "date-and-notice", "manager"),
        ("decider", "who-is-new", "sales"),
        ("risk", "usage-check", "operations"),
    ],
)
def test_a_gap_asks_the_renewals_question_or_one_of_the_term(
    gap: str, key: str, owner: str
) -> None:
    playbook = load(Path(__file__).parents[2] / "playbooks" / "default.yaml")
    stage = renewal_stage(playbook, "growth")
    play = asking_play(playbook, gap, (stage, "growth"))
    assert play is not None
    assert (stage, play.key, gap_owner(playbook, gap, play)) == ("renewal", key, owner)
    assert asking_play(playbook, "touch", (stage,)) is None
