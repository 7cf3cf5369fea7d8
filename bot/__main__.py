"""The command line: `python -m bot COMMAND`."""

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from bot.rules.errors import UserError

# The module of each command in bot.terminal. Its `add_parser(subparsers)` sets `run`, a function
# that takes the arguments and returns an exit code (None is 0).
COMMANDS = {
    "run": "run",
    "web": "web",
    "worker": "worker",
    "migrate": "migrate",
    "demo": "demo",
    "import": "imports.command",
    "export": "export",
    "playbook": "playbook.command",
    "manifest": "manifest",
    "doctor": "doctor",
    "backup": "backup",
    "restore": "restore",
    "restored": "restored",
}


def build_parser(arguments: Sequence[str] = ()) -> argparse.ArgumentParser:
    """The parser of the command that `arguments` begin with, or else of all of them.

    Only that command is imported: the whole program takes seconds to load.
    """
    parser = argparse.ArgumentParser(
        prog="python -m bot",
        description="Linchpin keeps one repeatable process running for every account.",
    )
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND")
    asked = [name for name in arguments[:1] if name in COMMANDS]
    for name in asked or COMMANDS:
        import_module(f"bot.terminal.{COMMANDS[name]}").add_parser(subparsers)
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
