"""What people of ours did for an account: see bot/rules/facts/took_part.py."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy import null, select
from sqlmodel import col

from bot.rules.facts.took_part import Touch
from db.core.tx import Tx
from db.models import Interaction, Member, Touchpoint


def list_touches(
    tx: Tx, account_id: int, since: datetime, until: datetime, day_of: Callable[[datetime], date]
) -> list[Touch]:
    """The touchpoints that people did and the interactions that they logged in a span of time; what
    came of a touchpoint counts as the touchpoint. `day_of` gives a moment's day."""
    done = _by_people(Touchpoint, col(Touchpoint.owner), col(Touchpoint.state_at)).where(
        col(Touchpoint.account_id) == account_id,
        col(Touchpoint.state) == "done",
        col(Touchpoint.state_at).between(since, until),
    )
    logged = _by_people(Interaction, null(), col(Interaction.happened_on)).where(
        col(Interaction.account_id) == account_id,
        col(Interaction.touchpoint_id).is_(None),
        col(Interaction.undone_at).is_(None),
        col(Interaction.created_at).between(since, until),
    )
    rows = [*tx.rows(done), *tx.rows(logged)]
    return [Touch(owner, by, department, _day(at, day_of)) for owner, by, department, at in rows]


def _day(at: date, day_of: Callable[[datetime], date]) -> date:
    return day_of(at) if isinstance(at, datetime) else at


def _by_people(model: Any, owner: Any, at: Any) -> Any:
    author = (col(Member.user_id) == col(model.by_user)) & (
        col(Member.workspace_id) == col(model.workspace_id)
    )
    return (
        select(owner.label("owner"), col(model.by_user), col(Member.department), at)
        .select_from(model)
        .outerjoin(Member, author)
        .where(col(model.by_user).is_not(None), col(model.source) != "import")
    )
