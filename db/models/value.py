"""The value ledger: what an account got from us."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Index
from sqlmodel import Field

from db.models.base import Row


class ValueEntry(Row, table=True):
    """One thing that an account got: claimed by us, and confirmed once the customer has said so.

    `hundredths` of `currency` are what it is worth, when somebody said it in money.
    """

    __tablename__ = "value_entry"
    __table_args__ = (
        Index("ix_value_entry_account", "workspace_id", "account_id", "term"),
        Index("ix_value_entry_created", "workspace_id", "created_at"),
        Index("ix_value_entry_confirmed", "workspace_id", "confirmed_at"),
    )
    id: int = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    term: int
    text: str
    hundredths: int | None = Field(default=None, sa_type=BigInteger)
    currency: str | None = None  # ISO 4217
    by_user: str | None = None
    source: str
    touchpoint_id: int | None = None
    created_at: datetime
    confirmed_at: datetime | None = None  # when we were told of it
    confirmed_on: date | None = None  # when they said so
    confirmed_by: str | None = None  # who said so, at the customer's
    contact_id: int | None = None  # the same, where they are a known contact
    confirmed_by_user: str | None = None  # who of us heard it
    undone_at: datetime | None = None
