"""The forms for being away, and for giving away what a leaver had."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.messages.forms import parts
from bot.messages.parts import context, plain, section
from bot.rules.words import plural

#: So many absences ahead are told in the form; `/linchpin away list` has them all.
MOST_PLANNED = 3


def away(
    deputy: str | None,
    since: date | None,
    until: date | None,
    planned: Sequence[str],
    channel: str,
) -> View:
    """`planned` are the absences that are still to begin, as markup."""
    blocks: list[Block] = [
        section("Whoever stands in gets your nudges, escalations and digest, and hears of it."),
        parts.colleague("deputy", "Who stands in", deputy, optional=False),
        parts.day("since", "From", since, optional=True, hint="Left empty, it begins now."),
        parts.day("until", "Through", until),
        context("It ends by itself on your first working day after that."),
    ]
    if planned:
        blocks.append(context("Planned already: " + " ".join(planned[:MOST_PLANNED])))
    return parts.form("away", "Going away", "Hand over", blocks, {"channel": channel})


def give(departure_id: int, name: str, accounts: int) -> View:
    blocks: list[Block] = [
        section(f"{plural(accounts, 'account')} of *{plain(name)}*: who manages them from now on?"),
        parts.colleague("manager", "Manager", optional=False),
    ]
    return parts.form("give", "Give all to somebody", "Give", blocks, {"departure": departure_id})
