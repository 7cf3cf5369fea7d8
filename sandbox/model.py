"""The nouns of the sandbox: people, channels, messages, views, and what was asked of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Json = dict[str, Any]
"""A JSON object as it travels to or from Slack."""


@dataclass
class Person:
    """Someone in the workspace, or a bot. `id` is Slack's ("U0PRIYA"), `handle` what one types."""

    id: str
    handle: str
    real_name: str
    title: str = ""
    team_id: str = "T0SANDBOX"
    tz: str = "Europe/Dublin"
    is_admin: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_bot: bool = False
    bot_id: str = ""
    app_id: str = ""
    deleted: bool = False


@dataclass
class Channel:
    """A channel or a direct conversation. `name` has no "#"; `user` is the other side of a DM."""

    id: str
    name: str
    topic: str = ""
    members: list[str] = field(default_factory=list)
    is_archived: bool = False
    is_private: bool = False
    is_ext_shared: bool = False
    is_im: bool = False
    user: str = ""
    created: int = 1_790_000_000

    @property
    def kind(self) -> str:
        """Slack's `channel_type`: "im", "group" or "channel"."""
        return "im" if self.is_im else "group" if self.is_private else "channel"


@dataclass
class SlackMessage:
    """A message in a channel. `ts` identifies it there; `reactions` keep their order."""

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    metadata: Json | None = None
    edited: Json | None = None
    reactions: list[Json] = field(default_factory=list)
    bot_id: str = ""
    app_id: str = ""
    subtype: str = ""
    client_msg_id: str = ""
    files: list[Json] = field(default_factory=list)
    broadcast: bool = False
    visible_at: datetime | None = None
    expected: bool = False

    @property
    def is_reply(self) -> bool:
        """True for a message inside a thread that is not the thread's first."""
        return self.thread_ts is not None and self.thread_ts != self.ts


@dataclass(frozen=True)
class File:
    """A file that `user` put into `channel`, "" for none yet. Slack knows what is in it, and shows
    it in a block, from `processed_at` (seconds since 1970)."""

    id: str
    name: str
    data: bytes
    user: str
    channel: str
    created: int
    alt: str = ""
    title: str = ""
    processed_at: int = 0

    @property
    def kind(self) -> str:
        """The ending of its name."""
        return self.name.rpartition(".")[2].lower()

    @property
    def is_picture(self) -> bool:
        """Whether a block may show it."""
        return self.kind in ("png", "jpg", "jpeg", "gif")


@dataclass
class Upload:
    """A file that the bot has announced and is about to send."""

    name: str
    length: int
    alt: str
    data: bytes = b""


@dataclass
class Ephemeral:
    """A message that only `viewer` sees. `shown_at` is when it came or was last replaced (a ts)."""

    ts: str
    channel: str
    viewer: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    user: str = ""
    shown_at: str = ""


@dataclass
class View:
    """A modal or an App Home as one person sees it: `body` by the bot, `values` by the person."""

    id: str
    viewer: str
    body: Json
    hash: str
    root_id: str
    previous_id: str | None = None
    values: Json = field(default_factory=dict)
    #: What a Home showed before, newest first: a screen may still show it.
    earlier: list[list[Json]] = field(default_factory=list, repr=False)

    @property
    def kind(self) -> str:
        """ "modal" or "home"."""
        return str(self.body["type"])

    @property
    def title(self) -> str:
        """The modal's title, "" for a home."""
        return str(self.body.get("title", {}).get("text", ""))

    @property
    def blocks(self) -> list[Json]:
        """The blocks of the view."""
        return list(self.body["blocks"])


@dataclass(frozen=True)
class Call:
    """One Web API call. `outcome` is "ok", Slack's error, or the fault that was ordered."""

    method: str
    args: Json
    at: datetime
    outcome: str


@dataclass(frozen=True)
class Answer:
    """What a person sees after a command, a click or a submit.

    `status` is the HTTP status of the bot's ack, 0 when none came in time. `message` is what
    appeared for the person because of it: the ack's own message or, when the ack was empty, the
    last private message shown to that person meanwhile. `error` is Slack's word when something was
    wrong ("operation_timeout", "dispatch_failed", "invalid_blocks"); `errors` are a modal's field
    errors by block_id; `options` what a suggestion brought.
    """

    status: int
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    message: Ephemeral | SlackMessage | None = None
    error: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    options: list[Json] = field(default_factory=list)


@dataclass
class Event:
    """One event sent to the bot (or meant to be). `status` 0: nobody answered in time."""

    type: str
    payload: Json
    status: int = 0
    reason: str = ""
    attempts: int = 0


@dataclass
class Execution:
    """One run of a workflow's step. `status`: "running", "completed" or "failed".

    `by` used the workflow; `event` is what the bot was told.
    """

    id: str
    step: str
    title: str
    by: str
    inputs: Json
    status: str = "running"
    outputs: Json = field(default_factory=dict)
    error: str = ""
    event: Event | None = None


@dataclass(frozen=True)
class Change:
    """A notice that something changed; whoever listens asks for a new snapshot.

    `kind`: "message", "ephemeral", "view", "people", "channel", "complaint" or "closed".
    `viewer` is set when only one person is concerned.
    """

    kind: str
    channel: str = ""
    viewer: str = ""
