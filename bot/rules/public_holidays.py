"""The public holidays of countries and their parts, from the package `holidays`."""

from functools import lru_cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any, Final

import holidays
from holidays.registry import COUNTRIES

_FILES: Final = Path(holidays.__file__).parent / "countries"
# By their codes of two letters and three. (The package's own list imports 250 countries.)
_MODULES: Final = {
    code: (module, called) for module, (called, *codes) in COUNTRIES.items() for code in codes
}
#: The package's names of countries (UnitedStates), and their codes.
NAMED: Final = {called: codes[0] for called, *codes in COUNTRIES.values()}


def is_country(code: str) -> bool:
    return code in _MODULES


def parts(country: str) -> tuple[str, ...]:
    """The codes of a country's parts that have holidays of their own."""
    found: tuple[str, ...] = _country(country).subdivisions
    return found


@lru_cache(maxsize=1024)
def days(region: str, year: int) -> frozenset[Any]:
    """The holidays of a country or a part of it ("IE", "US-CA") in a year.

    Counted a year at a time and kept. (The package's own object fills itself while it is asked,
    and a second thread can meet it half full.)
    """
    country, _, part = region.partition("-")
    return frozenset(_country(country)(subdiv=part or None, years=year))


@lru_cache(maxsize=64)
def _country(code: str) -> Any:
    """The package's class of a country, from its own file: the package's way to it imports all
    countries with it, 0.2 s and 8 MiB at every start."""
    module, called = _MODULES[code]
    spec = spec_from_file_location(f"holidays.countries.{module}", _FILES / f"{module}.py")
    assert spec is not None
    assert spec.loader is not None
    made = module_from_spec(spec)
    spec.loader.exec_module(made)
    return getattr(made, called)
