"""What a person's App Home shows: one statement a list, however much there is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlmodel import col

from db.core.tx import Tx, columns
from db.facts.live import is_live
from db.models import Account, Touchpoint
from db.touchpoints import scope as only


def last_ended(tx: Tx, user_id: str, since: datetime) -> Any:
    """What the person did or skipped last, since then; None if nothing."""
    rows: list[Any] = tx.rows(
        select(*columns(Touchpoint, "id title state"), col(Account.name).label("account"))
        .join(Account, col(Account.id) == col(Touchpoint.account_id))
        .where(
            col(Touchpoint.state).in_((only.DONE, only.SKIPPED)),
            col(Touchpoint.state_at) >= since,
            col(Touchpoint.by_user) == user_id,
        )
        .order_by(col(Touchpoint.state_at).desc(), col(Touchpoint.id).desc())
        .limit(1)
    )
    return rows[0] if rows else None


def list_accounts_by_stage(tx: Tx, user_id: str, most: int) -> list[Any]:
    """(name, stage, stage_entered_at, created_at, count of its stage) of the person's accounts,
    longest in their stage first, `most` of each stage."""
    stage, longest = col(Account.stage), (col(Account.stage_entered_at), col(Account.id))
    ranked = (
        select(
            col(Account.id).label("id"),
            func.count().over(partition_by=stage).label("count"),
            func.row_number().over(partition_by=stage, order_by=longest).label("rank"),
        )
        .where(_is_managed_by(tx, user_id))
        .subquery()
    )
    return tx.rows(
        select(*columns(Account, "name stage stage_entered_at created_at"), ranked.c["count"])
        .join(ranked, ranked.c["id"] == col(Account.id))
        .where(ranked.c["rank"] <= most)
        .order_by(ranked.c["rank"])
    )


def list_renewals(
    tx: Tx, user_id: str, first: date, last: date, gone: Sequence[str], limit: int
) -> list[Any]:
    """Those of the person's accounts that renew in that span, soonest first, and the total."""
    soon = (col(Account.renews_on).between(first, last), is_live(gone))
    return tx.rows(
        select(
            *columns(Account, "id name renews_on hundredths currency stage archived_at created_at"),
            func.count().over().label("total"),
        )
        .where(_is_managed_by(tx, user_id), *soon)
        .order_by(col(Account.renews_on), col(Account.name_key))
        .limit(limit)
    )


def _is_managed_by(tx: Tx, user_id: str) -> ColumnElement[bool]:
    # The workspace by name too: the hook that narrows statements need not look into subqueries.
    return and_(
        col(Account.workspace_id) == tx.workspace,
        col(Account.manager_id) == user_id,
        col(Account.archived_at).is_(None),
    )
