"""What `/linchpin status` answers: one sentence when all is well, else what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from slack_sdk.models.blocks import Block

from bot.messages.message import Message
from bot.messages.parts import context, plain, section, spoken, when
from bot.rules.words import plural

# A part of the program that has not been heard of for so long stands still.
STALE = timedelta(seconds=90)
_WHY = {
    "is_archived": "the channel is archived: unarchive it, or name another one",
    "not_in_channel": "I am not in the channel: `/invite @Linchpin` there",
    "channel_not_found": "there is no such channel, or I am not in it",
    "shared_outside": "people outside read there: name another channel",
}


@dataclass(frozen=True)
class Status:
    """`parked` are (channel or person, Slack's reason, messages waiting)."""

    counts: Mapping[str, int]
    oldest_due_age: timedelta | None
    parked: tuple[tuple[str, str, int], ...]
    workspace_parked: str | None
    beats: Mapping[str, datetime]
    homeless: tuple[tuple[str, str], ...]


def status(found: Status, now: datetime) -> Message:
    """Whether nudges go out, and what keeps which from going."""
    troubles = _troubles(found, now)
    head = "*All is well.*" if not troubles else f"*{plural(len(troubles), 'thing')} to look at*"
    waiting = found.counts.get("pending", 0)
    facts = [f"{plural(waiting, 'message')} to be sent", f"{found.counts.get('sent', 0)} sent"]
    facts += [f"{name} last at {when(at)}" for name, at in sorted(found.beats.items())]
    lines = "\n".join(f"• {trouble}" for trouble in troubles)
    blocks: list[Block] = [
        section("\n".join(filter(None, (head, lines)))),
        context(" · ".join(facts)),
    ]
    text = "\n".join(filter(None, (head, lines, ", ".join(facts))))
    return Message(spoken(text), tuple(blocks))


def _troubles(found: Status, now: datetime) -> list[str]:
    troubles = []
    if found.workspace_parked:
        troubles.append(f"Slack lets me in no more ({found.workspace_parked}): install me again.")
    for name, at in sorted(found.beats.items()):
        if now - at > STALE:
            troubles.append(f"The {name} stands still since {when(at)}: look at the server's log.")
    for lane, reason, waiting in found.parked:
        troubles.append(_parked(lane, reason, waiting))
    for name, channel in found.homeless:
        troubles.append(
            f"{plain(name)} has no channel I can write to ({plain(channel)}): invite me there, or "
            "`/linchpin settings` names another."
        )
    for state, what in (
        ("unknown", "being read back"),
        ("held", "held: nobody knows if they came"),
    ):
        if found.counts.get(state):
            troubles.append(f"{plural(found.counts[state], 'message')} {what}.")
    if found.counts.get("dead"):
        what = plural(found.counts["dead"], "message")
        troubles.append(f"{what} could not be sent at all: the server's log says why.")
    if found.oldest_due_age is not None and found.oldest_due_age > STALE:
        minutes = int(found.oldest_due_age.total_seconds() // 60)
        troubles.append(f"The oldest message waits for {plural(minutes, 'minute')}.")
    return troubles


def _parked(lane: str, reason: str, waiting: int) -> str:
    """`lane` is a channel or a person, with what follows a «:» or «/» for edits and answers."""
    place = lane.partition("/")[0].partition(":")[0]
    where = f"<#{place}>" if place.startswith(("C", "G")) else f"<@{place}>"
    why = _WHY.get(reason, reason.replace("_", " "))
    if not waiting:
        return f"Nothing can be sent to {where}: {why}."
    what = "1 message waits" if waiting == 1 else f"{waiting:,} messages wait"
    return f"{what} for {where}: {why}."
