"""What a reaction on a nudge means.

A thumbs-up is left out on purpose: some teams mean «seen» by it and some «done»,
and a touchpoint must not be closed by a guess.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

Meaning = Literal["done", "claim", "snooze", "skip"]

#: The four that are printed under every nudge, in that order: meaning -> Slack's name.
SHOWN: Final[Mapping[Meaning, str]] = MappingProxyType(
    {
        "done": "white_check_mark",
        "claim": "eyes",
        "snooze": "zzz",
        "skip": "black_right_pointing_double_triangle_with_vertical_bar",
    }
)

#: The same four as characters, for documents and plain text.
SYMBOLS: Final[Mapping[Meaning, str]] = MappingProxyType(
    {"done": "✅", "claim": "👀", "snooze": "💤", "skip": "⏭️"}
)

_ALIASES: Final[Mapping[Meaning, tuple[str, ...]]] = MappingProxyType(
    {
        "done": ("heavy_check_mark", "ballot_box_with_check", "white_tick", "check"),
        "claim": ("eye", "raised_hand", "hand", "raising_hand"),
        "snooze": ("sleeping", "alarm_clock", "sleeping_symbol"),
        "skip": ("next_track_button", "fast_forward", "track_next"),
    }
)

_BY_NAME: Final[Mapping[str, Meaning]] = MappingProxyType(
    {name: meaning for meaning, name in SHOWN.items()}
    | {alias: meaning for meaning, aliases in _ALIASES.items() for alias in aliases}
)


def meaning(reaction_name: str) -> Meaning | None:
    """What a reaction (by Slack's name, with or without skin tone) asks for, if anything."""
    bare = reaction_name.strip().strip(":").partition("::")[0]
    return _BY_NAME.get(bare.casefold())
