"""People who are away for a while, and people who have left."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field

from db.models.base import Row, json_field


class Absence(Row, table=True):
    """A cover gets what would go to a person who is away.

    Still to begin while `began_at` is None; over, or cancelled, once `wake_at` is None.
    """

    __table_args__ = (
        Index("ix_absence_user", "workspace_id", "wake_at", "user_id"),
        Index("ix_absence_wake", "wake_at"),
    )
    id: int = Field(default=None, primary_key=True)
    user_id: str
    cover_id: str
    since: date  # the first day of it
    until: date  # the last day of it
    created_at: datetime
    began_at: datetime | None = None
    wake_at: datetime | None  # when it begins or ends: the opening of a working day of the person


class Departure(Row, table=True):
    """Somebody was deactivated, or became a guest: what was theirs went elsewhere."""

    id: int = Field(default=None, primary_key=True)
    user_id: str
    at: datetime
    accounts: list[Any] = json_field([])  # ids of those they managed
    deputy_id: str | None = None  # who got them; None: nobody, a department stands in
    claims: int = 0
    message_id: int | None = None  # the outbox row of the message to an admin
    given_to: str | None = None
    given_by: str | None = None
    given_at: datetime | None = None
    returned_at: datetime | None = None  # when they were back, and offered what was theirs
