"""What nobody types and no reader sees is taken out of text, whichever way it comes in."""

import re
from typing import Final

#: Control signs but tabs and line ends, halves of characters, zero widths, marks of direction:
#: databases and terminals refuse them, and two names that look the same would be two.
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
    "\ud800-\udfff]"
)


def clean(text: str) -> str:
    """A text without what cannot be seen."""
    return _UNSEEN.sub("", text)
