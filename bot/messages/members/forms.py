"""The forms for being away, and for giving away what a leaver had."""

from datetime import date

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.messages.kit import form_parts
from bot.messages.kit.blocks import section
from bot.messages.kit.text import plain
from bot.rules.text.words import plural


def away(
    cover: str | None,
    since: date,
    until: date | None,
    channel: str,
    of: tuple[str, str] | None = None,
) -> View:
    """The form to set a cover; `of` is the id and name of somebody else who is away."""
    user, name = of or ("", "")
    whose = "Your cover gets your" if not user else f"The cover of *{plain(name)}* gets their"
    gone = "you are" if not user else "they are"
    blocks: list[Block] = [
        section(f"{whose} nudges, escalations and digest while {gone} away."),
        form_parts.member_input("cover", "Cover", cover, optional=False),
        form_parts.date_input("since", "First day away", since),
        form_parts.date_input(
            "until", "Last day away", until, hint="It ends on the next working day after it."
        ),
    ]
    return form_parts.form(
        "away", "Set a cover", "Set cover", blocks, {"channel": channel, "of": user}
    )


def transfer_form(departure_id: int, name: str, accounts: int) -> View:
    blocks: list[Block] = [
        section(f"{plural(accounts, 'account')} of *{plain(name)}*: who manages them from now on?"),
        form_parts.member_input("manager", "Manager", optional=False),
    ]
    return form_parts.form(
        "give", "Reassign all accounts", "Give", blocks, {"departure": departure_id}
    )
