"""What the import shows in the terminal."""

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from bot.actions.imports.change_log import Progress as Step
from bot.rules.imports.result import Outcome, Result, UndoResult, flag_for
from bot.rules.imports.sheet import Reject
from bot.rules.imports.told import is_known_already, question_detail, question_title, questions_of
from bot.rules.text.words import plural

#: As many lines of a kind as fit a screen; the rest is counted.
MAX_ROWS = 20


@contextmanager
def progress_bar(console: Console) -> Iterator[Step]:
    """A bar that follows the steps of an import and is gone when it ends."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as bar:
        task = bar.add_task("Reading", total=None)

        def step(what: str, done: int, total: int) -> None:
            bar.update(task, description=what, completed=done, total=total)

        yield step


def show_outcome(console: Console, outcome: Outcome, *, dry_run: bool) -> None:
    """The closing tables: what changed, what was left out, the counts."""
    parts = outcome.parts.values()
    changes = [change for part in parts for change in part.changes]
    kept = [value for part in parts for value in part.kept]
    if dry_run:
        headings = ("Account", "", "What would change")
        rows = [(each.account, "added" if each.added else "updated", each.what) for each in changes]
        _print_rows(console, "What would change", headings, rows)
    # Where the file contradicts what people did in Slack, their word stays.
    headings = ("Account", "Kept because", "The file says")
    rows = [(value.account, value.why, value.what) for value in kept]
    _print_rows(console, "Kept as it is in Slack", headings, rows)
    for name, part in outcome.parts.items():
        _print_rejects(console, part, name)
    _print_counts(console, outcome, dry_run)
    for why, count in Counter(value.why for value in kept).items():
        console.print(f"Kept: {why}: {count:,}")
    for note in outcome.notes:
        console.print(escape(note))
    for number, question in enumerate(questions_of(outcome), 1):
        asked = f"{question_title(question)} {question_detail(question).rstrip('.')}."
        console.print(escape(f"{number}. {asked} {flag_for(question)}."))
    _print_closing(console, outcome, dry_run)


def _print_rows(
    console: Console, title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]
) -> None:
    if not rows:
        return
    table = Table(*headings, title=title)
    for row in rows[:MAX_ROWS]:
        table.add_row(*map(escape, row))
    console.print(table)
    _print_more(console, len(rows))


def _print_rejects(console: Console, part: Result, name: str) -> None:
    if not part.rejected:
        return
    table = Table("Row", "Why", title=f"Rejected rows of the {name}")
    for reason, rows in part.skipped.items():
        table.add_row(plural(len(rows), "row"), escape(reason))
    for reject in part.rejects[:MAX_ROWS]:
        table.add_row(str(reject.row), escape(reject.reason))
    console.print(table)
    _print_more(console, len(part.rejects), "; --rejects FILE.csv writes them all")


def _print_more(console: Console, count: int, hint: str = "") -> None:
    if count > MAX_ROWS:
        console.print(f"… and {count - MAX_ROWS:,} more{hint}")


def _print_counts(console: Console, outcome: Outcome, dry_run: bool) -> None:
    table = Table(title="What would come in" if dry_run else "What came in")
    for heading in ("", "Added", "Updated", "Unchanged", "Kept", "Rejected rows"):
        table.add_column(heading, justify="right" if heading else "left")
    labels = {"deals": "Accounts, from deals"}
    for name, part in outcome.parts.items():
        counts = (part.added, part.updated, part.unchanged, len(part.kept), part.rejected)
        table.add_row(labels.get(name, name.capitalize()), *(f"{count:,}" for count in counts))
    console.print(table)


def _print_closing(console: Console, outcome: Outcome, dry_run: bool) -> None:
    planned = outcome.planned
    if (deals := outcome.parts.get("deals")) is not None:
        console.print(f"{plural(deals.interactions, 'past interaction')} from deals.")
    if planned.touchpoints:
        console.print(planned.text("planned"))
    if planned.cancelled:
        console.print(f"{plural(planned.cancelled, 'touchpoint')} of earlier stages taken back.")
    if is_known_already(outcome):
        console.print("Nothing has changed since the last time.")
    elif dry_run:
        console.print("This was a dry run: nothing was written.")
    elif outcome.run is None:
        console.print("Nothing was written.")
    else:
        console.print("import --undo takes this back.")


def write_rejects(path: str, outcome: Outcome) -> None:
    """All rejected rows as CSV: list, row, reason, in the order of the files."""
    with open(path, "w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file)
        writer.writerow(("List", "Row", "Reason"))
        for name, part in outcome.parts.items():
            skipped = (Reject(row, why) for why, rows in part.skipped.items() for row in rows)
            writer.writerows((name, *reject) for reject in sorted([*part.rejects, *skipped]))


def show_undone(console: Console, undone: UndoResult) -> None:
    """What taking an import back did, and what it had to leave."""
    console.print(
        f"The import of {escape(undone.source)} was taken back: "
        f"{plural(undone.deleted, 'account')} deleted, {undone.restored:,} restored, "
        f"{plural(undone.touchpoints, 'planned touchpoint')} and "
        f"{plural(undone.interactions, 'interaction')} removed."
    )
    _print_rows(console, "Left as they are", ("Account", "Why it was left"), undone.left)
