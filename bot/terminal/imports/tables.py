"""What the import shows in the terminal."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from bot.actions.imports.change_log import Progress as Step
from bot.actions.imports.imports import ImportOutcome
from bot.rules.imports.csv_file import Reject
from bot.rules.imports.result import Change, KeptValue, Result, UndoResult
from bot.rules.text.words import plural

#: As many lines of a kind as fit a screen; the rest is counted.
MAX_ROWS = 20


@contextmanager
def progress_bar(console: Console) -> Iterator[Step]:
    """A bar that follows the steps of an import and is gone when it ends."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("Reading", total=None)

        def step(what: str, done: int, total: int) -> None:
            bar.update(task, description=what, completed=done, total=total)

        yield step


def show_outcome(console: Console, brought: ImportOutcome, *, dry_run: bool) -> None:
    """The closing tables: what changed, what was left out, the counts."""
    parts = [part for part in (brought.accounts, brought.deals) if part is not None]
    if dry_run:
        _print_changes(console, [change for part in parts for change in part.changes])
    _print_kept(console, [kept for part in parts for kept in part.kept])
    for part, name in ((brought.accounts, "accounts"), (brought.deals, "deals")):
        if part is not None:
            _print_rejects(console, part, name)
    _print_counts(console, brought, dry_run)
    for note in dict.fromkeys(note for part in parts for note in part.notes):
        console.print(escape(note))
    _print_closing(console, brought, dry_run)


def _print_changes(console: Console, changes: Sequence[Change]) -> None:
    if not changes:
        return
    table = Table("Account", "", "What would change", title="What would change")
    for change in changes[:MAX_ROWS]:
        verb = "added" if change.added else "updated"
        table.add_row(escape(change.account), verb, escape(change.what))
    console.print(table)
    _print_more(console, len(changes))


def _print_kept(console: Console, kept: Sequence[KeptValue]) -> None:
    """What the file says otherwise than people in Slack, whose word stays."""
    if not kept:
        return
    table = Table("Account", "Kept because", "The file says", title="Kept as it is in Slack")
    for one in kept[:MAX_ROWS]:
        table.add_row(escape(one.account), one.why, escape(one.what))
    console.print(table)
    _print_more(console, len(kept))


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


def _print_counts(console: Console, brought: ImportOutcome, dry_run: bool) -> None:
    table = Table(title="What would come in" if dry_run else "What came in")
    for heading in ("", "Added", "Updated", "Unchanged", "Kept", "Rejected rows"):
        table.add_column(heading, justify="right" if heading else "left")
    for part, name in ((brought.accounts, "Accounts"), (brought.deals, "Accounts, from deals")):
        if part is not None:
            counts = (part.added, part.updated, part.unchanged, len(part.kept), part.rejected)
            table.add_row(name, *(f"{count:,}" for count in counts))
    console.print(table)
    _print_kept_reasons(console, brought)


def _print_kept_reasons(console: Console, brought: ImportOutcome) -> None:
    """ "Kept: moved in Slack: 3"."""
    parts = [part for part in (brought.accounts, brought.deals) if part is not None]
    for why, count in Counter(one.why for part in parts for one in part.kept).items():
        console.print(f"Kept: {why}: {count:,}")


def _print_closing(console: Console, brought: ImportOutcome, dry_run: bool) -> None:
    planned = brought.planned
    if brought.deals is not None:
        console.print(f"{plural(brought.deals.interactions, 'past interaction')} from deals.")
    if planned.touchpoints:
        console.print(
            f"{plural(planned.touchpoints, 'touchpoint')} planned from now on, at most "
            f"{planned.fullest_day} a day for one owner."
        )
    if planned.cancelled:
        console.print(f"{plural(planned.cancelled, 'touchpoint')} of earlier stages taken back.")
    if brought.run is None:
        console.print("Nothing has changed since the last time.")
    elif dry_run:
        console.print("This was a dry run: nothing was written.")
    else:
        console.print("import --undo takes this back.")


def write_rejects(path: str, brought: ImportOutcome) -> None:
    """All rejected rows as CSV: file, row, reason."""
    with open(path, "w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file)
        writer.writerow(("List", "Row", "Reason"))
        for part, name in ((brought.accounts, "accounts"), (brought.deals, "deals")):
            writer.writerows((name, *reject) for reject in _all_rejects(part))


def _all_rejects(part: Result | None) -> list[Reject]:
    """Every row that was left out, in the order of the file."""
    if part is None:
        return []
    skipped = [Reject(row, reason) for reason, rows in part.skipped.items() for row in rows]
    return sorted(part.rejects + skipped)


def show_undone(console: Console, undone: UndoResult) -> None:
    """What taking an import back did, and what it had to leave."""
    console.print(
        f"The import of {escape(undone.source)} was taken back: "
        f"{plural(undone.deleted, 'account')} deleted, {undone.restored:,} restored, "
        f"{plural(undone.touchpoints, 'planned touchpoint')} and "
        f"{plural(undone.interactions, 'interaction')} removed."
    )
    if not undone.left:
        return
    table = Table("Account", "Why it was left", title="Left as they are")
    for name, why in undone.left[:MAX_ROWS]:
        table.add_row(escape(name), why)
    console.print(table)
    _print_more(console, len(undone.left))
