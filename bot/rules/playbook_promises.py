"""The playbook's `promises:` how early what was promised is asked for, and of whom."""

from pydantic import Field

from bot.rules.phrases import Duration
from bot.rules.playbook_fields import DurationField, Text
from bot.rules.playbook_part import Part


class Promises(Part):
    """What promises to a customer have to know."""

    notice: DurationField = Field(
        Duration(5, "business days"),
        description="How long before its date the owner of a promise is nudged.",
    )
    owner: Text = Field(
        "manager", description="Who keeps a promise that names nobody: a department, or manager."
    )
