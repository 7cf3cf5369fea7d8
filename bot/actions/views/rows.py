"""The rows behind a number of a digest or of Home, found by the query that counted them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.actions.digests import facts as gather
from bot.actions.digests import value_and_decisions
from bot.actions.digests.facts import DigestScope
from bot.actions.facts.renewal_dates import list_unknown_dates
from bot.actions.views.leader import team_of
from bot.actions.views.open_work import rows_of
from bot.actions.views.scopes import department_scope, own_scope
from bot.actions.views.value import entry
from bot.actions.work import Work
from bot.messages.digests import advocates, digest_value, lines
from bot.messages.digests.rows import PAGE_SIZE, TITLES, rows_page
from bot.messages.kit.message import Message
from bot.messages.kit.text import mention, on, short
from bot.messages.reasons.watch import risk_line
from bot.rules.digests import reader_zone
from bot.rules.errors import UserError
from db.digests import digests, readers
from db.digests import value as digests_value
from db.members import members
from db.touchpoints import standing
from db.touchpoints.scope import Scope, is_in_scope

#: More rows than this are not looked through.
_MOST = 5000
MAX_TEXT = 120
Rows = tuple[Sequence[Any], Callable[[Any], str]]  # all rows, and how one is told


def open_rows(work: Work, carried: str) -> Message:
    """The page of rows that a click asks for."""
    kind, page, whose, since, now = carried.split("|")
    if kind not in TITLES:
        raise UserError("This menu is of an older version. The newest message has the right one.")
    within = _within(work, whose, *(datetime.fromtimestamp(int(at), UTC) for at in (since, now)))
    condition = _condition(within, kind)
    if condition is not None:
        rows, tell = _touchpoints(within, condition)
    else:
        rows, tell = _READ[kind](within)
    first = (int(page) - 1) * PAGE_SIZE
    shown = [_as_row(tell(row)) for row in rows[first : first + PAGE_SIZE]]
    return rows_page(TITLES[kind], shown, len(rows), kind, int(page), f"{whose}|{since}|{now}")


def _as_row(line: str) -> str:
    return line if line.startswith("• ") else f"• {line}"


def _within(work: Work, whose: str, since: datetime, now: datetime) -> DigestScope:
    kind, _, name = whose.partition(":")
    scope, zone = Scope(), ZoneInfo(work.playbook.company.timezone)
    if kind == "department":
        if name not in work.playbook.departments:
            raise UserError("The playbook no longer has that department.")
        scope, zone = department_scope(work.playbook, name), work.playbook.calendar(name).zone
    elif kind in ("manager", "own", "team"):
        person = members.by_user_id(work.tx, name)
        zone = reader_zone(person.tz if person else "", work.playbook)
        scope = own_scope(work, person) if person and kind == "own" else Scope(manager=name)
        if person and kind == "team" and (team := team_of(work, person)) is not None:
            scope = Scope(team=team.users)
    span = replace(gather.span(now, zone, None), since=since)
    return DigestScope(work, scope, zone, span)


def _condition(within: DigestScope, kind: str) -> Any:
    """The condition of a number that counts open or planned touchpoints; None for another.

    They are those that stand so today, whatever the message counted then.
    """
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
    pairs = standing.list_pairs(within.tx, order, _MOST, *where)
    return pairs, lambda pair: rows_of(within.work, [pair], "")[0].line().replace("\n", " · ")


def _renewals(within: DigestScope) -> Rows:
    rows = gather.renewal_rows(within)
    news = gather.renewal_news(within, rows)
    return rows, lambda row: lines.renewal(news[row.id], within.scope.manager is not None)


def _not_known(within: DigestScope) -> Rows:
    found = gather.list_not_known(within, gather.renewal_rows(within))
    return found, lambda row: f"*{short(row[0])}*: {row[1]}"


def _no_date(within: DigestScope) -> Rows:
    rows = list_unknown_dates(within.work, _MOST, gather.accounts_of(within))
    return rows, lambda row: f"*{short(row.name)}*"


def _watched(part: str) -> Callable[[DigestScope], Rows]:
    return lambda within: (getattr(gather.gather_watch(within, _MOST), part), risk_line)


def _promises(within: DigestScope) -> Rows:
    return value_and_decisions.gather_promises(within), digest_value.promise


def _done(within: DigestScope) -> Rows:
    def tell(row: Any) -> str:
        what = f"*{short(row.account)}* · {short(row.title)}"
        return f"{what}: {mention(row.by_user)}, {on(row.state_at)}"

    return digests.list_done(within.tx, within.scope, within.span), tell


def _answers(within: DigestScope) -> Rows:
    rows = digests.list_done(within.tx, within.scope, within.span, answered=True)
    names = readers.display_names(within.tx, {row.answered_by for row in rows if row.answered_by})

    def tell(row: Any) -> str:
        by = short(names.get(row.answered_by, "somebody"))
        return f"*{short(row.account)}* · {short(row.answer, MAX_TEXT)} · {by}"

    return rows, tell


def _logged(within: DigestScope) -> Rows:
    def tell(row: Any) -> str:
        what = f"*{short(row.account)}* · {row.kind}: {short(row.text, MAX_TEXT)}"
        return f"{what} ({mention(row.by_user)})"

    return digests.list_logged(within.tx, within.scope, within.span), tell


def _moves(within: DigestScope) -> Rows:
    return gather.gather_moves(within, _MOST)[1], lines.move


def _decisions(within: DigestScope) -> Rows:
    return value_and_decisions.gather_decisions(within), digest_value.decided


def _value(within: DigestScope) -> Rows:
    rows = digests_value.list_entries(within.tx, within.scope, within.span)

    def tell(row: Any) -> str:
        shown = entry(within.playbook, row[1])
        return f"*{short(row[0])}* · {shown.line()} · {shown.standing()}"

    return rows, tell


def _advocates(within: DigestScope) -> Rows:
    news = value_and_decisions.gather_advocates(within)
    return advocates.advocate_lines(news), str


_READ: dict[str, Callable[[DigestScope], Rows]] = {
    "renewals": _renewals,
    "risk": _watched("at_risk"),
    "risk later": _watched("later"),
    "watched": _watched("watched"),
    "unknown": _not_known,
    "no date": _no_date,
    "promises": _promises,
    "done": _done,
    "answers": _answers,
    "logged": _logged,
    "moves": _moves,
    "decisions": _decisions,
    "value": _value,
    "advocates": _advocates,
}
