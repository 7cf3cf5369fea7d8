"""The words of a sentence with each part as one sign, to take out what is understood."""

import re
from functools import cache
from typing import Final

from bot.rules.language.parts import Part, PartKind

_KINDS: Final[tuple[PartKind, ...]] = (
    *("account", "name", "member", "contact", "promise"),
    *("department", "stage", "act", "day", "amount"),
)
#: Each kind has so many signs of Unicode's private use, one for each part of a sentence.
_MANY: Final = 64
_FIRST: Final = 0xE000
_SIGN: Final = re.compile(f"[{chr(_FIRST)}-{chr(_FIRST + _MANY * len(_KINDS))}]")
_EDGES: Final = " \t\n,;:.!–—-("
_GAPS: Final = (
    (re.compile(r"\(\s*\)"), " "),
    (re.compile(r"[ \t]{2,}"), " "),
    (re.compile(r"\s+(?=[,;:.!?])"), ""),
    (re.compile(r"[,;:]+(?=[,;:.])"), ""),
)


class Words:
    """What is left of a sentence. Patterns name parts as "@account", "@day" …"""

    def __init__(self, text: str, parts: tuple[Part, ...]) -> None:
        self._typed: dict[str, str] = {}
        self._signs: dict[Part, str] = {}
        self.left, at = "", 0
        for number, part in enumerate(parts[:_MANY]):
            sign = chr(_FIRST + _KINDS.index(part.kind) * _MANY + number)
            self._typed[sign], self._signs[part] = text[part.start : part.end], sign
            self.left += text[at : part.start] + sign
            at = part.end
        self.left += text[at:]

    def find(self, pattern: str) -> re.Match[str] | None:
        return _compiled(pattern).search(self.left)

    def cut(self, pattern: str) -> re.Match[str] | None:
        """Takes out the first place that the pattern fits."""
        found = self.find(pattern)
        if found:
            self.left = _joined(self.left[: found.start()], self.left[found.end() :])
        return found

    def take(self, part: Part) -> None:
        """Takes out a part."""
        self.left = _joined(*self.left.partition(self._signs[part])[::2])

    def cut_all(self, pattern: str) -> None:
        self.left = _compiled(pattern).sub(" ", self.left)

    def typed(self, words: str) -> str:
        """Words with their parts as they were typed."""
        return _SIGN.sub(lambda sign: self._typed.get(sign[0], ""), words)

    def text(self) -> str:
        """What is left, tidied."""
        left = self.left
        for gap, instead in _GAPS:
            left = gap.sub(instead, left)
        words = trim(self.typed(left))
        return words + ")" * (words.count("(") - words.count(")") > 0)


def trim(words: str) -> str:
    """Words without the signs around them."""
    return words.strip(_EDGES)


def _joined(before: str, after: str) -> str:
    return f"{before.rstrip(' ')} {after.lstrip(' ')}"


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    for number, kind in enumerate(_KINDS):
        first = _FIRST + number * _MANY
        pattern = pattern.replace(f"@{kind}", f"[{chr(first)}-{chr(first + _MANY - 1)}]")
    return re.compile(pattern, re.IGNORECASE | re.DOTALL)
