"""Postpones what would ask too much of a customer, a channel or a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from bot.actions.touchpoints import cooldown
from bot.actions.touchpoints.plays import find_play, is_present
from bot.actions.touchpoints.routing import Destination, find_destination, touchpoint_calendar
from bot.actions.work import Work
from bot.messages.touchpoints.lists import asked_text
from bot.rules import contact_limits as rule
from bot.rules.contact_limits import WaitingTouchpoint
from bot.rules.facts.gaps import REST_DAYS
from bot.rules.facts.live import is_live
from bot.rules.playbook.playbook import MANAGER, Playbook
from bot.rules.reasons import pace_level
from bot.rules.time.calendar import WorkingCalendar, local_instant
from bot.rules.time.due import add_duration
from db.facts import gaps
from db.lists import lists
from db.models import Account, Touchpoint
from db.touchpoints import limits as touchpoints_limits
from db.touchpoints import touchpoints

Pair = tuple[Touchpoint, Account]

_USUAL_WEIGHT = 2  # of what no play asks for

CUSTOMER, CHANNEL, PERSON, REST = "customer", "channel", "person", "rest"
ANSWERED = "answered"  # "nothing new"
VALUE = "value"  # none confirmed, and it asks for a favour
#: The columns of a touchpoint that is not postponed.
NOT_POSTPONED = {"postponed_until": None, "postponed_because": None, "postponed_latest": None}
#: These are never postponed.
_UNLIMITED_KINDS = frozenset({"promise", "gap", "renewal"})
#: No channel's or person's limit makes anything wait for longer than so many mornings.
_MAX_MORNINGS = 2


def apply_limits(work: Work, due: Sequence[Pair], place: Destination) -> set[int]:
    """Postpones what is over a limit; returns the ids of the others, which may be posted now."""
    asked = [pair for pair in due if _is_limited(pair[0])]
    for touchpoint, account in due:  # also what was snoozed: the customer was asked since
        _postpone_for_cooldown(work, touchpoint, account)
    asked = [(each, account) for each, account in asked if not _is_postponed(each, work.now)]
    _postpone_over_customer_limit(work, asked)
    _postpone_over_place_limit(work, asked, place)
    return {each.id for each, _ in due if not _is_postponed(each, work.now)}


def _postpone_over_place_limit(work: Work, due: Sequence[Pair], place: Destination) -> None:
    """Postpones the least of what is more than a channel or a person may get today."""
    new = [(each, account) for each, account in due if not _is_postponed(each, work.now)]
    if not new:
        return
    room = _room_today(work, *new[0], place)
    for touchpoint, account in sorted(new, key=lambda pair: rank(work, *pair))[room:]:
        _postpone_to_next_opening(work, touchpoint, account, place)


def _room_today(work: Work, touchpoint: Touchpoint, account: Account, place: Destination) -> int:
    """How many more new lines a channel or a person may get today, in the owner's time zone."""
    calendar = touchpoint_calendar(work.tx, work.playbook, touchpoint, account)
    midnight = local_instant(calendar.local_date(work.now), time(0), calendar.zone)
    limits = work.playbook.attention
    limit = limits.person_a_day if place.person else limits.channel_a_day
    return max(0, limit - lists.count_new_since(work.tx, place.channel, midnight))


def rank(work: Work, touchpoint: Touchpoint, account: Account) -> tuple[Any, ...]:
    """Sorts the most consequential first."""
    return rule.priority_key(_waiting(work, touchpoint, account))


def count_waiting(work: Work, place: Destination, calendar: WorkingCalendar) -> int:
    """How many touchpoints the limit of a place postponed to its next morning."""
    next_morning = calendar.opening(calendar.add_business_days(calendar.local_date(work.now), 1))
    because = PERSON if place.person else CHANNEL
    rows = touchpoints_limits.list_postponed_to(work.tx, because, next_morning, place.departments)
    return sum(
        find_destination(work.tx, work.playbook, touchpoint, account) == place
        for touchpoint, account in rows
    )


def _is_limited(touchpoint: Touchpoint) -> bool:
    """Whether it may be postponed: not what is posted again, what was snoozed, and promises."""
    is_new = touchpoint.nudged_at is None and touchpoint.snoozed_until is None
    return is_new and touchpoint.kind not in _UNLIMITED_KINDS


def _postpone_over_customer_limit(work: Work, due: Sequence[Pair]) -> None:
    due = [(each, account) for each, account in due if rule.asks_customer(work.playbook, each)]
    accounts = {account.id: account for _, account in due}
    if not accounts:
        return
    asked: dict[int, list[Touchpoint]] = defaultdict(list)
    for each in touchpoints_limits.list_asked(work.tx, list(accounts), work.now - rule.WEEK):
        if rule.asks_customer(work.playbook, each):
            asked[each.account_id].append(each)
    rivals: dict[int, list[WaitingTouchpoint]] = defaultdict(list)
    for each in touchpoints_limits.list_competing(work.tx, list(accounts), work.now):
        account = accounts[each.account_id]
        if _counts_as_ask(work.playbook, each, account):
            rivals[each.account_id].append(_waiting(work, each, account))
    for touchpoint, account in due:
        ranked = sorted(rivals[account.id], key=rule.priority_key)
        calendar = touchpoint_calendar(work.tx, work.playbook, touchpoint, account)
        times = rule.release_times(
            [_place_taken(work, each, account) for each in asked[account.id]],
            ranked,
            work.playbook.attention.customer_a_week,
            work.now,
            partial(rule.kept_until, calendar),
        )
        made = sum(each.state != "nudged" for each in asked[account.id])
        for rival, at in zip(ranked, times, strict=True):
            if rival.id == touchpoint.id and at > work.now:
                _postpone(work, touchpoint, account, f"{CUSTOMER}:{made}", at, rival.latest)


def _place_taken(work: Work, asked: Touchpoint, account: Account) -> tuple[datetime, datetime]:
    """Since when and until when it takes one of the customer's places."""
    if asked.state != "nudged":
        return asked.state_at, asked.state_at + rule.WEEK
    since = asked.nudged_at or asked.state_at
    calendar = touchpoint_calendar(work.tx, work.playbook, asked, account)
    return since, rule.kept_until(calendar, since)


def over_limit_text(work: Work, touchpoint: Touchpoint, account: Account) -> str:
    """What is said to who asks more of a customer than a week allows; else empty."""
    if touchpoint.state == "claimed" or not rule.asks_customer(work.playbook, touchpoint):
        return ""
    asked = touchpoints_limits.list_asked(work.tx, [account.id], work.now - rule.WEEK)
    made = [t for t in asked if t.state != "nudged" and rule.asks_customer(work.playbook, t)]
    if len(made) < work.playbook.attention.customer_a_week:
        return ""
    return asked_text(account.name, len(made)) + " already."


def _counts_as_ask(playbook: Playbook, touchpoint: Touchpoint, account: Account) -> bool:
    """Whether it will be posted at all, and asks something of the customer."""
    if not is_present(playbook, touchpoint, account):
        return False
    is_known = find_play(playbook, touchpoint) is not None
    return is_known and _is_limited(touchpoint) and rule.asks_customer(playbook, touchpoint)


def _waiting(work: Work, touchpoint: Touchpoint, account: Account) -> WaitingTouchpoint:
    calendar = touchpoint_calendar(work.tx, work.playbook, touchpoint, account)
    play = find_play(work.playbook, touchpoint)
    due_at = touchpoint.due_at
    renews_on = account.renews_on if is_live(work.playbook, account) else None
    longest = add_duration(work.playbook.attention.longest_wait, since=due_at, calendar=calendar)
    before_renewal = play is not None and play.due.kind == "before renewal"
    renewal = calendar.opening(renews_on) if before_renewal and renews_on else None
    return WaitingTouchpoint(
        id=touchpoint.id,
        due_at=due_at,
        latest=rule.latest_time(due_at, longest, renewal),
        hangs_on_renewal=before_renewal,
        renews_in=(renews_on - calendar.local_date(work.now)).days if renews_on else None,
        weight=play.weight if play is not None else _USUAL_WEIGHT,
        pace=pace_level(work.playbook, account, work.now),
    )


def _postpone_for_cooldown(work: Work, touchpoint: Touchpoint, account: Account) -> None:
    """Postpones favours until they may be asked, and a rhythm after "nothing new"."""
    until, why = cooldown.cooldown_until(work, touchpoint, account), REST
    if until is None:
        until, why = _asked_lately_until(work, touchpoint), ANSWERED
    if until is None and cooldown.lacks_value(work, touchpoint, account):
        until, why = (work.now + rule.WEEK).date(), VALUE  # confirmed before, it goes then
    if until is not None:
        calendar = touchpoint_calendar(work.tx, work.playbook, touchpoint, account)
        at = calendar.opening(calendar.on_or_after(until))
        _postpone(work, touchpoint, account, why, at, at)


def _asked_lately_until(work: Work, touchpoint: Touchpoint) -> date | None:
    """Until when a rhythm waits, as "nothing new" was said of what it brings back; None if not."""
    play, rest = find_play(work.playbook, touchpoint), timedelta(days=REST_DAYS)
    if play is None or play.records is None or not play.due.recurs:
        return None
    since = work.now - rest
    said = gaps.last_nothing_new(work.tx, touchpoint.account_id, since).get(play.records)
    return work.playbook.calendar(MANAGER).local_date(said) + rest if said else None


def _postpone_to_next_opening(
    work: Work, touchpoint: Touchpoint, account: Account, place: Destination
) -> None:
    """Postpones to the next working day, unless it has waited long enough."""
    calendar = touchpoint_calendar(work.tx, work.playbook, touchpoint, account)
    today = calendar.local_date(work.now)
    since = calendar.local_date(touchpoint.postponed_since or work.now)
    if today >= calendar.add_business_days(since, _MAX_MORNINGS):
        return
    at = calendar.opening(calendar.add_business_days(today, 1))
    _postpone(work, touchpoint, account, PERSON if place.person else CHANNEL, at, at)


def _postpone(
    work: Work, touchpoint: Touchpoint, account: Account, why: str, at: datetime, latest: datetime
) -> None:
    until = touchpoint_calendar(work.tx, work.playbook, touchpoint, account).next_open(at)
    touchpoints.save(
        work.tx,
        touchpoint,
        wake_at=until,
        postponed_since=touchpoint.postponed_since or work.now,
        postponed_until=until,
        postponed_because=why,
        postponed_latest=max(latest, until),
    )


def _is_postponed(touchpoint: Touchpoint, now: datetime) -> bool:
    return touchpoint.postponed_until is not None and touchpoint.postponed_until > now
