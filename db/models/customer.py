"""What we know of customers: people, contracts, value, decisions, goals, promises, favours."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Index, UniqueConstraint, false
from sqlmodel import Field

from db.models.base import AccountRow, json_field

GOAL, RISK, DECISION_DATE, NOTICE = "goal", "risk", "decision date", "notice"


class Contact(AccountRow, table=True):
    """A person at a customer. When they were last in touch is in what names them (`contact_id`)."""

    __table_args__ = (UniqueConstraint("workspace_id", "account_id", "name_key"),)
    name: str
    name_key: str
    role: str | None = None  # decision maker, champion, user, finance, or other words
    email: str | None = None
    phone: str | None = None
    left_on: date | None = None
    external_id: str | None = None
    touchpoint_id: int | None = None  # the play that brought it back
    by_user: str | None = None
    source: str
    created_at: datetime


class Contract(AccountRow, table=True):
    """A line of what a customer pays; `hundredths` of `currency` a year."""

    __table_args__ = (Index("ix_contract_account", "workspace_id", "account_id", "renews_on"),)
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


class ValueEntry(AccountRow, table=True):
    """One thing that an account got: claimed by us, and confirmed once the customer has said so.
    `hundredths` of `currency` are what it is worth, when somebody said it in money."""

    __tablename__ = "value_entry"
    __table_args__ = (
        Index("ix_value_entry_account", "workspace_id", "account_id", "term"),
        Index("ix_value_entry_created", "workspace_id", "created_at"),
        Index("ix_value_entry_confirmed", "workspace_id", "confirmed_at"),
    )
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


class Decision(AccountRow, table=True):
    """A decision of a customer. A stage's decision is open until there is one for that entry.
    `term` and `stage_entry` are those in which it was made; `before` holds what an undo puts
    back."""

    __table_args__ = (
        Index("ix_decision_account", "workspace_id", "account_id", "at"),
        Index("ix_decision_at", "workspace_id", "at"),
    )
    term: int
    stage: str
    stage_entry: int
    outcome: str  # one of rules.playbook_decisions.OUTCOMES
    reason: str | None = None
    alternative: str | None = None  # what they decided against, or for when they chose other
    moved_to: str | None = None  # the stage it led to
    next_term: int | None = None  # the term it began
    renews_on: date | None = None  # the renewal date it set
    contact_id: int | None = None  # who of theirs told us
    by_user: str | None = None
    source: str
    at: datetime
    before: dict[str, Any] = json_field({})
    undone_at: datetime | None = None


class Alternative(AccountRow, table=True):
    """A way a customer could go instead of ours, doing nothing included."""

    __table_args__ = (UniqueConstraint("workspace_id", "account_id", "name_key"),)
    name: str
    name_key: str
    term: int  # in which it was last heard of
    touchpoint_id: int | None = None  # the play that brought it back
    settled_at: datetime | None = None  # it is no longer one
    settled_by: str | None = None
    by_user: str | None = None
    source: str
    at: datetime  # when it was last heard of


class Learned(AccountRow, table=True):
    """A goal (by when, in `due_on`), a risk, or the day by which they decide (`due_on`, and who, in
    the text). It stands until it is settled, or until a newer decision date is known."""

    __table_args__ = (Index("ix_learned_account", "workspace_id", "account_id", "kind"),)
    kind: str  # goal, risk, decision date
    text: str
    due_on: date | None = None
    term: int
    touchpoint_id: int | None = None  # the play that brought it back
    answered_by_touchpoint: int | None = None  # of a risk: what was promised or planned against it
    contact_id: int | None = None
    by_user: str | None = None
    source: str
    created_at: datetime
    settled_at: datetime | None = None
    settled_by: str | None = None
    undone_at: datetime | None = None


class Promise(AccountRow, table=True):
    """Something promised to a customer by a date. Its touchpoint says how it stands. Open, done
    (kept, or kept late), skipped (said to be broken, with the reason in its note): one source of
    truth, so that whatever undoes the touchpoint's end takes the promise's back too."""

    __table_args__ = (
        UniqueConstraint("workspace_id", "touchpoint_id"),
        Index("ix_promise_account", "workspace_id", "account_id"),
        Index("ix_promise_due", "workspace_id", "due_on"),
    )
    touchpoint_id: int = Field(foreign_key="touchpoint.id")
    text: str
    text_key: str  # the text as it is compared: "SSO" and "sso" are one promise
    due_on: date  # by when, as it stands now
    keeper_id: str | None = None  # the person who said they would see to it, if one was named
    made_by: str | None = None
    made_at: datetime
    stage: str  # in which it was made
    term: int


class PromiseChange(AccountRow, table=True):
    """A promise was given another date."""

    __tablename__ = "promise_change"
    __table_args__ = (Index("ix_promise_change_account", "workspace_id", "account_id"),)
    promise_id: int = Field(foreign_key="promise.id")
    before: date
    after: date
    consent: str  # agreed, told, unknown: what the customer says of it
    reason: str | None = None
    by_user: str | None = None
    at: datetime


class AdvocacyEntry(AccountRow, table=True):
    """One step of one act: asked, agreed, did, declined; or what was given back for it. `note` of
    "agreed" is the consent: what they agreed to, and who of them."""

    __tablename__ = "advocacy_entry"
    __table_args__ = (
        Index("ix_advocacy_entry_account", "workspace_id", "account_id", "at"),
        Index("ix_advocacy_entry_at", "workspace_id", "at"),
    )
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
