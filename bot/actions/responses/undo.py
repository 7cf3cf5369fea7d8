"""Undoes the last verb; says until when a claim lasts, and whether a touchpoint is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.actions.actor import REACTION_PREFIX
from bot.actions.advocacy import advocacy
from bot.actions.touchpoints.nudging import next_look
from bot.actions.touchpoints.plays import find_play, is_present
from bot.actions.touchpoints.routing import touchpoint_calendar
from bot.actions.work import Work
from bot.messages.kit.text import mention, plain, when
from bot.rules.errors import UserError
from bot.rules.time.due import add_duration
from bot.rules.touchpoint_verbs import bare_name, meaning
from db.core.tx import Tx
from db.models import Account, Touchpoint
from db.outbox import pending
from db.touchpoints import touchpoints

ENDED_WORDS = {"done": "done", "skipped": "skipped", "cancelled": "taken back"}


@dataclass(frozen=True)
class PreviousState:
    """What an undo goes back to, as the column `state_before`: state|by|source|snoozed until."""

    state: str
    by: str | None = None
    source: str | None = None
    snoozed_until: datetime | None = None

    @classmethod
    def of(cls, touchpoint: Touchpoint) -> PreviousState:
        t = touchpoint
        return cls(t.state, t.by_user, t.source, t.snoozed_until)

    @classmethod
    def before(cls, touchpoint: Touchpoint) -> PreviousState:
        """The state before the touchpoint's current one."""
        state, by, source, until = (touchpoint.state_before or _OPEN_STATE).split("|")
        snoozed_until = datetime.fromisoformat(until) if until else None
        return cls(state, by or None, source or None, snoozed_until)

    def written(self) -> str:
        until = self.snoozed_until.isoformat() if self.snoozed_until else ""
        return "|".join((self.state, self.by or "", self.source or "", until))


_OPEN_STATE = PreviousState("nudged").written()


def undo(work: Work, touchpoint: Touchpoint) -> None:
    """Goes back to the state before the last verb."""
    account = work.tx.require(Account, touchpoint.account_id)
    if touchpoint.state == "cancelled":
        require_open(work.tx, touchpoint)
    is_planned = touchpoint.state == "planned" and touchpoint.snoozed_until is None
    if touchpoint.state == "nudged" or is_planned:
        raise UserError("There is nothing to undo here: it is open already.")
    if account.archived_at or not is_present(work.playbook, touchpoint, account):
        raise UserError(f"{plain(account.name)} has moved on since, so this stays as it is.")
    _delete_next_occurrence(work.tx, touchpoint)
    advocacy.undo_ask(work, touchpoint)
    _restore_state(work, touchpoint, account, PreviousState.before(touchpoint))


def made_by(user: str, reaction_name: str) -> tuple[str, str]:
    """(user, source) of a touchpoint's state that this reaction made."""
    return user, f"{REACTION_PREFIX}{meaning(reaction_name) or bare_name(reaction_name)}"


def forget_previous(tx: Tx, touchpoint: Touchpoint) -> None:
    """Lets an undo go back to an open touchpoint, as the state before was undone as well."""
    touchpoints.save(tx, touchpoint, state_before=_OPEN_STATE)


def require_open(tx: Tx, touchpoint: Touchpoint) -> Account:
    """The touchpoint's account; raises `UserError` for a touchpoint that has ended."""
    account = tx.require(Account, touchpoint.account_id)
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
    """Who last changed the touchpoint's state, as a mention."""
    return mention(touchpoint.by_user) if touchpoint.by_user else "Linchpin"


def claim_expiry(work: Work, touchpoint: Touchpoint, account: Account) -> datetime | None:
    """When a claim that begins now expires; None if the playbook no longer has the play."""
    play = find_play(work.playbook, touchpoint)
    calendar = touchpoint_calendar(work.tx, work.playbook, touchpoint, account)
    return add_duration(play.claim_expires, since=work.now, calendar=calendar) if play else None


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
    nudge_id = touchpoint.nudge_id
    if nudge_id is not None and pending.was_lost(work.tx, nudge_id):
        nudge_id = None
    state = before.state if nudge_id is not None or before.state == "claimed" else "planned"
    wake_at: datetime | None = before.snoozed_until or touchpoint.due_at
    if state == "claimed":
        wake_at = claim_expiry(work, touchpoint, account)
    elif state == "nudged":
        wake_at = next_look(work, touchpoint, account, "nudged")
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
        nudge_id=nudge_id,
        wake_at=wake_at,
    )
