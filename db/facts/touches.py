"""What people of ours did for an account: see bot/rules/facts/took_part.py."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, func, null, select
from sqlmodel import col

from bot.rules.facts.took_part import Touch
from bot.rules.playbook.playbook import MANAGER
from db.core.tx import Tx
from db.models import Interaction, Member, Touchpoint


def list_touches(
    tx: Tx,
    account_id: int,
    since: datetime,
    until: datetime,
    day_of: Callable[[datetime], date],
    leads: Mapping[str, str],
) -> list[Touch]:
    """The touchpoints that people did and the interactions that they logged in a span of time; what
    came of a touchpoint counts as the touchpoint. `day_of` gives a moment's day, `leads` the
    department of each person who leads one."""
    done = _by_people(Touchpoint, col(Touchpoint.owner), col(Touchpoint.state_at), leads).where(
        col(Touchpoint.account_id) == account_id,
        col(Touchpoint.state) == "done",
        col(Touchpoint.state_at) > since,
        col(Touchpoint.state_at) <= until,
    )
    logged = _by_people(Interaction, null(), col(Interaction.happened_on), leads).where(
        col(Interaction.account_id) == account_id,
        col(Interaction.touchpoint_id).is_(None),
        col(Interaction.undone_at).is_(None),
        col(Interaction.created_at) > since,
        col(Interaction.created_at) <= until,
    )
    rows = [*tx.rows(done), *tx.rows(logged)]
    return [Touch(owner, by, department, _day(at, day_of)) for owner, by, department, at in rows]


def list_last(
    tx: Tx, account_ids: Sequence[int], day_of: Callable[[datetime], date], leads: Mapping[str, str]
) -> list[tuple[int, str, date]]:
    """(account, department, day) of the last touches of each department that took part."""
    doer = case(
        (col(Touchpoint.owner) == MANAGER, _department(Touchpoint, leads)),
        else_=col(Touchpoint.owner),
    )
    done = _last(Touchpoint, doer, col(Touchpoint.state_at), account_ids).where(
        col(Touchpoint.state) == "done"
    )
    theirs = _department(Interaction, leads)
    logged = _last(Interaction, theirs, col(Interaction.happened_on), account_ids)
    logged = logged.where(
        col(Interaction.touchpoint_id).is_(None), col(Interaction.undone_at).is_(None)
    )
    rows = [*tx.rows(done), *tx.rows(logged)]
    return [(account_id, key, _day(at, day_of)) for account_id, key, at in rows if key]


def _last(model: Any, department: Any, at: Any, account_ids: Sequence[int]) -> Any:
    account = col(model.account_id)
    latest = select(account, department, func.max(at)).select_from(model)
    return (
        latest.outerjoin(Member, _is_author(model))
        .where(account.in_(account_ids), col(model.source) != "import")
        .group_by(account, department)
    )


def _day(at: date, day_of: Callable[[datetime], date]) -> date:
    return day_of(at) if isinstance(at, datetime) else at


def _is_author(model: Any) -> Any:
    return (col(Member.user_id) == col(model.by_user)) & (
        col(Member.workspace_id) == col(model.workspace_id)
    )


def _department(model: Any, leads: Mapping[str, str]) -> Any:
    """The department of who did it: the one they chose, else the one they lead."""
    chosen = col(Member.department)
    return func.coalesce(chosen, case({**leads}, value=col(model.by_user))) if leads else chosen


def _by_people(model: Any, owner: Any, at: Any, leads: Mapping[str, str]) -> Any:
    return (
        select(owner.label("owner"), col(model.by_user), _department(model, leads), at)
        .select_from(model)
        .outerjoin(Member, _is_author(model))
        .where(col(model.by_user).is_not(None), col(model.source) != "import")
    )
