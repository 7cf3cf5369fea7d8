"""What an admin is told when messages cannot be delivered."""

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
        f"My messages to {_place(lane)} are waiting: {refusal_text(reason)}. "
        "I try again every half hour; nothing else is held up."
    )


def held_text(lane: str, outbox_id: int) -> str:
    """A message of which nobody can tell whether it was posted."""
    return (
        f"I cannot tell whether message {outbox_id} to {_place(lane)} was posted, and could not "
        "look. Please look there; `/linchpin status` shows what is held."
    )


def _place(lane: str) -> str:
    return f"<@{lane}>" if lane[:1] in "UW" else f"<#{lane}>"
