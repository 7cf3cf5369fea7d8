"""People at customers: names and roles as they are typed, and as they are shown."""

import re
from typing import Final, NamedTuple

MAX_NAME_LENGTH: Final = 100
MAX_ROLE_LENGTH: Final = 100
DECISION_MAKER, CHAMPION = "decision maker", "champion"
#: The roles that rules know; any other words may stand beside them.
ROLES: Final = (DECISION_MAKER, CHAMPION, "user", "finance")
_SYNONYMS: Final = {
    "decides": DECISION_MAKER,
    "decision-maker": DECISION_MAKER,
    "decision_maker": DECISION_MAKER,
    "economic buyer": DECISION_MAKER,
    "our champion": CHAMPION,
    "end user": "user",
    "end_user": "user",
    "billing": "finance",
    **{role: role for role in ROLES},
}
_ARTICLE: Final = re.compile(r"^(?:is |as )?(?:the |their |our |an? )?", re.IGNORECASE)
# "Jo Byrne is the COO", "Jo Byrne decides on tools", "Jo Byrne - COO"
_ROLE_FOLLOWS: Final = re.compile(r"\s+(?=is (?:the|their|our|an?) |decides\b)|\s+[-–]\s+", re.I)
_SEPARATORS: Final = re.compile(r"\s*[,;()|]\s*")
_EMAIL: Final = re.compile(
    r"[,;<(]?\s*(?:e-?mail(?: is)?:?\s*)?(?P<it>[\w.+'-]+@[\w-]+(?:\.[\w-]+)+)[>)]?", re.IGNORECASE
)
_PHONE: Final = re.compile(
    r"[,;(]?\s*(?:(?:phone|tel|mobile|cell|number)\.?(?: is)?:?\s*)?"
    r"(?P<it>(?:\+|\b0)\d[\d ()/.-]{5,}\d)",
    re.IGNORECASE,
)
_NAME_WORD: Final = re.compile(r"[^\W\d_][\w.’'-]*$")


class ContactText(NamedTuple):
    """A contact as somebody typed them."""

    name: str
    role: str | None
    email: str | None = None
    phone: str | None = None


def read_contact(words: str) -> ContactText:
    """Reads "Jo Byrne, COO, decides, jo@acme.example, +353 64 555 0199"; ValueError with one
    sentence where there is no name."""
    words, email = _split(_EMAIL, words)
    words, phone = _split(_PHONE, words)
    name, _, rest = _ROLE_FOLLOWS.sub(", ", " ".join(words.split()), count=1).partition(",")
    if "(" in name:
        name, _, inside = name.partition("(")
        rest = f"{inside}, {rest}"
    name = name.strip(" ,;()|")
    if not name:
        raise ValueError("Say who: a name, then what they do, like Jo Byrne, COO.")
    if len(name) > MAX_NAME_LENGTH:
        raise ValueError(f"A name has at most {MAX_NAME_LENGTH} characters.")
    return ContactText(name, read_role(rest), email, phone)


def _split(pattern: re.Pattern[str], words: str) -> tuple[str, str | None]:
    """The words without the first place that fits, and what stands there."""
    found = pattern.search(words)
    return (pattern.sub(",", words, count=1), found["it"]) if found else (words, None)


def read_role(words: str) -> str | None:
    """A role with the known ones by their own names, those last: "COO, decision maker"."""
    parts = [part for part in _SEPARATORS.split(words) if part]
    roles = dict.fromkeys(map(_role, parts))
    ordered = sorted(roles, key=lambda role: role in ROLES)
    return ", ".join(ordered)[:MAX_ROLE_LENGTH] or None


def has_role(role: str | None, wanted: str) -> bool:
    """Whether a contact's role says that they are, say, a champion."""
    return wanted in (role or "").split(", ")


def contact_label(name: str, role: str | None) -> str:
    """ "Ruth Pell, owner (decision maker)"."""
    parts = (role or "").split(", ") if role else []
    known = [part for part in parts if part in ROLES]
    label = ", ".join([name, *(part for part in parts if part not in ROLES)])
    return f"{label} ({', '.join(known)})" if known else label


def leading_name(words: str) -> ContactText | None:
    """The person that words begin with, "Jo Byrne, no press": two to four words in capitals."""
    first = _SEPARATORS.split(words, maxsplit=1)[0].split()
    is_name = 2 <= len(first) <= 4 and all(_NAME_WORD.match(w) and w[0].isupper() for w in first)
    return ContactText(" ".join(first), None) if is_name else None


def _role(part: str) -> str:
    bare = _ARTICLE.sub("", part.strip()).strip(" .")
    known = _SYNONYMS.get(bare.casefold())
    if known is None and bare.casefold().startswith("decides "):
        known = DECISION_MAKER
    return known or bare
