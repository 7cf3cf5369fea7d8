"""The states, methods and lanes of delivery, and the numbers chosen or measured for them."""

from dataclasses import dataclass
from datetime import timedelta
from zlib import crc32

PENDING = "pending"
SENDING = "sending"
SENT = "sent"
UNKNOWN = "unknown"  # Slack may have it or not: read back before anything else
HELD = "held"  # a person has to decide
DEAD = "dead"
EXPIRED = "expired"
CANCELLED = "cancelled"

BUSY_STATES = (SENDING, UNKNOWN)  # these keep their lane to themselves
ENDED_UNSENT_STATES = (DEAD, EXPIRED, CANCELLED)

POST = "chat.postMessage"
UPDATE = "chat.update"
EPHEMERAL = "chat.postEphemeral"
RESPONSE = "response_url"
DELETE = "chat.delete"
VIEW = "views.publish"
PROMPTS = "assistant.threads.setSuggestedPrompts"

WORKSPACE_LANE = "*"  # the row that paces a whole workspace; no message is in it
EDITS_SUFFIX = "/edits"  # a channel's updates do not wait behind its posts

LEASE = timedelta(seconds=60)
MIN_LEASE_LEFT = timedelta(seconds=20)  # a call is not begun with less of its lease left
SETTLE_TIME = timedelta(seconds=120)  # how long Slack may take to show what it accepted
FIRST_LOOK_DELAY = timedelta(seconds=5)  # an unknown post is looked for soon: found is found
LOOK_INTERVAL = timedelta(seconds=60)
MAX_UNREADABLE_ROUNDS = 3  # read-backs that could not read, before a person is asked
MAX_FAILURES = 8
MAX_MARKS = 200  # a message of more things is known by its first 200
PROBE_INTERVAL = timedelta(minutes=30)
PRIVATE_LIFETIME = timedelta(minutes=30)  # so long Slack takes a response_url
OFFLINE_PAUSE = timedelta(seconds=10)

_FIRST_BACKOFF = 5.0
_LAST_BACKOFF = 15 * 60.0


@dataclass(frozen=True)
class RateLimit:
    """How fast Slack is spoken to: about 1 a second a channel, several hundred a minute in all."""

    channel: timedelta = timedelta(seconds=1)
    workspace: timedelta = timedelta(milliseconds=200)
    burst: int = 10

    @property
    def slack(self) -> timedelta:
        """How far ahead of its pace a workspace may run."""
        return self.workspace * self.burst


RATE_LIMIT = RateLimit()


def backoff(row_id: int, attempt: int) -> timedelta:
    """The wait after the `attempt`-th failure (from 1): 5 s doubling to 15 min, ± a quarter. The
    spread comes from the row, not from chance, so that a test or a replay sees the same."""
    base = min(_LAST_BACKOFF, _FIRST_BACKOFF * 2 ** (attempt - 1))
    spread = crc32(f"{row_id}:{attempt}".encode()) / 2**32
    return timedelta(seconds=base * (0.75 + spread / 2))


def base_lane(lane: str) -> str:
    """The channel or user that a lane of posts or of edits belongs to."""
    return lane.removesuffix(EDITS_SUFFIX)
