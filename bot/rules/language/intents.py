"""What a sentence in plain words asks for. Rules, not a model: the first pattern that fits wins.

A sentence that fits none, or two, is never guessed at: the answer is `unsure`, with sentences that
would be understood. No pattern leads to a change: a move and a note are proposed, never made.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.rules.language.sentences import (
    HOW,
    KIND,
    KINDS,
    MY_WORDS,
    NAME,
    NOT_NAMES,
    PAST_VERBS,
    PATTERNS,
    IntentName,
)


@dataclass(frozen=True)
class Intent:
    """What was asked, with the words that say about what; words are as the person typed them."""

    what: IntentName
    account: str = ""
    stage: str = ""
    department: str = ""  # a department's name or "mine"
    span: str = ""  # "today" or "this week"
    kind: str = ""  # of an interaction
    person: str = ""  # a colleague, as a mention or a name
    since: str = ""  # a day to come
    text: str = ""  # what happened, the reason of a move, or a command
    guesses: tuple[str, ...] = ()  # sentences that may have been meant

    @property
    def is_personal(self) -> bool:
        """Whether the answer depends on who asks: in a channel only that person should see it."""
        mine = self.department in ("", "mine")
        return (
            self.what == "away"
            or (self.what == "next" and mine and not self.account)
            or (self.what in ("digest", "risks") and self.department == "mine")
        )


@dataclass(frozen=True)
class Vocabulary:
    """The words that a playbook gives their meaning: keys and names, in any case."""

    departments: tuple[str, ...]
    stages: tuple[str, ...]

    def is_department(self, words: str) -> bool:
        return _key(words) in map(_key, self.departments)

    def is_stage(self, words: str) -> bool:
        return _key(words) in map(_key, self.stages)


_COMPILED = tuple((re.compile(pattern, re.IGNORECASE), what) for pattern, what in PATTERNS)
_COMPILED_HOW = tuple((re.compile(pattern, re.IGNORECASE), command) for pattern, command in HOW)

_POLITE = re.compile(
    r"^(?:(?:hey|hi|hello|ok|okay|so|and|please|pls|linchpin|@linchpin|well|"
    r"(?:can|could|would|will) you|i(?:'d| would) like (?:you )?to(?: know)?|i want to know|"
    r"do you know|let's|let us)[,:!]?\s+)+(?=\S)",
    re.IGNORECASE,
)
_NO_APOSTROPHE = re.compile(r"^(what|where|how|who)s\b", re.IGNORECASE)
_TEAM = re.compile(r"^(?:the )?(.+?) (?:team|department)$", re.IGNORECASE)
_ENDING = re.compile(
    r"(?:[\s?!.,;]|\b(?:please|pls|thanks|thank you|right now)\b)+$", re.IGNORECASE
)
_WHOSE = re.compile(r"^(?:(?:the|our|my|this) )?(?:account|customer|company|client) (?=\S)", re.I)
_BECAUSE = re.compile(r"\s*,?\s\bbecause\b:?\s+", re.IGNORECASE)
_TO = re.compile(r"\s+(?:in ?to|to|->|=>|→|in)\s+(?:the\s+)?", re.IGNORECASE)
_STAGE_END = re.compile(r"\s+stage$", re.IGNORECASE)
# What parts an account from what happened there.
_COLON = re.compile(r"\s*:\s+|\s+[–—-]+\s+|\s*:$")
_WHEN = re.compile(
    r",?\s+(?P<when>today|yesterday|(?:last\s+|on\s+)?(?:mon|tues|wednes|thurs|fri|satur|sun)day|"
    r"on\s+\d{4}-\d{1,2}-\d{1,2})$",
    re.IGNORECASE,
)
_KIND_AT_END = re.compile(rf"\s+{KIND}$", re.IGNORECASE)
_FILLERS = re.compile(r"(?:\s+(?:->|=>|→|to|in|into|is|the|now))+$", re.IGNORECASE)
# So many words may be a name; more are a sentence that was not understood.
_MAX_NAME_WORDS = 5
# So many "to" are looked at in a sentence.
_MAX_WAYS = 20


def parse_intent(text: str, vocabulary: Vocabulary) -> Intent:
    """What a message asks for. The bot's own mention has been taken out before."""
    said = _normalise(text)
    if not said:
        return Intent("help" if "?" in text else "hello")
    whole = _first_fitting(said, vocabulary)
    return whole or _fallback_intent(said, vocabulary)


def _normalise(text: str) -> str:
    """The sentence on one line, without politeness; typographic apostrophes are plain ones."""
    line = " ".join(text.replace("’", "'").split()).strip("*_`~ ")
    line = _NO_APOSTROPHE.sub(r"\1's", line)
    polite = _POLITE.sub("", line) if not _ENDING.sub("", line).isalpha() else line
    kept = _COLON.search(polite)
    # The end of a note is the person's own: only a question loses its mark and its "please".
    return polite if kept else _ENDING.sub("", polite) or polite.rstrip("?!.,; ")


def _first_fitting(said: str, vocabulary: Vocabulary) -> Intent | None:
    for how, command in _COMPILED_HOW:
        if how.fullmatch(said):
            return Intent("how", text=command)
    for pattern, what in _COMPILED:
        found = pattern.fullmatch(said)
        if found is not None:
            understood = _build_intent(what, found.groupdict(), said, vocabulary)
            if understood is not None:
                return understood
    return None


def _build_intent(
    what: IntentName, words: dict[str, str | None], said: str, known: Vocabulary
) -> Intent | None:
    """The intent of a sentence that fits a pattern; None when its words speak against it."""
    if what == "move":
        return _move(words["text"] or "", known, said)
    if what == "log":
        return _log(words)
    if what == "next":
        return _next(words, known)
    if what == "digest":
        return _digest(words, known)
    if what == "away":
        who, since = words.get("who") or "", words.get("since") or ""
        return Intent("away", person=who, since=since, text=words["text"] or "")
    if what == "stage":
        stage = _account_words(words["stage"] or "")
        return Intent("stage", stage=stage) if known.is_stage(stage) else None
    if what == "risks":
        mine = (words.get("whose") or "").casefold() == "my "
        return Intent("risks", department="mine" if mine else "")
    if what == "advocates":
        return Intent("advocates", text=words["text"] or "")
    if what == "standing":
        return _standing(_account_words(words["account"] or ""), known)
    return Intent(what)


def _standing(account: str, known: Vocabulary) -> Intent | None:
    if known.is_stage(account):
        return Intent("stage", stage=account)
    return None if _key(account) in NOT_NAMES or not account else Intent("standing", account)


def _next(words: dict[str, str | None], known: Vocabulary) -> Intent | None:
    span = (words.get("span") or words.get("later") or "").casefold()
    whose = _account_words(words.get("account") or "")
    if re.fullmatch(MY_WORDS, whose, re.IGNORECASE) or _key(whose) == "my":
        return Intent("next", department="mine", span=span)
    team = _TEAM.sub(r"\1", whose)
    if known.is_department(team):
        return Intent("next", department=team, span=span)
    if _key(whose) in ("this week", "today"):
        return Intent("next", span=_key(whose))
    return None if _key(whose) in NOT_NAMES else Intent("next", whose, span=span)


def _digest(words: dict[str, str | None], known: Vocabulary) -> Intent | None:
    whose = _account_words(words.get("department") or words.get("mine") or "")
    if _key(whose) in ("my", "me", "mine"):
        return Intent("digest", department="mine")
    if _key(whose) in ("", "company", "week", "this week", "today", "all", "everybody"):
        return Intent("digest")
    return Intent("digest", department=whose) if known.is_department(whose) else None


def _log(words: dict[str, str | None]) -> Intent | None:
    kind = (words.get("kind") or "").casefold()
    kind = KINDS.get(kind, kind) or PAST_VERBS.get((words.get("did") or "").casefold(), "")
    rest = re.sub(r"^(?:with|to|at)\s+", "", words["text"] or "", flags=re.IGNORECASE)
    parts = _COLON.split(rest, maxsplit=1)
    if len(parts) == 1:
        return Intent("log", kind=kind, text=rest)
    name, text = parts[0].strip(), parts[1].strip()
    # "acme call: …" is Acme and a call.
    if named := _KIND_AT_END.search(name):
        name, kind = name[: named.start()], kind or named["kind"].casefold()
        kind = KINDS.get(kind, kind)
    dated = _WHEN.search(name)
    if dated is not None:
        name, text = name[: dated.start()], f"{text} {dated['when']}".strip()
    return Intent("log", _account_words(name), kind=kind, text=text)


def _move(text: str, known: Vocabulary, said: str) -> Intent | None:
    """ "acme to renewal because …": the last "to" before a stage parts the two."""
    body, *reason = _BECAUSE.split(text, maxsplit=1)
    because = reason[0].strip() if reason else ""
    ways = list(_splits_at_to(body))
    for name, to in ways:
        if known.is_stage(to) or _key(to) in ("next", "next stage"):
            return Intent("move", name, stage=to.removesuffix(" stage"), text=because)
    if said.casefold().lstrip("/").startswith(("stage ", "account ")):
        # A command without its slash: "stage acme", "stage renewal", "stage acme renewal".
        name, to = _stage_at_end(_account_words(body), known)
        if name and to:
            return Intent("move", name, stage=to, text=because)
        return _standing(_account_words(body), known)
    if ways:
        name, to = ways[0]
        return Intent("move", name, stage=to, text=because)
    return None


def _splits_at_to(body: str) -> Iterator[tuple[str, str]]:
    """Every cut at a "to", the last first."""
    for found in list(_TO.finditer(body))[: -_MAX_WAYS - 1 : -1]:
        name, to = (
            _account_words(body[: found.start()]),
            _STAGE_END.sub("", body[found.end() :].strip()),
        )
        if name and to:
            yield name, to


def _fallback_intent(said: str, known: Vocabulary) -> Intent:
    """A sentence that fits nothing: a stage, perhaps a name, or "did you mean …"."""
    if known.is_stage(said):
        return Intent("stage", stage=said)
    if known.is_department(said):
        return Intent("next", department=said)
    words = said.split()
    name, to = _stage_at_end(said, known)
    if name and to and len(words) <= _MAX_NAME_WORDS:
        return Intent("unsure", guesses=(f"where does {name} stand", f"move {name} to {to}"))
    renewing = re.fullmatch(rf"(?:renew|advance|promote|close) {NAME}", said, re.IGNORECASE)
    if renewing is not None:
        whose = _account_words(renewing["account"])
        moves = f"move {whose} to {'renewal' if known.is_stage('renewal') else 'next'}"
        return Intent("unsure", guesses=(f"where does {whose} stand", moves))
    doing = re.fullmatch(rf"(?:call|phone|email|mail|meet|visit|contact|update) {NAME}", said, re.I)
    if doing is not None:
        whose = _account_words(doing["account"])
        asks = (f"what's next for {whose}", f"where does {whose} stand")
        return Intent("unsure", guesses=asks if len(whose.split()) <= _MAX_NAME_WORDS else ())
    if len(words) <= _MAX_NAME_WORDS and _key(words[0]) not in NOT_NAMES:
        return Intent("named", said)
    return Intent("unsure")


def _stage_at_end(said: str, known: Vocabulary) -> tuple[str, str]:
    """(name, stage) of "acme renewal", "acme → renewal"; the stage is empty when there is none."""
    words = said.split()
    for length in range(min(3, len(words) - 1), 0, -1):
        to = " ".join(words[-length:])
        if known.is_stage(to):
            return _FILLERS.sub("", " ".join(words[:-length])), to
    return said, ""


def _account_words(words: str) -> str:
    """An account's words without what stands around them; quotes around all of them are gone."""
    bare = _WHOSE.sub("", words.strip(" ,;:?!"))
    quoted = re.fullmatch(r"[\"“„\u00ab'](.+)[\"”“\u00bb']", bare)
    return quoted[1].strip() if quoted else bare


def _key(words: str) -> str:
    return " ".join(words.casefold().replace("-", " ").split())
