"""Puts into the outbox what is no message of a channel: what one person sees, and what Slack itself
is told; rendered, in the caller's transaction."""

from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import update
from sqlmodel import col

from db.core.tx import Tx
from db.models import Outbox
from db.outbox.enqueue import Payload, insert
from db.outbox.states import (
    CANCELLED,
    EPHEMERAL,
    PENDING,
    PRIVATE_LIFETIME,
    PROMPTS,
    RESPONSE,
    VIEW,
)


def enqueue_ephemeral(
    tx: Tx,
    *,
    dedupe_key: str,
    channel: str,
    user: str,
    payload: Payload,
    now: datetime,
    thread_ts: str | None = None,
) -> int:
    """A line only `user` sees, in `channel`. Dropped when it could not be shown for 30 minutes."""
    where = {"channel": channel, "user": user, **({"thread_ts": thread_ts} if thread_ts else {})}
    return _insert_private(
        tx,
        now,
        dedupe_key=dedupe_key,
        kind="private",
        method=EPHEMERAL,
        lane=f"{channel}/{user}",
        payload={**payload, **where},
    )


def enqueue_response(
    tx: Tx,
    *,
    dedupe_key: str,
    response_url: str,
    payload: Payload,
    now: datetime,
    replace: bool = True,
) -> int:
    """A POST to a `response_url`, which Slack takes for 30 minutes. The lane is that URL's own."""
    body = {"replace_original": replace, **payload}
    return _insert_private(
        tx,
        now,
        dedupe_key=dedupe_key,
        kind="answer",
        method=RESPONSE,
        lane=f"{RESPONSE}/{sha256(response_url.encode()).hexdigest()[:24]}",
        payload={"response_url": response_url, "body": body},
    )


def enqueue_view(tx: Tx, *, dedupe_key: str, user: str, view: Payload, now: datetime) -> int:
    """A person's App Home. Older ones that wait are cancelled: only the last counts."""
    lane = f"home/{user}"
    view_id = _insert_private(
        tx,
        now,
        dedupe_key=dedupe_key,
        kind="home",
        method=VIEW,
        lane=lane,
        payload={"user_id": user, "view": view},
    )
    older = (col(Outbox.lane) == lane, col(Outbox.id) < view_id, col(Outbox.state) == PENDING)
    tx.execute(update(Outbox).where(*older).values(state=CANCELLED))
    return view_id


def enqueue_prompts(
    tx: Tx, *, dedupe_key: str, channel: str, prompts: Payload, now: datetime
) -> int:
    """What is suggested in a person's conversation: a courtesy, dropped when it does not arrive."""
    return _insert_private(
        tx,
        now,
        dedupe_key=dedupe_key,
        kind="prompts",
        method=PROMPTS,
        lane=f"prompts/{channel}",
        payload={"channel_id": channel, **prompts},
    )


def _insert_private(tx: Tx, now: datetime, **values: Any) -> int:
    """Due at once, and of no use to anybody later."""
    return insert(tx, **values, due_at=now, expires_at=now + PRIVATE_LIFETIME, created_at=now)
