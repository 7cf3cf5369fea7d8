"""A person's own settings, behind a button of their Home: digest, hours, department, cover."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import time

from slack_sdk.models.blocks import Block, Option, StaticMultiSelectElement, StaticSelectElement
from slack_sdk.models.views import View

from bot.messages.kit.blocks import actions, context, section
from bot.messages.kit.form_parts import form
from bot.messages.kit.text import plain
from bot.rules.text.words import cut

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
OFF_VALUE = "off"
MORNING_VALUE = "morning"
NO_DEPARTMENT_VALUE = "-"
#: Slack shows so many signs of an option, and takes so many options.
MAX_LABEL_LENGTH = 75
MAX_OPTIONS = 99
_MIDNIGHT = "23:59"
_HALF_HOURS = tuple(f"{hour:02}:{minute:02}" for hour in range(24) for minute in (0, 30))


@dataclass(frozen=True)
class Settings:
    """What a person has chosen, or what holds as long as they have not. `departments` are (key,
    name). `stamp` is new each time: Slack keeps showing what was picked in a block that it knows,
    even when that was refused."""

    digest_off: bool
    digest_weekday: int
    digest_hour: int | None
    opens: time
    closes: time
    weekdays: Collection[int]
    zone: str
    department: str | None
    departments: Sequence[tuple[str, str]]
    stamp: str
    thanked: bool = True
    digest_comes: str = ""  # when it comes, in words


def settings(chosen: Settings, cover: Sequence[Block], notice: str = "") -> View:
    """The controls, each of which takes effect at once; `notice` says why the last one did not."""
    opens, closes = f"{chosen.opens:%H:%M}", f"{chosen.closes:%H:%M}"
    blocks: list[Block] = [
        *([section(f"⚠️ {notice}")] if notice else []),
        section("*Weekly digest* of your accounts"),
        actions(*_digest_selects(chosen)),
        *([context(chosen.digest_comes)] if chosen.digest_comes else []),
        section(f"*Working hours* ({plain(chosen.zone)}): no messages outside these hours"),
        actions(
            _build_select("Begin", "home:opens", _time_choices(_HALF_HOURS, opens), opens),
            _build_select("End", "home:closes", _end_choices(closes), closes),
        ),
        section("*Working days*: no messages on other days", _days_select(chosen.weekdays)),
        section(
            "*Department*: its unclaimed touchpoints appear on your Home",
            _department_select(chosen),
        ),
        section("*Thanks*: digests name those who did something", _thanks_select(chosen)),
    ]
    for number, block in enumerate(blocks):
        block.block_id = f"home:settings:{number}:{chosen.stamp}"
    return form("settings", "Settings", None, [*blocks, *cover], {}, close="Close")


def _digest_selects(chosen: Settings) -> list[StaticSelectElement]:
    days = [(OFF_VALUE, "Off"), *((str(n), f"{name}s") for n, name in enumerate(WEEKDAYS))]
    now = OFF_VALUE if chosen.digest_off else str(chosen.digest_weekday)
    day = _build_select("Day", "home:digest_day", days, now)
    if chosen.digest_off:
        return [day]
    hours = [(MORNING_VALUE, "First message"), *((str(n), f"{n:02}:00") for n in range(24))]
    hour = MORNING_VALUE if chosen.digest_hour is None else str(chosen.digest_hour)
    return [day, _build_select("Time", "home:digest_hour", hours, hour)]


def _thanks_select(chosen: Settings) -> StaticSelectElement:
    labels = [("on", "Thank me by name"), (OFF_VALUE, "Do not name me")]
    return _build_select("Thanks", "home:thanks", labels, "on" if chosen.thanked else OFF_VALUE)


def _department_select(chosen: Settings) -> StaticSelectElement:
    known = list(chosen.departments)[:MAX_OPTIONS]
    own = chosen.department if chosen.department in dict(known) else NO_DEPARTMENT_VALUE
    none = (NO_DEPARTMENT_VALUE, "None of these")
    return _build_select("Department", "home:department", [*known, none], own)


def _days_select(weekdays: Collection[int]) -> StaticMultiSelectElement:
    options = [_build_option(str(n), name) for n, name in enumerate(WEEKDAYS)]
    return StaticMultiSelectElement(
        action_id="home:days",
        placeholder="Days",
        options=options,
        initial_options=[options[n] for n in sorted(weekdays)],
    )


def _time_choices(times: Sequence[str], own: str) -> list[tuple[str, str]]:
    """The times to pick from; one that a playbook names to the minute is among them."""
    return [(at, at) for at in sorted({*times, own})]


def _end_choices(own: str) -> list[tuple[str, str]]:
    times = _time_choices((*_HALF_HOURS[1:], _MIDNIGHT), own)
    return [(at, "midnight" if at == _MIDNIGHT else at) for at, _ in times]


def _build_select(
    name: str, action_id: str, choices: Sequence[tuple[str, str]], chosen: str
) -> StaticSelectElement:
    options = {value: _build_option(value, label) for value, label in choices}
    return StaticSelectElement(
        placeholder=name,
        action_id=action_id,
        options=list(options.values()),
        initial_option=options[chosen],
    )


def _build_option(value: str, label: str) -> Option:
    return Option(value=value, label=cut(label, MAX_LABEL_LENGTH))
