"""The object a test or the demo works with: people act and look at the workspace through it."""

from __future__ import annotations

import queue
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from starlette.routing import BaseRoute

from sandbox import look
from sandbox.faults import Fault
from sandbox.http.bot_endpoint import BotEndpoint
from sandbox.http.server import Server
from sandbox.model import (
    Answer,
    Call,
    Change,
    Channel,
    Ephemeral,
    Event,
    Execution,
    Json,
    Person,
    SlackMessage,
    View,
)
from sandbox.people import administration, deeds, files, modals, workflows
from sandbox.seeds import seed
from sandbox.state import Switches, Workspace
from sandbox.web_api.web_api import METHODS

Clickable = SlackMessage | Ephemeral | View
Who = str | Person
Where = str | Channel


class Sandbox:
    """A workspace with people, channels and one bot under test.

    `now` is the workspace's clock (aware). `bot_url`, where the bot listens, may be set later.
    `where` takes "#operations", "operations", a channel id, or "@priya" for the DM of that person
    with the bot ("@linchpin" when the person itself acts). `who`: a handle, an id or a Person.
    """

    def __init__(
        self,
        now: Callable[[], datetime],
        signing_secret: str = "sandbox-signing-secret",
        bot_token: str = "xoxb-sandbox",
        bot_url: str | None = None,
        app_token: str = "xapp-sandbox",
    ) -> None:
        self.workspace = Workspace(now, bot_token, app_token)
        seed(self.workspace)
        self.signing_secret = signing_secret
        self.bot_token, self.app_token = bot_token, app_token
        self.endpoint = BotEndpoint(self.workspace, signing_secret, bot_url)
        self.server = Server(self.workspace, self.endpoint.socket)
        self.complaints, self.undelivered = self.workspace.complaints, self.workspace.undelivered

    def serve(self, port: int = 0, routes: Sequence[BaseRoute] = ()) -> str:
        """Listen on loopback in a thread and return the url; `routes` are added (the page)."""
        self.workspace.url = self.server.start(port, routes)
        return self.url

    def close(self) -> None:
        """Stop listening, end all subscriptions, leave no thread."""
        self.workspace.announce(Change("closed"))
        self.server.stop()

    def __enter__(self) -> Sandbox:
        self.serve()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def url(self) -> str:
        """ "http://127.0.0.1:PORT", "" before serve()."""
        return self.workspace.url

    @property
    def api_url(self) -> str:
        """For `WebClient(base_url=...)`."""
        return self.url + "/api/"

    @property
    def bot_url(self) -> str | None:
        """Where the bot listens for HTTP requests."""
        return self.endpoint.url

    @bot_url.setter
    def bot_url(self, url: str | None) -> None:
        self.endpoint.url = url

    def now(self) -> datetime:
        """The workspace's clock."""
        return self.workspace.now()

    @property
    def switches(self) -> Switches:
        """Rarely changed behaviour: burst, subscriptions, commands, patience ..."""
        return self.workspace.switches

    @property
    def pace(self) -> bool:
        """True: more than a message a second a channel is answered with 429."""
        return self.workspace.switches.pace

    @pace.setter
    def pace(self, on: bool) -> None:
        self.workspace.switches.pace = on

    # -- who and what is there ---------------------------------------------------------------

    @property
    def people(self) -> list[Person]:
        """Everyone, the two bots included."""
        return list(self.workspace.people.values())

    @property
    def channels(self) -> list[Channel]:
        """All channels, without DMs."""
        return [c for c in self.workspace.channels.values() if not c.is_im]

    def person(self, who: Who) -> Person:
        """By handle ("priya", "@priya"), id or name; NotPossible when there is none."""
        return self.workspace.person(who)

    def channel(self, where: Where) -> Channel:
        """By name, "#name" or id; "@priya" is her DM with the bot."""
        return self.workspace.place(where)

    def messages(self, where: Where) -> list[SlackMessage]:
        """Copies of all messages of a channel, thread replies included, oldest first."""
        return look.messages(self.workspace, where)

    def thread(self, message: SlackMessage) -> list[SlackMessage]:
        """The replies under a message, oldest first."""
        return look.thread(self.workspace, message)

    def dms(self, who: Who) -> list[SlackMessage]:
        """The messages of a person's DM with the bot, oldest first."""
        return look.dms(self.workspace, who)

    def ephemerals(self, who: Who) -> list[Ephemeral]:
        """What only this person saw, oldest first."""
        return look.ephemerals(self.workspace, who)

    def modal(self, who: Who) -> View | None:
        """The modal on top of this person's screen."""
        return look.modal(self.workspace, who)

    def home(self, who: Who) -> View | None:
        """The App Home last published to this person."""
        return look.home(self.workspace, who)

    def calls(self, method: str | None = None) -> list[Call]:
        """The Web API calls the bot made, oldest first."""
        return look.calls(self.workspace, method)

    def expect(self, where: Where, *words: str) -> SlackMessage:
        """Take the oldest unexpected bot message there that holds all `words`; AssertionError."""
        return look.expect(self.workspace, where, words)

    def unexpected(self) -> list[SlackMessage]:
        """The bot's messages that no `expect` has taken: a story should end with none."""
        return look.unexpected(self.workspace)

    def subscribe(self) -> queue.Queue[Change]:
        """A queue that gets a Change whenever something changed; Change("closed") is the last."""
        return self.workspace.subscribe()

    def unsubscribe(self, listener: queue.Queue[Change]) -> None:
        """Stop filling this queue."""
        self.workspace.unsubscribe(listener)

    # -- what people do ----------------------------------------------------------------------

    def command(self, who: Who, where: Where, text: str) -> Answer:
        """Type a slash command, whole: "/stage acme renewal"."""
        return deeds.command(self.endpoint, who, where, text)

    def click(
        self, who: Who, on: Clickable, what: str, value: Any = None, *, block_id: str | None = None
    ) -> Answer:
        """Use a control: `what` is its label, its action_id, or an option's label.

        `value` is what was picked where there are no fixed options: a handle for users_select,
        "#name" for channels_select, "2026-11-20" for a date, an option for external_select. For
        a button it says which of several equal ones is meant, as `block_id` does.
        """
        return deeds.click(self.endpoint, who, on, what, value, block_id)

    def suggest(self, who: Who, on: Clickable, action_id: str, typed: str) -> list[Json]:
        """Type into an external_select; the options (or groups) the bot offers."""
        return modals.suggest(self.endpoint, who, on, action_id, typed)

    def shortcut(self, who: Who, callback_id: str, message: SlackMessage | None = None) -> Answer:
        """Run a global shortcut or, with a message, a message shortcut."""
        return deeds.shortcut(self.endpoint, who, callback_id, message)

    def react(self, who: Who, message: SlackMessage, name: str) -> Event | None:
        """Add a reaction ("white_check_mark"); None when no event was due (bot not there)."""
        return deeds.react(self.endpoint, who, message, name)

    def unreact(self, who: Who, message: SlackMessage, name: str) -> Event | None:
        """Take one's reaction away again."""
        return deeds.unreact(self.endpoint, who, message, name)

    def say(self, who: Who, where: Where, text: str, thread: str | None = None) -> SlackMessage:
        """Write a message; `thread` is the ts of the thread's first message."""
        return deeds.say(self.endpoint, who, where, text, thread)

    def upload(
        self, who: Who, where: Where, name: str, data: bytes, text: str = ""
    ) -> SlackMessage:
        """Put a file into a conversation; the bot hears `file_shared` and may fetch it."""
        return files.upload(self.endpoint, who, where, name, data, text)

    def open_home(self, who: Who, tab: str = "home") -> View | None:
        """Open the app's home (or "messages" tab) and return what is shown there."""
        return modals.open_home(self.endpoint, who, tab)

    def submit(self, who: Who, values: Mapping[str, Any] | None = None) -> Answer:
        """Fill and submit the modal on top. Keys: the input's label, block_id or action_id."""
        return modals.submit(self.endpoint, who, values or {})

    def dismiss(self, who: Who, all_views: bool = False) -> Answer:
        """Close the modal on top (or the whole stack)."""
        return modals.dismiss(self.endpoint, who, all_views)

    def run_step(self, who: Who, step: str, inputs: Mapping[str, Any]) -> Execution:
        """Run a workflow that has this one step; people among the inputs by handle.

        The execution is followed with `execution(id)`: it ends when the bot says so.
        """
        return workflows.run_step(self.endpoint, who, step, inputs)

    def prompts(self, who: Who) -> list[Json]:
        """What is suggested in this person's conversation with the bot: title and message."""
        return look.prompts(self.workspace, self.workspace.person(who))

    def execution(self, id: str) -> Execution:
        """How a step's execution stands now."""
        return look.execution(self.workspace, id)

    # -- what happens to the workspace -------------------------------------------------------

    def add_person(self, handle: str, real_name: str, **more: Any) -> Person:
        """A new member (`team_join`); `more` are fields of Person, and `channels=[names]`."""
        return administration.add_person(self.endpoint, handle, real_name, more)

    def change_person(self, who: Who, **changes: Any) -> Person:
        """Change fields of a person (`user_change`): deleted=True, is_restricted=True, tz=..."""
        return administration.change_person(self.endpoint, who, changes)

    def add_channel(self, name: str, members: Sequence[str] = (), **more: Any) -> Channel:
        """A new channel with these people (handles); the bot only when it is named."""
        return administration.add_channel(self.endpoint, name, members, more)

    def invite(self, by: Who, where: Where, whom: Who) -> None:
        """Bring someone (or the bot) into a channel (`member_joined_channel`)."""
        administration.invite(self.endpoint, by, where, whom)

    def kick(self, where: Where, whom: Who) -> None:
        """Remove someone (or the bot) from a channel."""
        administration.kick(self.endpoint, where, whom)

    def archive(self, where: Where, by: Who = "priya") -> None:
        """Archive a channel."""
        administration.archive(self.endpoint, where, by, archived=True)

    def unarchive(self, where: Where, by: Who = "priya") -> None:
        """Bring an archived channel back."""
        administration.archive(self.endpoint, where, by, archived=False)

    def rename(self, where: Where, name: str) -> None:
        """Rename a channel."""
        administration.rename(self.endpoint, where, name)

    def share(self, where: Where, guest: Who = "olga") -> None:
        """Share a channel with another workspace, whose `guest` joins (`channel_shared`)."""
        administration.share(self.endpoint, where, guest)

    def delete_message(self, message: SlackMessage) -> None:
        """An admin removes a message; the bot is not told."""
        administration.delete_message(self.endpoint, message)

    def uninstall(self) -> None:
        """Remove the app: tokens die (`account_inactive`), app_uninstalled and tokens_revoked."""
        administration.uninstall(self.endpoint)

    # -- trouble on command ------------------------------------------------------------------

    def fail(
        self,
        method: str,
        kind: str,
        retry_after: int = 30,
        times: int = 1,
        channel: str | None = None,
        seconds: float = 30,
        answer: str = "500",
    ) -> None:
        """Make the next `times` calls of `method` ("*" for any) go wrong; kinds: see `faults`."""
        if method not in ("*", *METHODS):
            raise ValueError(f"there is no method {method}")
        place = self.workspace.place(channel).id if channel else None
        fault = Fault(method, kind, retry_after, times, place, seconds, answer)
        self.workspace.faults.add(fault)

    def redeliver(self, event: Event) -> Event:
        """Send the same event once more, as Slack's retry does (x-slack-retry-num)."""
        return self.endpoint.redeliver(event)
