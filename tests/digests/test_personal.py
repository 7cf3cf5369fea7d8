"""A manager's and a lead's digest: on which morning it comes, and what it tells."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from bot.actions.actor import CLOCK
from bot.actions.digests.personal import next_mornings, personal_digest, take_digests
from bot.actions.work import Work
from db.core.tx import begin, read
from db.members import members
from tests.digests.world import CREATED, MONDAY, TEAM, WEEK, World

DAY = timedelta(days=1)


def _lines(world: World, user_id: str, now: datetime = MONDAY) -> list[str]:
    with read(world.engine, TEAM) as tx:
        found = personal_digest(Work(tx, world.playbook, now, CLOCK), user_id)
    return found.text.splitlines() if found else []


def _takes(world: World, user_id: str, now: datetime) -> list[str]:
    """The titles of what heads a person's morning message."""
    with begin(world.engine, TEAM) as tx:
        work = Work(tx, world.playbook, now, CLOCK)
        return [digest.text.splitlines()[0] for _, digest in take_digests(work, user_id)]


def _chooses(world: World, user_id: str, **values: object) -> None:
    with begin(world.engine, TEAM) as tx:
        person = members.by_user_id(tx, user_id)
        for name, value in values.items():
            setattr(person, name, value)


def _manager(world: World) -> str:
    priya = world.person("UPRIYA", "Priya Raman")
    near = {"renews_on": date(2027, 1, 15), "hundredths": 1_800_000, "currency": "EUR"}
    world.account("Old Quay", priya, **near, stage_entered_at=MONDAY - 60 * DAY)
    world.account("Granite Peak", priya, **{**near, "renews_on": date(2026, 12, 18)})
    world.account("Somebody else's", "USAM", **near)
    return priya


def test_a_manager_reads_of_their_own_accounts_with_money(world: World) -> None:
    priya = _manager(world)
    account = world.account("Done", priya)
    done = {"state": "done", "by_user": priya, "state_at": MONDAY - 4 * DAY, "source": "button"}
    world.touchpoint(account, "operations", CREATED, **done)
    missing = "confirmed value, decision maker and"
    assert _lines(world, priya) == [
        "Your digest, Mon 9 Nov",
        "At risk: 1 of 2 renewals within 90 days, EUR 18,000 of EUR 36,000 a year",
        "• Old Quay · Fri 15 Jan 2027 · EUR 18,000 · stuck in Onboarding since Mon 26 Oct",
        "Not known enough: 2 of 2",
        f"Granite Peak ({missing} 3 more) · Old Quay ({missing} 4 more)",
        "Not at risk: 1 renewal within 90 days",
        "• Granite Peak · Fri 18 Dec · EUR 18,000",
        "Done last week: 1 · thanks to Priya Raman (1)",
        "Menu: Renewals within 90 days: 2, At risk: 1, Not known enough: 2, Done: 1.",
    ]


def test_from_thursday_on_the_week_is_this_one(world: World) -> None:
    priya = _manager(world)
    account = world.account("Done", priya)
    done = {"state": "done", "by_user": priya, "state_at": MONDAY + DAY, "source": "button"}
    world.touchpoint(account, "operations", CREATED, **done)
    thursday = _lines(world, priya, MONDAY + 3 * DAY)
    assert "Done this week: 1 · thanks to Priya Raman (1)" in thursday
    assert not any("Done" in line for line in _lines(world, priya, MONDAY + 2 * DAY)[:-1])


def test_a_lead_reads_of_what_nobody_took_in_time(world: World) -> None:
    diego = world.person("UDIEGO", "diego")
    account = world.account("Acme")
    for days in (3, 12):
        world.touchpoint(account, "operations", MONDAY - days * DAY)
    world.touchpoint(account, "support", MONDAY - 12 * DAY)
    world.touchpoint(account, "operations", MONDAY - 12 * DAY, state="claimed", by_user="UX")
    assert _lines(world, diego) == [
        "Your digest, Mon 9 Nov",
        "Unclaimed too long: 1 touchpoint",
        "• Acme · Kick-off call · 8 days overdue · Operations",
        "Menu: Unclaimed too long: 1.",
    ]
    assert _lines(world, world.person("UANNA", "Anna")) == []


@pytest.mark.parametrize(
    ("weekday", "comes"),
    [(0, 0), (3, 3), (5, 4), (6, 4)],
    ids=["monday", "thursday", "saturday", "sunday"],
)
def test_it_heads_the_first_message_of_its_day(world: World, weekday: int, comes: int) -> None:
    priya = _manager(world)
    _chooses(world, priya, digest_weekday=weekday)
    days = range(14)
    assert [day for day in days if _takes(world, priya, MONDAY + day * DAY)] == [comes, comes + 7]


def test_one_that_was_missed_heads_the_next_morning_of_its_week(world: World) -> None:
    priya = _manager(world)
    with read(world.engine, TEAM) as tx:
        coming = list(next_mornings(Work(tx, world.playbook, CREATED, CLOCK)))
    assert coming == [(priya, MONDAY.date())]
    assert _takes(world, priya, MONDAY + 2 * DAY) == ["Your digest, Wed 11 Nov"]
    assert _takes(world, priya, MONDAY + 3 * DAY) == []


def test_who_chose_an_hour_gets_it_then_as_a_message_of_its_own(world: World) -> None:
    priya = _manager(world)
    _chooses(world, priya, digest_weekday=4, digest_hour=17)
    assert not any(_takes(world, priya, MONDAY + day * DAY) for day in range(7))
    friday = MONDAY + 4 * DAY
    assert priya not in world.tick(friday.replace(hour=15, minute=59))
    assert priya in world.tick(friday.replace(hour=16))
    assert world.post(priya)["text"].startswith("Your digest, Fri 13 Nov")
    assert priya not in world.tick(friday.replace(hour=17))
    assert priya in world.tick(friday.replace(hour=16) + WEEK)


def test_who_switched_it_off_is_new_or_has_no_accounts_reads_none(world: World) -> None:
    priya = _manager(world)
    assert not _takes(world, priya, CREATED)  # its week is the workspace's first
    assert not _takes(world, world.person("UANNA", "Anna"), MONDAY)
    _chooses(world, priya, digest_off=True)
    assert not _takes(world, priya, MONDAY)
    _chooses(world, priya, digest_off=False)
    assert _takes(world, priya, MONDAY)
