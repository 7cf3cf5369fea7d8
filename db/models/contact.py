"""People at customers, and what customers pay for."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Index, UniqueConstraint, false
from sqlmodel import Field

from db.models.base import Row


class Contact(Row, table=True):
    """A person at a customer. When they were last in touch is in what names them (`contact_id`)."""

    __table_args__ = (UniqueConstraint("workspace_id", "account_id", "name_key"),)
    id: int = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    name: str
    name_key: str
    role: str | None = None  # decision maker, champion, user, finance, or other words
    email: str | None = None
    left_on: date | None = None
    external_id: str | None = None
    touchpoint_id: int | None = None  # the play that brought it back
    by_user: str | None = None
    source: str
    created_at: datetime


class Contract(Row, table=True):
    """A line of what a customer pays; `hundredths` of `currency` a year."""

    __table_args__ = (Index("ix_contract_account", "workspace_id", "account_id", "renews_on"),)
    id: int = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    name: str
    hundredths: int | None = Field(default=None, sa_type=BigInteger)
    currency: str | None = None  # ISO 4217
    renews_on: date | None = None
    is_main: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    external_id: str | None = None
    by_user: str | None = None
    source: str
    created_at: datetime
    ended_at: datetime | None = None
