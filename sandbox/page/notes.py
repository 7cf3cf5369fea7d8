"""What only the page keeps: what each person has read and dismissed, and Slackbot's bad news."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.model import Ephemeral

SLACKBOT = "USLACKBOT"


@dataclass
class Notes:
    """In memory, for one run of the sandbox. People are ids, places are channel ids.

    What is older than `read_before` (a ts) has been read by everybody.
    """

    read_before: Callable[[], str] = str
    read: dict[tuple[str, str], str] = field(default_factory=dict)
    dismissed: set[tuple[str, str]] = field(default_factory=set)
    notices: list[Ephemeral] = field(default_factory=list)

    def mark_read(self, viewer: str, channel: str, ts: str) -> None:
        """The person has seen everything in the channel up to `ts`."""
        self.read[viewer, channel] = max(ts, self.last_read(viewer, channel))

    def last_read(self, viewer: str, channel: str) -> str:
        """The ts up to which the person has read; "" for nothing."""
        return self.read.get((viewer, channel), self.read_before())

    def dismiss(self, viewer: str, ts: str) -> None:
        """Take a private message off this person's screen."""
        self.dismissed.add((viewer, ts))

    def is_dismissed(self, viewer: str, ts: str) -> bool:
        """Whether the person has taken it off."""
        return (viewer, ts) in self.dismissed

    def tell(
        self, ts: str, channel: str, viewer: str, text: str, thread_ts: str | None = None
    ) -> None:
        """Slackbot tells one person that something did not work."""
        notice = Ephemeral(
            ts=ts, channel=channel, viewer=viewer, text=text, thread_ts=thread_ts, user=SLACKBOT
        )
        self.notices.append(notice)

    def told(self, viewer: str) -> list[Ephemeral]:
        """Slackbot's notices to this person, oldest first."""
        return [one for one in self.notices if one.viewer == viewer]
