"""Does what people can do to a touchpoint: done, claim, release, keep, snooze, skip, undo."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from bot.actions.actor import is_reaction
from bot.actions.advocacy import advocacy
from bot.actions.answers import answers
from bot.actions.audit import audit_action
from bot.actions.briefs import briefs
from bot.actions.responses import undo
from bot.actions.touchpoints import limits
from bot.actions.touchpoints.nudging import cancel_many, is_misplaced, next_look
from bot.actions.touchpoints.planning import plan_next_occurrence
from bot.actions.touchpoints.plays import records_of
from bot.actions.touchpoints.rendering import refresh_nudge
from bot.actions.touchpoints.routing import touchpoint_calendar
from bot.actions.work import Work
from bot.messages.kit.text import when
from bot.rules.contact_limits import asks_customer
from bot.rules.errors import UserError
from bot.rules.touchpoint_verbs import Verb
from db.core.tx import Tx
from db.lists import lists
from db.models import PROMISE, RENEWAL, Account, Touchpoint
from db.touchpoints import reactions, touchpoints
from db.touchpoints.limits import recheck_postponed

_BREAKS_PROMISE_TEXT = "Nothing was changed. A promise needs a new date, or a reason to skip it."


def respond(
    work: Work,
    touchpoint: Touchpoint,
    verb: Verb,
    *,
    note: str | None = None,
    until: date | datetime | None = None,
    tell: Callable[[str], None] = lambda _sentence: None,
) -> bool:
    """Does one verb to a touchpoint and updates its message; False for who did the same before.

    `note` says why it is skipped; `until` is when what is snoozed comes back; `tell` gets what else
    was changed. Raises `UserError` when it is no longer open, or would break a promise untold.
    """
    if touchpoint.kind == RENEWAL:
        raise UserError("It stays open until their decision or a new renewal date is recorded.")
    if verb == "skip" and touchpoint.kind == PROMISE and not note:
        raise UserError(_BREAKS_PROMISE_TEXT)
    version = touchpoint.version
    previous_by, previous_source = touchpoint.by_user, touchpoint.source
    account = work.tx.require(Account, touchpoint.account_id)
    if verb in ("done", "claim") and (over := limits.over_limit_text(work, touchpoint, account)):
        tell(over)
    if verb == "snooze":
        snooze(work, touchpoint, until)
    else:
        _DO[verb](work, touchpoint)
    if touchpoint.version == version:
        return False
    if verb in ("undo", "release") and not is_reaction(work.by.source):
        _ignore_reactions(work.tx, touchpoint, previous_by, previous_source)
    if note:
        touchpoints.save(work.tx, touchpoint, note=note)
    audit_action(work, touchpoint, f"touchpoint.{verb}", {"state": touchpoint.state})
    if asks_customer(work.playbook, touchpoint):  # what waits for that customer may go, or not yet
        recheck_postponed(work.tx, account.id, work.now)
    refresh_nudge(work, touchpoint.nudge_id)
    if verb == "undo" and (sentence := answers.take_back(work, touchpoint)):
        tell(sentence)
    briefs.update_gap(work, touchpoint, account)
    return True


def _ignore_reactions(tx: Tx, touchpoint: Touchpoint, by: str | None, source: str | None) -> None:
    """The reaction that made the previous state no longer counts: only its author can remove it."""
    if touchpoint.nudge_id is None or not is_reaction(source):
        return
    active = reactions.list_active(tx, touchpoint.nudge_id)
    reactions.ignore_reactions(
        tx, [each for each in active if undo.made_by(each.user_id, each.name) == (by, source)]
    )


def complete(work: Work, touchpoint: Touchpoint) -> None:
    """Marks it done; a recurring play plans its next occurrence."""
    if touchpoint.state == "done" and touchpoint.by_user == work.by.user:
        return
    account = undo.require_open(work.tx, touchpoint)
    records = records_of(work.playbook, touchpoint)
    _save_change(work, touchpoint, state="done", wake_at=None, records=records)
    advocacy.record_ask(work, account, touchpoint)
    plan_next_occurrence(work, account, touchpoint)


def skip(work: Work, touchpoint: Touchpoint) -> None:
    """Marks it skipped; a recurring play plans its next occurrence."""
    if touchpoint.state == "skipped" and touchpoint.by_user == work.by.user:
        return
    account = undo.require_open(work.tx, touchpoint)
    _save_change(work, touchpoint, state="skipped", wake_at=None)
    plan_next_occurrence(work, account, touchpoint)


def claim(work: Work, touchpoint: Touchpoint) -> None:
    """Claims it for the person; the claim expires when nothing follows."""
    account = undo.require_open(work.tx, touchpoint)
    if touchpoint.state != "claimed":
        expires_at = undo.claim_expiry(work, touchpoint, account)
        _save_change(work, touchpoint, state="claimed", wake_at=expires_at)
    elif touchpoint.by_user != work.by.user:
        raise UserError(
            f"{undo.actor_label(touchpoint)} has claimed it already, {when(touchpoint.state_at)}. "
            "*Release* frees it."
        )


def extend_claim(work: Work, touchpoint: Touchpoint) -> None:
    """Begins the person's claim anew; claims it if it is not theirs."""
    if touchpoint.state != "claimed" or touchpoint.by_user != work.by.user:
        claim(work, touchpoint)
        return
    account = undo.require_open(work.tx, touchpoint)
    expires_at = undo.claim_expiry(work, touchpoint, account)
    touchpoints.save(work.tx, touchpoint, wake_at=expires_at, asked_at=None)


def release(work: Work, touchpoint: Touchpoint) -> None:
    """Ends a claim: the touchpoint is open for everybody again."""
    account = undo.require_open(work.tx, touchpoint)
    if touchpoint.state != "claimed":
        return
    state, wake_at = "nudged", next_look(work, touchpoint, account, "nudged")
    if not _stands_where_it_belongs(work, touchpoint, account):
        state, wake_at = "planned", max(work.now, touchpoint.due_at)
    _save_change(work, touchpoint, state=state, wake_at=wake_at, by_user=None)


def _stands_where_it_belongs(work: Work, touchpoint: Touchpoint, account: Account) -> bool:
    """Whether it is in its owner's message still, and that one stands."""
    if touchpoint.nudge_id is None or is_misplaced(work, touchpoint, account):
        return False
    posted = lists.of_nudge(work.tx, touchpoint.nudge_id)
    return posted is not None and posted.folded_at is None


def snooze(work: Work, touchpoint: Touchpoint, until: date | datetime | None = None) -> None:
    """Plans it again for the owner's opening on the day `until`, the time `until`, or tomorrow."""
    account = undo.require_open(work.tx, touchpoint)
    calendar = touchpoint_calendar(work.tx, work.playbook, touchpoint, account)
    if isinstance(until, datetime):
        back_at = calendar.next_open(max(until, work.now))
    else:
        first = calendar.local_date(work.now) + timedelta(days=1)
        back_at = calendar.opening(calendar.on_or_after(max(until or first, first)))
    if touchpoint.snoozed_until != back_at:
        _save_change(work, touchpoint, state="planned", wake_at=back_at, snoozed_until=back_at)


_DO: dict[Verb, Callable[[Work, Touchpoint], None]] = {
    "done": complete,
    "claim": claim,
    "release": release,
    "keep": extend_claim,
    "snooze": snooze,
    "skip": skip,
    "nothing-new": answers.nothing_new,
    "undo": undo.undo,
}


def ends_with_stage(open_ones: list[Touchpoint], leaves: bool) -> list[Touchpoint]:
    """Those of the stage's plays; what briefs asked stays unless the account `leaves`."""
    return [
        each
        for each in open_ones
        if (each.follows_playbook and not each.term) or (leaves and each.kind == briefs.KIND)
    ]


def cancel_stage_touchpoints(
    work: Work, account: Account, reason: str, *, leaves: bool = False
) -> int:
    """Cancels the open touchpoints that end with the account's stage; returns how many."""
    of_stage = ends_with_stage(touchpoints.lock_open_of_account(work.tx, account.id), leaves)
    cancel_many(work, of_stage, reason)
    return len(of_stage)


def cancel_open_touchpoints(work: Work, account: Account, reason: str) -> int:
    """Cancels what is open for an account; returns how many."""
    open_ones = touchpoints.lock_open_of_account(work.tx, account.id)
    cancel_many(work, open_ones, reason)
    return len(open_ones)


def _save_change(work: Work, touchpoint: Touchpoint, **values: object) -> None:
    defaults = {
        "by_user": work.by.user,
        "source": work.by.source,
        "state_at": work.now,
        "state_before": undo.PreviousState.of(touchpoint).written(),
        "snoozed_until": None,
        "asked_at": None,
        **limits.NOT_POSTPONED,
        "note": None,
    }
    if not touchpoints.save(work.tx, touchpoint, **{**defaults, **values}):
        raise UserError("Somebody else changed it first. Look at the message again.")
