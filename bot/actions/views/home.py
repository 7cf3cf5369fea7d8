"""Gathers a person's App Home: a handful of statements, whatever there is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from bot.actions.members.away import absence_view
from bot.actions.touchpoints.labels import held_line
from bot.actions.touchpoints.pace import pace_level
from bot.actions.touchpoints.routing import delegators_of, member_calendar
from bot.actions.work import Work
from bot.messages.home import home as messages
from bot.messages.home.settings import Settings
from bot.messages.lifecycle import pace
from bot.rules.playbook.playbook import MANAGER, Playbook
from bot.rules.time.calendar import WorkingCalendar
from db import outbox
from db.core.tx import Tx
from db.home import lists
from db.home.home import HomeBuild
from db.members import away, members
from db.models import Person
from db.touchpoints.scope import Scope, Span

#: What nobody of a department has taken is shown when it is due so soon.
SOON_WINDOW = timedelta(days=7)
#: Of one's own, so many are shown in any case, and the others when they come so soon.
MIN_SHOWN = 5
NEAR_WINDOW = timedelta(days=14)
#: For so long a Home offers to undo what was done there last.
UNDO_WINDOW = timedelta(hours=1)


def publish_home(work: Work, taken: HomeBuild) -> None:
    """Puts the person's Home, as it is now, into the outbox; only a sentence for an outsider."""
    person = members.by_user_id(work.tx, taken.user_id)
    if person is None or person.is_deleted or person.is_bot:
        return
    refusal = refusal_text(work.tx, person)
    if refusal is not None:
        enqueue_home(
            work.tx,
            taken.user_id,
            messages.no_access_view(refusal),
            f"closed:{taken.version}",
            work.now,
        )
        return
    home = gather_home(work, person, taken)
    enqueue_home(work.tx, taken.user_id, messages.home_view(home), str(taken.version), work.now)


def enqueue_home(tx: Tx, user_id: str, view: dict[str, Any], version: str, now: datetime) -> None:
    """A Home on its way; the same `version` twice is one."""
    outbox.enqueue_view(
        tx, dedupe_key=f"home:{user_id}:{version}", user=user_id, view=view, now=now
    )


def refusal_text(tx: Tx, person: Person) -> str | None:
    """The one sentence for somebody who may not use Linchpin; None for who may."""
    if person.team_id != tx.workspace:
        return "Linchpin answers only to people of the company that runs it."
    if person.is_guest:
        return "Linchpin answers to full members of this workspace; guests cannot use it."
    return None


def gather_home(work: Work, person: Person, taken: HomeBuild) -> messages.Home:
    """All that the person's Home shows."""
    calendar = member_calendar(work.playbook.calendar(MANAGER), person)
    today = calendar.local_date(work.now)
    covered = delegators_of(work.tx, person.user_id)
    mine = _nearest_rows(
        lists.list_own(work.tx, person.user_id, covered, messages.MAX_OWN), work.now
    )
    last = today + timedelta(days=messages.RENEWAL_DAYS_AHEAD)
    renewing = lists.list_renewals(
        work.tx, person.user_id, today, last, _exit_stages(work.playbook), messages.MAX_RENEWALS
    )
    ended = lists.last_ended(work.tx, person.user_id, work.now - UNDO_WINDOW)
    return messages.Home(
        user_id=person.user_id,
        mine=_home_items(work.playbook, mine),
        mine_total=_total_of(mine),
        ours=_department_part(work, person, calendar),
        stages=_stage_parts(work, person, calendar),
        renewals=[(row.name, row.renews_on, (row.renews_on - today).days) for row in renewing],
        renewals_total=_total_of(renewing),
        settings=settings_view(work.playbook, person, calendar, str(taken.version)),
        ended=(ended.id, ended.account, ended.title, ended.state) if ended else None,
        notice=taken.notice,
        away=[absence_view(work, each) for each in away.find(work.tx, person.user_id)],
        covered=[absence_view(work, each) for each in away.covered_by(work.tx, person.user_id)],
    )


def settings_view(
    playbook: Playbook, person: Person, calendar: WorkingCalendar, stamp: str
) -> Settings:
    """What the person has chosen; `calendar` is their own."""
    return Settings(
        digest_off=person.digest_off,
        digest_weekday=person.digest_weekday,
        digest_hour=person.digest_hour,
        opens=calendar.opens,
        closes=calendar.closes,
        weekdays=calendar.weekdays,
        zone=calendar.zone.key,
        department=person.department,
        departments=[(key, each.name) for key, each in playbook.departments.items()],
        stamp=stamp,
        thanked=not person.thanks_off,
    )


def _department_part(
    work: Work, person: Person, calendar: WorkingCalendar
) -> messages.DepartmentUnclaimed | None:
    key = person.department
    if key is None or key not in work.playbook.departments:
        return None
    scope = Scope(department=key, stands_in=key == work.playbook.without_manager)
    span = Span(work.now, work.now, work.now + SOON_WINDOW, calendar.local_date(work.now))
    rows = lists.list_unclaimed(work.tx, scope, span, messages.MAX_DEPARTMENT)
    name = work.playbook.departments[key].name
    return messages.DepartmentUnclaimed(
        key, name, _home_items(work.playbook, rows), _total_of(rows)
    )


def _stage_parts(
    work: Work, person: Person, calendar: WorkingCalendar
) -> list[messages.StageAccounts]:
    """In the playbook's order; stages that it no longer has come last."""
    today = calendar.local_date(work.now)
    found: dict[str, list[Any]] = {}
    for row in lists.list_accounts_by_stage(work.tx, person.user_id, messages.MAX_PER_STAGE):
        found.setdefault(row.stage, []).append(row)
    known = [stage.key for stage in work.playbook.stages if stage.key in found]
    shown = []
    for key in [*known, *sorted(set(found) - set(known))]:
        stage = work.playbook.stage(key)
        days = [(today - calendar.local_date(row.stage_entered_at)).days for row in found[key]]
        names = [row.name for row in found[key]]
        paces = [pace.pace_label(pace_level(work.playbook, row, work.now)) for row in found[key]]
        shown.append(
            messages.StageAccounts(
                key=key,
                name=stage.name if stage else key,
                expected_days=stage.expected_days if stage else None,
                count=found[key][0][-1],
                longest=list(zip(names, days, paces, strict=True)),
            )
        )
    return shown


def _nearest_rows(rows: list[Any], now: datetime) -> list[Any]:
    """The first few whenever they come, and of the others those that come soon."""
    until = now + NEAR_WINDOW
    return [
        row
        for number, row in enumerate(rows)
        if number < MIN_SHOWN or (row.snoozed_until or row.due_at) <= until
    ]


def _home_items(playbook: Playbook, rows: Iterable[Any]) -> list[messages.HomeTouchpoint]:
    items = []
    for row in rows:
        play = playbook.play(row.stage, row.play)
        ask = row.ask or (play.ask if play else "")
        items.append(
            messages.HomeTouchpoint(
                id=row.id,
                account=row.account,
                title=row.title,
                ask=ask.replace("{account}", row.account),
                state=row.state,
                due_at=row.due_at,
                by=row.by_user,
                snoozed_until=row.snoozed_until,
                held=_postponed_text(playbook, row),
            )
        )
    return items


def _postponed_text(playbook: Playbook, row: Any) -> str | None:
    own = {MANAGER: "your list"}
    department = playbook.departments.get(row.owner)
    owner = department.name if department else own.get(row.owner, row.owner)
    return held_line(playbook, row, row.account, owner)


def _exit_stages(playbook: Playbook) -> list[str]:
    return [stage.key for stage in playbook.stages if stage.exit]


def _total_of(rows: list[Any]) -> int:
    return int(rows[0].total) if rows else 0
