"""Which Slack member the owner's name in a CRM means."""

import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Final, NamedTuple

from bot.rules.text.names import key

_EMAIL: Final = re.compile(r"[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+")


_NO_OWNER_WORDS: Final = frozenset({"no owner", "unassigned", "none", "-", "n/a"})


class SlackMember(NamedTuple):
    """A person as Slack knows them."""

    user_id: str
    name: str
    real_name: str
    handle: str
    email: str


class Owner(NamedTuple):
    """An account's manager: a Slack user, or only the name that the CRM has."""

    user_id: str | None
    name: str | None


NOBODY: Final = Owner(None, None)


class Owners:
    """Finds people by e-mail, name or handle; a name that two people have finds neither."""

    def __init__(self, people: Iterable[SlackMember]) -> None:
        self._ids: dict[str, str | None] = {}
        self._names: dict[str, str] = {}
        for member in people:
            self._names[member.user_id] = member.name
            for name in {key(words) for words in member[1:]} - {""}:
                if self._ids.setdefault(name, member.user_id) != member.user_id:
                    self._ids[name] = None
        #: The owner that a cell means: NOBODY for an empty one.
        self.find: Callable[[str], Owner] = cache(self._find)

    def called(self, owner: Owner) -> str:
        """An owner's name for a table."""
        if owner.user_id is not None:
            return self._names.get(owner.user_id, owner.user_id)
        return owner.name or "nobody"

    def _find(self, words: str) -> Owner:
        if not words or key(words) in _NO_OWNER_WORDS:
            return NOBODY
        for spelling in _spellings(words):
            if (user_id := self._ids.get(key(spelling))) is not None:
                return Owner(user_id, None)
        return Owner(None, words)


def _spellings(words: str) -> list[str]:
    """ "Raman, Priya" and "Priya Raman (priya@firm.example)" both mean Priya Raman."""
    spelled = [words, *_EMAIL.findall(words), words.partition("(")[0]]
    last, comma, first = words.partition(",")
    return [*spelled, f"{first} {last}"] if comma else spelled
