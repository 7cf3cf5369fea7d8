"""What is said of an absence that is still to begin."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, ButtonElement

from bot.messages.away import Absence, Planned
from bot.messages.message import Message
from bot.messages.parts import actions, button, context, day, person, plain, section, spoken

MOST = 10


def planned(plan: Planned) -> Message:
    """To the person who will be away."""
    text = (
        f"You are away from {_days(plan)}, and {person(plan.deputy)} stands in: your nudges, "
        "escalations and digest go there."
    )
    hint = "It begins and ends by itself. `/linchpin away list` shows what you have planned."
    return Message(spoken(f"{text} {hint}"), (section(text), context(hint), actions(_cancel(plan))))


def asked(plan: Planned) -> Message:
    """To the deputy, ahead of it."""
    text = f"{person(plan.user)} will be away from {_days(plan)}, and named you to stand in."
    hint = f"I tell you when it begins. Not possible? Tell {person(plan.user)}."
    return Message(spoken(f"{text} {hint}"), (section(text), context(hint)))


def not_needed(plan: Planned) -> Message:
    """To the deputy, when it was cancelled."""
    text = f"{person(plan.user)} does not need you to stand in from {_days(plan)}. Thank you."
    return Message(spoken(text), (section(text),))


def nobody_can(plan: Planned, stand_in: str) -> Message:
    """To the person, when it begins and the deputy is away too, or has left."""
    text = (
        f"You are away through {day(plan.until)}, and {person(plan.deputy)} cannot stand in now: "
        f"{plain(stand_in)} gets what would go to you. "
        f"`/linchpin away @priya until {plan.until.isoformat()}` names somebody else."
    )
    return Message(spoken(text), (section(text),))


def cancelled(plan: Planned) -> Message:
    text = f"Cancelled: you are not away from {_days(plan)}. {person(plan.deputy)} is told."
    return Message(spoken(text), (section(text),))


def listed(now: Absence | None, ahead: Sequence[Planned]) -> Message:
    """What holds now, and what is planned, each with the button that cancels it."""
    head = "You are not away."
    if now is not None:
        head = f"You are away through {day(now.until)}, and {person(now.deputy)} stands in. "
        head += "`/linchpin back` ends it."
    if not ahead:
        head += " Nothing is planned: `/linchpin away @priya from monday until 2027-01-10`."
        return Message(spoken(head), (section(head),))
    rows: list[Block] = [section(row(each), _cancel(each)) for each in ahead[:MOST]]
    more = len(ahead) - MOST
    if more > 0:
        rows.append(context(f"… and {more} more."))
    told = "\n".join(row(each) for each in ahead[:MOST])
    return Message(spoken(f"{head}\n{told}"), (section(head), *rows))


def row(plan: Planned) -> str:
    return f"From {_days(plan)}: {person(plan.deputy)} stands in."


def home_rows(ahead: Sequence[Planned]) -> list[Block]:
    """The same in the Home."""
    rows: list[Block] = []
    for each in ahead[:MOST]:
        block = section(row(each), _cancel(each))
        block.block_id = f"home:away:{each.id}"
        rows.append(block)
    return rows


def _days(plan: Planned) -> str:
    return f"{day(plan.starts_on)} through {day(plan.until)}"


def _cancel(plan: Planned) -> ButtonElement:
    return button("Cancel", "away:cancel", str(plan.id))
