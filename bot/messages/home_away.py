"""The part of the Home about being away, and about standing in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from slack_sdk.models.blocks import Block

from bot.messages.away import Planned
from bot.messages.away_plans import home_rows
from bot.messages.parts import button, context, day, divider, person, section


def blocks(
    user_id: str,
    away: tuple[str, date] | None,
    covered: Sequence[tuple[str, date]],
    planned: Sequence[Planned],
) -> list[Block]:
    """Who stands in for the reader, or the way to have somebody; what is planned; for whom the
    reader stands in."""
    stands_in = [
        f"You stand in for {person(user)} through {day(until)}." for user, until in covered
    ]
    notes: list[Block] = home_rows(planned)
    if stands_in:
        notes.append(context(*stands_in[:10]))
    if away is None:
        ask = button("Hand all of mine to…", "form:away", user_id)
        row = section("*Going away?* Somebody stands in, until you are back.", ask)
    else:
        deputy, until = away
        text = f"*You are away* through {day(until)}. {person(deputy)} stands in."
        row = section(text, button("I am back", "home:back", user_id))
    row.block_id = "home:away"
    return [divider(), row, *notes]
