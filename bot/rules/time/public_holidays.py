"""The public holidays of countries and their parts, from the package `holidays`. The package
imports its 250 countries with the first that is asked for: 0.2 s and 8 MiB."""

from datetime import date
from functools import lru_cache
from typing import Final

import holidays
from holidays.registry import COUNTRIES

#: The package's names of countries (UnitedStates), and their codes.
COUNTRY_NAMES: Final = {called: codes[0] for called, *codes in COUNTRIES.values()}


def is_country(code: str) -> bool:
    return code in holidays.list_supported_countries()


def subdivisions(country: str) -> list[str]:
    """The codes of a country's parts that have holidays of their own."""
    return holidays.list_supported_countries()[country]


@lru_cache(maxsize=1024)
def holiday_dates(region: str, year: int) -> frozenset[date]:
    """The holidays of a country or a part of it ("IE", "US-CA") in a year. The package's own
    object fills itself while it is asked, and a second thread can meet it half full."""
    country, _, part = region.partition("-")
    return frozenset(holidays.country_holidays(country, subdiv=part or None, years=year))
