"""`python -m tests.quarter`: the long quarter, with its figures."""

from __future__ import annotations

import argparse
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import freezegun

from bot.settings import ROOT
from tests.quarter.figures import Figures, figures
from tests.quarter.process import Process
from tests.quarter.run import WEEKS, Quarter
from tests.story import Story

BEGIN = datetime(2026, 11, 23, 8, 45, tzinfo=UTC)


def run(accounts: int, weeks: int, folder: Path) -> tuple[Quarter, Figures]:
    """Runs it with the default playbook, in a folder of its own."""
    with freezegun.freeze_time(BEGIN) as frozen:
        process = Process(ROOT / "playbooks" / "default.yaml")
        story = Story(folder, frozen, playbook=process.text)  # type: ignore[arg-type]
        try:
            quarter = Quarter(story, process, accounts, weeks)
            quarter.run()
            return quarter, figures(quarter, quarter.export(folder))
        finally:
            story.close()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.quarter", description=__doc__)
    parser.add_argument("--accounts", type=int, default=40)
    parser.add_argument("--weeks", type=int, default=WEEKS)
    parser.add_argument("--all", action="store_true", help="print every contradiction")
    parser.add_argument("--pages", metavar="FILE", type=Path, help="write all that was read")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="linchpin-quarter-") as folder:
        quarter, counted = run(arguments.accounts, arguments.weeks, Path(folder))
    if arguments.pages:
        parts = [
            "\n".join([f"##### {page.surface} {page.reader} {page.at:%a %d %b %H:%M}", *page.lines])
            for page in quarter.pages
        ]
        arguments.pages.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    print(counted)
    if arguments.all:
        print("\n".join(map(str, counted.contradictions)))


if __name__ == "__main__":
    main()
