"""The only way out to Slack."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse
from slack_sdk.webhook import WebhookClient

from bot.rules.slack_facts import ChannelFacts, FileFacts, PersonFacts, WorkspaceFacts
from bot.slack import facts, files
from bot.slack.files import find_header
from bot.slack.http_call import (
    DEADLINE,
    CallTimedOut,
    call_with_deadline,
    never_connected,
    quiet_logger,
    tls_context,
)
from bot.slack.outcome import (
    DEFAULT_RETRY_AFTER,
    Offline,
    Outcome,
    RateLimited,
    Refused,
    Sent,
    Unknown,
    outcome_of_error,
)
from bot.slack.pagination import CarriedMarks, CouldNotRead, Pages
from bot.slack.posting import WriteCalls

API_URL = "https://slack.com/api/"
SETTLE_TIME = timedelta(seconds=120)
_POST_METHOD = "chat.postMessage"


class Slack:
    """One workspace's Slack, through one bot token. Calls that write answer with an `Outcome` and
    never raise; calls that read raise `CouldNotRead`. Nothing is retried here: delivery does that.
    Calls end within `deadline` seconds. `settle` is how long Slack may take to show what it
    accepted: if it takes longer, delivery can post a message twice. `workspace_id` saves asking
    which workspace the token is for."""

    def __init__(
        self,
        token: str,
        api_url: str = API_URL,
        *,
        settle: timedelta = SETTLE_TIME,
        deadline: float = DEADLINE,
        wait: Callable[[float], None] | None = None,
        workspace_id: str | None = None,
    ) -> None:
        self.settle = settle
        self.deadline = deadline
        self._token, self._api_url = token, api_url
        self._web = WebClient(token, base_url=api_url, **_http_options(deadline))
        # slack_sdk takes the environment's proxy even for loopback; urllib knows the exceptions.
        self._web.proxy = None
        self._posts = WriteCalls(token, api_url, deadline)
        self._pages = Pages(self._ask, wait)
        self._workspace_id = workspace_id

    # -- writing

    def send(self, method: str, args: dict[str, Any]) -> Outcome:
        """Calls a method that writes."""
        return _outcome(lambda: self._post(method, args))

    def respond(self, url: str, payload: dict[str, Any]) -> Outcome:
        """POSTs to a `response_url`."""
        return _outcome(lambda: self._respond(url, payload))

    def upload(self, *, name: str, title: str, alt: str, data: bytes, deadline: float) -> str:
        """Uploads a file that nobody sees until a message shows it, and returns its id: asks for an
        address, sends the bytes, says that they are there. CouldNotRead if Slack did not take it.
        """
        seconds = min(deadline / 3, self.deadline)
        asked = {"filename": name, "length": str(len(data)), "alt_txt": alt}
        place = self._ask_within(seconds, "files.getUploadURLExternal", asked)
        fetch = files.FileDownload(self._token, self._api_url)
        call_with_deadline(
            seconds, lambda: files.upload_bytes(str(place["upload_url"]), data, fetch.is_slack)
        )
        done = [{"id": place["file_id"], "title": title}]
        self._ask_within(seconds, "files.completeUploadExternal", {"files": json.dumps(done)})
        return str(place["file_id"])

    def open_view(
        self, trigger_id: str, view: dict[str, Any], deadline: float | None = None
    ) -> dict[str, Any]:
        """Opens a modal and returns it (id, hash); CouldNotRead if Slack did not. `deadline` in
        seconds: who waits here is a person, and Slack waits 3 s for the ack."""
        seconds = min(deadline or self.deadline, self.deadline)
        args = {"trigger_id": trigger_id, "view": view}
        opened: dict[str, Any] = self._ask_within(seconds, "views.open", args)["view"]
        return opened

    def update_view(self, view_id: str, view: dict[str, Any]) -> None:
        """Fills an open modal."""
        self._ask("views.update", view_id=view_id, view=view)

    # -- who is there

    def auth(self) -> WorkspaceFacts:
        """Which workspace the token is for, and what it may do there."""
        answer = self._call("auth.test", {}, self.deadline)
        data = answer.data if isinstance(answer.data, dict) else {}
        scopes = find_header(answer.headers, "x-oauth-scopes")
        workspace = facts.parse_workspace(dict(data), scopes)
        self._workspace_id = workspace.id
        return workspace

    def check_app_token(self) -> None:
        """Asks for a Socket Mode connection, without opening it; CouldNotRead if Slack refuses."""
        self._ask("apps.connections.open")

    def workspace_id(self) -> str:
        """The workspace's id, asked for once."""
        return self._workspace_id or self.auth().id

    def person(self, user_id: str) -> PersonFacts | None:
        """A user; None if Slack does not know or show them."""
        try:
            return facts.parse_person(self._ask("users.info", user=user_id)["user"])
        except CouldNotRead as error:
            if error.error in ("user_not_found", "user_not_visible"):
                return None
            raise

    def people(self) -> Iterator[PersonFacts]:
        """Everyone, the gone and the bots included; waits where Slack says so."""
        pages = self._pages.all("users.list", "members", limit=500)
        return (facts.parse_person(member) for member in pages)

    def channels(self) -> Iterator[ChannelFacts]:
        """Every channel the bot can see, archived ones too; waits where Slack says so."""
        kinds = "public_channel,private_channel"
        pages = self._pages.all("conversations.list", "channels", types=kinds, limit=500)
        return (facts.parse_channel(found) for found in pages)

    def channel(self, channel_id: str) -> ChannelFacts:
        """One channel."""
        return facts.parse_channel(self._ask("conversations.info", channel=channel_id)["channel"])

    def readers(self, channel_id: str) -> list[str] | None:
        """Who is a member of a channel; None where there are more than a thousand."""
        answer = self._ask("conversations.members", channel=channel_id, limit=1000)
        more = (answer.get("response_metadata") or {}).get("next_cursor")
        return None if more else list(answer["members"])

    def open_dm(self, user: str) -> str:
        """The id (`D…`) of the bot's conversation with a person."""
        return str(self._ask("conversations.open", users=user)["channel"]["id"])

    # -- files

    def file(self, file_id: str) -> FileFacts:
        """A file that was put into a conversation the bot is in."""
        return facts.parse_file(self._ask("files.info", file=file_id)["file"])

    def download(self, found: FileFacts, most: int) -> bytes:
        """The bytes of a file; CouldNotRead when it is longer than `most`, or not to be had."""
        fetch = files.FileDownload(self._token, self._api_url)
        try:
            return call_with_deadline(self.deadline, lambda: fetch(found.url, most))
        except CouldNotRead:
            raise
        except Exception as error:
            raise CouldNotRead("files.download", type(error).__name__) from None

    # -- what stands there

    def find_posted(
        self, channel: str, outbox_id: int, oldest: datetime, thread_ts: str | None = None
    ) -> str | None:
        """The ts of the message that carries an outbox id; None if a complete look shows none."""
        return self._pages.find_posted(channel, outbox_id, oldest, thread_ts)

    def carried(
        self, channel: str, oldest: datetime, thread_ts: str | None = None
    ) -> list[CarriedMarks]:
        """Our own messages since `oldest`, with what they carry; waits where Slack says so."""
        return self._pages.carried(channel, oldest, thread_ts)

    def reactions(self, channel: str, ts: str) -> list[tuple[str, list[str]]]:
        """Every reaction on a message: its name, and who."""
        answer = self._pages.ask("reactions.get", channel=channel, timestamp=ts, full=True)
        found = answer.get("message", {}).get("reactions", [])
        return [(str(one["name"]), [str(user) for user in one["users"]]) for one in found]

    # -- the calls themselves

    def _post(self, method: str, args: dict[str, Any]) -> Outcome:
        answer = self._posts(method, args)
        if answer.status == 429:
            return RateLimited(_retry_after(answer.headers))
        if answer.status != 200:
            return Unknown(f"HTTP {answer.status}")
        if answer.data.get("ok") is not True:
            return outcome_of_error(str(answer.data.get("error", "")), _retry_after(answer.headers))
        channel, ts = answer.data.get("channel"), answer.data.get("ts")
        if method == _POST_METHOD and not (channel and ts):
            return Unknown("Slack said yes, but not where")
        return Sent(channel if isinstance(channel, str) else None, ts)

    def _respond(self, url: str, payload: dict[str, Any]) -> Outcome:
        webhook = WebhookClient(url, **_http_options(self.deadline))
        webhook.proxy = None
        answer = webhook.send_dict(payload)
        if answer.status_code == 200:
            return Sent()
        if answer.status_code == 429:
            return RateLimited(_retry_after(answer.headers))
        if answer.status_code < 500:
            return Refused(f"HTTP {answer.status_code}", permanent=True)
        return Unknown(f"HTTP {answer.status_code}")

    def _ask(self, method: str, **args: Any) -> dict[str, Any]:
        """Reads; raises CouldNotRead for whatever goes wrong."""
        return self._ask_within(self.deadline, method, args)

    def _ask_within(self, seconds: float, method: str, args: dict[str, Any]) -> dict[str, Any]:
        answer = self._call(method, args, seconds)
        return dict(answer.data) if isinstance(answer.data, dict) else {}

    def _call(self, method: str, args: dict[str, Any], seconds: float) -> SlackResponse:
        try:
            # The reading methods take forms only; a view is JSON.
            how: Any = {"json": args} if "view" in args else {"params": args}
            return call_with_deadline(seconds, lambda: self._web.api_call(method, **how))
        except SlackApiError as error:
            raise _could_not_read(method, error) from None
        except Exception as error:  # whatever broke, nothing was read
            offline = never_connected(error)
            raise CouldNotRead(method, type(error).__name__, offline=offline) from None


def _http_options(deadline: float) -> dict[str, Any]:
    """What slack_sdk's clients have in common; nothing is retried in them."""
    common: dict[str, Any] = {"timeout": int(deadline) or 1, "ssl": tls_context()}
    return {**common, "retry_handlers": [], "logger": quiet_logger()}


def _outcome(call: Callable[[], Outcome]) -> Outcome:
    try:
        return call()
    except CallTimedOut as error:
        return Unknown(str(error))
    except Exception as error:  # whatever broke, Slack may have it
        why = f"{type(error).__name__}: {error}"[:200]
        return Offline(why) if never_connected(error) else Unknown(why)


def _could_not_read(method: str, error: SlackApiError) -> CouldNotRead:
    answer = error.response
    if answer.status_code == 429:
        return CouldNotRead(method, "ratelimited", retry_after=_retry_after(answer.headers))
    if answer.status_code != 200:
        return CouldNotRead(method, f"HTTP {answer.status_code}")
    return CouldNotRead(method, str(answer.get("error", ""))[:80])


def _retry_after(headers: Any) -> float:
    """Seconds; half a minute if Slack did not say."""
    try:
        return max(1.0, float(find_header(headers, "retry-after") or DEFAULT_RETRY_AFTER))
    except ValueError:
        return DEFAULT_RETRY_AFTER
