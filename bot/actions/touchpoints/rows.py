"""Touchpoints as lists show them: Home, `/next`, digests and the rows behind a number."""

from collections.abc import Mapping, Sequence

from bot.actions.touchpoints.labels import assignee_label
from bot.actions.touchpoints.nudge_views import near_renewal
from bot.actions.touchpoints.plays import records_of
from bot.actions.touchpoints.standing import standing_text
from bot.actions.work import Work
from bot.messages.facts.known import overdue_text
from bot.messages.kit.money import stake
from bot.messages.kit.text import day, mention, plain
from bot.messages.touchpoints.lists import Row
from bot.rules.answers import QUESTIONS
from bot.rules.facts.standing import overdue_days
from bot.rules.playbook.playbook import MANAGER
from db.contracts import contracts
from db.digests import readers
from db.models import Account, Touchpoint

Pair = tuple[Touchpoint, Account]


def rows_of(work: Work, pairs: Sequence[Pair], reader: str, owners: bool = True) -> list[Row]:
    """Touchpoints as lists show them to a reader; with `owners` each says whose it is."""
    today = work.playbook.calendar(MANAGER).local_date(work.now)
    renewing = [account for _, account in pairs if near_renewal(work.playbook, account, today)]
    stakes = contracts.stakes(work.tx, renewing, work.playbook.value.currency)
    renewals = {
        account.id: f"renews {day(account.renews_on, today)}{stake(stakes.get(account.id), ' · ')}"
        for account in renewing
        if account.renews_on is not None
    }
    claimers = {t.by_user for t, _ in pairs if t.state == "claimed" and t.by_user}
    names = readers.display_names(work.tx, claimers - {reader}) | {reader: "you"}
    return [
        Row(
            id=t.id,
            account=account.name,
            title=t.title,
            kind=t.kind,
            state=t.state,
            when=_when(work, t, account),
            owner=_whose(work, t, account, reader, owners),
            about=_claim(work, t, names) if t.state == "claimed" else renewals.get(account.id, ""),
        )
        for t, account in pairs
    ]


def _when(work: Work, t: Touchpoint, account: Account) -> str:
    """When it is or was due, or comes back."""
    put_off = t.snoozed_until or t.postponed_until
    if t.state == "planned" and put_off is not None and put_off > work.now:
        return standing_text(work.playbook, t, account, work.now)
    local_date = work.playbook.calendar(t.owner).local_date
    late = overdue_days(work.playbook, t, work.now)
    return overdue_text(late, local_date(t.due_at), local_date(work.now))


def _whose(work: Work, t: Touchpoint, account: Account, reader: str, owners: bool) -> str:
    if owners:
        return assignee_label(work.playbook, t, account)
    if t.person_id is not None:
        return mention(t.person_id) if t.person_id != reader else ""
    manager = account.manager_id if t.owner == MANAGER else None
    return f"for {mention(manager)}" if manager not in (None, reader) else ""


def _claim(work: Work, t: Touchpoint, names: Mapping[str, str]) -> str:
    """ "claimed by Sam Carter yesterday"; for who has it, what to write down."""
    local_date, who = work.playbook.calendar(t.owner).local_date, names.get(t.by_user or "")
    on, today = local_date(t.state_at), local_date(work.now)
    at = {0: "today", 1: "yesterday"}.get((today - on).days, f"on {day(on, today)}")
    claimed, records = f"claimed by {plain(who or 'somebody')} {at}", records_of(work.playbook, t)
    if who != "you" or records is None:
        return claimed
    return f"{claimed} · write down: {QUESTIONS[records].write_down}"
