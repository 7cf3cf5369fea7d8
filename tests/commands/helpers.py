"""What the stories of commands share: buttons, requests sent by hand, rows."""

from __future__ import annotations

from typing import Any

from sqlmodel import col, select

from db.models import Account, Audit, Interaction, StageChange, Touchpoint
from sandbox.model import Answer
from sandbox.people import deeds
from tests.story import Story

# Rows that looking something up may write: who was looked up, what Slack sent, what goes out.
PASSING = ("inbox", "last_said", "person", "outbox", "lane", "heartbeat")


def buttons(answer: Answer) -> list[str]:
    """The labels of an answer's buttons."""
    rows = [block["elements"] for block in answer.blocks if block["type"] == "actions"]
    return [button["text"]["text"] for row in rows for button in row]


def lasting(story: Story) -> dict[str, int]:
    """How many rows there are of what people said and did."""
    return {table: n for table, n in story.rows().items() if table not in PASSING}


def account(story: Story, name: str) -> Account:
    with story.tx() as tx:
        return tx.one(select(Account).where(Account.name == name))


def touchpoints(story: Story, name: str) -> dict[str, str]:
    """Each play of an account with its state; the newest occurrence counts."""
    with story.tx() as tx:
        mine = Touchpoint.account_id == account(story, name).id
        return {t.play: t.state for t in tx.all(select(Touchpoint).where(mine))}


def moves(story: Story, name: str) -> list[tuple[str | None, str, str | None, str | None]]:
    """(from, to, reason, by) of every move, oldest first."""
    with story.tx() as tx:
        mine = StageChange.account_id == account(story, name).id
        rows = tx.all(select(StageChange).where(mine).order_by(col(StageChange.id)))
        return [(r.from_stage, r.to_stage, r.reason, r.by_user) for r in rows]


def logged(story: Story) -> list[Interaction]:
    with story.tx() as tx:
        return tx.all(select(Interaction).order_by(col(Interaction.id)))


def verbs(story: Story) -> list[str]:
    """What the audit remembers, oldest first."""
    with story.tx() as tx:
        return [row.verb for row in tx.all(select(Audit).order_by(col(Audit.id)))]


def many_accounts(story: Story, names: list[str], stage: str = "prospect") -> None:
    """Accounts straight into the database, longest in their stage first."""
    rows: list[dict[str, Any]] = [
        {
            "name": name,
            "name_key": name.casefold(),
            "slug": name.casefold().replace(" ", "-"),
            "stage": stage,
            "stage_entered_at": story.now,
            "stage_entry": 1,
            "term": 1,
            "version": 1,
            "created_at": story.now,
        }
        for name in names
    ]
    with story.tx() as tx:
        tx.add_all(Account, rows)


def payload(story: Story, who: str, line: str, where: str = "#general") -> dict[str, Any]:
    """The request that Slack would send for a command, to be sent by hand."""
    ws = story.slack.workspace
    person, place = deeds.here(ws, who, where)
    command, _, text = line.partition(" ")
    found = deeds._command(ws, person, place, command, text)
    return {**found, "response_url": story.slack.url + "/response/none"}


def send(story: Story, request: dict[str, Any]) -> dict[str, Any]:
    """Sends a request as it stands and returns the body of the answer."""
    answer = story.slack.endpoint.command(request)
    assert answer is not None
    body: dict[str, Any] = answer.body
    return body
