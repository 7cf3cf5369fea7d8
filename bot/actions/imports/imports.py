"""Brings accounts, deals and contacts in from files: one command, one run to take back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from bot.actions.actor import IMPORT
from bot.actions.imports.accounts import AccountsFile, parse_accounts, write_accounts
from bot.actions.imports.batches import SingleTransaction, StepRunner
from bot.actions.imports.change_log import ChangeLog, Progress, resume_log
from bot.actions.imports.contacts import ContactsFile, parse_contacts, write_contacts
from bot.actions.imports.deals import DealsFile, parse_deals, write_deals
from bot.actions.imports.process import ImportJob, ImportProcess
from bot.actions.work import Work
from bot.messages.kit.text import when
from bot.rules.errors import UserError
from bot.rules.imports.csv_file import Sheet
from bot.rules.imports.headings import (
    ACCOUNT_HEADINGS,
    CONTACT_HEADINGS,
    DEAL_HEADINGS,
    find_columns,
)
from bot.rules.imports.result import PlannedCounts, Result
from bot.rules.imports.stages import StageWords
from bot.rules.playbook.playbook import Playbook
from bot.rules.text.words import plural
from db.imports import runs

__all__ = ["ImportJob", "ImportOutcome", "import_at_once", "import_in_batches"]


Files = tuple[AccountsFile | None, DealsFile | None, ContactsFile | None]


@dataclass(frozen=True)
class ImportOutcome:
    """What an import did; `run` is None when there was nothing to do."""

    accounts: Result | None
    deals: Result | None
    contacts: Result | None
    planned: PlannedCounts
    run: int | None

    @property
    def parts(self) -> list[tuple[str, Result]]:
        """What each file did, with what it is a list of."""
        named = (("accounts", self.accounts), ("deals", self.deals), ("contacts", self.contacts))
        return [(name, part) for name, part in named if part is not None]


def import_at_once(work: Work, job: ImportJob, progress: Progress) -> ImportOutcome:
    """Brings the files of a job in, all at once; the caller rolls back for a dry run.

    UserError when a file cannot be understood: then nothing was written.
    """
    return import_in_batches(SingleTransaction(work.tx), work.playbook, job, work.now, progress)


def import_in_batches(
    runner: StepRunner, playbook: Playbook, job: ImportJob, now: datetime, progress: Progress
) -> ImportOutcome:
    """Brings the files of a job in, a piece at a time.

    Each piece is whole by itself. An import that was broken off goes on where it was when the
    same files come again; until then others are refused with UserError, as is a file that cannot
    be understood, of which nothing is written.
    """
    progress("Reading", 0, 1)
    files, log, run = runner.read(lambda tx: _parse_files(Work(tx, playbook, now, IMPORT), job))
    accounts, deals, people = files
    process = ImportProcess(job, playbook, log, run, runner, now, progress)
    if accounts is not None:
        step = partial(write_accounts, accounts)
        process.write("Writing accounts", accounts.lines, step, accounts.result)
        if accounts.result.silent:
            accounts.result.notes.append(
                f"{plural(accounts.result.silent, 'account')} came without a stage and start in "
                f'{accounts.start}; another one: --stage "=STAGE".'
            )
    if deals is not None:
        process.write(
            "Writing deals", list(deals.groups), partial(write_deals, deals), deals.result
        )
        if deals.result.added:
            count = plural(deals.result.added, "account")
            deals.result.notes.append(f"{count} came from the deals alone.")
    planned = process.plan()
    if people is not None:
        process.write("Writing contacts", people.lines, write_contacts, people.result)
    if deals is not None and log.derived:
        count = plural(log.derived, "account")
        deals.result.notes.append(f"{count} got the terms that won deals tell of.")
    results = [file.result if file is not None else None for file in files]
    process.finish([result for result in results if result is not None])
    return ImportOutcome(results[0], results[1], results[2], planned, process.run)


def _parse_files(work: Work, job: ImportJob) -> tuple[Files, ChangeLog, int | None]:
    """Reads everything before anything is written; takes up a run of the same files."""
    run = runs.unfinished_run(work.tx)
    if run is not None and run.digest != job.digest:
        raise UserError(
            f"The import of {run.source}, begun {when(run.at)}, was not finished. "
            "Run it again with the same file to finish it. Or take back what it wrote: "
            "import --undo"
        )
    words = StageWords(work.playbook, job.stages)
    accounts = deals = people = None
    if (sheet := job.accounts) is not None:
        maps = _maps_for(job, sheet, ACCOUNT_HEADINGS)
        columns = find_columns(sheet.headings, ACCOUNT_HEADINGS, maps, needed="name")
        accounts = parse_accounts(work, sheet, columns, words, job.dates)
    if (sheet := job.deals) is not None:
        maps = _maps_for(job, sheet, DEAL_HEADINGS)
        columns = find_columns(sheet.headings, DEAL_HEADINGS, maps, needed="account")
        deals = parse_deals(work, sheet, columns, words, job.dates)
    if (sheet := job.contacts) is not None:
        maps = _maps_for(job, sheet, CONTACT_HEADINGS)
        columns = find_columns(sheet.headings, CONTACT_HEADINGS, maps, needed="account")
        people = parse_contacts(sheet, columns)
    files = accounts, deals, people
    if run is not None:
        return files, resume_log(work.tx, run), run.id
    # No two imports share a time: it tells their rows.
    newest = runs.last_run_time(work.tx)
    at = work.now if newest is None else max(work.now, newest + timedelta(microseconds=1))
    return files, ChangeLog(at), None


def _maps_for(job: ImportJob, sheet: Sheet, own: Mapping[str, object]) -> Sequence[str]:
    """The `--map` values of one of the files. With several, each goes where its field is known."""
    if sum(each is not None for each in (job.accounts, job.deals, job.contacts)) == 1:
        return job.maps
    every = {*ACCOUNT_HEADINGS, *DEAL_HEADINGS, *CONTACT_HEADINGS}
    return [
        given
        for given in job.maps
        if (name := given.rpartition("=")[2].strip()) in own
        or (name not in every and given.rpartition("=")[0].strip() in sheet.headings)
    ]
