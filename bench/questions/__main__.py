"""`python -m bench.questions`: types the sets into the plain demo and prints how it did.

`make questions` types forty and kinds, `make questions SET=aside` the set that is kept back: of
that one only the figures are printed, unless --show is given.
"""

from __future__ import annotations

import argparse
import logging

from rich.console import Console

from bench.questions.judge import ask_all
from bench.questions.report import print_report
from bench.questions.sets import USUAL, Question, load_set, load_setup
from bench.questions.typist import Moment, Typist, plain_demo

KEPT_BACK = "aside"


def main(words: list[str] | None = None) -> int:
    """Types, judges and prints; 0 however it went: it measures."""
    asked = _asked(words)
    names = asked.sets or list(USUAL)
    sets = {name: load_set(name) for name in names}
    logging.disable(logging.CRITICAL)
    console = Console()
    with plain_demo() as typist:
        start = set_up(typist)
        for name, questions in sets.items():
            verdicts = list(ask_all(typist, start, questions, lambda one: _is_asked(asked, one)))
            sentences = asked.show or KEPT_BACK not in name
            print_report(name, verdicts, console, sentences=sentences, show=asked.show)
    return 0


def set_up(typist: Typist) -> Moment:
    """Types what is there before any question; the moment after it."""
    for line in load_setup():
        typist.types(line.who, "dm", line.text)
    return typist.moment()


def _is_asked(asked: argparse.Namespace, question: Question) -> bool:
    return (not asked.only or question.id in asked.only) and (
        not asked.kind or question.kind == asked.kind
    )


def _asked(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.questions", description=__doc__)
    parser.add_argument(
        "--set", dest="sets", action="append", help="forty, kinds, aside or a YAML file"
    )
    parser.add_argument("--only", type=lambda text: text.split(","), help="ids, with commas")
    parser.add_argument("--kind", help="one kind of question")
    parser.add_argument("--show", action="store_true", help="also what was answered rightly")
    return parser.parse_args(words)


if __name__ == "__main__":
    raise SystemExit(main())
