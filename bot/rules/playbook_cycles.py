"""The playbook's `cycles:` where a customer's first cycle begins."""

from pydantic import Field

from bot.rules.playbook_fields import Key
from bot.rules.playbook_part import Part


class Cycles(Part):
    """When an account's cycles begin; they end by a decision, or where the account leaves."""

    begins: Key | None = Field(
        None,
        description="The stage that begins cycle 1; left out: onboarding, else the second stage.",
    )
