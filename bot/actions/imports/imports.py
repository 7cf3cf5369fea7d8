"""Brings accounts, deals and contacts in from files: one command, one run to take back."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from bot.actions.actor import IMPORT
from bot.actions.imports.accounts import parse_accounts
from bot.actions.imports.change_log import ChangeLog, Progress, resume_log
from bot.actions.imports.contacts import parse_contacts
from bot.actions.imports.deals import parse_deals
from bot.actions.imports.process import (
    ImportJob,
    ImportProcess,
    Part,
    SingleTransaction,
    StepRunner,
)
from bot.actions.imports.undo import undo_last_import
from bot.actions.work import Work
from bot.messages.kit.text import when
from bot.rules.errors import UserError
from bot.rules.imports.headings import NoNameColumn, find_columns, list_headings
from bot.rules.imports.known_headings import HEADINGS
from bot.rules.imports.result import Choice, Outcome, PlannedCounts, Question, Result, flag_for
from bot.rules.imports.sheet import Sheet
from bot.rules.imports.stages import StageWords
from bot.rules.playbook.playbook import Playbook
from bot.rules.text.words import plural
from db.core.tx import Tx
from db.imports import imports

#: After so long an import that has not come to its end was broken off.
_BROKEN_OFF = timedelta(minutes=15)


def import_at_once(work: Work, job: ImportJob, progress: Progress = lambda *_: None) -> Outcome:
    """Brings the files of a job in, all at once; the caller rolls back for a dry run."""
    return import_in_batches(SingleTransaction(work.tx), work.playbook, job, work.now, progress)


def import_in_batches(
    runner: StepRunner, playbook: Playbook, job: ImportJob, now: datetime, progress: Progress
) -> Outcome:
    """Brings the files of a job in, a piece at a time. Each piece is whole by itself. An import
    that was broken off goes on where it was when the same files come again; until then others are
    refused with UserError, as is a file that cannot be understood, of which nothing is written."""
    progress("Reading", 0, 1)
    words = StageWords(playbook, job.answers)
    broken = runner.read(partial(_broken_run, job, now))
    if broken is not None:
        runner.write(lambda tx: imports.finish_run(tx, broken, now))
    parts, log, run = runner.read(
        lambda tx: _parse_files(Work(tx, playbook, now, IMPORT), job, words)
    )
    open_ = [each for part in parts.values() for each in part.result.questions if each.needed]
    if open_ and not isinstance(runner, SingleTransaction):
        raise UserError(f"{open_[0].text} {flag_for(open_[0])}. Nothing was written.")
    process = ImportProcess(job, playbook, log, run, runner, now, progress)
    try:
        planned = _write_parts(process, parts)
        results = {kind: part.result for kind, part in parts.items()}
        _add_notes(results, words, log)
        process.finish(results.values())
    except (UserError, imports.ConcurrentChange):
        raise
    except Exception:
        # What broke once breaks again: nothing half done may bar the way of other files.
        if process.run is not None and not isinstance(runner, SingleTransaction):
            runner.write(lambda tx: undo_last_import(tx, now))
        raise
    return Outcome(results, planned, process.run)


def _write_parts(process: ImportProcess, parts: Mapping[str, Part]) -> PlannedCounts:
    for kind in ("accounts", "deals"):
        if kind in parts:
            process.write(f"Writing {kind}", parts[kind])
    planned = process.plan()
    if "contacts" in parts:
        process.write("Writing contacts", parts["contacts"])
    return planned


def _broken_run(job: ImportJob, now: datetime, tx: Tx) -> int | None:
    """The import of another file that nobody is at work on any more. It does not bar the way: it
    is closed as it is, and can still be taken back."""
    run = imports.unfinished_run(tx)
    is_broken = run is not None and run.digest != job.digest and now - run.at > _BROKEN_OFF
    return run.id if run is not None and is_broken else None


def _add_notes(results: Mapping[str, Result], words: StageWords, log: ChangeLog) -> None:
    accounts, deals = results.get("accounts"), results.get("deals")
    if accounts and accounts.silent:
        accounts.notes.append(
            f"{plural(accounts.silent, 'account')} came without a stage and start in "
            f'{words.start}. Another one: --stage "=STAGE".'
        )
    if deals and deals.added:
        deals.notes.append(f"{plural(deals.added, 'account')} came from the deals alone.")
    if deals and log.derived:
        count = plural(log.derived, "account")
        deals.notes.append(f"{count} got the terms that won deals tell of.")


def _parse_files(
    work: Work, job: ImportJob, words: StageWords
) -> tuple[dict[str, Part], ChangeLog, int | None]:
    run = imports.unfinished_run(work.tx)
    if run is not None and run.digest != job.digest:
        raise UserError(
            f"The import of {run.source}, begun {when(run.at)}, was not finished. "
            "Run it again with the same file to finish it. Or take back what it wrote: "
            "import --undo"
        )
    parts = {kind: _parse_file(work, job, kind, sheet, words) for kind, sheet in job.sheets.items()}
    if run is not None:
        return parts, resume_log(work.tx, run), run.id
    # No two imports share a time: it tells their rows.
    newest = imports.last_run_time(work.tx)
    at = work.now if newest is None else max(work.now, newest + timedelta(microseconds=1))
    return parts, ChangeLog(at), None


def _parse_file(work: Work, job: ImportJob, kind: str, sheet: Sheet, words: StageWords) -> Part:
    try:
        columns = find_columns(sheet.headings, kind, _maps_for(job, sheet, kind))
    except NoNameColumn:
        return Part((), lambda *_: Result(), Result(questions=[_name_question(sheet, kind)]))
    if kind == "accounts":
        return parse_accounts(work, sheet, columns, words, job.answers)
    if kind == "deals":
        return parse_deals(work, sheet, columns, words, job.answers)
    return parse_contacts(sheet, columns)


def _name_question(sheet: Sheet, kind: str) -> Question:
    choices = [Choice(heading, heading) for heading in sheet.headings if heading.strip()]
    field = "name" if kind == "accounts" else "account"
    text = (
        "No column was understood as the account's name. The headings found are: "
        f"{list_headings(sheet.headings)}."
    )
    return Question("column", field, text, len(sheet.lines), True, choices)


def _maps_for(job: ImportJob, sheet: Sheet, kind: str) -> Sequence[str]:
    """What was answered about columns, as `--map` says it, of one of the files. With several, each
    goes where its field is known."""
    answers = {
        word.removeprefix("column:"): value
        for word, value in job.answers.items()
        if word.startswith("column:")
    }
    # The account's name is asked for the other way round.
    maps = [
        f"{value}={word}"
        if value in sheet.headings and word in ("name", "account")
        else f"{word}={value}"
        for word, value in answers.items()
    ]
    if len(job.sheets) == 1:
        return maps
    every = {field for fields in HEADINGS.values() for field in fields}
    return [
        given
        for given in maps
        if (name := given.rpartition("=")[2].strip()) in HEADINGS[kind]
        or (name not in every and given.rpartition("=")[0].strip() in sheet.headings)
    ]
