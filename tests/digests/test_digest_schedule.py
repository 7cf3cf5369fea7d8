"""When digests come: once for each local week, whatever happened to the clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlmodel import col

from bot.memory import Memory
from bot.nudges.duties import digests
from bot.nudges.duties.digests import send_due_digest
from db.core.engine import connect
from db.core.transient_errors import is_transient
from db.core.tx import begin, read
from db.models import Audit, Channel, Outbox
from tests.databases import BOTH
from tests.digests.world import CREATED, MONDAY, TEAM, WEEK, World, utc

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def _manager(world: World, user_id: str = "UPRIYA", **values: Any) -> int:
    """Somebody with an account, who wants their digest on Mondays at 9:00."""
    who = world.person(user_id, "Priya", **{"digest_hour": 9, **values})
    return world.account("Acme", who, renews_on=date(2027, 1, 15))


def test_a_new_workspace_waits_for_its_first_monday(world):
    assert world.tick(CREATED) == []
    assert world.tick(MONDAY - 10 * HOUR) == []
    assert world.tick(MONDAY) == ["CCUSTOMERS"]


def test_one_that_began_on_a_monday_morning_waits_a_week(engine):
    world = World(engine)
    world.settle(created=MONDAY - HOUR)
    assert world.tick(MONDAY) == []
    assert "CCUSTOMERS" in world.tick(MONDAY + WEEK)


@pytest.mark.parametrize("start", [utc(2027, 3, 20), utc(2027, 10, 23)])
def test_across_a_change_of_clocks_every_week_has_exactly_one(engine, start):
    world = World(engine)
    world.settle(created=start)
    for hour in range(0, 24 * 22, 6):
        world.tick(start + hour * HOUR)
    assert [post.lane for post in world.posts()].count("CCUSTOMERS") == 3


def test_a_department_has_its_digest_at_its_own_opening_unless_there_is_nothing_to_tell(world):
    done = {"state": "done", "by_user": "UAIKO", "state_at": CREATED, "source": "button"}
    world.touchpoint(world.account("Acme"), "support", CREATED, **done)
    world.tick(utc(2026, 11, 9, 0))  # 9:00 in Tokyo
    for minutes in range(0, 60, 7):
        world.tick(MONDAY + minutes * MINUTE)
    assert [post.lane for post in world.lists()] == ["CSUPPORT"]
    assert "Last week: 1 of 1 done." in world.lists()[0].payload["text"]
    assert world.outcomes("digest:support") == [("2026-11-09", "posted")]
    assert world.outcomes("digest:operations") == [("2026-11-09", "quiet")]


def test_a_department_without_a_channel_tells_an_admin_once(world):
    world.person("UADMIN", "Ada", is_admin=True)
    with begin(world.engine, TEAM) as tx:
        tx.delete(Channel, col(Channel.name) == "operations")
    world.tick(MONDAY)
    world.tick(MONDAY + 2 * HOUR)
    assert world.outcomes("digest:operations") == [("2026-11-09", "missed")]
    with read(world.engine, TEAM) as tx:
        told = tx.all(select(Outbox).where(col(Outbox.lane) == "UADMIN"))
    assert ["no channel called #operations" in each.payload["text"] for each in told] == [True]


@BOTH
def test_it_comes_once_however_often_the_clock_looks(world):
    assert world.tick(MONDAY) == ["CCUSTOMERS"]
    for minutes in range(0, 400, 7):
        assert world.tick(MONDAY + minutes * MINUTE) == []


def test_a_clock_that_is_set_back_posts_nothing_twice(world):
    world.tick(MONDAY)
    world.tick(MONDAY - 2 * HOUR)
    assert world.tick(MONDAY) == []


@BOTH
def test_two_workers_at_once_post_one_of_each(world):
    _manager(world)
    both_ready = Barrier(2)
    failures: list[BaseException] = []

    def work() -> None:
        both_ready.wait()
        try:
            while tick():
                pass
        except BaseException as error:
            failures.append(error)

    def tick() -> bool:
        try:
            return send_due_digest(world.context, MONDAY)
        except OperationalError as error:
            if not is_transient(error):
                raise
            return True  # it waited too long for the other: the next tick tries again

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert failures == []
    assert sorted(post.lane for post in world.posts()) == ["CCUSTOMERS", "UPRIYA"]


def test_a_process_that_meets_another_one_at_a_digest_goes_on_with_what_is_left(world):
    for number in range(6):
        _manager(world, f"UREADER{number}")
    engine = connect(world.engine.url.render_as_string(False))
    other = replace(world.context, engine=engine, memory=Memory())
    assert send_due_digest(other, MONDAY)  # it has seen all 8
    assert len(world.tick(MONDAY)) == 6
    assert send_due_digest(other, MONDAY)
    assert not send_due_digest(other, MONDAY)
    other.engine.dispose()
    assert len(world.posts()) == 7


def test_after_three_days_of_downtime_the_week_s_digest_comes_in_working_hours(world):
    assert world.tick(utc(2026, 11, 11, 3)) == []
    assert world.tick(utc(2026, 11, 11, 9)) == ["CCUSTOMERS"]
    assert world.outcomes("digest:company") == [("2026-11-09", "posted")]


@BOTH
def test_after_three_weeks_of_downtime_only_the_last_week_is_told(world):
    world.tick(MONDAY)
    back = MONDAY + 3 * WEEK + timedelta(days=1)
    assert world.tick(back) == ["CCUSTOMERS"]
    assert world.outcomes("digest:company") == [
        ("2026-11-09", "posted"),
        ("2026-11-16", "missed"),
        ("2026-11-23", "missed"),
        ("2026-11-30", "posted"),
    ]


def test_the_night_before_the_next_one_it_is_too_late_for_the_old_one(world):
    assert world.tick(MONDAY + WEEK - HOUR) == []
    assert world.tick(MONDAY + WEEK) == ["CCUSTOMERS"]
    assert world.outcomes("digest:company") == [("2026-11-09", "missed"), ("2026-11-16", "posted")]


def test_on_a_holiday_monday_it_comes_at_the_next_opening(engine):
    world = World(engine)
    world.settle(created=utc(2026, 10, 21))
    holiday = utc(2026, 10, 26, 9)  # the October holiday in Ireland
    assert world.tick(holiday) == []
    assert world.tick(holiday + timedelta(days=1)) == ["CCUSTOMERS"]
    assert world.outcomes("digest:company") == [("2026-10-26", "posted")]


def test_a_manager_gets_a_dm_at_the_hour_of_their_own_monday(world):
    _manager(world, "UAIKO", tz="Asia/Tokyo")
    assert world.tick(utc(2026, 11, 9, 0)) == ["UAIKO"]
    assert "UAIKO" not in world.tick(MONDAY)


@pytest.mark.parametrize("gone", ["is_guest", "is_bot", "is_deleted"])
def test_who_may_not_speak_gets_no_digest(world, gone):
    values: dict[str, Any] = {gone: True}
    _manager(world, **values)
    assert "UPRIYA" not in world.tick(MONDAY)


def test_who_becomes_a_manager_on_wednesday_has_missed_nothing(world):
    world.tick(MONDAY)
    wednesday = MONDAY + timedelta(days=2)
    priya, account = "UPRIYA", _manager(world)
    world.add(
        Audit(at=wednesday, source="slash", verb="account.manager", subject=f"account:{account}")
    )
    assert world.tick(wednesday + HOUR) == []
    assert priya in world.tick(MONDAY + WEEK)


def test_an_unknown_time_zone_is_that_of_the_department_that_stands_in(world):
    _manager(world, tz="Mars/Olympus")
    assert "UPRIYA" not in world.tick(MONDAY - MINUTE)
    assert "UPRIYA" in world.tick(MONDAY)


def test_a_company_without_a_channel_tells_an_admin_once(world):
    world.person("UADMIN", "Ada", is_admin=True)
    with begin(world.engine, TEAM) as tx:
        tx.delete(Channel, col(Channel.name) == "customers")
    assert world.tick(MONDAY) == []
    assert world.outcomes("digest:company") == [("2026-11-09", "missed")]
    assert world.tick(MONDAY + 2 * HOUR) == []
    with read(world.engine, TEAM) as tx:
        told = tx.all(select(Outbox).where(col(Outbox.lane) == "UADMIN"))
    assert len(told) == 1
    assert "no channel called #customers" in told[0].payload["text"]


def test_a_digest_that_cannot_be_written_keeps_nobody_else_from_theirs(world, monkeypatch, caplog):
    def broken(*_args: object, **_more: object) -> None:
        raise ValueError("no such thing")

    _manager(world)
    monkeypatch.setattr("bot.actions.digests.company.company_post", broken)
    assert world.tick(MONDAY) == ["UPRIYA"]
    assert world.outcomes("digest:company") == [("2026-11-09", "failed")]
    assert "could not write digest:company of 2026-11-09" in caplog.text


def test_four_weeks_told_by_the_demos_clock_are_four_of_each(world):
    _manager(world, tz="Asia/Tokyo")
    now: datetime = CREATED
    while now < CREATED + 4 * WEEK:
        world.tick(now)
        following = world.next_at(now)
        assert following is not None
        assert following > now
        now = following
    lanes = [post.lane for post in world.posts()]
    assert {lane: lanes.count(lane) for lane in lanes} == {"UPRIYA": 4, "CCUSTOMERS": 4}


def test_between_two_looks_a_tick_asks_the_database_nothing(world, monkeypatch):
    world.tick(MONDAY)

    def refuse(*_args: object) -> None:
        raise AssertionError("the database was asked")

    monkeypatch.setattr("bot.nudges.duties.digests.workspaces.all_ids", refuse)
    assert not send_due_digest(world.context, MONDAY + timedelta(seconds=10))


def test_one_look_hands_out_all_that_is_due(world, monkeypatch):
    looks = []
    look = digests._scan_schedules

    def counted(context, now):
        looks.append(now)
        return look(context, now)

    monkeypatch.setattr(digests, "_scan_schedules", counted)
    for number in range(6):
        _manager(world, f"UREADER{number}")
    assert len(world.tick(MONDAY)) == 7
    assert len(looks) == 2  # the second finds nothing more


def test_a_digest_goes_stale_after_three_days(world):
    world.tick(MONDAY)
    post = world.posts()[0]
    assert post.expires_at == MONDAY + timedelta(days=3)
    assert post.dedupe_key.startswith("digest:")
    assert post.dedupe_key.endswith(f":{date(2026, 11, 9)}")
