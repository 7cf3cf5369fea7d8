"""An account's terms: from one decision for us to the next."""

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from db.models.base import Row


class Term(Row, table=True):
    """One term of an account. `Account.term` is the number of the one it is in or on its way to:
    a prospect has no row yet, and neither has who came back and is not a customer again yet.
    """

    __table_args__ = (
        UniqueConstraint("workspace_id", "account_id", "number"),
        Index("ix_term_ended", "workspace_id", "ended_at"),
    )
    id: int = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    number: int
    began_at: datetime
    ended_at: datetime | None = None
    outcome: str | None = None  # the decision that ended it, or the exit it left by
    reason: str | None = None
    lost_to: str | None = None
    renews_on: date | None = None  # the renewal date it ran to, once it has ended
    source: str  # slash, button, import …
