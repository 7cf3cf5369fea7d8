"""The playbook file that a command is given."""

import sys
from pathlib import Path

from bot.rules.playbook.playbook import Playbook, PlaybookError, load
from bot.rules.text.words import plural

DEFAULT = Path(__file__).parents[3] / "playbooks" / "default.yaml"


def loaded(file: str) -> Playbook | None:
    """The playbook of a file, or None when its mistakes were printed."""
    try:
        return load(file)
    except PlaybookError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        print(f"{plural(len(error.problems), 'mistake')} in {file}.", file=sys.stderr)
        return None
