"""The playbook's `participation:` departments that should stay in touch with every customer."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated

from pydantic import AfterValidator, Field

from bot.rules.playbook_fields import DurationField
from bot.rules.playbook_part import Part


class Participation(Part):
    """A department that has not touched an account for so long is told of it once a week."""

    silent_after: Annotated[Mapping[str, DurationField], AfterValidator(MappingProxyType)] = Field(
        default_factory=dict, description="A department's key, and how long it may be silent."
    )
    stages: tuple[str, ...] = Field(
        (), description="Only accounts in these stages; left out, in all but the exits."
    )
