"""The playbook's `advocacy:` what customers may do for us, and how often they are asked."""

from pydantic import Field

from bot.rules.phrases import Duration
from bot.rules.playbook_fields import DurationField, Text
from bot.rules.playbook_part import Part


class Advocacy(Part):
    """The ladder of favours, the smallest first, and the rest between asks."""

    acts: tuple[Text, ...] = Field(
        ("quote", "review", "reference call", "case study", "referral", "talk"),
        min_length=1,
        max_length=20,
        description="What an advocate may do, the smallest favour first.",
    )
    asks_a_quarter: int = Field(
        2, ge=1, le=20, description="After so many asks in 90 days a customer rests."
    )
    rest_after_complaint: DurationField = Field(
        Duration(30, "days"), description="No ask for so long after a complaint that is open."
    )
