"""The slash commands and shortcuts the page offers, as the app's manifest would list them."""

from __future__ import annotations

from typing import NamedTuple


class Command(NamedTuple):
    """`name` with its slash, `hint` the usage hint, `description` one short sentence."""

    name: str
    hint: str
    description: str


COMMANDS = (
    Command("/stage", "[account] [stage | next] [because …]", "Where an account stands; move it"),
    Command("/log", "account [call|email|meeting|…] what happened", "Note an interaction"),
    Command("/account", "[add] account [manager|renews|…]", "An account: see, add, change"),
    Command("/value", "account [what they got] [worth …] [they said so]", "What a customer got"),
    Command("/decision", "account [renewed | chose us | …] [because …]", "What they decided"),
    Command("/next", "[account | mine | department]", "What comes next, and whose it is"),
    Command("/promise", "account what by date [owner …]", "What was promised, and who keeps it"),
    Command("/advocacy", "account asked|agreed|did …, or who …", "Favours, whom to ask, who rests"),
    Command("/linchpin", "help | status | digest | settings | setup", "Help, the digest, how I am"),
)


class Shortcut(NamedTuple):
    """`kind` is "message" (in a message's menu) or "global" (beside the composer)."""

    callback_id: str
    kind: str
    name: str


SHORTCUTS = (
    Shortcut("log_message", "message", "Log to an account"),
    Shortcut("value_message", "message", "Note what they got"),
    Shortcut("log_interaction", "global", "Log an interaction"),
    Shortcut("account_lookup", "global", "Where does it stand?"),
)
