"""Moves accounts into the stage that their renewal brings them to, and takes that back."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from bot.actions.accounts import accounts as account_actions
from bot.actions.audit import audit_action
from bot.actions.lifecycle import stages, undo
from bot.actions.outgoing import post, update_message
from bot.actions.touchpoints.account_facts import AccountFacts, renewal_date
from bot.actions.work import Work
from bot.messages.kit.message import Message
from bot.messages.kit.text import plain, quoted
from bot.messages.lifecycle import entering as messages
from bot.rules.errors import UserError
from bot.rules.playbook.playbook import MANAGER, Stage
from bot.rules.terms import stage_to_enter
from bot.rules.time.calendar import local_instant
from db.lifecycle import entering
from db.models import Account, StageChange
from db.outbox import pending
from db.touchpoints import touchpoints
from db.workspace import departments

#: So many accounts move in one transaction.
BATCH_SIZE = 100
#: So many that enter a stage on a day are told of in one message.
MANY = 3


def find_due(work: Work) -> list[tuple[int, Stage, date]]:
    """(account id, stage, renewal) of accounts that enter a stage by themselves now."""
    return [*_find_due(work)][:BATCH_SIZE]


def _find_due(work: Work) -> Iterator[tuple[int, Stage, date]]:
    enters = [s.enter.duration for s in work.playbook.stages if s.enter and s.enter.duration]
    if not enters:
        return
    local_date = work.playbook.calendar(MANAGER).local_date
    today, exits = local_date(work.now), [s.key for s in work.playbook.stages if s.exit]
    days = int(max(each.rough_days for each in enters)) + 3
    rows = entering.list_candidates(work.tx, work.now, today, days, exits)
    for row in rows:
        times = (row.renews_on, None, 1, row.began_at, row.created_at)
        renewal = renewal_date(work.playbook, AccountFacts(row.id, row.stage, 1, work.now, *times))
        # What an import assumed of a term's start is not known.
        is_assumed = row.source == "import" and row.began_at >= row.created_at
        began_on = None if is_assumed else local_date(row.began_at)
        assert renewal is not None
        stage = stage_to_enter(work.playbook, row.stage, renewal, began_on, today)
        if stage and not (row.entered_for or "").startswith(f"{stage.key}|{renewal}|"):
            yield row.id, stage, renewal


def enter_due(work: Work) -> int:
    """Moves the accounts that are due and tells of them; returns how many there were."""
    moved: dict[str, list[int]] = defaultdict(list)
    for account_id, stage, renewal in find_due(work):
        _enter(work, work.tx.require(Account, account_id), stage, renewal)
        moved[stage.key].append(account_id)
    for key, ids in moved.items():
        _announce(work, key, ids)
    return sum(map(len, moved.values()))


def _enter(work: Work, account: Account, stage: Stage, renewal: date) -> None:
    since = account.stage_entered_at
    reason = f"{stage.enter}"
    stages.move(work, account, stage.key, reason=reason, seen=account.stage_entry, quietly=True)
    mark = f"{stage.key}|{renewal}|{since.isoformat()}"
    account_actions.save_changes(work.tx, account, entered_for=mark)


def _announce(work: Work, stage: str, ids: list[int]) -> None:
    """Tells the company's channel of accounts that entered a stage; of many in one message."""
    channel = departments.company_channel(work.tx, work.playbook)
    if channel is None:
        return
    work.tx.flush()
    today = _entered_on(work, stage, work.now)
    key = _list_key(work, stage, work.now)
    if len(today) >= MANY and (len(ids) >= MANY or pending.find_by_key(work.tx, key)):
        known, message = pending.find_by_key(work.tx, key), messages.entered_list(today)
        if known is not None:
            update_message(work, known, message)
        else:
            post(work, channel, message, kind="move", key=key)
        return
    for entry in today:
        if entry.account_id in ids:
            key = f"entered:{entry.account_id}:{entry.id}:{int(work.now.timestamp())}"
            post(work, channel, messages.entered(entry), kind="move", key=key)


def _entered_on(work: Work, stage: str, at: datetime) -> list[messages.Entered]:
    """Who entered a stage by themselves on that day and is there still."""
    calendar = work.playbook.calendar(MANAGER)
    day = calendar.local_date(at)
    since, until = (
        local_instant(each, time(0), calendar.zone) for each in (day, day + timedelta(days=1))
    )
    known = work.playbook.stage(stage)
    return [
        messages.Entered(
            id=change.id,
            account_id=account.id,
            account=account.name,
            stage=known.name if known else stage,
            decision=known.decision if known else "",
            why=change.reason or "",
            renews_on=date.fromisoformat((account.entered_for or "").split("|")[1]),
            is_assumed=account.renews_on is None,
        )
        for change, account in entering.list_entered(work.tx, stage, since, until)
    ]


def _list_key(work: Work, stage: str, at: datetime) -> str:
    return f"entered:{stage}:{work.playbook.calendar(MANAGER).local_date(at)}"


def undo_entry(work: Work, change_id: int) -> Message:
    """Puts an account back to where it was before it entered a stage by itself; it does not enter
    it again for that renewal. Returns what the message says then."""
    change = work.tx.get(StageChange, change_id)
    if change is None:
        raise UserError("That was taken back already.")
    account = work.tx.require(Account, change.account_id)
    account_actions.lock_account(work.tx, account)
    planned = [
        each
        for each in touchpoints.list_of_plays(work.tx, account)
        if each.stage_entry == account.stage_entry
    ]
    is_same = account.stage_entry == change.stage_entry and account.archived_at is None
    if not is_same or any(each.nudge_id or each.state != "planned" for each in planned):
        raise UserError(
            f"{plain(account.name)} has gone on since, so it stays where it is. "
            f"`/stage {quoted(account.name)} {change.from_stage} because …` moves it."
        )
    left, at, key = change.to_stage, change.at, _list_key(work, change.to_stage, change.at)
    entered_at = datetime.fromisoformat((account.entered_for or "").split("|")[2])
    before = {"stage": change.from_stage or "", "stage_entry": account.stage_entry - 1}
    undo.move_back(work, account, planned, at, **before, stage_entered_at=entered_at)
    audit_action(work, account, "account.moved_back", {"from": left, "to": account.stage})
    work.tx.flush()
    names = work.playbook.stage_name(left), work.playbook.stage_name(account.stage)
    undone = messages.undone(account.name, *names, work.by.user)
    if pending.find_by_key(work.tx, key) is None:
        return undone
    return messages.entered_list(_entered_on(work, left, at), undone)
