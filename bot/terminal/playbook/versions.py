"""`playbook apply FILE`, `playbook back`: which version a workspace works by."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bot.actions.actor import CLOCK
from bot.actions.work import Work

if TYPE_CHECKING:
    from datetime import datetime

    from bot.messages.playbook.playbook import VersionPreview
    from bot.rules.playbook.playbook import Playbook
    from bot.settings import Settings
    from db.core.tx import Tx


def add_parser(commands: Any) -> None:
    """Adds `apply` and `back`."""
    apply = commands.add_parser(
        "apply",
        help="put a file in force, after showing what it does to what is open",
        description="Shows what another playbook does to open touchpoints and asks. Running "
        "processes work by it from their next step on; their own file does not matter any more.",
    )
    apply.add_argument("file", metavar="FILE")
    back = commands.add_parser("back", help="go back to the version that was in force before")
    for parser, run in ((apply, run_apply), (back, run_back)):
        parser.add_argument("--yes", action="store_true", help="do not ask")
        parser.add_argument("--workspace", metavar="T…", help="which one, if there are several")
        parser.set_defaults(run=run)


def run_apply(args: argparse.Namespace, **more: Any) -> int:
    """Puts a file in force; 1 when it has mistakes or the answer was no."""
    from bot.actions.playbook import versions as actions
    from bot.terminal.playbook.file import loaded
    from db.playbook import versions

    file = loaded(args.file)
    if file is None:
        return 1

    def pick(tx: Tx, own: Playbook, now: datetime) -> str:
        if versions.current_version(tx) is None:
            actions.register_file(
                Work(tx, own, now, CLOCK), own, ()
            )  # what runs now can be gone back to
        versions.save_version(tx, file, now)
        return file.version

    return _run_decision(args, pick, **more)


def run_back(args: argparse.Namespace, **more: Any) -> int:
    """Goes back to the version before; 1 when the answer was no."""
    from bot.actions.playbook import versions as actions

    return _run_decision(args, lambda tx, _own, _now: actions.previous_version(tx), **more)


class _RollBack(Exception):
    """Takes the transaction back: what it shows is exactly what would be."""


def _run_decision(
    args: argparse.Namespace,
    pick: Callable[[Tx, Playbook, datetime], str],
    *,
    settings: Settings | None = None,
    now: Callable[[], datetime] | None = None,
    ask: Callable[[], bool] | None = None,
) -> int:
    from bot.actions.actor import Actor
    from bot.actions.playbook import versions as actions
    from bot.settings import load
    from bot.terminal.imports.command import choose_workspace
    from bot.terminal.process.startup import open_database, read_playbook, utc_now
    from db.core.tx import begin

    settings = settings or load()
    own = read_playbook(settings.playbook)
    engine = open_database(settings.database_url)
    try:
        moment = (now or utc_now)()
        workspace = choose_workspace(engine, args.workspace, moment)
        if not args.yes:

            def look(tx: Tx) -> VersionPreview:
                return actions.preview_version(tx, own, pick(tx, own, moment), moment)

            _show_preview(look, engine, workspace)
            if not (ask or _confirm)():
                print("Nothing was changed.")
                return 1
        with begin(engine, workspace) as tx:
            version = pick(tx, own, moment)
            done = actions.activate_version(
                Work(tx, own, moment, Actor(None, "terminal")), own, version
            )
        print(f"In force now: {done.source}, version {done.version}. {_counts(done)}")
        return 0
    finally:
        engine.dispose()


def _show_preview(look: Callable[[Tx], VersionPreview], engine: Any, workspace: str) -> None:
    from rich.console import Console

    from bot.terminal.playbook.diff import changes_table
    from db.core.tx import begin

    found: list[VersionPreview] = []
    try:
        with begin(engine, workspace) as tx:
            found.append(look(tx))
            raise _RollBack
    except _RollBack:
        pass
    offer, console = found[0], Console()
    if offer.changes:
        console.print(changes_table(offer.changes))
    console.print(_counts(offer))
    for title, counts in offer.plays:
        console.print(f"  {title}: {', '.join(f'{n} {word}' for word, n in counts.items())}")
    for account, stage in offer.stranded:
        console.print(f'  {account} is in "{stage}", which would be gone: move it first.')


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
