"""Which department people mean: by its key or name, or by a short name such as "ops" or "mkt"."""

from bot.rules.playbook.playbook import Playbook
from bot.rules.text.names import slug

_VOWELS = frozenset("aeiouy")


def find_department(playbook: Playbook, words: str) -> str | None:
    """The key of the one department that the words name, whole or short."""
    said = slug(words).removeprefix("the-").removesuffix("-team").removesuffix("-department")
    for means in (str.__eq__, _begins, _shortens):
        found = [key for key, names in _names(playbook) if any(means(name, said) for name in names)]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def find_short(playbook: Playbook, word: str) -> str | None:
    """The key of the one department that a word shortens: "ops", "mktg"."""
    found = [k for k, names in _names(playbook) if any(_shortens(n, slug(word)) for n in names)]
    return found[0] if len(found) == 1 else None


def is_whole_name(playbook: Playbook, words: str) -> bool:
    """Whether the words are all of a department's key or name."""
    return any(slug(words) in names for _, names in _names(playbook))


def _names(playbook: Playbook) -> list[tuple[str, set[str]]]:
    return [(key, {slug(key), slug(each.name)}) for key, each in playbook.departments.items()]


def _begins(name: str, said: str) -> bool:
    """ "mar" for Marketing, "success" for Customer Success."""
    return len(said) >= 3 and f"-{said}" in f"-{name}"


def _shortens(name: str, said: str) -> bool:
    """ "mktg" for Marketing, "ops" for Operations, "cs" for Customer Success."""
    initials = "".join(word[0] for word in name.split("-"))
    if len(said) < 3 or said[0] != name[0] or _VOWELS & set(said[1:]):
        return len(said) > 1 and said == initials
    letters = iter(name)
    return all(letter in letters for letter in said)
