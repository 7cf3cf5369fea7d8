"""A workspace's own words laid over the playbook."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.rules.playbook.diff import Change, list_changes
from bot.rules.playbook.overrides import Overrides, apply_overrides, parse_holiday_list
from bot.rules.playbook.playbook import load, parse
from tests.story import PLAYBOOK

FILE = parse(PLAYBOOK, "story.yaml")


def test_without_words_of_its_own_the_playbook_is_the_same_object() -> None:
    assert apply_overrides(FILE, {}, None) is FILE
    assert (
        apply_overrides(FILE, {"sales": Overrides(), "company": Overrides()}, FILE.without_manager)
        is FILE
    )
    assert apply_overrides(FILE, {"nobody": Overrides(hours="10:00-11:00")}, "nobody") is FILE


def test_each_word_counts_for_its_department_alone() -> None:
    words = Overrides("Europe/Paris", "10:00-16:00", "mon-thu", "FR, 2026-12-24")
    found = apply_overrides(
        FILE, {"sales": words, "company": Overrides(timezone="Asia/Dubai")}, "operations"
    )
    sales, file = found.departments["sales"], FILE.departments["sales"]
    assert (sales.timezone, sales.hours, sales.days) == ("Europe/Paris", "10:00-16:00", "mon-thu")
    assert sales.holidays == ("FR", "2026-12-24")
    assert (sales.channel, sales.name) == (file.channel, file.name)
    assert found.departments["marketing"] == FILE.departments["marketing"]
    assert (found.company.timezone, found.without_manager) == ("Asia/Dubai", "operations")
    assert found.company.channel == FILE.company.channel
    assert found.stages == FILE.stages


def test_what_is_not_said_stays_and_none_is_said_by_nothing() -> None:
    found = apply_overrides(FILE, {"sales": Overrides(holidays="")}, None)
    sales, file = found.departments["sales"], FILE.departments["sales"]
    assert (sales.holidays, sales.hours, sales.timezone) == ((), file.hours, file.timezone)
    assert found.company == FILE.company
    assert found.without_manager == FILE.without_manager


def test_what_slack_does_not_set_stays_as_the_file_has_it() -> None:
    """Channels by tier, and what the stages and plays of the long playbook say."""
    full = load(Path(__file__).parents[2] / "playbooks" / "full.yaml")
    found = apply_overrides(full, {"sales": Overrides(hours="10:00-16:00")}, None)
    assert found.departments["sales"].routes == {"A": "#sales-key", "C": "#sales-scale"}
    assert list_changes(full, found) == [
        Change("changed", "department sales", "hours", "09:00-17:00", "10:00-16:00")
    ]


def test_the_same_words_over_the_same_playbook_give_the_same_object() -> None:
    words = {"sales": Overrides(hours="10:00-11:00")}
    assert apply_overrides(FILE, words, None) is apply_overrides(FILE, dict(words), None)
    again = parse(PLAYBOOK + "\n", "story.yaml")
    assert apply_overrides(again, words, None) is not apply_overrides(FILE, words, None)


def test_holidays_as_they_are_typed() -> None:
    assert parse_holiday_list("IE, 2026-12-24") == ("IE", "2026-12-24")
    assert parse_holiday_list("IE 2026-12-24,") == ("IE", "2026-12-24")
    assert parse_holiday_list("None") == ()
    with pytest.raises(ValueError, match="Atlantis"):
        parse_holiday_list("Atlantis")
