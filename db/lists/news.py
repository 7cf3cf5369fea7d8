"""What waits for a person's next morning DM."""

from datetime import datetime
from typing import Any

from sqlmodel import col, select

from db.core.tx import Tx
from db.models import News


def add(
    tx: Tx,
    user_id: str,
    key: str,
    text: str,
    *,
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
            tell_at=now,
            created_at=now,
        )
    )


def take(tx: Tx, user_id: str) -> list[News]:
    """All that waits for a person, oldest first; it counts as told."""
    waiting = select(News).where(col(News.user_id) == user_id, col(News.tell_at).is_not(None))
    found = tx.all(waiting.order_by(col(News.id)))
    for each in found:
        each.tell_at = None
    return found


def take_back(tx: Tx, user_id: str, key: str) -> bool:
    """Drops what was not told yet; says whether there was something."""
    untold = (col(News.user_id) == user_id, col(News.key) == key, col(News.tell_at).is_not(None))
    return tx.delete(News, *untold) > 0
