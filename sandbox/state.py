"""All that the workspace knows, behind one lock. No rules and no HTTP here."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sandbox.errors import NotPossible
from sandbox.faults import Faults
from sandbox.http.tickets import Tickets
from sandbox.ids import Ids
from sandbox.model import (
    Call,
    Change,
    Channel,
    Ephemeral,
    Event,
    Execution,
    File,
    Json,
    Person,
    SlackMessage,
    Upload,
    View,
)

TEAM_ID = "T0SANDBOX"
OTHER_TEAM_ID = "T0OTHER"
TEAM_NAME = "Linchpin sandbox"
TEAM_DOMAIN = "linchpin-sandbox"
APP_ID = "A0LINCHPIN"
BOT_USER = "U0LINCHPIN"
BOT_ID = "B0LINCHPIN"

DEFAULT_SUBSCRIPTIONS = frozenset(
    {
        "app_home_opened",
        "app_mention",
        "app_uninstalled",
        "channel_archive",
        "channel_rename",
        "channel_shared",
        "channel_unarchive",
        "file_shared",
        "function_executed",
        "member_joined_channel",
        "message.im",
        "reaction_added",
        "reaction_removed",
        "tokens_revoked",
        "user_change",
    }
)


@dataclass
class Switches:
    """How the workspace behaves.

    pace: answer 429 above one post a second a channel, after `burst` extra ones.
    public_write: the bot may post in public channels it is not in (chat:write.public).
    subscriptions: the events the app asked for, as in its manifest ("message.im").
    commands: the slash commands of the manifest; None lets every command through.
    functions: the steps of the manifest, by callback_id, as its second version writes them.
    prompts: the manifest's suggested prompts, shown until the bot sets a person's own.
    patience: real seconds to wait for an ack.
    scopes: what the bot's token may do, told in x-oauth-scopes; None is everything, untold.
    escape_commands: the manifest's should_escape.
    item_user: reaction events carry item_user; Slack sometimes leaves it out.
    """

    pace: bool = False
    burst: int = 1
    public_write: bool = False
    subscriptions: set[str] = field(default_factory=lambda: set(DEFAULT_SUBSCRIPTIONS))
    commands: set[str] | None = None
    prompts: list[Json] = field(default_factory=list)
    functions: dict[str, Json] = field(default_factory=dict)
    patience: float = 3.0
    scopes: set[str] | None = None
    escape_commands: bool = True
    item_user: bool = True


class Workspace:
    """People, channels, messages and views of one workspace. Take `lock` to read several things."""

    def __init__(self, now: Callable[[], datetime], bot_token: str, app_token: str) -> None:
        self.lock = threading.RLock()
        self.now = now
        self.bot_token = bot_token
        self.app_token = app_token
        self.token_error = ""
        self.url = ""
        self.switches = Switches()
        self.faults = Faults()
        self.ids = Ids()
        self.tickets = Tickets()
        self.people: dict[str, Person] = {}
        self.channels: dict[str, Channel] = {}
        self.posts: dict[str, dict[str, SlackMessage]] = {}
        self.whispers: list[Ephemeral] = []
        self.views: dict[str, View] = {}
        self.stacks: dict[str, list[str]] = {}
        self.files: dict[str, File] = {}
        self.uploads: dict[str, Upload] = {}
        self.homes: dict[str, str] = {}
        self.prompts: dict[str, list[Json]] = {}
        self.executions: dict[str, Execution] = {}
        self.buckets: dict[str, tuple[float, datetime]] = {}
        self.calls: list[Call] = []
        self.complaints: list[str] = []
        self.undelivered: list[Event] = []
        self.read_before = ""  # what is older was read by everybody: a ts
        self.visitor = ""  # whom the person at the page plays, as the clock is moved
        self._listeners: list[queue.Queue[Change]] = []
        self._last_ts = 0

    # -- the clock as Slack writes it

    def mint_ts(self) -> str:
        """A message's name: the clock in microseconds, never the same twice, never backwards."""
        with self.lock:
            self._last_ts = max(self._last_ts + 1, micros(self.now()))
            return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def epoch(self) -> int:
        """The clock in whole seconds."""
        return micros(self.now()) // 1_000_000

    # -- finding

    def person(self, who: str | Person) -> Person:
        """By id, handle or full name. Raises NotPossible."""
        if isinstance(who, Person):
            return self.people[who.id]
        word = who.removeprefix("@")
        for person in self.people.values():
            if word in (person.id, person.handle, person.real_name):
                return person
        raise NotPossible(f"nobody here is called {who}")

    def place(self, where: str | Channel, actor: Person | None = None) -> Channel:
        """A channel, or for "@somebody" the DM of that person with the bot. Raises NotPossible."""
        if isinstance(where, Channel):
            return self.channels[where.id]
        if where.startswith("@"):
            return self.direct(self._side_of_dm(where, actor))
        found = self.channels.get(where) or self.channel_named(where)
        if found is None:
            raise NotPossible(f"there is no channel {where}")
        return found

    def _side_of_dm(self, where: str, actor: Person | None) -> Person:
        person = self.person(where)
        if person.id != BOT_USER:
            return person
        if actor is None:
            raise NotPossible("whose DM with the bot? say @ and the person's handle")
        return actor

    def members(self, channel: str) -> list[str]:
        """Who is in a channel; nobody where there is none."""
        return self.channels[channel].members if channel in self.channels else []

    def channel_named(self, name: str) -> Channel | None:
        """By name, with or without "#"; DMs have none."""
        bare = name.removeprefix("#")
        return next((c for c in self.channels.values() if c.name == bare and not c.is_im), None)

    def direct(self, person: Person) -> Channel:
        """The DM of a person with the bot, opened when there is none yet."""
        with self.lock:
            id = "D" + person.id[1:]
            if id not in self.channels:
                members = [person.id, BOT_USER]
                self.channels[id] = Channel(id, "", members=members, is_im=True, user=person.id)
            return self.channels[id]

    def message(self, channel: str, ts: str) -> SlackMessage | None:
        """The message with that ts, visible or not yet; None if there is none."""
        return self.posts.get(channel, {}).get(ts)

    def visible(self, channel: str) -> list[SlackMessage]:
        """The messages of a channel that show by now, oldest first."""
        now = self.now()
        posts = sorted(self.posts.get(channel, {}).values(), key=lambda post: post.ts)
        return [post for post in posts if post.visible_at is None or post.visible_at <= now]

    def replies(self, channel: str, thread_ts: str) -> list[SlackMessage]:
        """The replies of a thread, without its first message."""
        posts = self.visible(channel)
        return [post for post in posts if post.is_reply and post.thread_ts == thread_ts]

    # -- changing

    def add(self, message: SlackMessage) -> SlackMessage:
        """Put a new message into its channel."""
        with self.lock:
            self.posts.setdefault(message.channel, {})[message.ts] = message
        self.announce(Change("message", message.channel))
        return message

    def whisper(self, ephemeral: Ephemeral) -> Ephemeral:
        """Show something to one person only."""
        with self.lock:
            self.whispers.append(ephemeral)
        self.announce(Change("ephemeral", ephemeral.channel, ephemeral.viewer))
        return ephemeral

    def complain(self, sentences: str | Iterable[str]) -> None:
        """Note that the bot broke a rule."""
        found = [sentences] if isinstance(sentences, str) else list(sentences)
        if found:
            self.complaints.extend(found)
            self.announce(Change("complaint"))

    # -- telling

    def subscribe(self) -> queue.Queue[Change]:
        """A queue that is filled from now on."""
        listener: queue.Queue[Change] = queue.Queue()
        with self.lock:
            self._listeners.append(listener)
        return listener

    def unsubscribe(self, listener: queue.Queue[Change]) -> None:
        """Forget this queue."""
        with self.lock:
            self._listeners = [kept for kept in self._listeners if kept is not listener]

    def announce(self, change: Change) -> None:
        """Tell every listener."""
        with self.lock:
            for listener in self._listeners:
                listener.put(change)


def micros(instant: datetime) -> int:
    """Microseconds since 1970, exact."""
    gone = instant.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return (gone.days * 86_400 + gone.seconds) * 1_000_000 + gone.microseconds
