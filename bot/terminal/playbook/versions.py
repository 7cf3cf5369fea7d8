"""`playbook apply FILE`, `playbook back`: which version a workspace works by."""

import argparse
import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from rich.console import Console

from bot.actions.actor import CLOCK, Actor
from bot.actions.playbook import versions as actions
from bot.actions.work import Work
from bot.messages.playbook.playbook import VersionPreview, moved_texts, stranded_text
from bot.rules.errors import UserError
from bot.rules.playbook.playbook import Playbook
from bot.rules.playbook.problems import did_you_mean
from bot.settings import Settings, load
from bot.terminal.playbook.diff import changes_table, loaded
from bot.terminal.process.startup import choose_workspace, open_database, read_playbook, utc_now
from db.core.tx import Tx, begin, try_out
from db.playbook import versions


def add_parser(commands: Any) -> None:
    """Adds `apply` and `back`."""
    apply = commands.add_parser(
        "apply",
        help="put a file in force, after showing what it does to what is open",
        description="Shows what another playbook does to open touchpoints and asks. Running "
        "processes work by it from their next step on; their own file does not matter any more.",
    )
    apply.add_argument("file", metavar="FILE")
    apply.add_argument(
        "--move",
        type=_parse_move,
        action="append",
        default=[],
        metavar="OLD=NEW",
        help="where the accounts of a stage go that the file does not have; again for each stage",
    )
    back = commands.add_parser("back", help="go back to the version that was in force before")
    for parser, run in ((apply, run_apply), (back, run_back)):
        parser.add_argument("--yes", action="store_true", help="do not ask")
        parser.add_argument("--workspace", metavar="T…", help="which one, if there are several")
        parser.set_defaults(run=run)


def run_apply(args: argparse.Namespace, **more: Any) -> int:
    """Puts a file in force; 1 when it has mistakes or the answer was no."""
    file = loaded(args.file)
    if file is None:
        return 1
    for _, to in args.move:
        if file.stage(to) is None:
            keys = [stage.key for stage in file.stages]
            raise UserError(f'{args.file} has no stage "{to}", {did_you_mean(to, keys)}')

    def pick(tx: Tx, own: Playbook, now: datetime) -> str:
        return save_file(tx, own, file, now)

    return _run_decision(args, pick, moves=dict(args.move), **more)


def save_file(tx: Tx, own: Playbook, file: Playbook, now: datetime) -> str:
    """Keeps a file's text, to be put in force; returns its version. `own` is the file of the
    settings: if it is what runs now, it is kept too, so that one can go back to it."""
    if versions.current_version(tx) is None:
        actions.register_file(Work(tx, own, now, CLOCK), own, ())
    versions.save_version(tx, file, now)
    return file.version


def _parse_move(words: str) -> tuple[str, str]:
    old, sign, new = words.partition("=")
    if not (old and sign and new):
        raise argparse.ArgumentTypeError(f"{words!r} is not OLD=NEW, two keys of stages")
    return old, new


def run_back(args: argparse.Namespace, **more: Any) -> int:
    """Goes back to the version before; 1 when the answer was no."""
    return _run_decision(args, lambda tx, _own, _now: actions.previous_version(tx), **more)


def _run_decision(
    args: argparse.Namespace,
    pick: Callable[[Tx, Playbook, datetime], str],
    *,
    moves: Mapping[str, str] | None = None,
    settings: Settings | None = None,
    now: Callable[[], datetime] | None = None,
    ask: Callable[[], bool] | None = None,
) -> int:
    """Shows what the version that `pick` returns would change, asks, and puts it in force."""
    settings = settings or load()
    own = read_playbook(settings.playbook)
    engine = open_database(settings.database_url)
    moment = (now or utc_now)()

    try:
        workspace = choose_workspace(engine, args.workspace, moment)
        if not args.yes:
            with try_out(engine, workspace) as tx:
                version = pick(tx, own, moment)
                offer = actions.preview_version(tx, own, version, moment, moves)
            _show_preview(offer)
            if offer.stranded or not (ask or _confirm)():
                print("Nothing was changed.")
                return 1
        with begin(engine, workspace) as tx:
            work = Work(tx, own, moment, Actor(None, "terminal"))
            done = actions.activate_version(work, own, pick(tx, own, moment), moves)
        print(f"In force now: {done.source}, version {done.version}. {_counts(done)}")
        return 0
    finally:
        engine.dispose()


def _show_preview(offer: VersionPreview) -> None:
    console = Console()
    if offer.changes:
        console.print(changes_table(offer.changes))
    console.print(_counts(offer))
    for title, counts in offer.plays:
        console.print(f"  {title}: {', '.join(f'{n} {word}' for word, n in counts.items())}")
    for line in moved_texts(offer):
        console.print(line)
    if offer.stranded:
        console.print(stranded_text(offer.stranded), markup=False)
        console.print(f"Or say it here: --move {offer.stranded[0][1]}=STAGE", markup=False)


def _counts(offer: VersionPreview) -> str:
    return (
        f"Open touchpoints: {offer.kept:,} kept, {offer.changed:,} changed, "
        f"{offer.cancelled:,} cancelled, {offer.planned:,} new."
    )


def _confirm() -> bool:
    if not sys.stdin.isatty():
        print("Nobody is there to ask: --yes says that it is meant.", file=sys.stderr)
        return False
    return input("Use it? [y/N] ").strip().casefold() in ("y", "yes")
