"""What departments did for accounts: touchpoints done, and what their people noted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select

from db.core.tx import Tx
from db.models import AdvocacyEntry, Interaction, Member, ValueEntry


def count_contributions(tx: Tx, since: datetime, until: datetime) -> list[Any]:
    """(user, count) of value and advocacy entries in a span of time."""
    found: list[Any] = []
    for model, at in NOTED_MODELS[1:]:
        found += tx.rows(
            select(col(model.by_user), func.count())
            .where(at >= since, at < until, col(model.undone_at).is_(None))
            .where(col(model.by_user).is_not(None))
            .group_by(col(model.by_user))
        )
    return found


def members_without_thanks(tx: Tx) -> set[str]:
    """Who does not want to be thanked by name."""
    return set(tx.all(select(col(Member.user_id)).where(col(Member.thanks_off).is_(True))))


def _noted(model: Any, *selected: Any) -> Any:
    """Columns of what people who are in a department noted and did not take back."""
    return (
        select(*selected)
        .join(Member, is_author(model))
        .where(
            col(model.undone_at).is_(None),
            col(Member.department).is_not(None),
            col(model.source) != "import",
        )
    )


def is_author(model: Any) -> Any:
    """The condition under which a person is who made a row."""
    return (col(Member.user_id) == col(model.by_user)) & (
        col(Member.workspace_id) == col(model.workspace_id)
    )


NOTED_MODELS: tuple[tuple[Any, Any], ...] = (
    (Interaction, col(Interaction.created_at)),
    (ValueEntry, col(ValueEntry.created_at)),
    (AdvocacyEntry, col(AdvocacyEntry.at)),
)
