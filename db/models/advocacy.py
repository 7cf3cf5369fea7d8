"""What customers were asked to do for us, what came of it, and what was given back."""

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field

from db.models.base import Row


class AdvocacyEntry(Row, table=True):
    """One step of one act: asked, agreed, did, declined; or what was given back for it.

    `note` of "agreed" is the consent: what they agreed to, and who of them.
    """

    __tablename__ = "advocacy_entry"
    __table_args__ = (
        Index("ix_advocacy_entry_account", "workspace_id", "account_id", "at"),
        Index("ix_advocacy_entry_at", "workspace_id", "at"),
    )
    id: int = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    act: str
    verb: str
    note: str | None = None
    on: date  # the day of whoever noted it
    term: int
    by_user: str | None = None
    source: str
    contact_id: int | None = None  # who of theirs
    touchpoint_id: int | None = None  # the play that asked
    at: datetime
    undone_at: datetime | None = None
