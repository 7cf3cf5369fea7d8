"""What waits for a person's next morning DM."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Engine
from sqlmodel import col, select

from db.core.all_workspaces import longest_waiting
from db.core.tx import Tx
from db.models import News


def add(
    tx: Tx,
    user_id: str,
    key: str,
    text: str,
    *,
    tell_at: datetime,
    now: datetime,
    account_id: int | None = None,
    button: dict[str, Any] | None = None,
) -> None:
    """Lets a person hear of something in their next morning; a `key` used before adds nothing."""
    tx.add_once(
        News(
            user_id=user_id,
            account_id=account_id,
            key=key,
            text=text,
            button=button,
            tell_at=tell_at,
            created_at=now,
        )
    )


def next_due(engine: Engine, now: datetime) -> tuple[str, int] | None:
    """(workspace, id) of the news whose time has come first."""
    return longest_waiting(engine, News, col(News.tell_at), now)


def take(tx: Tx, user_id: str) -> list[News]:
    """All that waits for a person, oldest first; it counts as told."""
    waiting = select(News).where(col(News.user_id) == user_id, col(News.tell_at).is_not(None))
    found = tx.all(waiting.order_by(col(News.id)))
    for each in found:
        each.tell_at = None
    return found
