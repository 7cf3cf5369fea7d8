"""Why something is held, in the words of every list: "held until …: Acme has been asked twice"."""

from __future__ import annotations

from datetime import datetime

from bot.messages.kit.text import short, when
from bot.rules.playbook.sections import Attention
from bot.rules.text.words import plural

_MAX_NAME_LENGTH = 80


def postponed_line(why: str, until: datetime) -> str:
    """Until when, and why."""
    return f"postponed until {when(until)}: {why}"


def postponed_reason(postponed_because: str, account: str, owner: str, limits: Attention) -> str:
    """`postponed_because` is a touchpoint's, `owner` is shown as it is."""
    if postponed_because == "channel":
        return f"{owner} has reached its limit of {limits.channel_a_day} a day"
    if postponed_because == "person":
        return f"{owner} has reached the limit of {limits.person_a_day} a day"
    if postponed_because == "answered":
        return "asked less than 30 days ago: nothing new"
    if postponed_because == "value":
        return f"{short(account, _MAX_NAME_LENGTH)} confirmed no value this term or last"
    if postponed_because == "rest":
        return f"{short(account, _MAX_NAME_LENGTH)} may not be asked for favours now"
    made = int(postponed_because.partition(":")[2] or limits.customer_a_week)
    if made >= limits.customer_a_week:
        return asked_text(account, made)
    other = "other " if made else ""
    asks = plural(limits.customer_a_week - made, f"{other}ask is", f"{other}asks are")
    shown = f"{asks} shown and not answered yet"
    return f"{asked_text(account, made)}, and {shown}" if made else shown


def asked_text(account: str, made: int) -> str:
    """What happened or is claimed; asks that are only shown are not in it."""
    return f"{short(account, _MAX_NAME_LENGTH)} has been asked {_times(made)} this week"


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")
