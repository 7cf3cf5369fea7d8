"""Briefs before renewals."""

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from db.models.base import Row


class Brief(Row, table=True):
    """One brief about one renewal date."""

    __table_args__ = (
        UniqueConstraint("workspace_id", "account_id", "renews_on", "days_before"),
        Index("ix_brief_account", "workspace_id", "account_id", "renews_on"),
    )
    id: int = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    renews_on: date
    days_before: int
    at: datetime
    message_id: int | None = None  # the outbox row of its message
