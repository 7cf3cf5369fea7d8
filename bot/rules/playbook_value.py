"""The playbook's `value:` who is asked when a cycle gives no more than the last, and in what."""

from pydantic import Field

from bot.rules.playbook_fields import Currency, Text
from bot.rules.playbook_part import Part


class Value(Part):
    """What the value ledger has to know."""

    ask: Text = Field(
        "manager",
        description="Who is asked when a cycle has not grown: a department's key, or manager.",
    )
    currency: Currency | None = Field(
        None, description="What an amount without a currency is in: EUR."
    )
