"""The playbooks that come with the program: usable on Monday, and never a flood."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from bot.rules.playbook.playbook import Play, Playbook, Stage, load

FOLDER = Path(__file__).parents[2] / "playbooks"
DEPARTMENTS = {"sales", "marketing", "operations"}
#: The stages of a customer and the day of the term on which each begins.
FIRST_TERM = {"onboarding": 0, "adoption": 30, "growth": 120, "renewal": 275}
LATER_TERM = {"growth": 0, "renewal": 275}
ADVOCATE = {"advocacy": 0, "renewal": 275}
YEAR, MONTH = 365, 365 / 12


@pytest.fixture(scope="module")
def playbook() -> Playbook:
    return load(FOLDER / "default.yaml")


@pytest.fixture(scope="module")
def full() -> Playbook:
    return load(FOLDER / "full.yaml")


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


def test_it_can_be_read_aloud_in_five_minutes(playbook: Playbook):
    texts = [text for _, play in all_plays(playbook) for text in (play.title, play.ask, play.helps)]
    texts += [stage.decision for stage in playbook.stages]
    assert len(all_plays(playbook)) == 28
    assert sum(len(text.split()) for text in texts) <= 5 * 160


def test_the_full_one_has_every_stage_and_play_of_the_compact_one(
    playbook: Playbook, full: Playbook
):
    """An account and its history stay when a team changes from one to the other."""
    assert len(all_plays(full)) == 59
    assert [stage.key for stage in full.stages] == [stage.key for stage in playbook.stages]
    for stage, play in all_plays(playbook):
        assert full.play(stage.key, play.key), (stage.key, play.key)


def test_all_but_one_play_bring_something_back(playbook: Playbook):
    assert [play.key for _, play in all_plays(playbook) if not play.records] == [
        "someone-like-them"
    ]


@pytest.mark.parametrize("which", ["default.yaml", "full.yaml"])
def test_each_play_is_one_small_thing_for_a_named_account(which: str):
    for stage, play in all_plays(load(FOLDER / which)):
        assert "{account}" in play.ask, (stage.key, play.key)
        assert len(play.ask) <= 175, (stage.key, play.key, len(play.ask))
        assert len(play.title) <= 50, (stage.key, play.key)
        assert "check in" not in f"{play.title} {play.ask}".lower()
        assert "touch base" not in f"{play.title} {play.ask}".lower()


def test_the_renewal_begins_by_itself_with_briefs_and_plays_that_follow_them(playbook: Playbook):
    stage = playbook.stage("renewal")
    assert stage is not None
    assert str(stage.enter) == "90 days before renewal"
    assert playbook.renewals is not None
    assert playbook.renewals.brief == (90, 60, 30)
    assert [str(play.due) for play in stage.plays] == [
        f"{when} before renewal" for when in ("85 days", "70 days", "60 days", "2 weeks")
    ]


def test_a_renewal_leads_to_advocacy_where_the_value_grew(playbook: Playbook):
    stage = playbook.stage("renewal")
    assert stage is not None
    assert stage.outcomes["renewed"].to == "growth"
    assert stage.outcomes["renewed"].if_value_grew == "advocacy"
    assert playbook.direction("renewal", "advocacy") == "forward"
    assert playbook.direction("renewal", "growth") == "forward"
    assert playbook.after("advocacy") is None


def parts(path: dict[str, int]) -> list[tuple[str, int, int]]:
    """The stages of a path with the days on which each begins and ends."""
    return list(zip(path, path.values(), [*path.values(), YEAR][1:], strict=True))


def asked(playbook: Playbook, path: dict[str, int], tier: str = "B") -> Iterator[tuple[int, Play]]:
    """(day of the term, play) of what comes up in a term on the ideal path, by plain counting."""
    stays = {stage: (begins, end) for stage, begins, end in parts(path)}
    for stage, play in all_plays(playbook):
        if play.is_for(tier):
            begins, end = (0, YEAR) if play.due.of_term else stays.get(stage.key, (0, 0))
            if play.due.kind == "after renewal":  # of the term before
                begins, end = (0, 0) if path is FIRST_TERM else (0, YEAR)
            if play.due.kind == "every after term start" and play.contacts_customer:
                end = path["renewal"]
            for day in days_of(play, begins, end):
                yield day, play


def days_of(play: Play, begins: int, end: int) -> list[int]:
    """The days between the two on which a play is due; a month is a twelfth of a year."""
    if play.due.kind == "on entry":
        return [begins] if begins < end else []
    assert play.due.duration is not None
    first = round(play.due.duration.count * length(play))
    if play.due.kind == "before renewal":
        return [YEAR - first]
    times = range(first, end - begins, first) if play.due.recurs else [first]
    return [begins + day for day in times if begins + day < end]


def length(play: Play) -> float:
    assert play.due.duration is not None
    days = {"days": 1.0, "business days": 1.4, "weeks": 7.0, "months": MONTH}
    return days[play.due.duration.unit]


@pytest.mark.parametrize("path", [FIRST_TERM, LATER_TERM, ADVOCATE], ids=["1", "2", "advocate"])
def test_every_department_and_the_manager_have_a_part_in_each_stage(
    playbook: Playbook, path: dict[str, int]
):
    """With the plays of the term, which come up whatever the stage."""
    for stage, begins, end in parts(path):
        owners = {play.owner for day, play in asked(playbook, path) if begins <= day < end}
        assert owners == {*DEPARTMENTS, "manager"}, stage


def test_everyone_has_a_part_before_they_decide_too(playbook: Playbook):
    stage = playbook.stage("evaluation")
    assert stage is not None
    assert {play.owner for play in stage.plays} == {*DEPARTMENTS, "manager"}


@pytest.mark.parametrize(
    ("which", "tier", "first", "later", "advocate"),
    [
        ("default.yaml", "B", 16, 10, 11),
        ("full.yaml", "B", 23, 16, 19),
        ("full.yaml", "C", 13, 8, 10),
    ],
)
def test_a_customer_is_asked_little_a_year(
    which: str, tier: str, first: int, later: int, advocate: int
):
    playbook = load(FOLDER / which)
    counts = [
        sum(play.contacts_customer for _, play in asked(playbook, path, tier))
        for path in (FIRST_TERM, LATER_TERM, ADVOCATE)
    ]
    assert counts == [first, later, advocate]


def test_a_customer_is_asked_most_in_the_first_month_and_then_about_once_a_month(
    playbook: Playbook,
):
    rates = []
    for stage, begins, end in zip(
        FIRST_TERM, FIRST_TERM.values(), (30, 120, 275, 365), strict=True
    ):
        asks = sum(
            play.contacts_customer
            for day, play in asked(playbook, FIRST_TERM)
            if begins <= day < end
        )
        rates.append((stage, round(asks * MONTH / (end - begins), 1)))
    assert rates == [("onboarding", 3.0), ("adoption", 1.4), ("growth", 1.0), ("renewal", 1.4)]


def test_with_a_hundred_customers_a_department_has_about_two_touchpoints_a_day(playbook: Playbook):
    """A third of them each in their first term, in a later one, and advocates."""
    weekly = Counter[str]()
    for path in (FIRST_TERM, LATER_TERM, ADVOCATE):
        weekly.update(play.owner for _, play in asked(playbook, path))
    counts = {owner: round(count * 100 / 3 * 7 / YEAR) for owner, count in weekly.items()}
    assert counts == {"sales": 10, "marketing": 9, "operations": 12, "manager": 5}


def test_nobody_is_silent_for_longer_than_participation_allows(playbook: Playbook):
    """Over two terms, the second of them an advocate's: the longest gap between two plays."""
    limits = playbook.participation.silent_after
    for owner, limit in limits.items():
        days = sorted(day for day, play in asked(playbook, FIRST_TERM) if play.owner == owner)
        days += sorted(YEAR + day for day, play in asked(playbook, ADVOCATE) if play.owner == owner)
        gaps = [after - before for before, after in pairwise(days)]
        assert max(gaps) <= limit.rough_days, (owner, gaps)


def test_no_day_asks_a_customer_twice_on_the_ideal_path(playbook: Playbook):
    begun = date(2026, 11, 23)
    days = Counter(
        begun + timedelta(days=day)
        for day, play in asked(playbook, FIRST_TERM)
        if play.contacts_customer
    )
    assert max(days.values()) == 1
