"""A workspace's own settings over the playbook, which is a file for all workspaces."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from bot.rules.playbook.playbook import Department, Playbook
from bot.rules.time.working_hours import parse_holidays


@dataclass(frozen=True)
class Overrides:
    """A workspace's settings of one department; None leaves the playbook's value."""

    timezone: str | None = None
    hours: str | None = None
    days: str | None = None
    holidays: str | None = None  # "IE, 2026-12-24"; "" is none


COMPANY = "company"


def apply_overrides(
    playbook: Playbook, own: Mapping[str, Overrides], without_manager: str | None
) -> Playbook:
    """The playbook with a workspace's settings, the same object for the same settings."""
    return _apply_overrides(_ByIdentity(playbook), tuple(own.items()), without_manager)


class _ByIdentity:
    """A playbook as a key of a cache: equal only to the same object, which is quick to tell."""

    def __init__(self, playbook: Playbook) -> None:
        self.playbook = playbook

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByIdentity) and other.playbook is self.playbook

    def __hash__(self) -> int:
        return id(self.playbook)


@lru_cache(maxsize=64)
def _apply_overrides(
    same: _ByIdentity, words: tuple[tuple[str, Overrides], ...], without_manager: str | None
) -> Playbook:
    playbook, own = same.playbook, dict(words)
    changed = {
        key: _override_department(department, own[key])
        for key, department in playbook.departments.items()
        if own.get(key, Overrides()) != Overrides()
    }
    update: dict[str, object] = {}
    if changed:
        update["departments"] = MappingProxyType({**playbook.departments, **changed})
    zone = own.get(COMPANY, Overrides()).timezone
    if zone is not None:
        update["company"] = playbook.company.model_copy(update={"timezone": zone})
    if without_manager in playbook.departments and without_manager != playbook.without_manager:
        update["without_manager"] = without_manager
    return playbook.model_copy(update=update) if update else playbook


def parse_holiday_list(text: str) -> tuple[str, ...]:
    """Holidays as they are typed, "IE, 2026-12-24"; ValueError with a sentence for a wrong one."""
    parts = tuple(part for part in text.replace(",", " ").split() if part.casefold() != "none")
    parse_holidays(parts)
    return parts


def _override_department(department: Department, own: Overrides) -> Department:
    update: dict[str, object] = {
        name: value
        for name in ("timezone", "hours", "days")
        if (value := getattr(own, name)) is not None
    }
    if own.holidays is not None:
        update["holidays"] = parse_holiday_list(own.holidays)
    return department.model_copy(update=update)
