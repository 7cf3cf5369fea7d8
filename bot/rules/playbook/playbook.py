"""The playbook: the repeatable process that every account goes through.

Everything about it can be imported from here.

    playbook = load("playbooks/default.yaml")      # PlaybookError tells every mistake at once
    playbook.find_stage("Renewal").plays
"""

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
