"""What a customer can decide, and where each decision leads: a stage's `outcomes:`.

`decisions:` at the top of a playbook says the same for every stage that does not say it itself.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Final

from pydantic import AfterValidator, Field, WithJsonSchema

from bot.rules.playbook_fields import Key, Text
from bot.rules.playbook_part import Part

RENEWED: Final = "renewed"
CHOSE_US: Final = "chose us"
CHOSE_OTHER: Final = "chose other"
NONE: Final = "none"
#: In the order in which they are offered.
OUTCOMES: Final = (RENEWED, "expanded", "reduced", "adopted", CHOSE_US, CHOSE_OTHER, NONE)


class Outcome(Part):
    """One way a stage's decision can go."""

    to: Key | None = Field(None, description="The stage it leads to; left out: it stays.")
    means: Text | None = Field(None, description="What it means here, in a few words.")
    renews: bool | None = Field(
        None, description="true: it begins the next cycle. Left out: only «renewed» does."
    )


_Name = Annotated[str, WithJsonSchema({"type": "string", "enum": list(OUTCOMES)})]
Outcomes = Annotated[Mapping[_Name, Outcome], AfterValidator(MappingProxyType)]


def no_outcomes() -> Mapping[str, Outcome]:
    """A stage that names no outcomes: what is usual holds."""
    return MappingProxyType({})
