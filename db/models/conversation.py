"""What a person said last, so that the next sentence may lean on it."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from db.models.base import Row


class LastSaid(Row, table=True):
    """A person's last sentence to Linchpin in a conversation; it counts for ten minutes."""

    __tablename__ = "last_said"
    __table_args__ = (UniqueConstraint("workspace_id", "user_id", "channel"),)
    id: int = Field(default=None, primary_key=True)
    user_id: str
    channel: str
    text: str
    account_id: int | None = Field(default=None, foreign_key="account.id")
    at: datetime
