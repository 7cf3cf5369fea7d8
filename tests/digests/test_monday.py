"""A department's digest: the head and the foot of its first list of a week."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bot.actions.actor import CLOCK
from bot.actions.digests.monday import monday_parts
from bot.actions.work import Work
from bot.messages.digests.monday import MondayParts
from db.core.tx import begin, read
from db.models import Account, Promise, Touchpoint
from tests.digests.world import TEAM, World

MONDAY = datetime(2026, 11, 9, 9, tzinfo=UTC)
LAST_WEEK = datetime(2026, 11, 4, 12, tzinfo=UTC)


def _parts(world: World, now: datetime = MONDAY) -> MondayParts:
    with read(world.engine, TEAM) as tx:
        return monday_parts(Work(tx, world.playbook, now, CLOCK), "operations")


def _did(world: World, account: int, who: str, **values: Any) -> None:
    ended = {"state": "done", "by_user": who, "state_at": LAST_WEEK, "source": "button"}
    world.touchpoint(account, "operations", LAST_WEEK, **{**ended, **values})


def _lived(world: World) -> None:
    diego, aiko = world.person("UDIEGO", "Diego Santos"), world.person("UAIKO", "Aiko Tanaka")
    granite, hotels = world.account("Granite Peak Insurance"), world.account("Hearthside Hotels")
    _did(world, granite, aiko, records="note", answer="They like it", answered_by=aiko)
    saved = "12 hours a week saved (confirmed by Jane Reed)"
    _did(world, granite, aiko, records="value", answer=saved, answered_by=aiko)
    _did(world, hotels, diego, records="risk", answer="new IT head", answered_by=diego)
    _did(world, hotels, aiko)
    _did(world, hotels, aiko, state_at=MONDAY)  # this week's
    _did(world, hotels, diego, state="skipped")
    world.touchpoint(granite, "operations", LAST_WEEK)
    world.touchpoint(hotels, "operations", MONDAY)
    world.touchpoint(hotels, "operations", MONDAY, state="claimed", by_user=diego)
    for since in (LAST_WEEK, MONDAY):
        until = datetime(2026, 11, 10, 9, tzinfo=UTC)
        held = {"postponed_since": since, "postponed_until": until, "postponed_because": "channel"}
        world.touchpoint(granite, "operations", LAST_WEEK, state="planned", **held)
    kept = world.touchpoint(granite, "operations", MONDAY, state="planned", person_id=diego)
    with begin(world.engine, TEAM) as tx:
        account = tx.get(Account, granite)
        assert account is not None
        tx.add(
            Promise(
                account_id=granite,
                touchpoint_id=kept,
                text="API limit raised",
                text_key="api limit raised",
                due_on=datetime(2026, 11, 11).date(),
                keeper_id=diego,
                made_by=diego,
                made_at=LAST_WEEK,
                stage=account.stage,
                term=1,
            )
        )


def test_last_week_and_this_one_add_up(world: World) -> None:
    _lived(world)
    parts = _parts(world)
    assert parts.head.text == (
        "Operations digest, Mon 9 Nov\n"
        "Last week: 4 of 7 done (3 with an answer), 1 carried over, 1 postponed, 1 skipped. "
        "This week: 2 due today, 1 claimed, 3 later."
    )
    assert parts.foot.text.splitlines() == [
        "Promise due Wed 11 Nov: API limit raised for Granite Peak Insurance · Diego Santos",
        "Learned last week",
        "• Granite Peak Insurance: 12 hours a week saved (confirmed by Jane Reed) · Aiko Tanaka",
        "• Hearthside Hotels, a risk: new IT head · Diego Santos",
        "• Granite Peak Insurance: They like it · Aiko Tanaka",
        "Thanks to Aiko Tanaka (3) and Diego Santos (1)",
        "Buttons: Show done: 4, Show answers: 3, Show this week: 6, Show carried over: 1, "
        "Show postponed: 1.",
    ]


def test_after_a_holiday_last_week_is_the_same(world: World) -> None:
    _lived(world)
    tuesday = _parts(world, datetime(2026, 11, 10, 8, tzinfo=UTC))
    assert "Last week: 4 of 7 done" in tuesday.head.text


def test_a_week_without_anything_has_a_head_and_no_foot(world: World) -> None:
    parts = _parts(world)
    assert parts.head.followed_by(parts.foot).text == (
        "Operations digest, Mon 9 Nov\nLast week: nothing was due. This week: nothing is due."
    )
    assert not parts.foot.blocks


def test_a_rich_week_has_at_most_150_words(world: World) -> None:
    _lived(world)
    account = world.account("The Northern Association of Independent Bookshops")
    words = "the night shift would rather keep the paper forms, " * 4
    for number in range(9):
        who = world.person(f"U{number}", f"Person Number{number}")
        for _ in range(9):
            _did(world, account, who, records="risk", answer=words, answered_by=who)
    parts = _parts(world)
    shown = f"{parts.head.text} {parts.foot.text.partition('Buttons:')[0]}"
    assert len(shown.split()) <= 150
    with read(world.engine, TEAM) as tx:
        assert tx.count(Touchpoint, Touchpoint.state == "done") == 86
