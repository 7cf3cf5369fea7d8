"""Loads and publishes a person's App Home, with few statements however much there is."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col

from bot.actions.facts.days import today as today_of
from bot.actions.facts.gap_lines import missing_names
from bot.actions.facts.renewal_dates import unknown_dates
from bot.actions.members.away import absence_view
from bot.actions.reasons.reasons import list_watched
from bot.actions.reasons.watch import build_view
from bot.actions.touchpoints import standing as standing_actions
from bot.actions.touchpoints.plays import find_play
from bot.actions.touchpoints.routing import member_calendar
from bot.actions.views.scopes import department_scope, own_scope
from bot.actions.work import Work
from bot.messages.digests.rows import opens
from bot.messages.facts.known import days_text
from bot.messages.home import home as messages
from bot.messages.home.settings import Settings
from bot.messages.reasons.reasons import pace_label
from bot.messages.reasons.watch import WatchView
from bot.rules.facts.known_since import days_in_stage
from bot.rules.facts.live import exit_stages
from bot.rules.playbook.playbook import MANAGER, Playbook
from bot.rules.reasons import expected_days, pace_level
from bot.rules.time.calendar import WorkingCalendar
from db import outbox
from db.contracts import contracts
from db.core.tx import Tx
from db.home import lists
from db.home.home import HomeBuild
from db.members import away, members
from db.models import Account, Member, Touchpoint
from db.reasons import reasons
from db.touchpoints import standing
from db.touchpoints.scope import is_in_scope
from db.workspace import departments

#: What is shown of the person's own, and of what is free to take.
_SHOWN = (*standing.THIS_WEEK, "postponed")
_FREE = ("unclaimed", "later")
#: How long the Home offers to undo the last answer.
UNDO_WINDOW = timedelta(hours=1)


def publish_home(work: Work, taken: HomeBuild) -> None:
    """Puts the person's current Home into the outbox; for an outsider, one sentence."""
    person = members.by_user_id(work.tx, taken.user_id)
    if person is None or person.is_deleted or person.is_bot:
        return
    version = str(taken.version)
    refusal = _refusal_text(work.tx, person)
    if refusal is not None:
        view, version = messages.no_access_view(refusal), f"closed:{taken.version}"
    else:
        view = messages.home_view(_load_home(work, person, taken))
    enqueue_home(work.tx, taken.user_id, view, version, work.now)


def enqueue_home(tx: Tx, user_id: str, view: dict[str, Any], version: str, now: datetime) -> None:
    """Puts a Home into the outbox, each `version` once."""
    key = f"home:{user_id}:{version}"
    outbox.enqueue_view(tx, dedupe_key=key, user=user_id, view=view, now=now)


def _refusal_text(tx: Tx, person: Member) -> str | None:
    """The sentence for somebody who may not use Linchpin; None for those who may."""
    if person.team_id != tx.workspace:
        return "Linchpin answers only to people of the company that runs it."
    if person.is_guest:
        return "Linchpin answers to full members of this workspace; guests cannot use it."
    return None


def _load_home(work: Work, person: Member, taken: HomeBuild) -> messages.Home:
    tx, user_id = work.tx, person.user_id
    calendar = member_calendar(work.playbook.calendar(MANAGER), person)
    today = calendar.local_date(work.now)
    own = is_in_scope(own_scope(work, person))
    last = today + timedelta(days=messages.RENEWAL_DAYS_AHEAD)
    department = departments.of_member(tx, work.playbook, person)
    exits = exit_stages(work.playbook)
    renewing = lists.list_renewals(tx, user_id, today, last, exits, messages.MAX_RENEWALS)
    missing = missing_names(work, renewing)
    stakes = contracts.stakes(tx, renewing, work.playbook.value.currency)
    ended = lists.last_ended(tx, user_id, work.now - UNDO_WINDOW)
    return messages.Home(
        user_id=user_id,
        mine=_home_items(work, messages.MAX_OWN, own, kinds=_SHOWN, reader=user_id),
        counts=standing_actions.count(work, own),
        opens=opens(f"own:{user_id}", work.now, work.now),
        ours=_department_part(work, department),
        stages=_stage_parts(work, person, calendar),
        renewals=[
            messages.HomeRenewal(
                row.name, row.renews_on, today, stakes.get(row.id), missing.get(row.id, "")
            )
            for row in renewing
        ],
        renewals_total=_total_of(renewing),
        watch=_watch_view(work, person),
        unknown_dates=unknown_dates(work, col(Account.manager_id) == user_id),
        settings=_settings_view(work.playbook, person, calendar, str(taken.version), department),
        ended=(ended.id, ended.account, ended.title, ended.state) if ended else None,
        notice=taken.notice,
        away=[absence_view(work, each) for each in away.find(tx, user_id)],
        covered=[absence_view(work, each) for each in away.covered_by(tx, user_id)],
    )


def _watch_view(work: Work, person: Member) -> WatchView:
    """Who is at risk among the person's accounts, and those of the people of departments they
    lead."""
    led = departments.led_by(work.tx, work.playbook, person)
    watch = list_watched(work, reasons.is_managed_by(work.tx, person.user_id, led))
    return build_view(work, watch, today_of(work), reader=person.user_id)


def _settings_view(
    playbook: Playbook,
    person: Member,
    calendar: WorkingCalendar,
    stamp: str,
    department: str | None,
) -> Settings:
    return Settings(
        digest_off=person.digest_off,
        digest_weekday=person.digest_weekday,
        digest_hour=person.digest_hour,
        opens=calendar.opens,
        closes=calendar.closes,
        weekdays=calendar.weekdays,
        zone=calendar.zone.key,
        department=department,
        departments=[(key, each.name) for key, each in playbook.departments.items()],
        stamp=stamp,
        thanked=not person.thanks_off,
    )


def _department_part(work: Work, key: str | None) -> messages.DepartmentUnclaimed | None:
    if key is None:
        return None
    scope = is_in_scope(department_scope(work.playbook, key))
    free = col(Touchpoint.person_id).is_(None)
    items = _home_items(work, messages.MAX_DEPARTMENT, scope, free, kinds=_FREE)
    name, counts = work.playbook.departments[key].name, standing_actions.count(work, scope)
    carried = opens(f"department:{key}", work.now, work.now)
    return messages.DepartmentUnclaimed(key, name, items, counts, carried)


def _stage_parts(
    work: Work, person: Member, calendar: WorkingCalendar
) -> list[messages.StageAccounts]:
    """The person's accounts by stage, in the playbook's order; unknown stages come last."""
    by_stage: dict[str, list[Any]] = {}
    for row in lists.list_accounts_by_stage(work.tx, person.user_id, messages.MAX_PER_STAGE):
        by_stage.setdefault(row.stage, []).append(row)
    known = [stage.key for stage in work.playbook.stages if stage.key in by_stage]
    parts = []
    for key in [*known, *sorted(set(by_stage) - set(known))]:
        stage, longest = work.playbook.stage(key), []
        for row in by_stage[key]:
            days = days_text(days_in_stage(calendar, row, work.now))
            label = pace_label(pace_level(work.playbook, row, work.now))
            longest.append((row.name, days, label))
        parts.append(
            messages.StageAccounts(
                key=key,
                name=stage.name if stage else key,
                expected_days=expected_days(work.playbook, key),
                count=by_stage[key][0][-1],
                longest=longest,
            )
        )
    return parts


def _home_items(
    work: Work, limit: int, *where: standing.Condition, kinds: tuple[str, ...], reader: str = ""
) -> list[messages.HomeTouchpoint]:
    soonest, shown = standing.soonest(work.now), standing.is_any(kinds, work.now)
    items = []
    for t, account in standing.list_pairs(work.tx, soonest, limit, shown, *where):
        play = find_play(work.playbook, t)
        has = "you have it" if t.by_user == reader else ""
        items.append(
            messages.HomeTouchpoint(
                id=t.id,
                account=account.name,
                title=t.title,
                ask=(play.ask if play else "").replace("{account}", account.name),
                state=t.state,
                standing=standing_actions.standing_of(work.playbook, t, account, work.now, has),
            )
        )
    return items


def _total_of(rows: list[Any]) -> int:
    return int(rows[0].total) if rows else 0
