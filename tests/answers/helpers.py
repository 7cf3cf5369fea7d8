"""What the stories of answers share: a playbook whose plays each bring something back."""

from __future__ import annotations

from typing import Any

from sqlmodel import col, select

from db.models import Account, Touchpoint
from sandbox import SlackMessage
from tests.story import PLAYBOOK, Story

KINDS = ("value", "person", "alternative", "decision date", "goal", "risk", "promise", "note")
_KICKOFF = "{key: kickoff, title: Kick-off call,"
_PLAY = (
    "{{key: {key}, title: Ask about the {kind}, owner: operations, records: {kind},\n"
    '         due: {due}, ask: "Ask {{account}}.", helps: They see it.}}'
)


def recording(*kinds: str, every: str = "1 business day after entry") -> str:
    """The stories' playbook, its onboarding with one play for each of these kinds."""
    head, _, tail = PLAYBOOK.partition(f"      - {_KICKOFF}")
    keys = {kind: kind.replace(" ", "-") for kind in kinds}
    plays = "\n".join(
        f"      - {_PLAY.format(key=key, kind=kind, due=every)}" for kind, key in keys.items()
    )
    return f"{head}{plays}\n  - key: renewal{tail.partition('  - key: renewal')[2]}"


def asked(story: Story, kind: str, account: str = "Acme", day: str = "2026-11-24") -> SlackMessage:
    """The nudge about a new account, the morning after, or on that day."""
    story.types("priya", f"/account add {account} stage onboarding manager @priya")
    story.until(f"{day} 09:00")
    story.settle()
    return story.sees("#operations", account, f"Ask about the {kind}")


def touchpoint(story: Story, account: str = "Acme") -> Touchpoint:
    """The account's touchpoint, as it is now."""
    with story.tx() as tx:
        return tx.one(
            select(Touchpoint)
            .join(Account, col(Account.id) == col(Touchpoint.account_id))
            .where(col(Account.name) == account, col(Touchpoint.records).is_not(None))
        )


def rows(story: Story, model: Any) -> list[Any]:
    """Every row of a table, the oldest first."""
    with story.tx() as tx:
        return tx.all(select(model).order_by(model.id))
