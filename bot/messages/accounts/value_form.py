"""The forms about value: note what a customer got, and that they said so."""

from __future__ import annotations

from datetime import date

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.messages.kit import form_parts
from bot.messages.kit.parts import section, short

CLAIMED, CONFIRMED = "claimed", "confirmed"
WHO_SAYS = ((CLAIMED, "We do: to be confirmed"), (CONFIRMED, "They do: they said so"))
LONGEST_TEXT = 1000
LONGEST_WHO = 100


def note(account: tuple[int, str] | None, *, text: str = "", channel: str = "") -> View:
    """What a customer got; `account` is (id, name) when it is known."""
    blocks: list[Block] = [
        form_parts.account(account),
        form_parts.text(
            "text",
            "What did they get?",
            initial=text,
            placeholder="Cut onboarding from 4 weeks to 2",
            multiline=True,
            most=LONGEST_TEXT,
            focus=bool(account),
        ),
        form_parts.text("worth", "Worth, a year", placeholder="12000 EUR", optional=True, most=40),
        form_parts.radio("says", "Who says so?", WHO_SAYS, CLAIMED, optional=False),
        form_parts.text(
            "who", "Who of them", placeholder="Jane Doe, COO", optional=True, most=LONGEST_WHO
        ),
    ]
    return form_parts.form("value", "What they got", "Note it", blocks, {"channel": channel})


def confirm(entry_id: int, account: str, text: str, today: date, channel: str = "") -> View:
    """They said so: who, and when."""
    blocks: list[Block] = [
        section(f"*{short(account)}*\n> {short(text, 400)}"),
        form_parts.text(
            "who",
            "Who said so?",
            placeholder="Jane Doe, COO. Empty: they did",
            optional=True,
            most=LONGEST_WHO,
            focus=True,
        ),
        form_parts.day("on", "When", today),
    ]
    ids: dict[str, str | int] = {"entry": entry_id, "channel": channel}
    return form_parts.form("value_confirm", "They said so", "Confirm", blocks, ids)
