"""What `/linchpin status` answers: one sentence when all is well, else what to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from slack_sdk.models.blocks import Block

from bot.messages.kit.blocks import actions, button, compose, context, section
from bot.messages.kit.message import Message
from bot.messages.kit.text import join_lines, more_line, plain, short, when
from bot.messages.workspace.setup_problems import Missing, missing_rows
from bot.rules.text.words import plural

# A part of the program that has not been heard of for so long stands still.
STALE_AFTER = timedelta(seconds=90)
_OTHER_STATES = ("parked", "unknown", "held", "dead", "expired")
_MAX_SHOWN = 5
# What can be done about each: the verbs of bot/actions/workspace/dead_letters.py.
_HELD = {"resend": "Resend", "there": "It is there", "drop": "Drop"}
_DEAD = {"again": "Try again", "drop": "Forget it"}


@dataclass(frozen=True)
class UndeliveredMessage:
    """A message that waits for a person: `place` is a channel or a user, `why` Slack's words."""

    id: int
    kind: str
    place: str
    since: datetime
    why: str
    text: str


@dataclass(frozen=True)
class DeliveryStatus:
    """`parked` are (channel or person, Slack's reason, messages waiting); `obstacles` keep messages
    from going, `gaps` are what else is not set up; `findings` the auditor's (check, how many, since
    when); `held` and `dead` have buttons only `for_admin`."""

    counts: Mapping[str, int]
    oldest_due_age: timedelta | None
    parked: tuple[tuple[str, str, int], ...]
    workspace_parked: str | None
    beats: Mapping[str, datetime]
    obstacles: tuple[Missing, ...]
    gaps: tuple[Missing, ...]
    last_event: datetime | None = None
    restoring: bool = False
    held: tuple[UndeliveredMessage, ...] = ()
    dead: tuple[UndeliveredMessage, ...] = ()
    findings: tuple[tuple[str, int, datetime], ...] = ()
    for_admin: bool = False


def status(delivery: DeliveryStatus, now: datetime) -> Message:
    """Whether nudges go out, and what keeps which from going."""
    troubles = _trouble_texts(delivery, now)
    count = len(troubles) + len(delivery.obstacles)
    head = f"*{plural(count, 'thing')} to look at*" if count else "*Messages go out.*"
    return compose(
        join_lines(head, *(f"• {trouble}" for trouble in troubles)),
        *_missing_rows(delivery.obstacles, delivery.for_admin),
        "*Not set up, the most harmful first*" if delivery.gaps else "",
        *_missing_rows(delivery.gaps, delivery.for_admin),
        *_undelivered_blocks(delivery.held, _HELD, delivery.for_admin),
        *_undelivered_blocks(delivery.dead, _DEAD, delivery.for_admin),
        context(" · ".join(_status_lines(delivery))),
    )


def _missing_rows(missing: Sequence[Missing], for_admin: bool) -> list[Block]:
    kept = missing if for_admin else [replace(each, button=None) for each in missing]
    more = more_line(len(kept) - _MAX_SHOWN, ": `/linchpin setup`")
    return [*missing_rows(kept[:_MAX_SHOWN]), *([context(more)] if more else [])]


def _status_lines(delivery: DeliveryStatus) -> list[str]:
    waiting = plural(delivery.counts.get("pending", 0), "message")
    oldest = ""
    if delivery.oldest_due_age is not None:
        seconds = int(delivery.oldest_due_age.total_seconds())
        age = plural(seconds // 60, "minute") if seconds >= 60 else plural(seconds, "second")
        oldest = f", the oldest for {age}"
    facts = [f"{waiting} to be sent{oldest}", f"{delivery.counts.get('sent', 0):,} sent"]
    facts += [
        f"{delivery.counts[state]:,} {state}"
        for state in _OTHER_STATES
        if delivery.counts.get(state)
    ]
    facts += [f"{name} last at {when(at)}" for name, at in sorted(delivery.beats.items())]
    if delivery.last_event is not None:
        facts.append(f"last event at {when(delivery.last_event)}")
    return facts


def _undelivered_blocks(
    rows: Sequence[UndeliveredMessage], labels: Mapping[str, str], for_admin: bool
) -> list[Block]:
    blocks: list[Block] = []
    for row in rows[:_MAX_SHOWN]:
        why = f" ({short(row.why.replace('_', ' '), 120)})" if row.why else ""
        what = f"Slack refused it{why}."
        if labels is _HELD:
            what = f"nobody knows whether it came{why}. Look there, then say."
        place = f"{plain(row.kind.capitalize())} to {_place_mention(row.place)}"
        text = f"*{place}*, {when(row.since)}: {what}"
        if for_admin and row.text:
            text += f"\n> {short(row.text.replace(chr(10), ' '), 140)}"
        blocks.append(section(text))
        if for_admin:
            names = labels.items()
            blocks.append(actions(*(button(name, f"stuck:{k}", str(row.id)) for k, name in names)))
    more = more_line(len(rows) - _MAX_SHOWN)
    return [*blocks, context(more)] if more else blocks


def _place_mention(place: str) -> str:
    return f"<#{place}>" if place.startswith(("C", "G")) else f"<@{place}>"


def _trouble_texts(delivery: DeliveryStatus, now: datetime) -> list[str]:
    troubles = []
    if delivery.restoring:
        troubles.append(
            "I was restored from a copy, and read first what I have said since: nothing goes out "
            "until that is done."
        )
    if delivery.workspace_parked:
        troubles.append(
            f"Slack lets me in no more ({delivery.workspace_parked}): install me again."
        )
    for name, at in sorted(delivery.beats.items()):
        if now - at > STALE_AFTER:
            troubles.append(f"The {name} stands still since {when(at)}: look at the server's log.")
    for lane, reason, waiting in delivery.parked:
        # What follows a ":" or "/" is for edits and answers.
        where = _place_mention(lane.partition("/")[0].partition(":")[0])
        what = f"{plural(waiting, 'message waits', 'messages wait')} for {where}"
        what = what if waiting else f"Nothing can be sent to {where}"
        troubles.append(f"{what}: {refusal_text(reason)}.")
    if delivery.counts.get("unknown"):
        troubles.append(f"{plural(delivery.counts['unknown'], 'message')} being read back.")
    ask = "" if delivery.for_admin else " An admin can decide what becomes of them."
    held, dead = (plural(len(rows), "message") for rows in (delivery.held, delivery.dead))
    if delivery.held:
        troubles.append(f"{held} held: nobody knows if they came.{ask}")
    if delivery.dead:
        troubles.append(f"{dead} could not be sent at all this week.{ask}")
    for check, count, since in delivery.findings:
        troubles.append(f"The auditor found: {check} ({count:,}), since {when(since)}.")
    if delivery.oldest_due_age is not None and delivery.oldest_due_age > STALE_AFTER:
        minutes = int(delivery.oldest_due_age.total_seconds() // 60)
        troubles.append(f"The oldest message waits for {plural(minutes, 'minute')}.")
    return troubles


_REFUSALS = {
    "is_archived": "the channel is archived: unarchive it, or choose another: `/linchpin setup`",
    "not_in_channel": "I am not in the channel: `/invite @Linchpin` there",
    "channel_not_found": "there is no such channel, or I am not in it: `/invite @Linchpin` there",
    "shared_outside": (
        "people from another company can read it, and account data stays inside. Stop sharing it, "
        "or choose another channel: `/linchpin setup`"
    ),
    "user_disabled": "the account is deactivated. Hand their accounts to somebody else",
    "user_not_found": "Slack does not know them any more. Hand their accounts to somebody else",
}


def refusal_text(reason: str) -> str:
    """Why Slack refuses messages, and what to do about it."""
    other = f"Slack refuses it ({reason.replace('_', ' ')}). Check the channel's posting rules"
    return _REFUSALS.get(reason, other)


def lane_parked_text(lane: str, reason: str) -> str:
    """`lane` is a channel's or a person's id; the messages wait until it is mended."""
    return (
        f"My messages to {_place_mention(lane)} are waiting: {refusal_text(reason)}. "
        "I try again every half hour; nothing else is held up."
    )


def held_text(lane: str, outbox_id: int) -> str:
    """A message of which nobody can tell whether it was posted."""
    return (
        f"I cannot tell whether message {outbox_id} to {_place_mention(lane)} was posted, and "
        "could not look. Please look there; `/linchpin status` shows what is held."
    )
