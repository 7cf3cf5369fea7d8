"""A Slack workspace: its people and channels, its departments and playbooks."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, false
from sqlmodel import Field, SQLModel

from db.models.base import Row, json_field


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
    playbook: str | None = None  # the version in force, a PlaybookVersion
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
    The key "company" is the whole company: only its channel and time zone count."""

    __table_args__ = (UniqueConstraint("workspace_id", "key"),)
    key: str
    channel_id: str | None = None
    lead_id: str | None = None  # "" is nobody, whatever the playbook says
    timezone: str | None = None
    hours: str | None = None  # "09:00-17:00"
    days: str | None = None  # "mon-fri"
    holidays: str | None = None  # "IE, 2026-12-24"; "" is none


class PlaybookVersion(Row, table=True):
    """One text of the playbook. Which of them is in force, `Workspace.playbook` says. A version
    that was brought and neither taken nor turned down waits for an admin's answer."""

    __table_args__ = (UniqueConstraint("workspace_id", "version"),)
    __tablename__ = "playbook_version"
    version: str  # the hash of the text: see bot/rules/playbook/load.py
    name: str  # what the playbook calls itself
    source: str  # the file it came from
    text: str
    brought_at: datetime
    taken_at: datetime | None = None  # since when it is in force, or was last
    left_at: datetime | None = None  # when another took its place
    turned_down_at: datetime | None = None
    by_user: str | None = None  # who decided; empty for the terminal and for the first of all


class Channel(Row, table=True):
    """A Slack channel as last seen."""

    __table_args__ = (UniqueConstraint("workspace_id", "channel_id"),)
    channel_id: str
    name: str
    playbook_name: str | None = None  # what the playbook calls it, where it was renamed since
    is_member: bool = False
    is_shared_outside: bool = False
    is_archived: bool = False
    introduced_at: datetime | None = None  # when it was told there what Linchpin posts
    fetched_at: datetime


class Member(Row, table=True):
    """A Slack user as last seen; `fetched_at` tells how old that is. `leaving_since` is set when
    they are deactivated or become a guest, until what was theirs has been given to others
    (bot/actions/members/offboarding.py). The table keeps its first name."""

    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("workspace_id", "user_id"),
        Index("ix_person_leaving", "leaving_since"),
    )
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
    """The App Home of a person who has opened it. It is to be shown anew at `due_at` for what they
    did themselves, at `later_at` for others."""

    __table_args__ = (
        UniqueConstraint("workspace_id", "user_id"),
        Index("ix_home_due", "due_at"),
        Index("ix_home_later", "later_at"),
    )
    user_id: str
    due_at: datetime | None = None
    later_at: datetime | None = None
    opened_at: datetime | None = None
    built_at: datetime | None = None
    version: int = 0  # how often it was built
    notice: str | None = None  # a sentence that the next one shows, once


class Absence(Row, table=True):
    """A cover gets what would go to a person who is away. Still to begin while `began_at` is None;
    over, or cancelled, once `wake_at` is None."""

    __table_args__ = (
        Index("ix_absence_user", "workspace_id", "wake_at", "user_id"),
        Index("ix_absence_wake", "wake_at"),
    )
    user_id: str
    cover_id: str
    since: date  # the first day of it
    until: date  # the last day of it
    created_at: datetime
    began_at: datetime | None = None
    wake_at: datetime | None  # when it begins or ends: the opening of a working day of the person


class Departure(Row, table=True):
    """Somebody was deactivated, or became a guest: what was theirs went elsewhere."""

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


class LastSaid(Row, table=True):
    """A person's last sentence to Linchpin in a conversation; it counts for ten minutes."""

    __tablename__ = "last_said"
    __table_args__ = (UniqueConstraint("workspace_id", "user_id", "channel"),)
    user_id: str
    channel: str
    text: str
    account_id: int | None = Field(default=None, foreign_key="account.id")
    at: datetime
