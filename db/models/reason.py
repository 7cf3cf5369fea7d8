"""Which reasons to look at an account people have been told of."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from db.models.base import Row


class ReasonTold(Row, table=True):
    """A reason (bot/rules/reasons) that was told when it began; told once, until it has ended.

    `key` tells two reasons of one kind apart: the row behind it, or the stage entry it counts from.
    """

    __tablename__ = "reason_told"
    __table_args__ = (
        UniqueConstraint("workspace_id", "account_id", "kind", "key"),
        Index("ix_reason_told_at", "workspace_id", "at"),
    )
    id: int = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    kind: str
    key: str
    at: datetime
