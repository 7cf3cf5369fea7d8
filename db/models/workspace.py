"""A Slack workspace and what Linchpin remembers of its people, channels and departments."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, false
from sqlmodel import Field, SQLModel

from db.models.base import Row


class Workspace(SQLModel, table=True):
    """One installation: a Slack team (`T…`), inside an enterprise or alone."""

    id: str = Field(primary_key=True)
    enterprise_id: str | None = None
    name: str
    bot_user_id: str
    created_at: datetime
    scopes: str | None = None  # what the bot's token may do, as Slack last said: "commands,…"
    greeted_at: datetime | None = None  # when somebody was told how to set Linchpin up
    without_manager: str | None = None  # the department that stands in for managers, if chosen
    playbook: str | None = None  # the version in force: db/models/playbook.py
    last_event_at: datetime | None = None
    parked_reason: str | None = None  # token_revoked, account_inactive, invalid_auth
    parked_until: datetime | None = None
    # The restore epoch: this database is a copy made at `copied_at`. While `restored_at` is set,
    # nothing is said until what was said since then has been read in Slack.
    copied_at: datetime | None = None
    restored_at: datetime | None = None
    # Grows with every change of an account's names: see db.accounts.search.
    names_version: int = Field(default=0, sa_column_kwargs={"server_default": "0"})


class Department(Row, table=True):
    """What a workspace says of a department beyond the playbook; None is what the playbook says.

    The key "company" is the whole company: only its channel and time zone count.
    """

    __table_args__ = (UniqueConstraint("workspace_id", "key"),)
    id: int = Field(default=None, primary_key=True)
    key: str
    channel_id: str | None = None
    lead_id: str | None = None  # "" is nobody, whatever the playbook says
    timezone: str | None = None
    hours: str | None = None  # "09:00-17:00"
    days: str | None = None  # "mon-fri"
    holidays: str | None = None  # "IE, 2026-12-24"; "" is none


class Member(Row, table=True):
    """A Slack user as last seen; `fetched_at` tells how old that is.

    `leaving_since` is set when they are deactivated or become a guest, until what was theirs has
    been given to others (bot/actions/members/offboarding.py). The table keeps its first name.
    """

    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("workspace_id", "user_id"),
        Index("ix_person_leaving", "leaving_since"),
    )
    id: int = Field(default=None, primary_key=True)
    user_id: str
    team_id: str
    name: str
    real_name: str = ""
    handle: str = ""
    email: str = ""
    tz: str = "UTC"
    is_admin: bool = False
    is_guest: bool = False
    is_bot: bool = False
    is_deleted: bool = False
    fetched_at: datetime
    digest_off: bool = False
    # Not to be thanked by name in the company's digest.
    thanks_off: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    digest_weekday: int = 0  # Monday
    digest_hour: int | None = None  # empty: with the first message of that day
    department: str | None = None
    hours: str | None = None  # when nudges may come, "09:00-17:00"; empty: as the playbook says
    days: str | None = None  # and on which days, "mon-thu"
    leaving_since: datetime | None = None
    introduced_at: datetime | None = None  # when they were told what Linchpin sends them


class Home(Row, table=True):
    """The App Home of a person who has opened it.

    It is to be shown anew at `due_at` for what they did themselves, at `later_at` for others.
    """

    __table_args__ = (
        UniqueConstraint("workspace_id", "user_id"),
        Index("ix_home_due", "due_at"),
        Index("ix_home_later", "later_at"),
    )
    id: int = Field(default=None, primary_key=True)
    user_id: str
    due_at: datetime | None = None
    later_at: datetime | None = None
    opened_at: datetime | None = None
    built_at: datetime | None = None
    version: int = 0  # how often it was built
    notice: str | None = None  # a sentence that the next one shows, once


class Channel(Row, table=True):
    """A Slack channel as last seen."""

    __table_args__ = (UniqueConstraint("workspace_id", "channel_id"),)
    id: int = Field(default=None, primary_key=True)
    channel_id: str
    name: str
    playbook_name: str | None = None  # what the playbook calls it, where it was renamed since
    is_member: bool = False
    is_shared_outside: bool = False
    is_archived: bool = False
    introduced_at: datetime | None = None  # when it was told there what Linchpin posts
    fetched_at: datetime
