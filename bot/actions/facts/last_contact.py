"""The last contact with customers."""

from collections.abc import Sequence

from bot.actions.facts.days import day_of, today
from bot.actions.work import Work
from bot.messages.facts import known as words
from bot.rules.facts.last_contact import LastContact, internal_plays
from db.facts import last_contact as facts
from db.members import members
from db.models import Account, Member


def last_contacts(work: Work, account_ids: Sequence[int]) -> dict[int, LastContact]:
    """The last contact of each of the accounts that had one, by the managers' calendar."""
    return facts.last_contacts(work.tx, account_ids, internal_plays(work.playbook), day_of(work))


def last_contact_text(work: Work, account: Account) -> str:
    """The last contact of an account, in words."""
    last = last_contacts(work, [account.id]).get(account.id)
    by = work.tx.cached(Member, members.name, last.by) if last is not None and last.by else ""
    known_since = day_of(work)(account.created_at)
    return words.last_contact_text(last, by, known_since, today(work))
