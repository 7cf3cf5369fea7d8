"""The types of values in a playbook: how each is read, checked, and described to editors."""

import re
import string
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BeforeValidator, StringConstraints, WithJsonSchema

from bot.rules.text.money import CODES, check_currency
from bot.rules.time.phrases import Due, Duration, parse_due, parse_duration
from bot.rules.time.working_hours import check_zone, parse_days, parse_holidays, parse_hours

_KEY: Final = re.compile(r"[^\W_][\w-]*")
_CHANNEL: Final = re.compile(r"#[^\s#]{1,79}|[CG][A-Z0-9]{7,}")


def check_key(key: str) -> str:
    """`key`, when it can be typed as one word; ValueError with one that can."""
    if _KEY.fullmatch(key) and key == key.lower():
        return key
    right = "-".join(re.findall(r"[^\W_]+", key.lower())) or "kick-off"
    raise ValueError(f'key "{key}" must be one word in small letters, write "{right}".')


def _check_channel(channel: str) -> str:
    if _CHANNEL.fullmatch(channel):
        return channel
    right = "-".join(re.findall(r"[\w-]+", channel.lower())) or "customers"
    raise ValueError(f'channel "{channel}" is not understood, write "#{right}".')


def _check_ask(ask: str) -> str:
    for name in _placeholders(ask):
        if name != "account":
            raise ValueError(f"{{{name}}} is not known here, write {{account}}.")
    return ask


def _placeholders(text: str) -> list[str]:
    try:
        return [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
    except ValueError:
        raise ValueError("a brace is alone, write {account} or leave braces out.") from None


def _no_braces(text: str) -> str:
    if _placeholders(text):
        raise ValueError("braces are filled in only in `ask`, write the words out.")
    return text


def _as_phrase(parse: Callable[[str], Any], kind: type) -> Callable[[Any], Any]:
    """A validator that reads words with `parse`, and lets a value of that kind pass."""

    def read(raw: Any) -> Any:
        if isinstance(raw, kind):
            return raw
        if not isinstance(raw, str):
            raise ValueError(f'{raw!r} is not understood, write words like "2 business days".')
        return parse(raw)

    return read


def _as_holidays(raw: Any) -> tuple[str, ...]:
    if raw is None or (isinstance(raw, str) and raw.casefold() in {"", "none"}):
        return ()
    parts = raw if isinstance(raw, (list, tuple)) else [raw]
    texts = tuple(part.isoformat() if isinstance(part, date) else part for part in parts)
    if not all(isinstance(text, str) for text in texts):
        raise ValueError(f"holidays {raw!r} are not understood, write IE or [IE, 2026-12-24].")
    parse_holidays(texts)
    return texts


def _checked(check: Callable[[str], object]) -> Callable[[str], str]:

    def same(text: str) -> str:
        check(text)
        return text

    return same


def _schema(*examples: str, **more: Any) -> WithJsonSchema:
    if examples:
        more["examples"] = list(examples)
    return WithJsonSchema({"type": "string", **more})


_DUE_PATTERN: Final = (
    r"^(on entry|\d+ (business )?(days?) after entry|\d+ (weeks?|months?) after entry"
    r"|every \d+ (days?|weeks?|months?)|(every )?\d+ (days?|weeks?|months?) after term start"
    r"|\d+ (days?|weeks?|months?) (before|after) renewal)$"
)
_DUE_EXAMPLES: Final = (
    "on entry, 2 business days after entry, every 30 days, every 15 weeks after term start, "
    "60 days before renewal, 1 week after renewal"
)
_DURATION_PATTERN: Final = r"^\d+ (business days?|days?|weeks?|months?|hours?)$"
_HOURS_PATTERN: Final = r"^\d{1,2}:\d{2} ?- ?\d{1,2}:\d{2}$"
_HOLIDAY: Final = {"type": "string", "examples": ["IE", "US-CA", "2026-12-24"]}
_HOLIDAYS: Final = {"anyOf": [_HOLIDAY, {"type": "array", "items": _HOLIDAY}, {"type": "null"}]}
_KEYS: Final = {"type": ["array", "string", "null"], "items": {"type": "string"}}

_Stripped = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600)]
Text = Annotated[_Stripped, AfterValidator(_no_braces)]
Ask = Annotated[_Stripped, AfterValidator(_check_ask)]
Key = Annotated[
    str,
    StringConstraints(max_length=40),
    AfterValidator(check_key),
    _schema("kick-off", maxLength=40),
]
Keys = Annotated[
    tuple[str, ...] | None,
    BeforeValidator(lambda raw: (raw,) if isinstance(raw, str) else raw),
    WithJsonSchema(_KEYS),
]
Channel = Annotated[str, AfterValidator(_check_channel), _schema(pattern=f"^({_CHANNEL.pattern})$")]
Currency = Annotated[str, AfterValidator(check_currency), _schema(enum=sorted(CODES))]
Timezone = Annotated[
    str, AfterValidator(check_zone), _schema("Europe/Dublin", "America/New_York", "UTC")
]
Hours = Annotated[
    str, AfterValidator(_checked(parse_hours)), _schema("09:00-17:00", pattern=_HOURS_PATTERN)
]
Days = Annotated[
    str,
    BeforeValidator(lambda raw: ", ".join(map(str, raw)) if isinstance(raw, list) else raw),
    AfterValidator(_checked(parse_days)),
    _schema("mon-fri", "sun-thu", "mon, wed, fri"),
]
Holidays = Annotated[tuple[str, ...], BeforeValidator(_as_holidays), WithJsonSchema(_HOLIDAYS)]
DueField = Annotated[
    Due,
    BeforeValidator(_as_phrase(parse_due, Due)),
    _schema(*_DUE_EXAMPLES.split(", "), pattern=_DUE_PATTERN),
]
DurationField = Annotated[
    Duration,
    BeforeValidator(_as_phrase(parse_duration, Duration)),
    _schema("2 business days", "1 week", pattern=_DURATION_PATTERN),
]
