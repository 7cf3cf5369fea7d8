"""Promises to a customer: made, given another date, taken back; and how they stand.

Kept and broken are "done" and "skip" of a promise's touchpoint (bot/actions/responses/respond.py).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from bot.actions.accounts import accounts as account_actions
from bot.actions.audit import Detail, audit_action
from bot.actions.touchpoints.labels import owner_label
from bot.actions.touchpoints.nudge_views import nudge_view
from bot.actions.touchpoints.plays import plan_custom
from bot.actions.touchpoints.rendering import refresh_nudge
from bot.actions.touchpoints.routing import owner_calendar
from bot.actions.work import Work
from bot.messages.kit.text import day as spoken_day
from bot.messages.kit.text import plain, quoted, short
from bot.messages.promises.promise import Line
from bot.rules import promises as rules
from bot.rules.errors import UserError
from bot.rules.playbook.playbook import MANAGER
from bot.rules.promises import Consent
from bot.rules.text.words import cut
from db.core.tx import Tx
from db.members import members
from db.models import PROMISE, Account, Promise, PromiseChange
from db.promises import promises
from db.promises.promises import PromiseRecord
from db.touchpoints import touchpoints

KIND = PROMISE
#: A promise is one line; what needs more is a note.
MAX_TEXT_LENGTH = 300
MAX_REASON_LENGTH = 1000
_MAX_TITLE_LENGTH = 150
_HELPS = "They can plan with what we say."


@dataclass(frozen=True)
class Owner:
    """Who keeps a promise: a department's key or "manager", and the person, if named."""

    key: str
    keeper: str | None = None


def make_promise(
    work: Work, account: Account, text: str, due_on: date, owner: Owner
) -> PromiseRecord:
    """Saves a promise and plans its touchpoint. Raises `UserError` when it is open already."""
    account_actions.lock_account(work.tx, account)
    account_actions.require_live(account)
    text = _check_text(account, text, due_on)
    same = find_open_promise(work.tx, account, text)
    if same is not None:
        raise UserError(_duplicate_text(same, due_on))
    key = f"{KIND}:{sha256(_text_key(text).encode()).hexdigest()[:12]}"
    touchpoint = plan_custom(
        work,
        account,
        kind=KIND,
        key=key,
        owner=owner.key,
        title=cut(f"Promise: {text}", _MAX_TITLE_LENGTH),
        ask=_ask(work.tx, text, due_on, owner.keeper),
        helps=_HELPS,
        due_at=_nudge_time(work, account, owner.key, due_on),
        occurrence=promises.count_planned(work.tx, account.id, key) + 1,
        # Without a person, it goes to whoever manages the account when it is due.
        person=owner.keeper if owner.key != MANAGER else None,
    )
    promise = work.tx.add(
        Promise(
            account_id=account.id,
            touchpoint_id=touchpoint.id,
            text=text,
            text_key=_text_key(text),
            due_on=due_on,
            keeper_id=owner.keeper,
            made_by=work.by.user,
            made_at=work.now,
            stage=account.stage,
            term=account.term,
        )
    )
    _write_audit(work, promise, "made", {"by": due_on.isoformat(), "owner": owner.key})
    return PromiseRecord(promise, touchpoint, account)


def reschedule_promise(
    work: Work, promised: PromiseRecord, due_on: date, consent: Consent, reason: str | None
) -> bool:
    """Sets another date for an open promise; False when it is promised for that day already.

    A nudge that came too early for the new date is posted anew when its time comes.
    """
    promise, account, before = promised.promise, promised.account, promised.promise.due_on
    account_actions.lock_account(work.tx, account)
    require_open(promised)
    if before == due_on:
        return False
    promise.due_on = due_on
    work.tx.add(
        PromiseChange(
            promise_id=promise.id,
            account_id=account.id,
            before=before,
            after=due_on,
            consent=consent,
            reason=cut(reason, MAX_REASON_LENGTH) if reason else None,
            by_user=work.by.user,
            at=work.now,
        )
    )
    detail = {"from": before.isoformat(), "to": due_on.isoformat(), "consent": consent}
    _write_audit(work, promise, "moved", detail)
    _reschedule_touchpoint(work, promised)
    return True


def undo_promise(work: Work, promise_id: int) -> PromiseRecord | None:
    """Deletes a promise that the person just made; None when it is gone already.

    Raises `UserError` for another person's, and for one that was nudged already.
    """
    promised = promises.lock_promise(work.tx, promise_id)
    if promised is None:
        return None
    if promised.promise.made_by != work.by.user:
        raise UserError("Only the person who noted this promise can take it back.")
    touchpoint = promised.touchpoint
    if touchpoint.state != "planned" or touchpoint.nudge_id is not None:
        raise UserError(
            f'"{short(promised.promise.text)}" was asked for already, so it stays in the story. '
            f"`/promise {quoted(promised.account.name)}` lists what can be done with it."
        )
    promises.delete_promise(work.tx, promised)
    _write_audit(work, promised.promise, "taken back", {"text": promised.promise.text})
    return promised


def find_open_promise(tx: Tx, account: Account, words: str) -> PromiseRecord | None:
    """The account's open promise of exactly this text, in any case."""
    wanted, open_ones = _text_key(words), promises.list_open(tx, account.id)
    return next((each for each in open_ones if each.promise.text_key == wanted), None)


def find_by_words(tx: Tx, account: Account, words: str) -> list[PromiseRecord]:
    """The account's open promises that `words` may mean; all of them for no words."""
    exact = find_open_promise(tx, account, words)
    if exact is not None:
        return [exact]
    open_ones, wanted = promises.list_open(tx, account.id), _text_key(words)
    return [each for each in open_ones if wanted in each.promise.text_key]


def require_open(promised: PromiseRecord) -> None:
    """Raises `UserError` for a promise that has ended."""
    if promised.touchpoint.state not in touchpoints.OPEN_STATES:
        raise UserError(
            f'"{short(promised.promise.text)}" is no longer open. '
            f"`/promise {quoted(promised.account.name)}` lists what was promised."
        )


def promise_lines(work: Work, everyone: Collection[PromiseRecord]) -> list[Line]:
    """Promises as messages show them."""
    changes = promises.changes_by_promise(work.tx, [each.promise.id for each in everyone])
    return [_build_line(work, each, changes.get(each.promise.id, [])) for each in everyone]


def promise_line(work: Work, promised: PromiseRecord) -> Line:
    """A promise as messages show it."""
    return promise_lines(work, [promised])[0]


def _build_line(work: Work, promised: PromiseRecord, changes: Sequence[PromiseChange]) -> Line:
    promise, touchpoint = promised.promise, promised.touchpoint
    calendar = work.playbook.calendar(touchpoint.owner)
    today, ended_on = map(calendar.local_date, (work.now, touchpoint.state_at))
    status = rules.promise_status(touchpoint.state, ended_on, promise.due_on, today)
    return Line(
        id=promise.id,
        account=promised.account.name,
        text=promise.text,
        due_on=promise.due_on,
        owner=owner_label(work.playbook, touchpoint.owner, promised.account.manager_id),
        keeper=touchpoint.person_id,
        standing=status,
        days=((today if status == "overdue" else ended_on) - promise.due_on).days,
        has_it=touchpoint.by_user if touchpoint.state == "claimed" else None,
        by=touchpoint.by_user,
        reason=touchpoint.note,
        asked_on=touchpoint.due_at if touchpoint.state == "planned" else None,
        first_due_on=changes[0].before if changes else promise.due_on,
        consent=rules.read_consent(changes[-1].consent) if changes else None,
    )


def reopen_promises(work: Work, account: Account) -> None:
    """Opens the promises again that ended when the account was archived."""
    for promised in promises.list_all(work.tx, account.id):
        if promised.touchpoint.state == "cancelled":
            _replan_touchpoint(work, promised)


def _reschedule_touchpoint(work: Work, promised: PromiseRecord) -> None:
    """Brings the touchpoint in line with the promise's new date."""
    touchpoint, account, promise = promised.touchpoint, promised.account, promised.promise
    at = _nudge_time(work, account, touchpoint.owner, promise.due_on)
    if touchpoint.state == "planned" or at > work.now:
        old = touchpoint.nudge_id
        view = nudge_view(work, touchpoint, account)
        _replan_touchpoint(work, promised)
        refresh_nudge(work, old, view, f"They get it by {spoken_day(promise.due_on)} now")
    else:  # the new date is near enough for the nudge to stay
        ask = _ask(work.tx, promise.text, promise.due_on, promise.keeper_id)
        touchpoints.save(work.tx, touchpoint, ask=ask)
        refresh_nudge(work, touchpoint.nudge_id)


def _replan_touchpoint(work: Work, promised: PromiseRecord) -> None:
    touchpoint, promise = promised.touchpoint, promised.promise
    at = _nudge_time(work, promised.account, touchpoint.owner, promise.due_on)
    touchpoints.save(
        work.tx,
        touchpoint,
        # Another occurrence: else, after a restore, the nudge for the old date would pass for it.
        occurrence=promises.count_planned(work.tx, promise.account_id, touchpoint.play) + 1,
        ask=_ask(work.tx, promise.text, promise.due_on, promise.keeper_id),
        state="planned",
        state_at=work.now,
        state_before=None,
        due_at=at,
        wake_at=at,
        by_user=None,
        note=None,
        nudge_id=None,
        snoozed_until=None,
        asked_at=None,
    )


def _nudge_time(work: Work, account: Account, owner: str, due_on: date) -> datetime:
    calendar = owner_calendar(work.tx, work.playbook, owner, account)
    return rules.nudge_time(due_on, work.playbook.promises.notice, calendar, work.now)


def _ask(tx: Tx, text: str, due_on: date, keeper: str | None) -> str:
    who = f"; {members.name(tx, keeper)} said they would see to it" if keeper else ""
    return (
        f'{{account}} was promised "{text}" by {spoken_day(due_on)}{who}. Keep it, or tell them '
        "early that it will take longer."
    )


def _check_text(account: Account, text: str, due_on: date) -> str:
    text = " ".join(text.split())
    if not text:
        raise UserError(
            f"Say what was promised: `/promise {quoted(account.name)} SSO by {due_on.isoformat()}`."
        )
    if len(text) > MAX_TEXT_LENGTH:
        raise UserError(
            f"A promise is one line of at most {MAX_TEXT_LENGTH} characters, and this has "
            f"{len(text):,}. Give the gist, and `/log` the rest."
        )
    return text


def _duplicate_text(known: PromiseRecord, due_on: date) -> str:
    promise, name = known.promise, quoted(known.account.name)
    text = f'{plain(known.account.name)} was promised "{short(promise.text)}" by '
    text += f"{spoken_day(promise.due_on)} already."
    if promise.due_on == due_on:
        return f"{text} Nothing was changed."
    words = quoted(promise.text).strip('"')
    return (
        f"{text} For a new date say how they take it: "
        f"`/promise {name} {words} by {due_on.isoformat()} they agreed`, or `they know`."
    )


def _text_key(text: str) -> str:
    return " ".join(text.casefold().split()).strip(".!\u00ab\u00bb\"'“”")


def _write_audit(work: Work, promise: Promise, verb: str, detail: Detail) -> None:
    audit_action(work, promise, f"promise.{verb}", {"account": promise.account_id, **detail})
