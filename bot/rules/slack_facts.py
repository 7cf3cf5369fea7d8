"""What Slack says about a workspace, a person, a channel and a file, as plain values."""

from dataclasses import dataclass


@dataclass(frozen=True)
class WorkspaceFacts:
    """An installation, as `auth.test` returns it."""

    id: str  # T…
    name: str
    bot_user_id: str
    enterprise_id: str | None = None
    scopes: frozenset[str] | None = None  # what the token may do; None when Slack did not say


@dataclass(frozen=True)
class FileFacts:
    """A file that somebody put into Slack, as `files.info` returns it."""

    file_id: str
    name: str
    size: int  # bytes
    url: str  # where it is fetched from, with the bot's token
    is_processed: bool = True  # whether a message may show it already


@dataclass(frozen=True)
class PersonFacts:
    """A user, as `users.list` and `users.info` return it."""

    user_id: str
    team_id: str
    name: str  # what colleagues see: the display name, else the real name, else the handle
    real_name: str = ""
    handle: str = ""
    email: str = ""
    tz: str = "UTC"  # IANA
    is_admin: bool = False
    is_guest: bool = False
    is_bot: bool = False
    is_deleted: bool = False


@dataclass(frozen=True)
class ChannelFacts:
    """A channel, as `conversations.list` and `conversations.info` return it."""

    channel_id: str
    name: str
    is_member: bool = False
    is_shared_outside: bool = False
    is_archived: bool = False
