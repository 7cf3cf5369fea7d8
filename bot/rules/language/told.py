"""What a telling sentence says, without the words that only tell that something is told."""

import re
from dataclasses import dataclass
from typing import Final

from bot.rules.language.cutting import Words, trim
from bot.rules.language.lexicon import KINDS, load
from bot.rules.language.parts import Part
from bot.rules.language.reading import Reading, interaction_kind
from bot.rules.playbook.advocacy import Verb

_KIND_WORDS: Final = "|".join(word for words in load("kinds").values() for word in words)
_ORDER: Final = r"(?:log|note|record|write|jot|save|add|put)(?: down| up)?"
#: What may stand before the account's name and say nothing but what is logged.
_HEAD: Final = (
    rf"^\W*(?:(?:please|pls|{_ORDER}|an?|the|my|our|this|that|quick|short|for|with|to|of|at|from|on|"
    rf"about|in|i|we|just|had|have|got|made?|did|another|some|new|and|fyi|heads up|notes?|entry|"
    rf"interaction|logged|{_KIND_WORDS}|@contact|@day|@member|[,&+])(?!\w)\s*[:–-]?\s*)*@account"
    r"(?:\s*(?:,|and|&|\+)?\s*@account|\s+together\b|\s*@day)*\s*[:,–-]?\s*"
)
_ACCOUNT: Final = r"(?:\b(?:to|for|with|at|of|from|by|in|about|on) )?@account(?:['’]s?\b)?"
_WHO: Final = r"(?:they|he|she|@contact|@account|the customer)"
_SAY: Final = r"(?:says?|said|tells?|told|confirm(?:s|ed)?|reports?|reported)"
_SAID: Final = rf"{_SAY}(?: to)?(?: me| us)?(?: so| it)?(?: that)?"


def log_told(reading: Reading) -> tuple[str, str, Part | None]:
    """What is logged: its kind, the words without the bare order before them, the day it was on."""
    words, days = _words(reading), reading.sentence.all("day")
    days = [each for each in days if not each.value.is_each]  # "fails on Fridays" dates nothing
    head, accounts = words.find(_HEAD), reading.sentence.all("account")
    named = words.typed(head[0]) if head else ""
    is_order = re.match(rf"\W*(?:please |pls )?(?:{_ORDER}|notes?)\b", named, re.IGNORECASE)
    ends = re.search(r"[:,–-]\s*$", named)
    accounts = [each for each in accounts if each.start < len(named)]
    if not accounts or not (is_order or (ends and ":" in ends[0])):
        return interaction_kind(reading), reading.text, _day_of_deed(reading, days)
    # "note that Acme wants a demo", "note: Acme's CFO left": the name begins what is noted.
    before, after = reading.text[: accounts[0].start], reading.text[accounts[-1].end :]
    begins = re.search(r"(?:\bthat|:)\s*$", before, re.IGNORECASE) or after[:1] in ("'", "’")
    rest = reading.text[accounts[0].start if begins else len(named) :].strip()
    rest = rest if re.search(r"\w", rest) else ""
    is_note = re.search(r"\b(?:notes?|record|write|jot)\b", named, re.IGNORECASE)
    kind = _kind(named) or ("note" if is_note else interaction_kind(reading))
    inside = [day for day in days if day.start < len(named)]
    return kind, rest, inside[0] if inside else None


def _kind(text: str) -> str | None:
    said = re.sub(r"['’]", "", text.casefold())
    spaced = " ".join(re.findall(r"[\w-]+", said))
    return next((kind for kind, words in KINDS.items() if words.search(spaced)), None)


def _day_of_deed(reading: Reading, days: list[Part]) -> Part | None:
    """The first day, where no comma parts it from what happened: "met them on Friday, …"."""
    for day in days[:1]:
        *earlier, last = re.split(r"[,;:.!?]\s", reading.text[: day.start])
        if not earlier or _kind(last):
            return day
    return None


def promise_told(reading: Reading, due: Part | None) -> tuple[str, str]:
    """What was promised, and who keeps it: the words of a department or person, "me", or none."""
    words, owner = _words(reading, due), ""
    for pattern in (
        r"[,;.]?\s*(?:and )?(?P<who>@department|@member|\bi)(?:['’]ll| will| shall| should|"
        r" must| has to|"
        r" have to| can)? (?:do|does|deliver|take|handle|own|keep|send|build)(?:e?s)?(?: care of)? "
        r"(?:it|that|this)\b",
        r"[,;]?\s*\b(?:owner|owned by|owner is|by|from)[:=]?\s+(?P<who>@department|@member|me\b)",
        r"[,;]\s*(?P<who>@department|@member)\W*$",
    ):
        if found := words.cut(pattern):
            owner = "me" if found["who"].casefold() in ("i", "me") else words.typed(found["who"])
    words.cut(rf"[,:]?\s*{_ACCOUNT}\s*[:,]?")
    if words.cut(r"^\W*i(?:['’]ll| will)\s+|\bthat i(?:['’]ll| will)\s+"):
        owner = owner or "me"
    words.cut(
        r"^\W*(?:(?:note|log|record|add)\s+(?:an? |the |our )?)?(?:new )?(?:(?:we|"
        r"i)\s+)?(?:['’]ve |have |had |just |also )*"
        r"(?:promised?|commit(?:ted|ment)?|owed?|agreed|told)\b(?: to)?(?: them| him| her)?\b\s*:?"
    )
    words.cut(r"^\W*(?:that )?(?:(?:(?:we|they|i)(?:['’](?:ll|d)| will| would)|to)\s+)?")
    words.cut(r"^\W*(?:get )?(?:an?|the)\s+")
    return words.text(), owner


def reason_told(reading: Reading, *used: Part | None) -> str:
    """What follows "because", or the first comma behind the parts that are used; "" for none."""
    ends = max((part.end for part in used if part), default=0)
    found = re.search(
        r"\b(?:because(?: of)?|since|as they|due to)\s+(?P<why>.+)", reading.text, re.S
    )
    found = found or re.compile(r"[,;:.–]\s+(?P<why>.+)", re.S).search(reading.text, ends)
    return trim(found["why"]) if found else ""


@dataclass(frozen=True)
class ValueTold:
    """What they got; `who` of them said so, "" where they are only told as "they"."""

    text: str
    is_confirmed: bool
    who: str = ""


def value_told(reading: Reading, amount: Part | None) -> ValueTold:
    """What a customer got, without its amount, its account and who said so."""
    words = _words(reading)
    if amount is not None:
        words.cut(
            r"[,;–-]?\s*(?:\b(?:that(?:['’]?s)?|thats|which|it['’]?s|is|are|worth|about|around|"
            r"roughly|some|of|valued at|equals|makes)\s+|=\s*)*@amount(?: worth)?"
        )
    words.cut(r"^\W*(?:(?:log|record|note|add|save)\s+)?(?:the |a |some )?value\b(?: for| at| of)?")
    said = words.cut(rf"^\W*(?P<who>[^,;:]*?)\s*\b(?:just |also )?{_SAID}\b[:,]?")
    said = said or words.cut(
        rf"[,;.(–-]*\s*(?P<who>{_WHO}|(?:the|their) \w+) {_SAID}\b\)?[.!]*\s*$"
    )
    said = said or words.cut(r"[,;.(–-]+\s*confirmed(?: by (?P<who>[^,;()]+))?\)?[.!]*\s*$")
    who = (
        re.sub(r"@?\b(?:they|he|she|the customer)\b", "", _named(words, said["who"] or ""))
        if said
        else ""
    )
    words.cut(r"^\W*@account(?: has| have| had)?\s*[:,]?|" + _ACCOUNT)
    words.cut(r"^\W*(?:they |we )(?:have |had )?(?=saved|cut|reduced|gained|grew)")
    return ValueTold(words.text(), said is not None, trim(who))


def _named(words: Words, who: str) -> str:
    """A person as they are named: "claims lead at Granite Peak" is "the claims lead"."""
    at, words.left = words.left, who
    words.cut(_ACCOUNT)
    named, words.left = words.text(), at
    return f"the {named}" if named and named[0].islower() and not named.startswith("the") else named


#: What is said of a favour, and the verb that counts; the first that fits.
_FAVOURS: Final[tuple[tuple[Verb, str], ...]] = (
    (
        "declined",
        r"said no|no to|declin\w+|refus\w+|turned down|not (?:want|willing|ready)|wont|dont want",
    ),
    ("agreed", r"agree[sd]?|said yes|yes to|happy to|willing|would|up for|will|ok with|okay with"),
    ("asked", r"ask(?:ed|ing)?"),
    ("did", r"did|done|gave|given|held|wrote|written|posted|published|recorded"),
)


def favour_told(reading: Reading) -> Verb | None:
    """Whether they were asked, agreed, did or declined."""
    said = reading.sentence.masked
    found = (verb for verb, words in _FAVOURS if re.search(rf"(?<!\S)(?:{words})(?!\S)", said))
    return next(found, None)


def contact_told(reading: Reading) -> str:
    """A person at a customer, as they are typed behind `/account acme people`."""
    words = _words(reading)
    words.cut(
        r"^\W*(?:(?:please )?(?:add|note|save|record|there is|they have|we have)\s+)?(?:an?\s+)?"
        r"(?:new )?(?:contact|person)(?: person)?\b(?: is)?\s*:?"
    )
    words.cut(r"^\W*(?:please )?(?:add|note|save|record)\b")
    words.cut(rf"(?:\b(?:to|as|for|at|with|from) )?{_ACCOUNT}\s*[:,]?")
    words.cut(r"\b(?:has )?joined(?: them)?(?: as)?\b|^\W*(?:we|they)(?: now)? have\b")
    words.left = re.sub(r"\s*\bas (?:an? |our |their |the )?", ", ", words.left)
    words.left = re.sub(r"\b(?:became|becomes|will be)\b", "is", words.left)
    words.left = re.sub(r"\bnew (?=champion|decision|sponsor|c.o\b|head|finance)", "", words.left)
    words.cut(r"^\W*(?:is|:)\s*")
    words.cut_all("@day")
    text = words.text()
    role = re.match(
        r"(?:their |the |our )?(?:new )?(?P<role>[^,:]+?)(?: (?:is|:)|:) (?P<name>[A-Z].*)", text
    )
    return f"{role['name']}, {role['role']}" if role else text


def alternatives_told(reading: Reading) -> str:
    """What a customer looks at too: "Optivue, doing nothing"."""
    words = _words(reading)
    words.cut(_ACCOUNT)
    words.cut(
        r"^.*?\b(?:considers?|considering|look(?:s|ing)? at|evaluat(?:es|ing)|compar(?:es|"
        r"ing)(?: us)?(?: with| to)?|"
        r"weighs?|weighing|talk(?:s|ing)? to|think(?:s|ing)? (?:about|of)|competitors?(?: is|"
        r" are| there)?)\b"
    )
    words.cut(r"^\W*(?:also |as well |are |is )+")
    words.cut(r"\b(?:too|as well|instead)\b\W*$")
    words.cut_all("@day")
    return words.text()


def _words(reading: Reading, *used: Part | None) -> Words:
    """The sentence without the parts that are used already."""
    words = Words(reading.text, reading.sentence.parts)
    for part in used:
        if part is not None:
            words.take(part)
    return words


def move_reason(reading: Reading) -> tuple[str, str]:
    """Why an account moves, and words that are left beside account, stage and order and have
    neither "because" nor a comma before them."""
    words = Words(reading.text, reading.sentence.parts)
    if found := words.find(r"\b(?:because(?: of)?|since|due to|as they)\b:?\s*(?P<why>.+)"):
        return trim(words.typed(found["why"])), ""
    words.cut(
        r"[,;]?\s*(?:\b(?:please|pls|can you|could you|so|and|then|now|again)\s+)*"
        r"(?:\b(?:moved?|put|set|shift|push|promote|advance|bring|change|get|send|goes|go|is|"
        r"are|should be|should go)\s+)?"
        r"(?:them\b|it\b|@account)?(?:['’]s)?\s*(?:stage\s+)?(?:(?:has|have|is|are|moved|now|"
        r"back|over)\s+)*"
        r"(?:on )?(?:to|into|in|at|onto)?:?\s*(?:the )?(?:@stage|"
        r"next\b)(?: stage)?(?:\s*(?:please|pls)\b)?"
    )
    words.cut(_ACCOUNT)
    words.cut(r"^\W*(?:please|pls|has|have|is|are|back|now)\b(?=\W*$|\s*[,;:.!])")
    text = words.text()
    if not re.search(r"\w{2}\W+\w{2}|\w{4}", text):
        return "", ""
    stage = next(iter(reading.sentence.all("stage")), None)
    before = reading.text[: reading.text.find(text)].rstrip()
    is_parted = before[-1:] in ",;:.!–-" or stage is None or len(before) < stage.start
    return (text, "") if is_parted else ("", text)


def reminder_told(reading: Reading) -> str:
    """What somebody is to be reminded of: "call Jane"."""
    words = Words(reading.text, reading.sentence.parts)
    for day in reading.sentence.all("day")[:1]:
        words.take(day)
    words.cut(r"^.*?\b(?:remind(?:er)?|ping|nudge)\b(?:\s+(?:me|us|@member))?\s*(?:for\s+)?:?")
    words.cut(r"^\W*(?:don['’]?t let me forget|i (?:must|need to|have to|should))\b")
    words.cut(r"^\W*(?:to|about|that|for|on|of)\b")
    return words.text().rstrip("? ") or "look at it"
