"""The playbook's `handoffs:` an account that goes from one department to another is accepted."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pydantic import Field

from bot.rules.phrases import Duration
from bot.rules.playbook_fields import DurationField
from bot.rules.playbook_part import Part

if TYPE_CHECKING:
    from bot.rules.playbook_models import Play


class Handoffs(Part):
    """Left out of a playbook, a move between departments is no more than a move."""

    accept_within: DurationField = Field(
        Duration(2, "business days"),
        description="A handoff that nobody has accepted by then goes to the department's lead.",
    )


def mostly_owned_by(plays: tuple[Play, ...], manager: str) -> str | None:
    """The department that owns the most of a stage's plays; None when two own as many.

    What is the manager's goes along with the account and says nothing about departments.
    """
    counted = Counter(play.owner for play in plays if play.owner != manager).most_common(2)
    if not counted or (len(counted) == 2 and counted[0][1] == counted[1][1]):
        return None
    return counted[0][0]
