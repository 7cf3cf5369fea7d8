"""What the customer was promised, and each new date that was given for it."""

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from db.models.base import Row


class Promise(Row, table=True):
    """Something promised to a customer by a date. Its touchpoint says how it stands.

    Open, done (kept, or kept late), skipped (said to be broken, with the reason in its note):
    one source of truth, so that whatever undoes the touchpoint's end takes the promise's back too.
    """

    __table_args__ = (
        UniqueConstraint("workspace_id", "touchpoint_id"),
        Index("ix_promise_account", "workspace_id", "account_id"),
        Index("ix_promise_due", "workspace_id", "due_on"),
    )
    id: int = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    touchpoint_id: int = Field(foreign_key="touchpoint.id")
    text: str
    text_key: str  # the text as it is compared: "SSO" and "sso" are one promise
    due_on: date  # by when, as it stands now
    keeper_id: str | None = None  # the person who said they would see to it, if one was named
    made_by: str | None = None
    made_at: datetime
    stage: str  # in which it was made
    term: int


class PromiseChange(Row, table=True):
    """A promise was given another date."""

    __tablename__ = "promise_change"
    __table_args__ = (Index("ix_promise_change_account", "workspace_id", "account_id"),)
    id: int = Field(default=None, primary_key=True)
    promise_id: int = Field(foreign_key="promise.id")
    account_id: int = Field(foreign_key="account.id")
    before: date
    after: date
    consent: str  # agreed, told, unknown: what the customer says of it
    reason: str | None = None
    by_user: str | None = None
    at: datetime
