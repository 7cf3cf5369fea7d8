"""An account's reasons, each by itself: when it begins, from which day on, and for whom never."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from bot.rules.playbook.playbook import parse
from bot.rules.reasons import (
    AT_RISK,
    Reason,
    date_passed,
    expected_days,
    in_order,
    is_soon,
    no_growth,
    pace,
    pace_level,
    silent,
)
from bot.rules.value import ValueTally
from tests.story import PLAYBOOK

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
TODAY, DAY = NOW.date(), timedelta(days=1)
RENEWS_IN_PLACE = PLAYBOOK.replace(
    "    expected_days: 90\n", "    expected_days: 90\n    outcomes: {renewed: {to: renewal}}\n"
)
GOES_ON = PLAYBOOK.replace(
    "    expected_days: 90\n",
    "    expected_days: 90\n    outcomes: {renewed: {to: onboarding}, reduced: {}}\n",
)
LONG_ADVOCACY = PLAYBOOK.replace("tell others?\n", "tell others?\n    expected_days: 9\n")
CARES = parse(
    PLAYBOOK + "\nparticipation:\n  silent_after: {operations: 10 days, sales: 60 days}\n"
    "  for: {tier: [A]}\n"
)


def account(stage: str = "onboarding", *, days: int = 0, known: int = 900, **more: Any) -> Any:
    values = {
        "id": 7,
        "stage": stage,
        "stage_entry": 3,
        "stage_entered_at": NOW - days * DAY,
        "created_at": NOW - known * DAY,
        "renews_on": None,
        "tier": "A",
    }
    return SimpleNamespace(**{**values, **more})


@pytest.mark.parametrize(
    ("days", "found"), [(30, "on track"), (31, "behind"), (45, "behind"), (46, "stuck")]
)
def test_behind_after_the_expected_days_stuck_after_half_as_many_again(
    days: int, found: str
) -> None:
    playbook = parse(PLAYBOOK)
    assert pace_level(playbook, account(days=days), NOW) == found
    reason = pace(playbook, account(days=days), NOW)
    if reason is not None:
        began = TODAY - (days - (30 if found == "behind" else 45) - 1) * DAY
        assert (reason.kind, reason.since, reason.key, reason.days) == (found, began, "3", days)


def test_only_the_days_that_the_account_is_known_count() -> None:
    playbook = parse(PLAYBOOK)
    assert pace(playbook, account(days=900, known=30), NOW) is None
    assert pace_level(playbook, account(days=900, known=31), NOW) == "behind"
    assert pace_level(playbook, account(days=-1, known=-1), NOW) == "on track"


@pytest.mark.parametrize(
    ("text", "stage", "expected"),
    [
        (PLAYBOOK, "renewal", 90),
        (GOES_ON, "renewal", 90),
        (RENEWS_IN_PLACE, "renewal", None),
        (LONG_ADVOCACY, "advocacy", None),
        (PLAYBOOK, "lost", None),
        (PLAYBOOK, "gone", None),
    ],
)
def test_the_destination_exits_and_stages_that_renewals_lead_back_to_have_no_end(
    text: str, stage: str, expected: int | None
) -> None:
    playbook = parse(text)
    assert expected_days(playbook, stage) == expected
    assert (pace(playbook, account(stage, days=800), NOW) is None) is (expected is None)


def test_a_department_is_silent_since_it_last_did_something_or_since_we_know_the_account() -> None:
    def found(last: dict[str, date], known: int, **more: Any) -> list[tuple[str, int]]:
        since = TODAY - known * DAY
        reasons = silent(CARES, account(**more), last, since, TODAY)
        return [(reason.key, reason.days) for reason in reasons]

    assert found({}, 10) == []
    assert found({}, 11) == [("operations", 11)]
    assert found({"sales": TODAY}, 61) == [("operations", 61)]
    assert found({"operations": TODAY - 11 * DAY, "sales": TODAY}, 300) == [("operations", 11)]
    assert found({"sales": date(2020, 1, 1)}, 20) == [("operations", 20)]  # not known then
    assert found({}, 99, tier="C") == []
    assert found({}, 99, stage="lost") == []


def test_a_renewal_date_has_passed_the_day_after_it_for_customers() -> None:
    passed = account(renews_on=TODAY - DAY)
    assert date_passed(passed, in_term=True, today=TODAY) == Reason(
        "date passed", "2026-11-22", TODAY - DAY, "account:7", days=1
    )
    assert date_passed(passed, in_term=False, today=TODAY) is None
    assert date_passed(account(renews_on=TODAY), in_term=True, today=TODAY) is None


@pytest.mark.parametrize(
    ("confirmed", "known", "found"),
    [((2, 2), 900, True), ((2, 3), 900, False), ((0, 0), 900, True), ((2, 2), 0, False)],
)
def test_value_has_not_grown_when_two_thirds_of_the_term_are_gone(
    confirmed: tuple[int, int], known: int, found: bool
) -> None:
    term = SimpleNamespace(number=2, began_at=NOW - 40 * DAY, source="slash")
    tallies = [ValueTally(n, True, None, count, 0) for n, count in enumerate(confirmed, 1)]
    customer = account(known=known, renews_on=TODAY + 19 * DAY)  # two thirds were over yesterday
    reason = no_growth(customer, term, tallies, CARES, NOW)
    assert (reason is not None) is found
    early = no_growth(account(renews_on=TODAY + 30 * DAY), term, tallies, CARES, NOW)
    assert early is None
    term.source, customer.created_at = "import", term.began_at  # it ran for nobody knows how long
    assert no_growth(customer, term, tallies, CARES, NOW) is None


def test_the_gravest_comes_first_and_only_risks_within_90_days_are_soon() -> None:
    kinds = [Reason(kind, "1", TODAY, "") for kind in ("silent", "behind", "complaint")]
    assert [reason.kind for reason in in_order(kinds)] == ["complaint", "behind", "silent"]
    assert [reason.is_risk for reason in in_order(kinds)] == [True, True, False]
    assert {"value", "date passed"}.isdisjoint(AT_RISK)
    soon = [is_soon(TODAY + days * DAY, TODAY) for days in (-1, 0, 90, 91)]
    assert soon == [False, True, True, False]
    assert not is_soon(None, TODAY)
