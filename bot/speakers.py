"""Access control: full members of the installing workspace, nobody else. Commands and clicks do not
say whether somebody is a guest, so people are looked up once a day. Source: docs.slack.dev,
users.info (`is_restricted`, `is_ultra_restricted`)."""

from datetime import datetime, timedelta

from bot.context import Context
from bot.slack import CouldNotRead
from db.core.tx import begin, read
from db.members import members
from db.models import Member

FRESH_FOR = timedelta(days=1)


class AccessRefused(Exception):
    """This person has no access; `sentence` tells them why."""

    def __init__(self, sentence: str, *, is_bot: bool = False) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.is_bot = is_bot


def require_member(context: Context, user_id: str, now: datetime) -> Member:
    """The person, if they have access. Raises `AccessRefused` otherwise."""
    person = _load_member(context, user_id, now)
    if person is None:
        raise AccessRefused("I could not find out who you are just now. Try again in a minute.")
    if person.team_id != context.workspace or person.is_bot:
        sentence = "Linchpin answers only to people of the company that runs it."
        raise AccessRefused(sentence, is_bot=person.is_bot)
    if person.is_guest:
        raise AccessRefused(
            "Linchpin answers to full members of this workspace; guests cannot use it."
        )
    if person.is_deleted:
        raise AccessRefused("This account is deactivated, so Linchpin does not answer to it.")
    return person


def _load_member(context: Context, user_id: str, now: datetime) -> Member | None:
    with read(context.engine, context.workspace) as tx:
        person = members.by_user_id(tx, user_id)
    if person is not None and now - person.fetched_at < FRESH_FOR:
        return person
    try:
        facts = context.slack.person(user_id)
    except CouldNotRead:
        return person
    if facts is None:
        return None
    with begin(context.engine, context.workspace) as tx:
        return members.save(tx, facts, now)
