"""What a person can do with a touchpoint: buttons, menus, reactions, legends and help follow
this. A thumbs-up is left out: some teams mean "seen" by it and some "done"."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

Verb = Literal["done", "claim", "release", "keep", "snooze", "skip", "nothing-new", "undo"]
Meaning = Literal["done", "claim", "snooze", "skip"]

#: No verb: it asks what the customer decided, and does nothing to the touchpoint.
DECIDE: Final = "decide"
#: No verb either: it opens the form for what a touchpoint that is done brought back.
WRITE: Final = "write"
#: Nor is this one: it shows all that a touchpoint asks for.
DETAILS: Final = "details"


@dataclass(frozen=True)
class Entry:
    """One verb: `label` is its button's text, `past` what the person who did it is told."""

    label: str
    past: str = ""
    form: Literal["before", "after"] | None = None  # when a form asks for more
    sign: str = ""  # the emoji in legends
    legend: str = ""
    reactions: str = ""  # Slack's names for those that mean it, the one of `sign` first


VERBS: Final[Mapping[str, Entry]] = {
    "done": Entry(
        "Done",
        "✓ Done",
        form="after",
        sign="✅",
        legend="done",
        reactions="white_check_mark heavy_check_mark ballot_box_with_check white_tick check",
    ),
    "claim": Entry(
        "I'll take it",
        "👀 You have it",
        sign="👀",
        legend="I'll take it",
        reactions="eyes eye raised_hand hand raising_hand",
    ),
    "release": Entry("Release", "Released"),
    "keep": Entry("Still on it", "👀 You still have it"),
    "snooze": Entry(
        "Snooze…",
        "💤 Snoozed until tomorrow",
        form="before",
        sign="💤",
        legend="tomorrow",
        reactions="zzz sleeping alarm_clock sleeping_symbol",
    ),
    "skip": Entry(
        "Skip…",
        "⏭️ Skipped",
        form="before",
        sign="⏭️",
        legend="skip",
        reactions="black_right_pointing_double_triangle_with_vertical_bar next_track_button "
        "fast_forward track_next",
    ),
    "nothing-new": Entry("Nothing new", "Asked: nothing new"),
    "undo": Entry("Undo", "Undone"),
    WRITE: Entry("Add their answer…", form="before"),
    DETAILS: Entry("Details", form="before"),
    DECIDE: Entry("Record the decision…", form="before"),
}

#: The four that are printed under every nudge, in that order.
MEANINGS: Final[tuple[Meaning, ...]] = ("done", "claim", "snooze", "skip")
_BY_REACTION: Final[Mapping[str, Meaning]] = {
    name: meaning for meaning in MEANINGS for name in VERBS[meaning].reactions.split()
}


#: Slack's names of the reactions that mean a line of a list.
NUMBERS: Final = (
    *("one", "two", "three", "four", "five"),
    *("six", "seven", "eight", "nine", "keycap_ten"),
)


def bare_name(reaction_name: str) -> str:
    """Slack's name without colons and skin tone."""
    return reaction_name.strip().strip(":").partition("::")[0]


def meaning(reaction_name: str) -> Meaning | None:
    """What a reaction (by Slack's name, with or without skin tone) asks for, if anything."""
    return _BY_REACTION.get(bare_name(reaction_name).casefold())


def legend(meanings: Iterable[Meaning] = MEANINGS, **otherwise: str) -> str:
    """ "✅ done · 👀 I'll take it"; `otherwise` says by meaning what is called differently here."""
    return " · ".join(f"{VERBS[m].sign} {otherwise.get(m, VERBS[m].legend)}" for m in meanings)


def claim_or_release(state: str) -> Verb:
    """The verb that changes who has a touchpoint: release a claimed one, else claim it."""
    return "release" if state == "claimed" else "claim"
