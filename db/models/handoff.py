"""Accounts that go from one department to another, and what is asked about them."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from db.models.base import Row


class Handoff(Row, table=True):
    """One account handed over by a move. `wake_at` is when its lead is told, if nobody accepts.

    It ends accepted, or closed: the account went on before anybody did.
    """

    __table_args__ = (
        UniqueConstraint("workspace_id", "account_id", "stage_entry", "at"),
        Index("ix_handoff_wake", "wake_at"),
    )
    id: int = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    stage_entry: int
    from_stage: str
    to_stage: str
    giver: str  # a department's key
    receiver: str
    reason: str | None = None
    by_user: str | None = None
    at: datetime
    wake_at: datetime | None = None
    message_id: int | None = None  # the outbox row of its message
    accepted_by: str | None = None
    accepted_at: datetime | None = None
    closed_at: datetime | None = None
    closed_why: str | None = None


class HandoffQuestion(Row, table=True):
    """What the receiving department wants to know of the giving one."""

    __tablename__ = "handoff_question"
    __table_args__ = (Index("ix_handoff_question", "workspace_id", "handoff_id"),)
    id: int = Field(default=None, primary_key=True)
    handoff_id: int = Field(foreign_key="handoff.id")
    text: str
    asked_by: str
    asked_at: datetime
    message_id: int | None = None
    answer: str | None = None
    answered_by: str | None = None
    answered_at: datetime | None = None
