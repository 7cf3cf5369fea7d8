"""The gaps of an account as its card and its brief show them."""

from collections.abc import Sequence
from typing import Any

from bot.actions.facts import gaps
from bot.actions.facts.days import today
from bot.actions.touchpoints.labels import owner_label, owner_name
from bot.actions.work import Work
from bot.messages.facts import gaps as messages
from bot.messages.facts.gaps import GapLine
from bot.rules.briefs import renewal_stage
from bot.rules.facts import gaps as rules
from bot.rules.facts.gaps import Gap
from bot.rules.facts.live import is_live
from bot.rules.playbook.playbook import MANAGER, Play
from db.models import Account


def list_lines(work: Work, account: Account, reader: str | None = None) -> list[GapLine]:
    """What is missing of an account, in the order in which it is told to the `reader`."""
    return [_line(work, account, gap, reader) for gap in gaps.list_gaps(work, account)]


def missing_lines(work: Work, accounts: Sequence[Any]) -> dict[int, list[GapLine]]:
    """What is missing of each of the accounts, without what is planned about it."""
    now, missing = today(work), gaps.missing_of(work, accounts)
    return {key: [messages.gap_line(gap, now) for gap in found] for key, found in missing.items()}


def of_risks(work: Work, account: Account, reader: str | None) -> GapLine:
    """What is planned or was said about risks, and whom a button asks for them."""
    return _line(work, account, gaps.with_plans(work, account, [Gap(rules.RISK)])[0], reader)


def value_status(work: Work, account: Account) -> str:
    """Whether "nothing new" was said of value, and who asks next."""
    gap = gaps.with_plans(work, account, [Gap(rules.VALUE)])[0]
    return _line(work, account, gap).status


def find_play(work: Work, account: Account, gap: str) -> Play | None:
    """The play whose question closes a gap: of the renewal's stage or the one it is in."""
    deciding = renewal_stage(work.playbook, account.stage)
    return rules.asking_play(work.playbook, gap, (deciding, account.stage))


def _line(work: Work, account: Account, gap: Gap, reader: str | None = None) -> GapLine:
    plan, now = gap.planned, today(work)
    owner = ""
    if plan is not None:
        owner = owner_name(work, account, plan.owner, plan.by or plan.person, reader)
    ask = ""
    if gap.may_ask(now) and is_live(work.playbook, account):
        play = find_play(work, account, gap.key)
        asked = rules.gap_owner(work.playbook, gap.key, play)
        is_manager = asked == MANAGER and account.manager_id is not None
        ask = MANAGER if is_manager else owner_label(work.playbook, asked, None)
    return messages.gap_line(gap, now, owner, ask)
