"""Which Slack member the owner's name in a CRM means."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple

from bot.rules.imports.result import Question
from bot.rules.text.names import key
from bot.rules.text.words import plural

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

    def __init__(
        self, people: Iterable[SlackMember], answers: Mapping[str, str] | None = None
    ) -> None:
        self._answers = {
            key(word.removeprefix("owner:")): user_id
            for word, user_id in (answers or {}).items()
            if word.startswith("owner:")
        }
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
        return f"{owner.name} (not found in Slack)" if owner.name else "nobody"

    def questions(self, cells: Sequence[str]) -> Iterator[Question]:
        """Who the names are that nobody in Slack has, or two; their accounts come in without a
        manager."""
        for word, rows in Counter(filter(None, cells)).items():
            if (name := self.find(word).name) and key(word) not in self._answers:
                two = any(self._ids.get(key(each), "") is None for each in _spellings(word))
                why = "which is the name of two people" if two else "whom I do not find in Slack"
                text = f'{plural(rows, "row")} name "{name}", {why}. Who is it?'
                yield Question("owner", word, text, rows, False)

    def _find(self, words: str) -> Owner:
        if not words or key(words) in _NO_OWNER_WORDS:
            return NOBODY
        if (answer := self._answers.get(key(words))) is not None:
            found = answer if answer in self._names else self._ids.get(key(answer.lstrip("@")))
            return Owner(found, None if found else words)
        for spelling in _spellings(words):
            if (user_id := self._ids.get(key(spelling))) is not None:
                return Owner(user_id, None)
        return Owner(None, words)


def _spellings(words: str) -> list[str]:
    """ "Raman, Priya" and "Priya Raman (priya@firm.example)" both mean Priya Raman."""
    spelled = [words, *_EMAIL.findall(words), words.partition("(")[0]]
    last, comma, first = words.partition(",")
    return [*spelled, f"{first} {last}"] if comma else spelled
