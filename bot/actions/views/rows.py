"""The rows behind a number of a digest or of Home, found by the query that counted them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.actions.digests.company import list_advocates
from bot.actions.digests.personal import list_untaken
from bot.actions.digests.portfolio import MOST, gather_portfolio
from bot.actions.digests.scopes import DigestScope, department_scope, of_days
from bot.actions.facts.renewal_dates import list_unknown_dates
from bot.actions.touchpoints.rows import rows_of
from bot.actions.views.leader import team_of
from bot.actions.work import Work
from bot.messages.digests.portfolio import AccountRow
from bot.messages.digests.rows import PAGE_SIZE, TITLES, rows_page
from bot.messages.kit.message import Message
from bot.messages.kit.text import day, short
from bot.rules.digests import reader_zone
from bot.rules.errors import UserError
from db.digests import digests, readers
from db.members import members
from db.touchpoints import standing
from db.touchpoints.scope import Scope, is_in_scope

MAX_TEXT = 120
Rows = tuple[Sequence[Any], Callable[[Any], str]]  # all rows, and how one is told


def open_rows(work: Work, carried: str) -> Message:
    """The page of rows that a click asks for."""
    kind, page, whose, since, until = carried.split("|")
    if kind not in TITLES:
        raise UserError("This menu is of an older version. The newest message has the right one.")
    within = _within(work, whose, *(datetime.fromtimestamp(int(at), UTC) for at in (since, until)))
    condition = _condition(within, kind)
    rows, tell = _READ[kind](within) if condition is None else _touchpoints(within, condition)
    first = (int(page) - 1) * PAGE_SIZE
    shown = [f"• {tell(row)}" for row in rows[first : first + PAGE_SIZE]]
    return rows_page(TITLES[kind], shown, len(rows), kind, int(page), f"{whose}|{since}|{until}")


def _within(work: Work, whose: str, since: datetime, until: datetime) -> DigestScope:
    kind, _, name = whose.partition(":")
    scope, zone = Scope(), ZoneInfo(work.playbook.company.timezone)
    if kind == "department":
        if name not in work.playbook.departments:
            raise UserError("The playbook no longer has that department.")
        scope, zone = department_scope(work.playbook, name), work.playbook.calendar(name).zone
    elif kind in ("manager", "team"):
        person = members.by_user_id(work.tx, name)
        zone = reader_zone(person.tz if person else "", work.playbook)
        scope = Scope(manager=name)
        if person and kind == "team" and (team := team_of(work, person)) is not None:
            scope = Scope(team=team.users)
    return of_days(work, scope, zone, since, until)


def _condition(within: DigestScope, kind: str) -> Any:
    """The condition of a number that counts touchpoints, as they stand today; None for another."""
    now, week = within.work.now, within.span.now
    if kind in standing.KINDS:
        return standing.KINDS[kind](now)
    return {
        "week": standing.is_any((*standing.THIS_WEEK, "postponed"), now),
        "carried": standing.is_carried_over(now, week),
        "put off": standing.was_postponed(now, week),
    }.get(kind)


def _touchpoints(within: DigestScope, condition: Any) -> Rows:
    order = standing.soonest(within.work.now)
    where = (is_in_scope(within.scope), condition)
    pairs = standing.list_pairs(within.tx, order, MOST, *where)
    return pairs, lambda pair: rows_of(within.work, [pair], "")[0].line(" · ")


def _no_date(within: DigestScope) -> Rows:
    rows = list_unknown_dates(within.work, MOST, within.accounts)
    return rows, lambda row: f"*{short(row.name)}*"


def _accounts(part: str, tell: Callable[[AccountRow], str]) -> Callable[[DigestScope], Rows]:
    def read(within: DigestScope) -> Rows:
        reader = within.scope.manager or ""
        return getattr(gather_portfolio(within.work, within.accounts, reader=reader), part), tell

    return read


def _untaken(within: DigestScope) -> Rows:
    pairs = list_untaken(within.work, within.scope.manager or "")
    return pairs, lambda pair: rows_of(within.work, [pair], "")[0].line(" · ")


def _done(*, answered: bool = False) -> Callable[[DigestScope], Rows]:
    def read(within: DigestScope) -> Rows:
        rows = digests.list_done(within.tx, within.scope, within.span, answered=answered)
        users = {user for row in rows for user in (row.by_user, row.answered_by) if user}
        names = readers.display_names(within.tx, users)

        def tell(row: Any) -> str:
            what = short(row.answer, MAX_TEXT) if answered else short(row.title)
            by = names.get((row.answered_by if answered else row.by_user) or "", "somebody")
            on = day(within.day(row.state_at), within.span.today)
            return f"*{short(row.account)}* · {what} · {short(by)}, {on}"

        return rows, tell

    return read


def _advocates(within: DigestScope) -> Rows:
    return list_advocates(within), lambda row: row


_READ: dict[str, Callable[[DigestScope], Rows]] = {
    "renewals": _accounts("renewing", AccountRow.full_line),
    "risk": _accounts("at_risk", AccountRow.risk_line),
    "risk later": _accounts("later", AccountRow.risk_line),
    "unknown": _accounts("not_known", AccountRow.not_known_line),
    "no date": _no_date,
    "untaken": _untaken,
    "done": _done(),
    "answers": _done(answered=True),
    "advocates": _advocates,
}
