"""Finding an account by what a person types into a menu, misspelled or half."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator

from bench import moment
from bench.data import WORKSPACE, Size, name, playbook
from bench.figures import Line, ms, percentile
from bench.machine import SQLITE, Machine, engine_of
from bot.actions.actor import Actor
from bot.actions.conversation.recognise import recognise
from bot.actions.work import Work
from bot.rules.language.reading import read_all
from db.accounts import search
from db.accounts.name_indexes import NameIndexes
from db.core.tx import read

MOST_MS = 150.0
_SENTENCES = (
    "what's next for {}?",
    "just got off the phone with Jane at {}, they love the new dashboards",
    "we promised {} the data export by the end of January, ops does it",
    "which renewals are coming up in the next 90 days? {} too?",
)


def lines(machine: Machine) -> Iterator[Line]:
    size, times = Size(machine.whole(100_000, 2_000), 1, moment.now()), machine.sized(500, 50)
    chance, taken, understood = random.Random(1), [], []
    with machine.filled(size) as url, engine_of(url) as engine:
        names = NameIndexes(engine)
        names.of(WORKSPACE)  # the first look reads the names
        for _ in range(times):
            words = _as_typed(name(chance.randint(1, size.accounts)), chance)
            began = time.process_time()
            every = names.of(WORKSPACE)
            with read(engine, WORKSPACE) as tx:
                search.suggest(tx, every, words)
            taken.append(time.process_time() - began)
            sentence = chance.choice(_SENTENCES).format(words)
            began = time.process_time()
            with read(engine, WORKSPACE) as tx:
                work = Work(tx, playbook(), size.now, Actor(None, "bench"))
                read_all(sentence, recognise(work, sentence, size.now.date(), every))
            understood.append(time.process_time() - began)
    yield Line(
        "typing into the menu of accounts, p99, processor time",
        f"{size.accounts:,} accounts, {times:,} look-ups, {SQLITE}",
        f"{ms(percentile(taken, 0.99))} (median {ms(percentile(taken, 0.5))})",
        "Slack waits 3 s",
        percentile(taken, 0.99) * 1000,
        MOST_MS,
        unit="ms",
    )
    yield Line(
        "a sentence in plain words understood, p99, processor time",
        f"{size.accounts:,} accounts, {times:,} sentences with a name misspelled, {SQLITE}",
        f"{ms(percentile(understood, 0.99))} (median {ms(percentile(understood, 0.5))})",
        "Slack waits 3 s",
        percentile(understood, 0.99) * 1000,
        MOST_MS,
        unit="ms",
    )


def _as_typed(called: str, chance: random.Random) -> str:
    """A name as people type it: cut short, two letters exchanged, one missing, a word left out."""
    at = chance.randrange(1, len(called) - 2)
    ways = (
        called[: max(4, at)],
        called[:at] + called[at + 1] + called[at] + called[at + 2 :],
        called[:at] + called[at + 1 :],
        " ".join(called.split()[1:]),
    )
    return chance.choice(ways).lower()
