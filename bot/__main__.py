"""The command line: `python -m bot COMMAND`."""

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from bot.rules.errors import UserError

# Where each command is in bot.terminal, "module" or "module:function", and its line of help. The
# function, else `run`, takes the arguments and returns an exit code (None is 0); one called
# `add_arguments` or `<function>_arguments` adds them to a parser, if there are any.
COMMANDS = {
    "run": ("run", "one team, one machine: Slack, clock and delivery"),
    "web": ("web", "answer Slack over HTTP (many machines)"),
    "worker": ("run:worker", "nudge, digest and deliver (many machines)"),
    "migrate": ("database:migrate", "bring the database up to date"),
    "demo": ("demo", "try it in the browser, without Slack"),
    "import": ("imports.command", "bring accounts and deals in from a CRM's export"),
    "export": ("export", "everything of an account, or of all, as JSON or CSV"),
    "playbook": ("playbook.command", "check, show or describe a playbook file"),
    "manifest": ("manifest", "print the Slack app's manifest"),
    "doctor": ("doctor", "look whether everything is set up"),
    "backup": ("database:backup", "copy the SQLite database to a file"),
    "restore": ("database:restore", "put a copy of the SQLite database back"),
    "restored": ("database:restored", "say that the database was put back (PostgreSQL)"),
}


def build_parser(arguments: Sequence[str] = ()) -> argparse.ArgumentParser:
    """The parser of all commands; only the one that `arguments` begin with has its own arguments
    and its module imported: the whole program takes seconds to load."""
    parser = argparse.ArgumentParser(
        prog="python -m bot",
        description="Linchpin keeps one repeatable process running for every account.",
    )
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND")
    for name, (place, words) in COMMANDS.items():
        command = subparsers.add_parser(name, help=words)
        if name in arguments[:1]:
            file, _, function = place.partition(":")
            module = import_module(f"bot.terminal.{file}")
            command.set_defaults(run=getattr(module, function or "run", None))
            getattr(module, f"{function or 'add'}_arguments", lambda _: None)(command)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code; 2 is a mistake that a person can put right."""
    words = sys.argv[1:] if arguments is None else arguments
    parser = build_parser(words)
    chosen = parser.parse_args(words)
    run: Callable[[argparse.Namespace], int | None] | None = getattr(chosen, "run", None)
    if run is None:
        parser.print_help()
        return 0
    try:
        return run(chosen) or 0
    except UserError as error:
        print(error.sentence, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
