"""Moves an account to a stage: history, cancelling, planning and telling, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.actions.accounts.accounts import lock_account, require_live
from bot.actions.audit import audit_action
from bot.actions.handoffs import handoffs
from bot.actions.responses.respond import cancel_stage_touchpoints
from bot.actions.terms import terms
from bot.actions.touchpoints.labels import upcoming_views
from bot.actions.touchpoints.planning import plan_stage
from bot.actions.work import Work
from bot.messages.kit.message import Message
from bot.messages.kit.parts import mention, plain, quoted, short, when
from bot.messages.lifecycle import stage as messages
from bot.rules.errors import UserError
from bot.rules.playbook.playbook import Playbook, Stage
from db import outbox
from db.accounts import accounts
from db.core.tx import Tx
from db.models import Account, StageChange, Touchpoint
from db.workspace import channels, departments

# Two people who move one account within this time have probably not seen each other's move.
CONCURRENT_WINDOW = timedelta(minutes=1)
# A reason is a line in a history and travels in a button; what is longer is a note.
MAX_REASON_LENGTH = 1000


@dataclass(frozen=True)
class StageMove:
    """A move that was made: `planned` is what comes next, soonest first."""

    account: Account
    before: Stage | None
    now_in: Stage
    reason: str | None
    cancelled: int
    planned: tuple[Touchpoint, ...]


class MovedMeanwhile(Exception):
    """Somebody else moved the account a moment ago: nothing was changed, the person is told."""

    def __init__(self, account: Account, change: StageChange) -> None:
        super().__init__(account.name)
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
) -> StageMove:
    """Moves an account to the stage that the words `to` mean ("next" is the one after).

    `seen` is the stage entry that the person has looked at, if they were shown one; `lost_to` is
    for whom a customer leaves, if we know. Raises
    `UserError` for a stage nobody knows, the same stage, or a way back or out without a reason;
    `MovedMeanwhile` when somebody else has just moved it.
    """
    lock_account(work.tx, account)
    require_live(account)
    target = _find_stage(work.playbook, account, to)
    _check_not_same(work.tx, account, target)
    _check_not_moved(work, account, seen)
    _check_direction(work.playbook, account, target, reason)
    cancelled = cancel_stage_touchpoints(work, account, f"the account moved to {target.name}")
    left, before = account.stage, work.playbook.stage(account.stage)
    term = terms.update_for_move(work, account, target, reason=reason, lost_to=lost_to)
    _enter_stage(work, account, target, term, reason)
    planned = plan_stage(work, account)
    detail = {"from": left, "to": target.key, "reason": reason}
    audit_action(work, account, "account.moved", detail)
    moved = StageMove(account, before, target, reason, cancelled, tuple(planned))
    told = handoffs.start_handoff(work, account, before, target, reason)
    _announce_move(work, moved, told_in=told)
    return moved


def check_move(
    tx: Tx, playbook: Playbook, account: Account, to: str, *, reason: str | None
) -> Stage:
    """The stage that `to` means, if the account could move there now; changes nothing.

    Raises the same `UserError` as the move itself would.
    """
    require_live(account)
    target = _find_stage(playbook, account, to)
    _check_not_same(tx, account, target)
    _check_direction(playbook, account, target, reason)
    return target


def _find_stage(playbook: Playbook, account: Account, to: str) -> Stage:
    if to.casefold() == "next":
        following = playbook.after(account.stage)
        if following is None:
            raise UserError(_no_next_stage_text(playbook, account))
        return following
    stage = playbook.find_stage(to)
    if stage is None:
        otherwise = playbook.after(account.stage) or playbook.stages[0]
        line = f"/stage {quoted(account.name)} {{stage}}"
        raise UserError(unknown_stage(playbook, line, to, otherwise))
    return stage


def _no_next_stage_text(playbook: Playbook, account: Account) -> str:
    here = playbook.stage(account.stage)
    back = playbook.stages[0]
    because = "" if here is None or here.exit else " because …"
    return (
        f"{plain(account.name)} is in {plain(here.name if here else account.stage)}, and the "
        f"playbook has no stage after it. Name one: "
        f"`/stage {quoted(account.name)} {back.key}{because}`."
    )


def unknown_stage(playbook: Playbook, line: str, words: str, otherwise: Stage) -> str:
    """The sentence for a stage that is not in the playbook, with the line that would work.

    `line` has `{stage}` where the stage belongs; `otherwise` is shown when none is spelled so.
    """
    guess = playbook.suggest_stage(words)
    if guess is not None:
        would_work = line.replace("{stage}", guess)
        return f'There is no stage "{short(words)}". Did you mean `{would_work}`?'
    known = ", ".join(stage.key for stage in playbook.stages)
    would_work = line.replace("{stage}", otherwise.key)
    return f'There is no stage "{short(words)}". The stages are {known}: `{would_work}`.'


def _check_not_same(tx: Tx, account: Account, target: Stage) -> None:
    if account.stage != target.key:
        return
    change = accounts.last_stage_change(tx, account.id)
    by = f"; {mention(change.by_user)} moved it" if change and change.by_user else ""
    if change is not None and change.from_stage in (None, change.to_stage):
        by = ""
    raise UserError(
        f"{plain(account.name)} is in {plain(target.name)} already, since "
        f"{when(account.stage_entered_at)}{by}. Nothing was changed."
    )


def _check_not_moved(work: Work, account: Account, seen: int | None) -> None:
    change = accounts.last_stage_change(work.tx, account.id)
    if change is None or change.by_user is None or change.by_user == work.by.user:
        return
    unseen = (
        work.now - change.at < CONCURRENT_WINDOW if seen is None else account.stage_entry != seen
    )
    if change.from_stage not in (None, change.to_stage) and unseen:
        raise MovedMeanwhile(account, change)


def _check_direction(
    playbook: Playbook, account: Account, target: Stage, reason: str | None
) -> None:
    way = playbook.direction(account.stage, target.key)
    line = f"`/stage {quoted(account.name)} {target.key} because …`"
    if way in ("back", "out") and not reason:
        raise UserError(
            f"{plain(target.name)} is a way {way} for {plain(account.name)}: say why, so that "
            f"the next person knows. {line}"
        )
    if reason and len(reason) > MAX_REASON_LENGTH:
        raise UserError(
            f"That reason has {len(reason):,} characters, and {MAX_REASON_LENGTH:,} is the most. "
            f"Give the gist, and `/log` the rest: {line}"
        )


def _enter_stage(
    work: Work, account: Account, target: Stage, term: int, reason: str | None
) -> None:
    before = account.stage
    entry = account.stage_entry + 1
    where = {"stage": target.key, "stage_entered_at": work.now, "stage_entry": entry, "term": term}
    won = accounts.save(work.tx, account, **where)
    if not won:
        raise _conflict_error(work.tx, account, entry)
    change = {
        "account_id": account.id,
        "stage_entry": entry,
        "term": term,
        "from_stage": before,
        "to_stage": target.key,
        "reason": reason,
        "by_user": work.by.user,
        "source": work.by.source,
        "at": work.now,
    }
    work.tx.add_all(StageChange, [change])


def _conflict_error(tx: Tx, account: Account, entry: int) -> Exception:
    """Somebody changed the account between our look and our write."""
    change = accounts.last_stage_change(tx, account.id)
    if change is not None and change.stage_entry >= entry:
        return MovedMeanwhile(account, change)
    return UserError(
        f"{plain(account.name)} was changed by somebody else at the same moment. "
        "Nothing of yours was saved: try once more."
    )


def _announce_move(work: Work, moved: StageMove, told_in: str | None) -> None:
    """A channel that was `told_in` by a handoff has heard of the move."""
    message = messages.announcement(build_move_card(work.playbook, moved), work.by.user)
    _post_announcement(work, moved.account, "move", message, told_in)


def announce_undo(work: Work, account: Account, left: str) -> None:
    """Tells that a move to the stage `left` was taken back."""
    names = [
        found.name if (found := work.playbook.stage(key)) else key for key in (left, account.stage)
    ]
    message = messages.undo_announcement(account.name, names[0], names[1], work.by.user)
    _post_announcement(work, account, "moved back", message)


def _post_announcement(
    work: Work, account: Account, what: str, message: Message, told_in: str | None = None
) -> None:
    """Tells the account's own channel, or the company's when it has none or shares it outside."""
    channel = account.channel_id
    if channel is None or channels.is_shared_outside(work.tx, channel):
        channel = departments.company_channel(work.tx, work.playbook)
    if channel is None or channel == told_in:
        return
    outbox.enqueue_post(
        work.tx,
        # With the time: ids of accounts that an import took back are used again.
        dedupe_key=f"{what}:{account.id}:{account.stage_entry}:{int(work.now.timestamp())}",
        kind="move",
        channel=channel,
        payload=message.payload(),
        now=work.now,
    )


def build_move_card(playbook: Playbook, moved: StageMove) -> messages.MoveCard:
    """A move as its messages tell of it."""
    return messages.MoveCard(
        account=moved.account.name,
        before=moved.before.name if moved.before else "no stage",
        now_in=moved.now_in.name,
        decision=moved.now_in.decision,
        reason=moved.reason,
        cancelled=moved.cancelled,
        upcoming=tuple(upcoming_views(playbook, moved.account, moved.planned)),
    )
