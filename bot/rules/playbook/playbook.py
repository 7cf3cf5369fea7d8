"""The playbook: the repeatable process that every account goes through. Import it from here."""

from bot.rules.playbook.load import load, parse
from bot.rules.playbook.models import MANAGER, Company, Department, Direction, Play, Playbook, Stage
from bot.rules.playbook.problems import PlaybookError, Problem

__all__ = [
    "MANAGER",
    "Company",
    "Department",
    "Direction",
    "Play",
    "Playbook",
    "PlaybookError",
    "Problem",
    "Stage",
    "load",
    "parse",
]
