"""Every door hands on the playbook as the workspace has it, not the file's."""

from __future__ import annotations

import re
from pathlib import Path

BOT = Path(__file__).resolve().parent.parent.parent / "bot"
# What the file's own may be used for: laying over it, and what nobody can change in Slack.
_ALLOWED = re.compile(
    r"in_force\([^()]*\.playbook\)|bring\(.*\.playbook|playbooks\.(?:use|standing)\(.*\.playbook"
)


def test_no_door_uses_the_file_s_playbook_past_a_workspace_s_own_hours() -> None:
    found = [
        f"{path.relative_to(BOT)}:{number}: {line.strip()}"
        for folder in ("handlers", "nudges")
        for path in (BOT / folder).glob("**/*.py")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(r"\b(?:context|linchpin)\.playbook\b", line.replace("request.context", ""))
        and not _ALLOWED.search(line)
    ]
    assert found == [], (
        "call db.workspace.departments.in_force(tx, context.playbook_file): " + "; ".join(found)
    )
