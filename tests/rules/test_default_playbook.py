"""The playbooks that come with the program: usable on Monday, and never a flood."""

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.rules.playbook.playbook import Play, Playbook, Stage, load
from bot.rules.time.due import first_due, next_due
from tests.rules.samples import utc

FOLDER = Path(__file__).parents[2] / "playbooks"
ENTERED = utc("2026-11-23 11:00")


@pytest.fixture(scope="module")
def playbook() -> Playbook:
    return load(FOLDER / "default.yaml")


def all_plays(playbook: Playbook) -> list[tuple[Stage, Play]]:
    return [(stage, play) for stage in playbook.stages for play in stage.plays]


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.yaml")), ids=lambda file: file.name)
def test_every_playbook_in_the_folder_loads(file: Path):
    assert load(file).stages


def test_it_runs_from_prospect_to_advocate_with_two_exits(playbook: Playbook):
    assert [stage.key for stage in playbook.stages] == (
        "prospect evaluation onboarding adoption growth renewal advocacy lost churned".split()
    )
    assert [stage.key for stage in playbook.stages if stage.exit] == ["lost", "churned"]
    assert playbook.destination == "advocacy"


def test_everyone_has_a_role_in_every_stage(playbook: Playbook):
    for stage in playbook.stages:
        owners = {play.owner for play in stage.plays}
        assert len(stage.plays) >= 4, stage.key
        assert {"sales", "marketing", "operations", "manager"} <= owners, stage.key


def test_each_play_is_one_small_thing_for_a_named_account(playbook: Playbook):
    for stage, play in all_plays(playbook):
        assert "{account}" in play.ask, (stage.key, play.key)
        assert len(play.ask) <= 150, (stage.key, play.key, len(play.ask))
        assert len(play.title) <= 45, (stage.key, play.key)
        assert "check in" not in f"{play.title} {play.ask}".lower()
        assert "touch base" not in f"{play.title} {play.ask}".lower()


def test_the_renewal_is_prepared_at_90_60_and_30_days(playbook: Playbook):
    stage = playbook.stage("renewal")
    assert stage is not None
    assert playbook.renewals is not None
    assert playbook.renewals.brief == (90, 60, 30)  # the briefs that Linchpin writes
    dues = {str(play.due) for play in stage.plays}
    assert {"85 days before renewal", "60 days before renewal", "30 days before renewal"} <= dues


@pytest.mark.parametrize("key", ["adoption", "growth", "advocacy"])
def test_nobody_forgets_to_open_the_renewal(playbook: Playbook, key: str):
    prompt = playbook.play(key, "open-renewal")
    assert prompt is not None
    assert str(prompt.due) == "120 days before renewal"
    assert playbook.direction(key, "renewal") == "forward"


def test_after_a_renewal_life_goes_on_without_having_to_explain_it(playbook: Playbook):
    assert playbook.direction("renewal", "advocacy") == "forward"
    assert playbook.direction("renewal", "growth") == "forward"
    assert playbook.after("advocacy") is None


def visits(play: Play, stage: Stage, playbook: Playbook, until: datetime) -> int:
    """How often a play comes up while an account is in its stage."""
    calendar = playbook.calendar(play.owner)
    if not play.due.recurs:
        renewal = ENTERED.date() + timedelta(days=120)
        due = first_due(
            play.due, entered_at=ENTERED, renewal=renewal, calendar=calendar, now=ENTERED
        )
        return int(due is not None and due <= until)
    count, k, now = 0, 0, ENTERED
    while planned := next_due(
        play.due, entered_at=ENTERED, occurrence=k, calendar=calendar, now=now
    ):
        k, now = planned
        if now > until:
            break
        count += 1
    return count


def test_a_department_with_a_hundred_accounts_is_nudged_about_five_times_a_day_at_most(
    playbook: Playbook,
):
    """A hundred accounts that go the whole way at the expected pace, spread evenly."""
    staying = [stage for stage in playbook.stages if not stage.exit]
    days = sum(stage.expected_days or 0 for stage in staying)
    nudges: Counter[str] = Counter()
    for stage in staying:
        until = ENTERED + timedelta(days=stage.expected_days or 0)
        for play in stage.plays:
            nudges[play.owner] += visits(play, stage, playbook, until)
    weekly = {owner: 100 * count * 7 / days for owner, count in nudges.items()}
    assert all(load <= 25 for load in weekly.values()), weekly


def test_no_account_hears_from_us_more_than_three_times_a_day(playbook: Playbook):
    for stage in playbook.stages:
        days = Counter(str(play.due) for play in stage.plays)
        assert max(days.values()) <= 3, stage.key
