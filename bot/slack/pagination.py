"""Reading from Slack page by page, completely or not at all."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

CallMethod = Callable[..., dict[str, Any]]

_MAX_RETRIES = 10  # times a listing waits for Slack before it gives up
_MAX_WAIT = 60.0
_MAX_PAGES = 1000  # a cursor that never ends


class CouldNotRead(Exception):
    """Slack could not be read, which says nothing about what is there."""

    def __init__(
        self, method: str, error: str, *, retry_after: float | None = None, offline: bool = False
    ) -> None:
        super().__init__(f"{method}: {error}")
        self.error = error
        self.retry_after = retry_after  # seconds, if Slack only asked for patience
        self.offline = offline  # no connection came about


@dataclass(frozen=True)
class CarriedMarks:
    """A message of ours, by what its metadata carries: its outbox id, and marks of what it says."""

    ts: str
    outbox_id: int
    marks: tuple[str, ...]
    has_replies: bool


class Pages:
    """The reading calls that take several pages or some patience."""

    def __init__(self, ask: CallMethod, wait: Callable[[float], None] | None = None) -> None:
        self._ask = ask
        self._wait = wait or time.sleep

    def ask(self, method: str, **args: Any) -> dict[str, Any]:
        """One answer, waiting as often as Slack asks for it; for work in the background."""
        for _ in range(_MAX_RETRIES):
            try:
                return self._ask(method, **args)
            except CouldNotRead as error:
                if error.retry_after is None:
                    raise
                self._wait(min(error.retry_after, _MAX_WAIT))
        return self._ask(method, **args)

    def all(self, method: str, key: str, **args: Any) -> Iterator[dict[str, Any]]:
        """The items under `key` of every page."""
        return self._walk(self.ask, method, key, **args)

    def find_posted(
        self, channel: str, outbox_id: int, oldest: datetime, thread_ts: str | None
    ) -> str | None:
        """The ts of the message with that outbox id. Does not wait: the caller comes again."""
        pages = self._messages(self._ask, channel, oldest, thread_ts)
        return next((str(one["ts"]) for one in pages if _has_outbox_id(one, outbox_id)), None)

    def carried(self, channel: str, oldest: datetime, thread_ts: str | None) -> list[CarriedMarks]:
        """Every message of ours there since then; waits where Slack says so."""
        pages = self._messages(self.ask, channel, oldest, thread_ts)
        return [marks for message in pages if (marks := _read_metadata(message)) is not None]

    def _messages(
        self, ask: CallMethod, channel: str, oldest: datetime, thread_ts: str | None
    ) -> Iterator[dict[str, Any]]:
        method, where = "conversations.history", {"channel": channel}
        if thread_ts:
            method, where = "conversations.replies", {"channel": channel, "ts": thread_ts}
        since = f"{oldest.timestamp():.6f}"
        more = {"oldest": since, "include_all_metadata": True, "limit": 200}
        return self._walk(ask, method, "messages", **where, **more)

    def _walk(
        self, ask: CallMethod, method: str, key: str, **args: Any
    ) -> Iterator[dict[str, Any]]:
        cursor: dict[str, str] = {}
        for _ in range(_MAX_PAGES):
            page = ask(method, **args, **cursor)
            yield from page.get(key, [])
            following = page.get("response_metadata", {}).get("next_cursor")
            if not following:
                if page.get("has_more"):
                    raise CouldNotRead(method, "more is said to follow, without a cursor")
                return
            cursor = {"cursor": str(following)}
        raise CouldNotRead(method, "the pages do not end")


def _read_metadata(message: dict[str, Any]) -> CarriedMarks | None:
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload", {})
    number = str(payload.get("id", ""))
    if metadata.get("event_type") != "linchpin_message" or not number.isdecimal():
        return None
    marks = tuple(str(payload.get("marks", "")).split())
    return CarriedMarks(str(message["ts"]), int(number), marks, bool(message.get("reply_count")))


def _has_outbox_id(message: dict[str, Any], outbox_id: int) -> bool:
    carried = _read_metadata(message)
    return carried is not None and carried.outbox_id == outbox_id
