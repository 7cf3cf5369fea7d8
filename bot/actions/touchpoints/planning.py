"""Plans the plays of an account's stage and of its open term."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from bot.actions.touchpoints.account_facts import (
    AccountFacts,
    account_facts,
    renewal_date,
)
from bot.actions.touchpoints.plays import depends_on_renewal, find_play, is_of, is_present
from bot.actions.work import Work
from bot.rules.playbook.playbook import MANAGER, Play, Playbook
from bot.rules.terms import pause_day, term_plays
from bot.rules.time.due import due_day, first_due, next_due
from db.models import Account, Term, Touchpoint
from db.terms import terms
from db.touchpoints import touchpoints
from db.touchpoints.touchpoints import OPEN_STATES

PlayKey = tuple[str, str]  # the keys of a stage and of a play in it
#: By play, the touchpoints that the account's present has had of it.
Had = Mapping[PlayKey, Sequence[Touchpoint]]


def planned_rows(
    playbook: Playbook,
    account: AccountFacts,
    now: datetime,
    had: Had | None = None,
    *,
    importing: bool = False,
    late: bool = True,
) -> list[dict[str, Any]]:
    """The touchpoints of the account's stage and of its open term, as columns of `Touchpoint`,
    without the plays it has `had`.

    A play of the stage that waits for a renewal date nobody knows is left out. What would be due
    already is due at the next opening; when `importing`, it is left out: an import plans from now
    on. Of the plays before a renewal whose day is past only the last is asked, and none unless
    `late`.
    """
    had = {} if had is None else had
    stage = playbook.stage(account.stage)
    rows = [
        _touchpoint_row(playbook, account, account.stage, play, *planned, now)
        for play in (stage.plays if stage else ())
        if not play.due.of_term and play.is_for(account.tier)
        if (account.stage, play.key) not in had
        if (planned := _first_occurrence(playbook, play, account, now, importing))
    ]
    times = dict(_times_of_term(playbook, account, now, had, late=late))
    for place, at in times.items():
        play = playbook.play(*place)
        assert play is not None
        rows.append(_touchpoint_row(playbook, account, place[0], play, 1, at, now))
    return rows


def plan_account(
    work: Work, account: Account, again: Collection[Touchpoint] = ()
) -> list[Touchpoint]:
    """Plans what is asked for and not planned yet, and `again` plays; returns what is open."""
    rows = _missing_rows(work, account, terms.current_term(work.tx, account), again)
    work.tx.add_all(Touchpoint, rows)
    return touchpoints.list_of_account(work.tx, account.id)


def plan_by_date(work: Work, account: Account, again: Collection[Touchpoint] = ()) -> None:
    """The same for what `is_by_date`, as what an import left out of the stage stays left out."""
    rows = _missing_rows(work, account, terms.current_term(work.tx, account), again)
    work.tx.add_all(Touchpoint, [row for row in rows if is_by_date(work.playbook, row)])


def plan_term(work: Work, account: Account, term: Term) -> None:
    """Plans the open term, from now on, of a customer who was here before terms had plays."""
    known = sorted(touchpoints.list_of_plays(work.tx, account), key=lambda each: each.occurrence)
    numbers = Counter(each.play for each in known if each.stage_entry == 0)
    for touchpoint in known:
        play = find_play(work.playbook, touchpoint)
        if touchpoint.stage_entry and play is not None and play.due.of_term:
            numbers[touchpoint.play] += 1
            touchpoint.stage_entry, touchpoint.term = 0, term.number
            touchpoint.occurrence = numbers[touchpoint.play]
    work.tx.flush()
    rows = _missing_rows(work, account, term, late=False)
    work.tx.add_all(Touchpoint, [row for row in rows if row["term"]])


def is_by_date(playbook: Playbook, row: Mapping[str, Any]) -> bool:
    """Whether a planned row is of the term, or depends on the renewal date."""
    return bool(row["term"]) or depends_on_renewal(playbook.play(row["stage"], row["play"]))


def _missing_rows(
    work: Work,
    account: Account,
    term: Term | None,
    again: Collection[Touchpoint] = (),
    *,
    late: bool = True,
) -> list[dict[str, Any]]:
    facts, known = account_facts(account, term), touchpoints.list_of_plays(work.tx, account)
    return missing_rows(work.playbook, facts, known, work.now, again, late=late)


def missing_rows(
    playbook: Playbook,
    account: AccountFacts,
    known: Iterable[Touchpoint],
    now: datetime,
    again: Collection[Touchpoint] = (),
    *,
    importing: bool = False,
    late: bool = True,
) -> list[dict[str, Any]]:
    """`planned_rows` without what is `known` already, but for the plays of `again`."""
    had: dict[PlayKey, list[Touchpoint]] = defaultdict(list)
    numbers: dict[tuple[int, str], int] = {}
    for touchpoint in known:
        mark = (touchpoint.stage_entry, touchpoint.play)
        numbers[mark] = max(touchpoint.occurrence, numbers.get(mark, 0))
        if is_of(touchpoint, account.stage_entry, account.term) and touchpoint not in again:
            had[touchpoint.stage, touchpoint.play].append(touchpoint)
    rows = planned_rows(playbook, account, now, had, importing=importing, late=late)
    for row in rows:
        mark = (row["stage_entry"], row["play"])
        row["occurrence"] += numbers.get(mark, 0)
        numbers[mark] = row["occurrence"]
    return rows


def is_due_later(playbook: Playbook, play: Play, account: AccountFacts, now: datetime) -> bool:
    """Whether a play that depends on the renewal date would be due after today."""
    calendar, renewal = playbook.calendar(play.owner), renewal_date(playbook, account)
    day = due_day(play.due, since=account.entered_at, renewal=renewal, calendar=calendar)
    return day is not None and day > calendar.local_date(now)


def due_in_version(
    playbook: Playbook, stage: str, play: Play, account: AccountFacts, now: datetime
) -> datetime | None:
    """When a play that is planned already is due by another version; None if never."""
    if play.due.of_term:
        return dict(_times_of_term(playbook, account, now, {}, late=True)).get((stage, play.key))
    if not play.due.recurs:
        return _due_at(playbook, play, account, now)
    following = next_occurrence(playbook, play, account, now)
    return following[1] if following else None


def is_paused(playbook: Playbook, play: Play, account: AccountFacts, due_at: datetime) -> bool:
    """Whether a rhythm of the term pauses at the time at which it was planned."""
    renewal = renewal_date(playbook, account) if play.due.of_term else None
    until = pause_day(play, renewal) if renewal else None
    return until is not None and playbook.calendar(play.owner).local_date(due_at) >= until


def plan_next_occurrence(work: Work, account: Account, ended: Touchpoint) -> Touchpoint | None:
    """Plans the next occurrence of a recurring play that has ended."""
    play = find_play(work.playbook, ended)
    if play is None or not play.due.recurs or account.archived_at or not ended.follows_playbook:
        return None
    is_asked = is_present(work.playbook, ended, account) and play.is_for(account.tier)
    if not is_asked or touchpoints.find_next_occurrence(work.tx, ended) is not None:
        return None
    facts = account_facts(account, terms.current_term(work.tx, account))
    after = max(work.now, ended.due_at)  # done early, it does not come again at its old time
    upcoming = next_occurrence(work.playbook, play, facts, after)
    if upcoming is None:
        return None
    # Numbers only grow: over all terms, and where another version made the period longer.
    occurrence = ended.occurrence + 1
    if not play.due.of_term:
        occurrence = max(upcoming[0], occurrence)
    row = _touchpoint_row(
        work.playbook, facts, ended.stage, play, occurrence, upcoming[1], work.now
    )
    return work.tx.add(Touchpoint(**row))


def next_occurrence(
    playbook: Playbook, play: Play, account: AccountFacts, now: datetime, after: int = 0
) -> tuple[int, datetime] | None:
    """(occurrence, due time) of a recurring play after `now`; None while it pauses."""
    since, until = account.entered_at, None
    if play.due.of_term:
        renewal = renewal_date(playbook, account)
        if account.term_began is None or renewal is None:
            return None
        since, until = account.term_began, pause_day(play, renewal)
    return next_due(
        play.due,
        entered_at=since,
        occurrence=after,
        calendar=playbook.calendar(play.owner),
        now=now,
        until=until,
    )


def _times_of_term(
    playbook: Playbook, account: AccountFacts, now: datetime, had: Had, *, late: bool
) -> Iterator[tuple[PlayKey, datetime]]:
    """Each play of the open term that is still to come, and when."""
    renewal = renewal_date(playbook, account)
    if account.term_began is None or renewal is None:
        return
    last: tuple[date, PlayKey, datetime] | None = None
    for stage, play in term_plays(playbook):
        place, calendar = (stage, play.key), playbook.calendar(play.owner)
        known = had.get(place, ())
        if not play.is_for(account.tier):
            continue
        if play.due.recurs:
            if not any(each.state in OPEN_STATES for each in known):
                after = max([now, *(each.due_at for each in known)])
                if upcoming := next_occurrence(playbook, play, account, after):
                    yield place, upcoming[1]
            continue
        day = due_day(play.due, since=account.term_began, renewal=renewal, calendar=calendar)
        assert day is not None
        if day > calendar.local_date(now):
            if not known:
                yield place, calendar.opening(day)
        elif play.due.kind == "before renewal" and (last is None or day >= last[0]):
            last = day, place, calendar.next_open(now)
    today = playbook.calendar(MANAGER).local_date(now)
    if late and last is not None and last[1] not in had and renewal >= today:
        yield last[1:]


def _due_at(
    playbook: Playbook, play: Play, account: AccountFacts, now: datetime
) -> datetime | None:
    """When a play of the stage is due for the first time; None while its renewal is unknown."""
    calendar, renewal = playbook.calendar(play.owner), account.renews_on
    return first_due(
        play.due, entered_at=account.entered_at, renewal=renewal, calendar=calendar, now=now
    )


def _first_occurrence(
    playbook: Playbook, play: Play, account: AccountFacts, now: datetime, importing: bool
) -> tuple[int, datetime] | None:
    """(occurrence, due time) of what is planned for a play of the stage; None if nothing is."""
    if importing and play.due.recurs:
        return next_occurrence(playbook, play, account, now)
    due_at, calendar = _due_at(playbook, play, account, now), playbook.calendar(play.owner)
    if due_at is None:
        return None
    if not importing:  # nobody was asked before: it is not due at a time that has passed
        return 1, max(due_at, calendar.next_open(now))
    # A play whose own time lies before the entry is due at the next opening: overdue too.
    overdue = due_at <= now or due_at == calendar.next_open(max(account.entered_at, now))
    return None if overdue or play.due.kind == "on entry" else (1, due_at)


def _touchpoint_row(
    playbook: Playbook,
    account: AccountFacts,
    stage: str,
    play: Play,
    occurrence: int,
    due_at: datetime,
    now: datetime,
) -> dict[str, Any]:
    return {
        "account_id": account.id,
        "stage": stage,
        "stage_entry": 0 if play.due.of_term else account.stage_entry,
        "term": account.term if play.due.of_term else 0,
        "play": play.key,
        "occurrence": occurrence,
        "owner": play.owner,
        "title": play.title,
        "records": play.records,
        "state": "planned",
        "state_at": now,
        "due_at": due_at,
        "wake_at": due_at,
        "playbook": playbook.version or None,
        "version": 1,
    }
