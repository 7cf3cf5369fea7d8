"""What the playbook says of pace: when an account is stuck, and who hears of it."""

from typing import Literal

from pydantic import Field

from bot.rules.playbook_part import Part

Hearer = Literal["manager", "lead", "department"]


class Pace(Part):
    """An account is behind after its stage's expected days, and stuck after some times as many."""

    stuck_after: float = Field(
        1.5, ge=1, le=10, description="Stuck after so many times the expected days."
    )
    tell_behind: tuple[Hearer, ...] = Field(
        ("manager",), description="Who hears of it: manager, lead, department; [] for nobody."
    )
    tell_stuck: tuple[Hearer, ...] = Field(
        ("manager", "lead"),
        description="The lead and the channel are those of the stage's department.",
    )
