"""Offers somebody who was deactivated and is back the accounts that were theirs."""

from datetime import timedelta
from typing import Final

from bot.actions.lifecycle.changes import give_to
from bot.actions.members.offboarding import load_departure
from bot.actions.outgoing import tell
from bot.actions.work import Work
from bot.messages.kit.message import Message
from bot.messages.members import away as messages
from bot.rules.errors import UserError
from db.accounts import accounts
from db.members import away
from db.models import Account, Departure

#: After a longer time the accounts have found others.
OFFERED_WITHIN: Final = timedelta(days=30)


def offer_accounts(work: Work, user_id: str) -> bool:
    """Sends the offer to somebody who is back; False when there is nothing to offer."""
    departure = away.last_departure(work.tx, user_id)
    if departure is None or departure.returned_at is not None:
        return False
    departure.returned_at = work.now
    theirs = _still_free(work, departure) if work.now - departure.at <= OFFERED_WITHIN else []
    if theirs:
        take = {
            "label": "Take them back",
            "action_id": "away:return",
            "value": str(departure.id),
        }
        text = messages.welcome_back([each.name for each in theirs])
        tell(work, user_id, f"returned:{departure.id}", text, button=take)
    return bool(theirs)


def take_back(work: Work, departure_id: int) -> Message:
    """Makes the person the manager again of what nobody else was given since."""
    departure = load_departure(work.tx, departure_id)
    if departure.user_id != work.by.user:
        raise UserError("Only the person who is back can take these accounts back.")
    theirs = _still_free(work, departure)
    for account in theirs:
        give_to(work, account, departure.user_id)
    if not theirs:
        raise UserError("Others manage these accounts by now. Nothing was changed.")
    return messages.taken_back([each.name for each in theirs])


def _still_free(work: Work, departure: Departure) -> list[Account]:
    """The accounts that are still with whom the departure gave them to, or with nobody."""
    holders = (None, departure.deputy_id, departure.given_to)
    known = accounts.by_ids(work.tx, departure.accounts).values()
    return [each for each in known if each.manager_id in holders and each.archived_at is None]
