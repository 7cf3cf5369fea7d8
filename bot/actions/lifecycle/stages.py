"""Moves an account to a stage: history, cancelling, planning and announcing it."""

from dataclasses import dataclass
from datetime import timedelta

from bot.actions.accounts.accounts import lock_account, require_live
from bot.actions.audit import audit_action
from bot.actions.briefs import briefs
from bot.actions.handoffs import handoffs
from bot.actions.lifecycle.telling import post_in_hours, tell_manager
from bot.actions.responses.respond import cancel_stage_touchpoints
from bot.actions.terms import terms
from bot.actions.touchpoints.labels import person_name
from bot.actions.touchpoints.planning import plan_account
from bot.actions.touchpoints.standing import upcoming_lines
from bot.actions.work import Work
from bot.messages.accounts import changes as change_messages
from bot.messages.kit.message import Message
from bot.messages.kit.text import mention, plain, quoted, short, when
from bot.messages.lifecycle import stage as messages
from bot.rules.errors import UserError
from bot.rules.playbook.playbook import MANAGER, Playbook, Stage
from db.accounts import accounts
from db.core.tx import Tx
from db.models import Account, StageChange, Touchpoint
from db.workspace import channels, departments

# Two people who move an account within this time have probably not seen each other's move.
CONCURRENT_WINDOW = timedelta(minutes=1)
# A reason is a line in a history and has to fit into a button; what is longer is a note.
MAX_REASON_LENGTH = 1000


@dataclass(frozen=True)
class StageMove:
    """A move that was made: `planned` are the open touchpoints, soonest first."""

    account: Account
    before: Stage | None
    now_in: Stage
    reason: str | None
    cancelled: int
    planned: tuple[Touchpoint, ...]


class MovedMeanwhile(Exception):
    """Somebody else moved the account a moment ago, so nothing was changed; says who, and where."""

    def __init__(self, playbook: Playbook, account: Account, change: StageChange) -> None:
        who = mention(change.by_user) if change.by_user else "Somebody else"
        now_in = plain(playbook.stage_name(change.to_stage))
        at = when(change.at)
        super().__init__(f"{who} moved *{plain(account.name)}* to *{now_in}* meanwhile, {at}.")
        self.account = account
        self.change = change


def move(
    work: Work,
    account: Account,
    to: str,
    *,
    reason: str | None,
    seen: int | None,
    lost_to: str | None = None,
    quietly: bool = False,
) -> StageMove:
    """Moves an account to the stage that the words `to` mean ("next" is the one after).

    `seen` is the stage entry that the person was shown, if any; `lost_to` is the competitor that
    the customer leaves for, if known. `quietly` hands nothing over and announces nothing.
    Raises `UserError` for an unknown stage, the same stage, or a move back or out without a
    reason; `MovedMeanwhile` when somebody else has just moved it.
    """
    lock_account(work.tx, account)
    require_live(account)
    target = _find_stage(work.playbook, account, to)
    _check_not_same(work.tx, account, target)
    _check_not_moved(work, account, seen)
    check_direction(work.playbook, account, target, reason)
    why = f"the account moved to {target.name}"
    cancelled = cancel_stage_touchpoints(work, account, why, leaves=target.exit)
    left, before = account.stage, work.playbook.stage(account.stage)
    term = terms.update_for_move(work, account, target, reason=reason, lost_to=lost_to)
    _enter_stage(work, account, target, term, reason)
    planned = plan_account(work, account)
    detail = {"from": left, "to": target.key, "reason": reason}
    audit_action(work, account, "account.moved", detail)
    if target.exit:
        briefs.close(work, account)
    moved = StageMove(account, before, target, reason, cancelled, tuple(planned))
    if quietly:
        return moved
    handoff_channel = handoffs.start_handoff(work, account, before, target, reason)
    by = person_name(work, work.by.user)
    message = messages.announcement(build_move_card(work, moved), by)
    _announce(work, account, "move", message, except_in=handoff_channel)
    if work.by.user is not None:
        places = moved.before.name if moved.before else left, target.name
        told = change_messages.moved(account.name, account.id, *places, reason, by)
        tell_manager(work, account, "moved", told)
    return moved


def _find_stage(playbook: Playbook, account: Account, to: str) -> Stage:
    following = playbook.after(account.stage)
    if to.casefold() == "next":
        if following is None:
            raise UserError(_no_next_stage_text(playbook, account))
        return following
    stage = playbook.find_stage(to)
    if stage is None:
        known = ", ".join(each.key for each in playbook.stages)
        raise UserError(f'Unknown stage "{short(to)}". It is one of {plain(known)}.')
    return stage


def _no_next_stage_text(playbook: Playbook, account: Account) -> str:
    here = playbook.stage(account.stage)
    because = "" if here is None or here.exit else " because …"
    return (
        f"{plain(account.name)} is in {plain(playbook.stage_name(account.stage))}, and the "
        f"playbook has no stage after it. Name one: "
        f"`/stage {quoted(account.name)} {playbook.stages[0].key}{because}`."
    )


def _check_not_same(tx: Tx, account: Account, target: Stage) -> None:
    if account.stage != target.key:
        return
    change, by = accounts.last_stage_change(tx, account.id), ""
    if change and change.by_user and change.from_stage not in (None, change.to_stage):
        by = f"; {mention(change.by_user)} moved it"
    raise UserError(
        f"{plain(account.name)} is in {plain(target.name)} already, since "
        f"{when(account.stage_entered_at)}{by}. Nothing was changed."
    )


def _check_not_moved(work: Work, account: Account, seen: int | None) -> None:
    change = accounts.last_stage_change(work.tx, account.id)
    if change is None or change.by_user is None or change.by_user == work.by.user:
        return
    unseen = account.stage_entry != seen
    if seen is None:
        unseen = work.now - change.at < CONCURRENT_WINDOW
    if change.from_stage not in (None, change.to_stage) and unseen:
        raise MovedMeanwhile(work.playbook, account, change)


def check_direction(
    playbook: Playbook, account: Account, target: Stage, reason: str | None
) -> None:
    """Raises `UserError` for a move back or out without a reason, and for too long a reason."""
    way = playbook.direction(account.stage, target.key)
    line = f"`/stage {quoted(account.name)} {target.key} because …`"
    if way in ("back", "out") and not reason:
        what = "is an earlier stage" if way == "back" else "ends the process"
        raise UserError(
            f"{plain(target.name)} {what} for {plain(account.name)}. Add a reason: {line}"
        )
    if reason and len(reason) > MAX_REASON_LENGTH:
        raise UserError(
            f"That reason has {len(reason):,} characters; the limit is {MAX_REASON_LENGTH:,}. "
            f"Shorten it, and `/log` the rest: {line}"
        )


def _enter_stage(
    work: Work, account: Account, target: Stage, term: int, reason: str | None
) -> None:
    before, entry = account.stage, account.stage_entry + 1
    where = {"stage": target.key, "stage_entered_at": work.now, "stage_entry": entry, "term": term}
    if accounts.save(work.tx, account, **where):
        add_stage_change(work, account, before, reason)
        return
    # Somebody changed the account between our read and our write.
    change = accounts.last_stage_change(work.tx, account.id)
    if change is not None and change.stage_entry >= entry:
        raise MovedMeanwhile(work.playbook, account, change)
    raise UserError(
        f"{plain(account.name)} was changed by somebody else at the same moment. "
        "Nothing of yours was saved: try once more."
    )


def add_stage_change(work: Work, account: Account, before: str, reason: str | None) -> None:
    """Writes into the history that the account has come from the stage `before` to where it is."""
    change = {
        "account_id": account.id,
        "stage_entry": account.stage_entry,
        "term": account.term,
        "from_stage": before,
        "to_stage": account.stage,
        "reason": reason,
        "by_user": work.by.user,
        "source": work.by.source,
        "at": work.now,
    }
    work.tx.add_all(StageChange, [change])


def announce_undo(work: Work, account: Account, left: str) -> None:
    """Announces that a move to the stage `left` was taken back."""
    names = work.playbook.stage_name(left), work.playbook.stage_name(account.stage)
    message = messages.undo_announcement(account.name, *names, person_name(work, work.by.user))
    _announce(work, account, "moved back", message)


def _announce(
    work: Work, account: Account, what: str, message: Message, except_in: str | None = None
) -> None:
    """Posts to the account's own channel, or the company's when it has none or shares it outside.

    `except_in` is a channel that a handoff has told already.
    """
    channel = account.channel_id
    if channel is None or channels.is_shared_outside(work.tx, channel):
        channel = departments.company_channel(work.tx, work.playbook)
    if channel is not None and channel != except_in:
        key = f"{what}:{account.id}:{account.stage_entry}"
        calendar = work.playbook.calendar(MANAGER)
        post_in_hours(work, channel, message, kind="move", key=key, calendar=calendar)


def build_move_card(work: Work, moved: StageMove) -> messages.MoveCard:
    """A move as its messages show it."""
    return messages.MoveCard(
        account=moved.account.name,
        before=moved.before.name if moved.before else "no stage",
        now_in=moved.now_in.name,
        decision=moved.now_in.decision,
        reason=moved.reason,
        cancelled=moved.cancelled,
        upcoming=upcoming_lines(work, moved.account, moved.planned),
    )
