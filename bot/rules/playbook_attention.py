"""How much attention Linchpin may ask for: of a customer, of a channel, of a person."""

from pydantic import Field

from bot.rules.phrases import Duration
from bot.rules.playbook_fields import DurationField
from bot.rules.playbook_part import Part


class Attention(Part):
    """The limits. What is over one of them waits, most consequential first, and says so."""

    customer_a_week: int = Field(
        2, ge=1, le=100, description="How often all departments together may ask for one customer."
    )
    channel_a_day: int = Field(8, ge=1, le=500, description="Nudges a department's channel a day.")
    person_a_day: int = Field(5, ge=1, le=500, description="Nudges in a person's messages a day.")
    longest_wait: DurationField = Field(
        Duration(3, "weeks"), description="Nothing is held for longer: then it goes anyway."
    )
