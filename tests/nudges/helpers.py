"""What the stories of nudges share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from db.core.tx import Tx, begin
from db.models import Account, Audit, Touchpoint
from sandbox import SlackMessage
from tests.story import DUBLIN, Story

KICKOFF = "2026-11-24 09:00"  # when Acme's kick-off call is due in the stories


def kickoff(story: Story, account: str = "Acme", manager: str = "") -> SlackMessage:
    """The nudge for a kick-off call in #operations, on the morning after the account came in."""
    story.types("priya", f"/account add {account} stage onboarding {manager}".strip())
    story.until(KICKOFF)
    story.settle()
    return story.sees("#operations", account, "Kick-off call")


def presses(story: Story, who: str, message: SlackMessage, button: str) -> None:
    """Clicks a nudge's button; a form that asks for more first is submitted as it stands."""
    story.clicks(who, message, button)
    if button in ("Skip…", "Snooze…") and story.slack.modal(who) is not None:
        story.slack.submit(who)
        story.settle()


def touchpoint(story: Story, play: str = "kickoff", account: str = "Acme") -> Touchpoint:
    """The last touchpoint of a play, as it is now."""
    with begin(story.engine, story.context.workspace) as tx:
        found = tx.one(
            select(Touchpoint)
            .join(Account, col(Account.id) == col(Touchpoint.account_id))
            .where(col(Account.name) == account, col(Touchpoint.play) == play)
            .order_by(col(Touchpoint.occurrence).desc())
            .limit(1)
        )
    return found


def occurrences(story: Story, play: str, account: str = "Acme") -> list[tuple[int, str]]:
    """Number and state of every touchpoint of a play."""
    with begin(story.engine, story.context.workspace) as tx:
        rows = tx.all(
            select(Touchpoint)
            .join(Account, col(Account.id) == col(Touchpoint.account_id))
            .where(col(Account.name) == account, col(Touchpoint.play) == play)
            .order_by(col(Touchpoint.occurrence))
        )
    return [(row.occurrence, row.state) for row in rows]


@contextmanager
def writing(story: Story) -> Iterator[Tx]:
    with begin(story.engine, story.context.workspace) as tx:
        yield tx


def audited(story: Story) -> list[tuple[str | None, str, str]]:
    """(who, from where, what) of everything done with touchpoints."""
    with begin(story.engine, story.context.workspace) as tx:
        rows = tx.all(
            select(Audit).where(col(Audit.subject).like("touchpoint:%")).order_by(col(Audit.id))
        )
    return [(row.by_user, row.source, row.verb) for row in rows]


def many(story: Story, count: int, due: datetime, owner: str = "operations") -> None:
    """Accounts in onboarding with a kick-off call due at `due`, the clock standing still."""
    with writing(story) as tx:
        accounts = [account_row(f"Firm {n:03}", due) for n in range(count)]
        tx.add_all(Account, accounts)
        firms = select(Account).where(col(Account.name).like("Firm %"))
        for row in tx.all(firms.order_by(col(Account.id))):
            tx.add_all(Touchpoint, [kickoff_row(row.id, due, owner)])


def account_row(name: str, at: datetime) -> dict[str, Any]:
    return {
        "name": name,
        "name_key": name.casefold(),
        "slug": name.casefold().replace(" ", "-"),
        "stage": "onboarding",
        "stage_entered_at": at,
        "stage_entry": 1,
        "created_at": at,
    }


def kickoff_row(account_id: int, due: datetime, owner: str) -> dict[str, Any]:
    return {
        "account_id": account_id,
        "stage": "onboarding",
        "stage_entry": 1,
        "play": "kickoff",
        "owner": owner,
        "title": "Kick-off call",
        "state_at": due,
        "due_at": due,
        "wake_at": due,
    }


def dublin(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=DUBLIN)


def labels(message: SlackMessage) -> list[str]:
    """What can be pressed on a message: buttons' labels and menus' choices."""
    found = []
    for block in message.blocks:
        for element in [*block.get("elements", []), block.get("accessory") or {}]:
            if element.get("type") == "button":
                found.append(element["text"]["text"])
            found += [option["text"]["text"] for option in element.get("options", [])]
    return found


def whispers(story: Story, who: str) -> list[str]:
    return [whisper.text for whisper in story.slack.ephemerals(who)]


def skip_digests(story: Story) -> None:
    """The weekly messages are another story."""
    for message in story.slack.unexpected():
        if "digest, " in message.text:
            story.sees(message.channel, message.text)


def thread(story: Story, message: SlackMessage) -> list[str]:
    return [reply.text for reply in story.slack.thread(message)]
