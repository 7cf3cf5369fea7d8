"""The forms for being away, and for giving away what a leaver had."""

from __future__ import annotations

from datetime import date

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.messages.forms import parts
from bot.messages.parts import context, plain, section
from bot.rules.words import plural


def away(deputy: str | None, until: date | None, channel: str) -> View:
    blocks: list[Block] = [
        section("Whoever stands in gets your nudges, escalations and digest, and hears of it."),
        parts.colleague("deputy", "Who stands in", deputy),
        parts.day("until", "Through", until),
        context("It ends by itself on your first working day after that."),
    ]
    return parts.form("away", "Hand all of yours", "Hand over", blocks, {"channel": channel})


def give(departure_id: int, name: str, accounts: int) -> View:
    blocks: list[Block] = [
        section(f"{plural(accounts, 'account')} of *{plain(name)}*: who manages them from now on?"),
        parts.colleague("manager", "Manager"),
    ]
    return parts.form("give", "Give all to somebody", "Give", blocks, {"departure": departure_id})
