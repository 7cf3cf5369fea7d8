"""The form that records a customer's decision."""

from collections.abc import Sequence
from datetime import date

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.messages.kit import form_parts
from bot.messages.kit.blocks import context, section

MAX_REASON_LENGTH = 800
MAX_ALTERNATIVE_LENGTH = 100


def decision_form(
    account: tuple[int, str] | None,
    choices: Sequence[tuple[str, str]],
    *,
    told: Sequence[str] = (),
    seen: int | None = None,
    renews_on: date | None = None,
    channel: str = "",
    outcome: str | None = None,
) -> View:
    """`choices` are (outcome, label); `told` says what is known, `renews_on` is the date that a
    renewal would set, `seen` the account's stage entry, `outcome` the one that is picked."""
    blocks: list[Block] = [section("\n".join(told))] if told else []
    blocks += [
        form_parts.account_input(account),
        form_parts.radio_input("outcome", "How did they decide?", choices, outcome, optional=False),
        form_parts.text_input(
            "reason",
            "Reason",
            placeholder="Two days a month saved; their words are best",
            optional=True,
            multiline=True,
            most=MAX_REASON_LENGTH,
        ),
        form_parts.text_input(
            "alternative",
            "Alternative",
            placeholder="Initech, or doing nothing",
            optional=True,
            most=MAX_ALTERNATIVE_LENGTH,
        ),
        form_parts.contact_input(account[0] if account else None, "Contact"),
        form_parts.date_input("renews", "Next renewal, if they renewed", renews_on, optional=True),
        context("A reason is required if the account leaves."),
    ]
    ids = form_parts.account_ids(account, seen, channel)
    return form_parts.form("decision", "Record the decision", "Record", blocks, ids)


def renewal_date_form(account: tuple[int, str], seen: int, channel: str) -> View:
    """The new date of a renewal that passed without a decision."""
    blocks: list[Block] = [
        form_parts.account_input(account),
        form_parts.date_input("renews", "They decide by"),
    ]
    ids = form_parts.account_ids(account, seen, channel)
    return form_parts.form("renewal-date", "New renewal date", "Save", blocks, ids)
