"""Reads a department's working time as it is written in the playbook and the settings."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, time
from difflib import get_close_matches
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

import holidays as public
from holidays.registry import COUNTRIES

from bot.rules.time.calendar import WorkingCalendar

HOURS: Final = "09:00-17:00"
DAYS: Final = "mon-fri"
WEEKDAYS: Final = "monday tuesday wednesday thursday friday saturday sunday".split()
WEEK: Final = tuple(day[:3] for day in WEEKDAYS)

_HOURS: Final = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})")


@dataclass(frozen=True)
class Holidays:
    """Public holidays of some regions ("IE", "US-CA") and single dates; `day in holidays`."""

    regions: tuple[str, ...] = ()
    dates: frozenset[date] = frozenset()

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and (
            day in self.dates
            or any(day in holiday_dates(region, day.year) for region in self.regions)
        )


@lru_cache(maxsize=1024)
def holiday_dates(region: str, year: int) -> frozenset[date]:
    """The package's own object fills itself while it is asked, and a second thread can meet it half
    full."""
    country, _, part = region.partition("-")
    return frozenset(public.country_holidays(country, subdiv=part or None, years=year))


@lru_cache(maxsize=256)
def parse_calendar(
    timezone: str, hours: str = HOURS, days: str = DAYS, holidays: tuple[str, ...] = ()
) -> WorkingCalendar:
    """The calendar that these words describe, the same object for the same words; ValueError."""
    zone = ZoneInfo(check_zone(timezone))
    return WorkingCalendar(zone, *parse_hours(hours), parse_days(days), parse_holidays(holidays))


def personal_calendar(
    calendar: WorkingCalendar, zone: ZoneInfo, hours: str | None, days: str | None
) -> WorkingCalendar:
    """A department's calendar in a person's zone, with the hours and days they chose;
    ValueError."""
    opens, closes = parse_hours(hours) if hours else (calendar.opens, calendar.closes)
    weekdays = parse_days(days) if days else calendar.weekdays
    return replace(calendar, zone=zone, opens=opens, closes=closes, weekdays=weekdays)


def check_zone(name: str) -> str:
    """`name`, when it is a time zone; ValueError with the nearest when it is not."""
    known = _zones()
    if name in known:
        return name
    cities = {zone.rpartition("/")[2].casefold(): zone for zone in sorted(known)}
    near = get_close_matches(name, known, 1, 0.7)
    city = get_close_matches(name.rpartition("/")[2].casefold().replace(" ", "_"), cities, 1, 0.8)
    hint = near[0] if near else cities[city[0]] if city else None
    asked = f'did you mean "{hint}"?' if hint else 'write one like "Europe/Dublin".'
    raise ValueError(f'no time zone "{name}", {asked}')


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    """Places and UTC. Not Etc/GMT+1, which is an hour *behind*, nor EST, which knows no summer."""
    return frozenset(
        zone
        for zone in available_timezones()
        if zone == "UTC" or ("/" in zone and not zone.startswith(("Etc/", "SystemV/")))
    )


def parse_hours(text: str) -> tuple[time, time]:
    """Opening and closing from "09:00-17:00"; ValueError with a sentence."""
    match = _HOURS.fullmatch(text.strip())
    if not match:
        raise ValueError(f'hours "{text}" are not understood, write them like "{HOURS}".')
    begin, begin_minute, end, end_minute = map(int, match.groups())
    try:
        opens, closes = time(begin, begin_minute), time(end, end_minute)
    except ValueError:
        raise ValueError(
            f'hours "{text}" go beyond 00:00-23:59, write them like "{HOURS}".'
        ) from None
    if opens >= closes:
        raise ValueError(
            f'hours "{text}" end before they begin, write the earlier time first, like "{HOURS}".'
        )
    return opens, closes


def parse_days(text: str) -> frozenset[int]:
    """Weekdays (Monday = 0) from "mon-fri", "sun-thu" or "mon, wed, fri"; ValueError."""
    days: set[int] = set()
    for part in filter(None, re.split(r"[,\s]+", re.sub(r"\s*[-–]\s*", "-", text.strip()))):
        first, _, last = part.partition("-")
        start, end = _weekday(first), _weekday(last or first)
        days.update((start + step) % 7 for step in range((end - start) % 7 + 1))
    if not days:
        raise ValueError(f'no working days, write them like "{DAYS}".')
    return frozenset(days)


def _weekday(word: str) -> int:
    wanted = word.casefold()
    for number, day in enumerate(WEEKDAYS):
        if len(wanted) >= 3 and day.startswith(wanted):
            return number
    near = get_close_matches(wanted, [*WEEK, *WEEKDAYS], 1, 0.5)
    hint = f'did you mean "{near[0][:3]}"?' if near else f'write days like "{DAYS}".'
    raise ValueError(f'no weekday "{word}", {hint}')


def parse_holidays(parts: Iterable[str]) -> Holidays:
    """Holidays from countries ("IE"), parts ("US-CA") and dates ("2026-12-24"); ValueError."""
    regions: list[str] = []
    dates: set[date] = set()
    for part in parts:
        if not re.match(r"\d", part):
            regions.append(_parse_region(part))
            continue
        try:
            dates.add(date.fromisoformat(part))
        except ValueError:
            raise ValueError(f'no date "{part}", write it like "2026-12-24".') from None
    return Holidays(tuple(regions), frozenset(dates))


def _parse_region(text: str) -> str:
    country, _, part = text.strip().upper().partition("-")
    known = public.list_supported_countries()
    if country not in known:
        # People write a whole name: "Ireland" is shown as IE.
        codes = {called.casefold(): short[0] for called, *short in COUNTRIES.values()}
        near = get_close_matches(country.casefold().replace(" ", ""), codes, 1, 0.75)
        meant = (
            f'did you mean "{codes[near[0]]}"?' if near else 'write a two-letter code like "IE".'
        )
        raise ValueError(f'no holiday country "{text}", {meant}')
    if part and part not in known[country]:
        near = get_close_matches(part, known[country], 1, 0.4)
        hint = f'did you mean "{country}-{near[0]}"?' if near else f'write "{country}".'
        raise ValueError(f'no part "{part}" of "{country}" with holidays, {hint}')
    return f"{country}-{part}" if part else country
