"""The last contact with customers: see bot/rules/facts/last_contact.py."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, or_, select, tuple_
from sqlmodel import col

from bot.rules.facts.last_contact import CONTACTING_KINDS, INTERNAL_GAP, LastContact, latest
from db.core.tx import Tx, chunks
from db.models import PLAY, Decision, Interaction, Touchpoint, ValueEntry

Place = tuple[str, str]  # stage, play


def last_contacts(
    tx: Tx,
    account_ids: Sequence[int],
    internal: Sequence[Place],
    day_of: Callable[[datetime], date],
) -> dict[int, LastContact]:
    """The last contact of each of the accounts that had one; `internal` are the plays that are work
    among ourselves, `day_of` gives a moment's day."""
    found: dict[int, list[LastContact]] = defaultdict(list)
    for model, at, how, conditions in _sources(internal):
        for some in chunks(account_ids):
            among = [col(model.account_id).in_(some), *conditions]
            for row in tx.rows(_newest(tx, model, at, how, among)):
                on = day_of(row.at) if isinstance(row.at, datetime) else row.at
                found[row.account_id].append(LastContact(on, row.by, row.how))
    return {key: last for key, each in found.items() if (last := latest(each)) is not None}


def last_days(
    tx: Tx,
    account_ids: Sequence[int],
    internal: Sequence[Place],
    day_of: Callable[[datetime], date],
) -> dict[int, date]:
    """The day of the last contact of each, of as many as one statement takes."""
    found: dict[int, date] = {}
    for model, at, _, conditions in _sources(internal):
        account = col(model.account_id)
        last = select(account, func.max(at)).where(account.in_(account_ids), *conditions)
        for account_id, when in tx.rows(last.group_by(account)):
            on = day_of(when) if isinstance(when, datetime) else when
            found[account_id] = max(on, found.get(account_id, on))
    return found


def _sources(internal: Sequence[Place]) -> list[tuple[Any, Any, Any, list[Any]]]:
    """(table, when, how, conditions) of all that counts as contact."""
    contacting = _is_contacting(internal)
    among_ourselves = select(col(Touchpoint.id)).where(
        col(Touchpoint.workspace_id) == col(Interaction.workspace_id),
        col(Touchpoint.id) == col(Interaction.touchpoint_id),
        ~contacting,
    )
    return [
        (
            Interaction,
            col(Interaction.happened_on),
            col(Interaction.kind),
            # A deal of a CRM says nothing of who was in touch.
            [
                col(Interaction.undone_at).is_(None),
                col(Interaction.source) != "import",
                ~among_ourselves.exists(),
            ],
        ),
        (
            Touchpoint,
            col(Touchpoint.state_at),
            col(Touchpoint.title),
            [col(Touchpoint.state) == "done", contacting],
        ),
        (Decision, col(Decision.at), literal("decision"), [col(Decision.undone_at).is_(None)]),
        (
            ValueEntry,
            col(ValueEntry.confirmed_on),
            literal("value"),
            [col(ValueEntry.confirmed_on).is_not(None), col(ValueEntry.undone_at).is_(None)],
        ),
    ]


def _is_contacting(internal: Sequence[Place]) -> ColumnElement[bool]:
    is_play: ColumnElement[bool] = col(Touchpoint.kind) == PLAY
    if internal:
        place = tuple_(col(Touchpoint.stage), col(Touchpoint.play))
        is_play = and_(is_play, place.not_in([*internal]))
    is_asked = col(Touchpoint.kind).in_(sorted(CONTACTING_KINDS))
    return or_(is_play, and_(is_asked, ~col(Touchpoint.play).startswith(INTERNAL_GAP)))


def _newest(tx: Tx, model: Any, at: Any, how: Any, conditions: list[Any]) -> Any:
    by = col(model.confirmed_by_user if model is ValueEntry else model.by_user)
    order = (at.desc(), col(model.id).desc())
    rank = func.row_number().over(partition_by=col(model.account_id), order_by=order)
    ranked = (
        select(col(model.id).label("id"), rank.label("rank"))
        .where(col(model.workspace_id) == tx.workspace, *conditions)
        .subquery()
    )
    return (
        select(col(model.account_id), at.label("at"), by.label("by"), how.label("how"))
        .join(ranked, ranked.c["id"] == col(model.id))
        .where(ranked.c["rank"] == 1)
    )
