"""Which changes of pace people have been told of."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from db.models.base import Row


class PaceTold(Row, table=True):
    """An account that fell behind or got stuck, in one stay in a stage: told once."""

    __tablename__ = "pace_told"
    __table_args__ = (UniqueConstraint("workspace_id", "account_id", "stage_entry", "level"),)
    id: int = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    stage_entry: int
    level: str  # behind, stuck
    at: datetime
