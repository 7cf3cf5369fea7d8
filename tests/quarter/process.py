"""The process as its file says it, read as a person reads it: without the product's rules."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

#: Outcomes that mean the customer stays, or goes on.
WELL = ("renewed", "expanded", "adopted", "chose us")


class Process:
    """Stages, plays by their title, and what a decision leads to."""

    def __init__(self, file: Path) -> None:
        self.text = file.read_text(encoding="utf-8")
        read = yaml.safe_load(self.text)
        self.stages: dict[str, dict[str, Any]] = {one["key"]: one for one in read["stages"]}
        self.departments: dict[str, dict[str, Any]] = read["departments"]
        self.customer_a_week: int = read["attention"]["customer_a_week"]
        self.first_stage_of_a_term: str = read["terms"]["begins"]
        self._plays = {
            play["title"]: play for one in self.stages.values() for play in one.get("plays", [])
        }

    def name(self, stage: str) -> str:
        return str(self.stages[stage].get("name", stage))

    def key(self, name: str) -> str:
        """The stage of that name; "" when there is none."""
        found = (key for key in self.stages if name.casefold() in (key, self.name(key).casefold()))
        return next(found, "")

    def is_exit(self, stage: str) -> bool:
        return bool(self.stages[stage].get("exit"))

    def titles(self) -> tuple[str, ...]:
        return tuple(self._plays)

    def is_play(self, title: str) -> bool:
        return title in self._plays

    def contacts(self, title: str) -> bool | None:
        """Whether the play asks something of the customer; None for what is no play."""
        play = self._plays.get(title)
        return None if play is None else bool(play.get("contacts_customer", True))

    def records(self, title: str) -> str:
        """What the play brings back, "" for nothing."""
        return str(self._plays.get(title, {}).get("records", ""))

    def stage_after(self, stage: str, outcome: str) -> str:
        """Where a decision leads; the stage itself where it leads nowhere."""
        result = (self.stages[stage].get("outcomes") or {}).get(outcome) or {}
        return str(result.get("to", stage))

    def begins_a_term(self, stage: str, outcome: str) -> bool:
        result = (self.stages[stage].get("outcomes") or {}).get(outcome) or {}
        return outcome == "renewed" or bool(result.get("renews"))

    def moves_by_date(self, today: date, renews_on: date) -> str:
        """The stage that an account enters by its renewal date on that day, "" for none."""
        for key, stage in self.stages.items():
            if match := re.fullmatch(r"(\d+) days before renewal", str(stage.get("enter", ""))):
                first = renews_on - timedelta(days=int(match[1]))
                if first <= today:
                    return key
        return ""
