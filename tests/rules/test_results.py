"""How plays and stages went, counted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.rules.results import (
    MIN_FOR_PERCENTAGE,
    RECENT_COUNT,
    Ended,
    PlayResult,
    Share,
    StageResult,
    StageStay,
    count_plays,
    count_stages,
    quarter_start,
    went_well,
)

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def ended(number: int, **facts: Any) -> Ended:
    plain = {
        "account": "Acme",
        "place": ("onboarding", "kickoff"),
        "title": f"Kick-off {number}",
        "done": True,
        "at": START + number * HOUR,
        "by": "U1",
        "nudged_at": START,
        "snoozed": False,
        "reason": "",
        "went": None,
    }
    return Ended(**{"id": number, **plain, **facts})


def test_a_play_is_counted() -> None:
    rows = [
        ended(4, done=False, reason="no time", went=False),
        ended(1, snoozed=True, went=True),
        ended(2, went=False),
        ended(3, nudged_at=None),
        ended(5, done=False, reason="not needed"),
        ended(6, done=False, reason="no time", went=True, snoozed=True),
        ended(7, done=False),
        ended(9, went=True),
    ]
    assert count_plays(rows) == [
        PlayResult(
            place=("onboarding", "kickoff"),
            title="Kick-off 9",
            done=4,
            snoozed=2,
            skipped=4,
            reasons=[("no time", 2), ("not needed", 1)],
            wait=2 * HOUR,
            after_done=Share(2, 3),
            after_skipped=Share(1, 2),
            skipped_of_last=0,
        )
    ]


def test_a_play_that_was_never_nudged_has_no_wait_and_the_newest_title_counts() -> None:
    rows = [ended(2, at=START, nudged_at=None), ended(1, at=START), ended(3, at=START - DAY)]
    assert count_plays(rows)[0].title == "Kick-off 2"
    assert count_plays([ended(1, nudged_at=None)])[0].wait is None
    assert count_plays([ended(1, done=False)])[0].wait is None


def test_the_play_that_was_acted_on_most_comes_first() -> None:
    rows = [
        ended(1, place=("b", "b")),
        ended(2, place=("a", "b")),
        ended(3, place=("c", "c")),
        ended(4, place=("c", "c"), done=False),
    ]
    assert [one.place for one in count_plays(rows)] == [("c", "c"), ("a", "b"), ("b", "b")]


@pytest.mark.parametrize(
    ("skips", "done", "of_last", "retire"),
    [
        (11, 9, 11, True),
        (10, 10, 10, False),
        (19, 0, 0, False),
        (RECENT_COUNT, 0, RECENT_COUNT, True),
    ],
)
def test_a_play_that_is_skipped_more_often_than_not_is_proposed_for_retirement(
    skips: int, done: int, of_last: int, retire: bool
) -> None:
    rows = [ended(n, done=False) for n in range(skips)]
    rows += [ended(skips + n) for n in range(done)]
    (found,) = count_plays(rows)
    assert (found.skipped_of_last, found.retire) == (of_last, retire)


def test_only_the_last_ones_say_whether_a_play_is_still_skipped() -> None:
    rows = [ended(n, done=n >= 20) for n in range(25)]
    assert count_plays(rows)[0].skipped_of_last == 15


def test_few_say_little() -> None:
    assert (Share(1, MIN_FOR_PERCENTAGE - 1).is_few, Share(1, MIN_FOR_PERCENTAGE).is_few) == (
        True,
        False,
    )


def test_a_stage_counts_who_left_it_in_the_span() -> None:
    def stay(stage: str, days: int, left: datetime, forward: bool = True) -> StageStay:
        return StageStay(stage, left - days * DAY, left, forward)

    stays = [
        stay("prospect", 99, START - HOUR),
        stay("prospect", 2, START),
        stay("prospect", 4, START + DAY, forward=False),
        stay("prospect", 9, START + DAY),
        stay("prospect", 99, START + 2 * DAY),
        stay("renewal", 3, START),
    ]
    assert stays[1].days == 2.0
    assert count_stages(stays, START, START + 2 * DAY) == {
        "prospect": StageResult(Share(2, 3), 4),
        "renewal": StageResult(Share(1, 1), 3),
    }


@pytest.mark.parametrize(
    ("day", "first"),
    [
        ("2026-01-01", "2026-01-01"),
        ("2026-03-31", "2026-01-01"),
        ("2026-04-01", "2026-04-01"),
        ("2026-09-30", "2026-07-01"),
        ("2026-12-31", "2026-10-01"),
    ],
)
def test_the_quarter_of_a_day(day: str, first: str) -> None:
    assert quarter_start(date.fromisoformat(day)) == date.fromisoformat(first)


@pytest.mark.parametrize(
    ("decisions", "terms", "well"),
    [
        ([], [], None),
        ([(-1, "renewed")], [], None),
        ([(0, "renewed")], [], None),
        ([(1, "renewed")], [-90], True),
        ([(-1, "chose other"), (1, "adopted"), (2, "none")], [], True),
        ([(1, "reduced"), (2, "renewed")], [], False),
        ([(1, "renewed")], [-90, 1], True),
        ([(2, "renewed")], [-90, 1], None),
    ],
)
def test_only_the_next_decision_of_the_same_term_says_how_it_came_out(
    decisions: list[tuple[int, str]], terms: list[int], well: bool | None
) -> None:
    dated = [(START + days * DAY, outcome) for days, outcome in decisions]
    assert went_well(START, dated, [START + days * DAY for days in terms]) is well
