"""What an admin is told when messages cannot be delivered."""

from __future__ import annotations

from slack_sdk.models.blocks import SectionBlock

from bot.messages.kit.message import Message

_REASON_TEXTS = {
    "is_archived": "the channel is archived. Unarchive it",
    "not_in_channel": "Linchpin is not in the channel. Invite it there",
    "channel_not_found": "Slack does not show Linchpin such a channel. Invite it there",
    "shared_outside": (
        "people from another company can read it, and account data stays inside. "
        "Stop sharing it, or give the department another channel"
    ),
    "user_disabled": "the account is deactivated. Hand their accounts to somebody else",
    "user_not_found": "Slack does not know them any more. Hand their accounts to somebody else",
}
_OTHER_REASON_TEXT = "Slack refuses it ({reason}). Check the channel's posting rules"


def lane_parked_message(lane: str, reason: str) -> Message:
    """`lane` is a channel's or a person's id; the messages wait until it is mended."""
    why = _REASON_TEXTS.get(reason, _OTHER_REASON_TEXT.format(reason=reason))
    text = (
        f"My messages to {_place(lane)} are waiting: {why}. "
        "I try again every half hour; nothing else is held up."
    )
    return Message(text, (SectionBlock(text=text),))


def held(lane: str, outbox_id: int) -> Message:
    """A message of which nobody can tell whether it was posted."""
    text = (
        f"I cannot tell whether message {outbox_id} to {_place(lane)} was posted, and could not "
        "look. "
        "Please look there; `/linchpin status` shows what is held."
    )
    return Message(text, (SectionBlock(text=text),))


def _place(lane: str) -> str:
    return f"<@{lane}>" if lane[:1] in "UW" else f"<#{lane}>"
