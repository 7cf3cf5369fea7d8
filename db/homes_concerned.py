"""Whose App Homes show what somebody else has just changed.

They are built anew a little later, and seldom: one who works through a list changes the Homes of
a whole department with each click, and only who looked at theirs today may still have it open.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, or_, select
from sqlmodel import col

from db.models import Account, Home, Person, Touchpoint
from db.prepared import prepared
from db.tx import Tx

OPENED_WITHIN = timedelta(hours=12)
AFTER = timedelta(seconds=15)
BETWEEN = timedelta(seconds=60)


def mark(tx: Tx, subject: str, by: str | None, now: datetime, *also: str | None) -> None:
    """Marks the Homes that show the account or touchpoint `subject` ("touchpoint:7").

    That of `by` is not among them: it is marked at once by itself. `also` are people who no longer
    have to do with it, but had.
    """
    watched = _watched(tx, by, now)
    account = _account_of(tx, subject) if watched else None
    if account is None:
        return
    concerned = _concerned(tx, account, list(watched)) | (set(watched) & {*also})
    for home in (watched[user] for user in concerned):
        at = max(now + AFTER, (home.built_at or now) + BETWEEN)
        if home.later_at is None:
            tx.update(Home, col(Home.id) == home.id, later_at=at)


def _watched(tx: Tx, by: str | None, now: datetime) -> dict[str, Home]:
    opened: list[Home] = tx.kept(Home, _opened, now)
    return {home.user_id: home for home in opened if home.user_id != by}


def _opened(tx: Tx, now: datetime) -> list[Home]:
    return tx.all(_opened_since(now - OPENED_WITHIN))


@prepared
def _opened_since(since: datetime) -> Select[Any]:
    return select(Home).where(col(Home.opened_at) > since)


def _account_of(tx: Tx, subject: str) -> Account | None:
    kind, _, number = subject.partition(":")
    if kind == "touchpoint":
        found = tx.get(Touchpoint, int(number))
        return tx.get(Account, found.account_id) if found else None
    return tx.get(Account, int(number)) if kind == "account" else None


def _concerned(tx: Tx, account: Account, users: list[str]) -> set[str]:
    """Its manager, those who have one of its touchpoints, and whose departments own some."""
    theirs: Any = select(
        col(Touchpoint.owner), col(Touchpoint.by_user), col(Touchpoint.person_id)
    ).where(col(Touchpoint.account_id) == account.id)
    rows = tx.rows(theirs.distinct())
    owners, holders = {row.owner for row in rows}, {row.by_user for row in rows}
    holders |= {row.person_id for row in rows}
    people = tx.all(
        select(col(Person.user_id)).where(
            col(Person.user_id).in_(users),
            or_(
                col(Person.department).in_(owners),
                col(Person.user_id).in_({*filter(None, holders), account.manager_id or ""}),
            ),
        )
    )
    return set(people)
