"""The playbook's `renewals:` when a manager gets the brief, and who fills its gaps."""

from typing import Annotated

from pydantic import AfterValidator, Field

from bot.rules.playbook_fields import Text
from bot.rules.playbook_part import Part


def _days(days: tuple[int, ...]) -> tuple[int, ...]:
    """The days, farthest first, each once."""
    if any(not 1 <= each <= 366 for each in days):
        raise ValueError("days before the renewal are numbers from 1 to 366, write [90, 60, 30].")
    return tuple(sorted(set(days), reverse=True))


class Renewals(Part):
    """Left out of a playbook, nobody gets a brief and nobody is asked for a missing decision."""

    brief: Annotated[tuple[int, ...], AfterValidator(_days)] = Field(
        (90, 60, 30), description="How many days before the renewal the manager gets the brief."
    )
    value: Text | None = Field(
        None, description="Who is asked for value that the customer confirms: a department."
    )
    alternatives: Text | None = Field(
        None, description="Who is asked what else the customer could choose: a department."
    )
