"""People who were named before contacts were kept: listed for an admin once, added by a click."""

from bot.actions import outgoing
from bot.actions.contacts.contacts import save_contact
from bot.actions.work import Work
from bot.messages.contacts import people as messages
from bot.rules.contacts import ContactText, leading_name, read_contact
from db.accounts import accounts
from db.contacts import contacts
from db.core.tx import Tx
from db.members import members
from db.models import Account
from db.ops import occurrences

_SCHEDULE = "earlier names"


def tell_admin(work: Work) -> bool:
    """Lists the people for the first admin, once in a workspace; False where there is nothing."""
    if _SCHEDULE in occurrences.last_run_dates(work.tx):
        return False
    found, admins = _list_people(work.tx), members.list_admins(work.tx)
    if not found or not admins:
        return False
    day = work.playbook.calendar("manager").local_date(work.now)
    occurrences.record_run(work.tx, _SCHEDULE, day, work.now, occurrences.POSTED)
    rows = [(account.name, said.name) for account, said in found]
    message = messages.earlier_message(rows)
    outgoing.post(work, admins[0].user_id, message, kind="admin", key="earlier names")
    return True


def add_people(work: Work) -> int:
    """Makes contacts of the people; returns of how many."""
    found = _list_people(work.tx)
    for account, said in found:
        save_contact(work, account, said)
    return len(found)


def _list_people(tx: Tx) -> list[tuple[Account, ContactText]]:
    """Each account's people by the names that people of ours wrote down."""
    found: dict[tuple[int, str], ContactText] = {}
    for account_id, words, is_note in contacts.list_unmatched(tx):
        said = leading_name(words)
        if said is not None:
            whole = said if is_note else read_contact(words)
            found.setdefault((account_id, said.name), whole)
    known = accounts.by_ids(tx, [account_id for account_id, _ in found])
    return [(known[account_id], said) for (account_id, _), said in found.items()]
