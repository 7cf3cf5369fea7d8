"""Queries for the people of a workspace, as Slack last reported them."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import bindparam, func, or_
from sqlmodel import col, select

from bot.rules.slack_facts import PersonFacts
from db.core.tx import Tx
from db.models import Member

# Made once: they are asked again and again.
_OF_USER = select(Member).where(col(Member.user_id) == bindparam("user"))
_COLLEAGUES = select(Member).where(col(Member.is_bot).is_(False), col(Member.is_deleted).is_(False))
_CALLED = _COLLEAGUES.where(
    or_(
        func.lower(Member.handle) == bindparam("wanted"),
        func.lower(Member.email) == bindparam("wanted"),
    )
)


def save(tx: Tx, facts: PersonFacts, now: datetime) -> Member:
    """Saves what Slack reports of a person; what they chose (digest, department) stays."""
    known = by_user_id(tx, facts.user_id) or _add_member(tx, facts, now)
    _update_member(known, facts, now)
    return known


def save_all(tx: Tx, everyone: Iterable[PersonFacts], now: datetime) -> int:
    """Saves what Slack reports of many people, with one query for those known; returns how many."""
    known = {person.user_id: person for person in tx.all(select(Member))}
    count = 0
    for facts in everyone:
        count += 1
        if facts.user_id in known:
            _update_member(known[facts.user_id], facts, now)
        else:
            known[facts.user_id] = _add_member(tx, facts, now)
    return count


def by_user_id(tx: Tx, user_id: str) -> Member | None:
    """The person of that Slack id."""
    return tx.cached(Member, _read_by_user_id, user_id)


def _read_by_user_id(tx: Tx, user_id: str) -> Member | None:
    return next(iter(tx.all(_OF_USER, user=user_id)), None)


def by_name(tx: Tx, words: str) -> Member | None:
    """The one person with this handle, e-mail address or name; None if there are several."""
    wanted = words.strip().removeprefix("@").casefold()
    people = tx.all(_CALLED, wanted=wanted) or [
        person
        for person in tx.all(_COLLEAGUES)
        # Not in SQL: SQLite's lower() knows only ASCII.
        if wanted in (person.name.casefold(), person.real_name.casefold())
    ]
    return people[0] if len(people) == 1 else None


def list_admins(tx: Tx) -> list[Member]:
    """Slack's own admins and owners of the workspace, without those of other companies."""
    own = (col(Member.team_id) == tx.workspace, col(Member.is_guest).is_(False))
    return tx.all(_COLLEAGUES.where(col(Member.is_admin), *own).order_by(col(Member.id)))


def list_members(tx: Tx) -> list[Member]:
    """Everybody who is no bot and not deactivated."""
    return tx.all(_COLLEAGUES.order_by(col(Member.id)))


def chosen_departments(tx: Tx) -> set[str]:
    """The keys of the departments that somebody has chosen as theirs."""
    return {person.department for person in list_members(tx) if person.department}


def name(tx: Tx, user_id: str) -> str:
    """What to call a person in plain text: their full name; the bare id if they are unknown."""
    person = by_user_id(tx, user_id)
    return user_id if person is None else person.real_name or person.name or user_id


def _has_left(who: Member | PersonFacts) -> bool:
    """Whether somebody is deactivated or a guest, and so may not answer."""
    return who.is_deleted or who.is_guest


def _add_member(tx: Tx, facts: PersonFacts, now: datetime) -> Member:
    person = Member(user_id=facts.user_id, team_id=facts.team_id, name="", fetched_at=now)
    _update_member(person, facts, now)
    person.leaving_since = None  # somebody unknown has no work to give away
    added = tx.add_once(person) or by_user_id(tx, facts.user_id)
    assert added is not None
    return added


def _update_member(person: Member, facts: PersonFacts, now: datetime) -> None:
    was_here, is_here = not _has_left(person), not _has_left(facts)
    if was_here and not is_here:
        person.leaving_since = now
    elif is_here:
        person.leaving_since = None
    person.sqlmodel_update(asdict(facts), update={"fetched_at": now})


def members_without_thanks(tx: Tx) -> set[str]:
    """Who does not want to be thanked by name."""
    return set(tx.all(select(col(Member.user_id)).where(col(Member.thanks_off).is_(True))))
