"""Digests of very many accounts stay within Slack's limits, and are quick."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import event

from bot.actions.actor import CLOCK
from bot.actions.digests.company import company_post
from bot.actions.digests.monday import monday_parts
from bot.actions.digests.personal import personal_digest
from bot.actions.work import Work
from db.core.tx import begin, read
from db.models import Account, Touchpoint
from tests.digests.world import CREATED, MONDAY, TEAM, World

DAY = timedelta(days=1)
#: Slack's: reference of Block Kit. Text 4000 is what a message should keep to.
LIMITS = {"blocks": 50, "section": 3000, "options": 5, "text": 4000, "id": 255, "option": 75}


def fill(world: World, number: int, name: str = "Account {n} & <Sons> of *Somewhere*") -> None:
    """Accounts that renew, are stuck and have work waiting, all of them."""
    with begin(world.engine, TEAM) as tx:
        tx.add_all(
            Account,
            [
                {
                    "name": name.format(n=n),
                    "name_key": f"a{n}",
                    "slug": f"a{n}",
                    "stage": "onboarding",
                    "stage_entered_at": MONDAY - (31 + n % 300) * DAY,
                    "created_at": CREATED,
                    "manager_id": "UPRIYA" if n % 2 else None,
                    "renews_on": date(2026, 11, 9) + (n % 120) * DAY,
                }
                for n in range(1, number + 1)
            ],
        )
        tx.add_all(
            Touchpoint,
            [
                {
                    "account_id": n,
                    "stage": "onboarding",
                    "stage_entry": 1,
                    "play": owner,
                    "owner": owner,
                    "title": "Kick-off call",
                    "state": "nudged" if n % 3 else "planned",
                    "state_at": CREATED,
                    "due_at": MONDAY - (n % 20) * DAY,
                }
                for n in range(1, number + 1)
                for owner in ("operations", "support", "manager")
            ],
        )


def everyones(world: World) -> list[dict[str, Any]]:
    with read(world.engine, TEAM) as tx:
        work = Work(tx, world.playbook, MONDAY, CLOCK)
        mine = personal_digest(work, "UPRIYA")
        assert mine is not None
        parts = monday_parts(work, "operations")
        head = parts.head.followed_by(parts.foot)
        return [company_post(work).payload(), head.payload(), mine.payload()]


def assert_slack_takes(payload: dict[str, Any]) -> None:
    blocks = payload["blocks"]
    assert 0 < len(payload["text"]) <= LIMITS["text"]
    assert len(blocks) <= LIMITS["blocks"]
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    assert len(ids) == len(set(ids))
    for block in blocks:
        kinds = {"section": [block.get("text")], "context": block.get("elements")}
        texts = kinds.get(block["type"], [])
        assert all(0 < len(text["text"]) <= LIMITS["section"] for text in texts)
        options = block.get("accessory", {}).get("options", [])
        assert len(options) <= LIMITS["options"]
        assert all(len(option["text"]["text"]) <= LIMITS["option"] for option in options)
        assert len(block.get("accessory", {}).get("action_id", "")) <= LIMITS["id"]


def test_five_hundred_due_touchpoints_fit(world):
    fill(world, 500)
    for payload in everyones(world):
        assert_slack_takes(payload)


def test_long_names_of_signs_fit(world):
    fill(world, 97, name="&*<>_~`" * 25 + "{n}")
    for payload in everyones(world):
        assert_slack_takes(payload)
        assert payload["text"].count("<") == payload["text"].count(">")


def test_two_thousand_accounts_take_a_handful_of_questions(world):
    fill(world, 2_000)
    asked: list[str] = []
    event.listen(world.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    for payload in everyones(world):
        assert_slack_takes(payload)
    assert len([statement for statement in asked if statement.startswith("SELECT")]) < 110
