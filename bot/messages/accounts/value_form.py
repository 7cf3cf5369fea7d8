"""The forms about value: note what a customer got, and that they said so."""

from datetime import date

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.messages.kit import form_parts
from bot.messages.kit.blocks import section
from bot.messages.kit.text import short

CLAIMED, CONFIRMED = "claimed", "confirmed"
CONFIRMATION_CHOICES = ((CLAIMED, "Our estimate"), (CONFIRMED, "Confirmed by the customer"))
MAX_TEXT_LENGTH = 1000


def value_form(account: tuple[int, str] | None, *, text: str = "", channel: str = "") -> View:
    """What a customer got; `account` is (id, name) when it is known."""
    blocks: list[Block] = [
        form_parts.account_input(account),
        form_parts.text_input(
            "text",
            "What did they get?",
            initial=text,
            placeholder="Cut onboarding from 4 weeks to 2",
            multiline=True,
            most=MAX_TEXT_LENGTH,
            focus=bool(account),
        ),
        form_parts.text_input(
            "worth", "Amount a year", placeholder="EUR 12,000", optional=True, most=40
        ),
        form_parts.radio_input("says", "Status", CONFIRMATION_CHOICES, CLAIMED, optional=False),
        form_parts.contact_input(account[0] if account else None),
    ]
    return form_parts.form("value", "Record customer value", "Record", blocks, {"channel": channel})


def worth_form(entry_id: int, account: str, text: str, channel: str = "") -> View:
    """What an entry is worth a year."""
    blocks: list[Block] = [
        section(f"*{short(account)}*\n> {short(text, 400)}"),
        form_parts.text_input(
            "worth", "Amount a year", placeholder="EUR 12,000", most=40, focus=True
        ),
    ]
    ids = {"entry": entry_id, "channel": channel}
    return form_parts.form("value_worth", "Set the amount", "Save", blocks, ids)


def confirmation_form(
    entry_id: int, account: tuple[int, str], text: str, today: date, channel: str = ""
) -> View:
    """They said so: who, and when; `account` is (id, name)."""
    blocks: list[Block] = [
        section(f"*{short(account[1])}*\n> {short(text, 400)}"),
        form_parts.contact_input(account[0], "Confirmed by"),
        form_parts.date_input("on", "When", today),
    ]
    ids = {"entry": entry_id, "channel": channel}
    return form_parts.form("value_confirm", "Confirm value", "Confirm", blocks, ids)
