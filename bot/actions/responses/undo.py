"""Undoing the last verb, and when the clock looks at an open touchpoint again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.actions.advocacy import asks
from bot.actions.touchpoints.plays import find_play
from bot.actions.touchpoints.routing import touchpoint_calendar
from bot.actions.work import Work
from bot.messages.kit.parts import mention, plain, when
from bot.rules.errors import UserError
from bot.rules.time.due import Duration, add_duration
from db.accounts import accounts
from db.core.tx import Tx
from db.models import Account, Touchpoint
from db.outbox import pending
from db.touchpoints import touchpoints

# What was undone late gets at least this long before anybody is reminded of it.
ONE_BUSINESS_DAY = Duration(1, "business days")
ENDED_WORDS = {"done": "done", "skipped": "skipped", "cancelled": "taken back"}


@dataclass(frozen=True)
class PreviousState:
    """What an undo goes back to, as `state_before` holds it: state|by|source|snoozed until."""

    state: str
    by: str | None = None
    source: str | None = None
    snoozed_until: datetime | None = None

    @classmethod
    def of(cls, touchpoint: Touchpoint) -> PreviousState:
        return cls(
            touchpoint.state, touchpoint.by_user, touchpoint.source, touchpoint.snoozed_until
        )

    @classmethod
    def read(cls, written: str) -> PreviousState:
        state, by, source, until = written.split("|")
        return cls(
            state, by or None, source or None, datetime.fromisoformat(until) if until else None
        )

    def written(self) -> str:
        until = self.snoozed_until.isoformat() if self.snoozed_until else ""
        return "|".join((self.state, self.by or "", self.source or "", until))


_OPEN_STATE = PreviousState("nudged").written()


def undo(work: Work, touchpoint: Touchpoint) -> None:
    """Goes back to the state before the last verb."""
    account = accounts.by_id(work.tx, touchpoint.account_id)
    assert account is not None
    if touchpoint.state == "cancelled":
        require_open(work.tx, touchpoint)
    if touchpoint.state == "nudged" or _is_planned(touchpoint):
        raise UserError("There is nothing to undo here: it is open already.")
    left = touchpoint.follows_playbook and account.stage_entry != touchpoint.stage_entry
    if left or account.archived_at is not None:
        raise UserError(f"{plain(account.name)} has moved on since, so this stays as it is.")
    _delete_next_occurrence(work.tx, touchpoint)
    asks.undo_ask(work, touchpoint)
    before = PreviousState.read(touchpoint.state_before or _OPEN_STATE)
    _restore_state(work, touchpoint, account, before)


def previous_author(touchpoint: Touchpoint) -> tuple[str | None, str | None]:
    """Who made the state that an undo goes back to, and from where."""
    was = PreviousState.read(touchpoint.state_before or _OPEN_STATE)
    return was.by, was.source


def forget_previous(tx: Tx, touchpoint: Touchpoint) -> None:
    """Lets an undo go back to an open touchpoint: what stood before was taken back as well."""
    touchpoints.save(tx, touchpoint, state_before=_OPEN_STATE)


def require_open(tx: Tx, touchpoint: Touchpoint) -> Account:
    """The touchpoint's account, or a `UserError` that tells how the touchpoint ended."""
    account = accounts.by_id(tx, touchpoint.account_id)
    assert account is not None
    if touchpoint.state in ENDED_WORDS:
        by = f" by {actor_label(touchpoint)}" if touchpoint.state != "cancelled" else ""
        why = f": {plain(touchpoint.note)}" if touchpoint.note and not by else ""
        raise UserError(
            f'"{plain(touchpoint.title)}" for {plain(account.name)} was '
            f"{ENDED_WORDS[touchpoint.state]}{by} already, {when(touchpoint.state_at)}{why}. "
            "Nothing was changed."
        )
    return account


def actor_label(touchpoint: Touchpoint) -> str:
    return mention(touchpoint.by_user) if touchpoint.by_user else "Linchpin"


def claim_expiry(work: Work, touchpoint: Touchpoint, account: Account) -> datetime | None:
    play = find_play(work.playbook, touchpoint)
    calendar = touchpoint_calendar(work.tx, work.playbook, touchpoint, account)
    return add_duration(play.claim_expires, since=work.now, calendar=calendar) if play else None


def next_check_at(
    work: Work, touchpoint: Touchpoint, account: Account, since: datetime
) -> datetime | None:
    """When the clock looks at an open one again: its reminder, or after that its escalation."""
    play = find_play(work.playbook, touchpoint)
    if play is None or touchpoint.escalated_at is not None:
        return None
    calendar = touchpoint_calendar(work.tx, work.playbook, touchpoint, account)
    wait = play.remind_after if touchpoint.reminded_at is None else play.escalate_after
    at = add_duration(wait, since=since, calendar=calendar)
    return (
        at if at > work.now else add_duration(ONE_BUSINESS_DAY, since=work.now, calendar=calendar)
    )


def _is_planned(touchpoint: Touchpoint) -> bool:
    return touchpoint.state == "planned" and touchpoint.snoozed_until is None


def _delete_next_occurrence(tx: Tx, touchpoint: Touchpoint) -> None:
    following = touchpoints.find_next_occurrence(tx, touchpoint)
    if following is None:
        return
    if following.state != "planned" or following.nudge_id is not None:
        raise UserError("The next one has been sent already, so this stays as it is.")
    touchpoints.delete_touchpoint(tx, following)


def _restore_state(
    work: Work, touchpoint: Touchpoint, account: Account, before: PreviousState
) -> None:
    said = touchpoint.nudge_id is not None and not pending.was_lost(work.tx, touchpoint.nudge_id)
    state = before.state if said or before.state == "claimed" else "planned"
    wake_at: datetime | None
    if state == "claimed":
        wake_at = claim_expiry(work, touchpoint, account)
    elif state == "nudged":
        since = touchpoint.nudged_at or work.now
        wake_at = next_check_at(work, touchpoint, account, since)
    else:
        wake_at = before.snoozed_until or touchpoint.due_at
    touchpoints.save(
        work.tx,
        touchpoint,
        state=state,
        state_at=work.now,
        state_before=None,
        note=None,
        by_user=before.by,
        source=before.source,
        snoozed_until=before.snoozed_until,
        nudge_id=touchpoint.nudge_id if said else None,
        wake_at=wake_at,
    )
