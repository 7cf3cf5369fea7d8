"""Renewal dates that passed without a decision: one open touchpoint each, until it is decided."""

from collections.abc import Iterator

from bot.actions.facts.last_contact import last_contact_text
from bot.actions.touchpoints.labels import owner_label, person_name
from bot.actions.touchpoints.nudging import cancel, escalates_at
from bot.actions.touchpoints.plays import plan_custom
from bot.actions.touchpoints.rendering import refresh_nudge
from bot.actions.touchpoints.routing import acting_lead, escalation_recipient, owner_calendar
from bot.actions.work import Work
from bot.messages.kit.money import stake
from bot.messages.kit.text import day, on, plain
from bot.rules.playbook.playbook import MANAGER
from db.contracts import contracts
from db.lifecycle import decisions
from db.models import RENEWAL, Account, Touchpoint
from db.touchpoints import touchpoints

#: So many are planned in one transaction.
BATCH_SIZE = 100
TITLE = "Record the outcome"
_NEW_DATE = "the renewal date has changed"


def find_undecided(work: Work) -> list[Account]:
    """Accounts of which nobody is asked yet; some at a time."""
    today = work.playbook.calendar(MANAGER).local_date(work.now)
    exits = [stage.key for stage in work.playbook.stages if stage.exit]
    return decisions.list_undecided(work.tx, today, exits, BATCH_SIZE)


def ask_for_outcomes(work: Work) -> int:
    """Plans a touchpoint for each renewal that passed; returns how many."""
    accounts = find_undecided(work)
    worth = contracts.stakes(work.tx, accounts, work.playbook.value.currency)
    for account in accounts:
        assert account.renews_on is not None
        key, calendar = (
            f"renewal:{account.renews_on.isoformat()}",
            owner_calendar(work.tx, work.playbook, MANAGER, account),
        )
        at_stake = stake(worth.get(account.id), " · ")
        asked = plan_custom(
            work,
            account,
            kind=RENEWAL,
            key=key,
            owner=MANAGER,
            title=TITLE,
            ask=f"Renewal date passed on {day(account.renews_on)}{at_stake}",
            helps="",
            due_at=calendar.next_open(work.now),
            occurrence=touchpoints.count_asked(work.tx, account.id, key) + 1,
        )
        asked.helps = " · ".join(_foot(work, asked, account))
    return len(accounts)


def _foot(work: Work, asked: Touchpoint, account: Account) -> Iterator[str]:
    """ "Last contact Thu 10 Dec (Sam Carter, offer)", "goes to Priya Raman, Sales lead, on …"."""
    last = last_contact_text(work, account)
    yield last[0].upper() + last[1:]
    lead = acting_lead(work.tx, work.playbook, MANAGER)
    to = escalation_recipient(work.tx, lead, asked, account)
    at = escalates_at(work, asked, account)
    if to is not None and at is not None:
        stand_in = owner_label(work.playbook, MANAGER, None)
        yield f"goes to {person_name(work, to)}, {plain(stand_in)} lead, on {on(at)}"


def record_outcome(work: Work, account: Account, words: str) -> None:
    """Ends what was asked about a renewal that passed, as the decision is known now."""
    for touchpoint in _open_ones(work, account):
        values = {"state": "done", "state_at": work.now, "wake_at": None, "note": words}
        by = {"by_user": work.by.user, "source": work.by.source}
        touchpoints.save(work.tx, touchpoint, **values, **by)
        refresh_nudge(work, touchpoint.nudge_id)


def drop_question(work: Work, account: Account) -> None:
    """Ends it where the account has another renewal date."""
    for touchpoint in _open_ones(work, account):
        cancel(work, touchpoint, _NEW_DATE)


def _open_ones(work: Work, account: Account) -> list[Touchpoint]:
    open_ones = touchpoints.lock_open_of_account(work.tx, account.id)
    return [each for each in open_ones if each.kind == RENEWAL]
