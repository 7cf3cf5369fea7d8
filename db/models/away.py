"""People who are away for a while, and people who have left."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field

from db.models.base import Row, json_field


class Away(Row, table=True):
    """A deputy gets what would go to a person, until that ends by itself or they come back."""

    __table_args__ = (
        Index("ix_away_user", "workspace_id", "ended_at", "user_id"),
        Index("ix_away_ends", "ended_at", "ends_at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    user_id: str
    deputy_id: str
    until: date  # the last day of it
    began_at: datetime
    ends_at: datetime  # when the person's first working day after it begins
    ended_at: datetime | None = None


class AwayPlan(Row, table=True):
    """An absence that is still to begin; closed when it has begun or was cancelled."""

    __tablename__ = "away_plan"
    __table_args__ = (
        Index("ix_away_plan_user", "workspace_id", "closed_at", "user_id"),
        Index("ix_away_plan_starts", "closed_at", "starts_at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    user_id: str
    deputy_id: str
    starts_on: date  # the first day of it
    starts_at: datetime  # when the person's first working day in it begins
    until: date  # the last day of it
    planned_at: datetime
    closed_at: datetime | None = None


class Departure(Row, table=True):
    """Somebody was deactivated, or became a guest: what was theirs went elsewhere."""

    id: int | None = Field(default=None, primary_key=True)
    user_id: str
    at: datetime
    accounts: list[Any] = json_field([])  # ids of those they managed
    deputy_id: str | None = None  # who got them; None: nobody, a department stands in
    claims: int = 0
    message_id: int | None = None  # the outbox row of the message to an admin
    given_to: str | None = None
    given_by: str | None = None
    given_at: datetime | None = None
