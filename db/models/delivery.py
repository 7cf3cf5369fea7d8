"""The inbox, the outbox and its lanes. The design is docs/delivery.md."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint

from db.models.base import Row, json_field


class Inbox(Row, table=True):
    """One request of Slack's, remembered in the transaction that has its effect."""

    __table_args__ = (UniqueConstraint("workspace_id", "event_id"),)
    event_id: str
    received_at: datetime
    answer: dict[str, Any] | None = json_field()  # what the ack said, to say it again


class Outbox(Row, table=True):
    """A message to be sent, rendered when it was enqueued. States: pending, sending, sent, unknown,
    held, dead, expired, cancelled, parked."""

    __table_args__ = (
        UniqueConstraint("workspace_id", "dedupe_key"),
        Index("ix_outbox_lane", "workspace_id", "lane", "state", "due_at", "id"),
        Index("ix_outbox_due", "state", "due_at"),
        Index("ix_outbox_message", "workspace_id", "channel", "slack_ts"),
        Index("ix_outbox_root", "workspace_id", "root_id"),
        Index("ix_outbox_check", "state", "check_at"),
        Index("ix_outbox_told", "workspace_id", "lane", "kind", "created_at"),
    )
    dedupe_key: str
    kind: str  # nudge, escalation, move, digest, answer, update, admin …: for people
    method: str  # chat.postMessage, chat.update, chat.postEphemeral, response_url, views.publish
    lane: str  # a channel or user id; one in flight a lane
    payload: dict[str, Any] = json_field({})  # the call's arguments
    marks: list[str] | None = json_field()  # what it says, to be known again after a restore
    root_id: int | None = None  # the outbox row this one updates or answers in a thread
    state: str = "pending"
    due_at: datetime
    expires_at: datetime | None = None
    attempt: int = 0
    rounds: int = 0  # read-backs that could not tell
    token: str | None = None
    started_at: datetime | None = None
    check_at: datetime | None = None  # when an unknown row may be read back next
    settles_at: datetime | None = None  # from when on its absence in Slack says that it failed
    absent_once: bool = False
    channel: str | None = None  # where Slack put it (a DM's D… id)
    slack_ts: str | None = None
    sent_at: datetime | None = None
    last_error: str | None = None
    created_at: datetime


class Said(Row, table=True):
    """A message in Slack that this database does not know: it was posted after the copy was made
    from which the database was restored. Taken away when the clock comes to say the same."""

    __table_args__ = (UniqueConstraint("workspace_id", "mark"),)
    mark: str  # what it says, opaque: db/touchpoints/message_marks.py
    channel: str
    slack_ts: str
    found_at: datetime


class Lane(Row, table=True):
    """One channel's queue: its pace, who holds it, and its breaker."""

    __table_args__ = (UniqueConstraint("workspace_id", "lane"), Index("ix_lane_next", "next_ok_at"))
    lane: str
    next_ok_at: datetime
    lease_until: datetime | None = None
    token: str | None = None
    parked_reason: str | None = None
    parked_at: datetime | None = None
    probe_at: datetime | None = None
