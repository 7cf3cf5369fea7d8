"""What is known of the words of a sentence: accounts, people, days, amounts, promises …"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise

from bot.actions.accounts import lookup
from bot.actions.conversation.playbook_words import departments_in, stages_and_acts_in
from bot.actions.conversation.runs import MOST_SHORT_WORDS, Span, joined, longer_first, runs
from bot.actions.work import Work
from bot.rules.language.dates import FoundDay, find_days
from bot.rules.language.lexicon import COMMON, is_everyday
from bot.rules.language.parts import Part, without_overlaps
from bot.rules.text import names
from bot.rules.text.money import find_money
from db.accounts import accounts
from db.accounts.name_indexes import Names
from db.contacts import contacts
from db.members import members
from db.promises import promises

#: Names are looked for in so many words of a message, with so many words each.
MOST_WORDS = 60
_MOST_NAME_WORDS = 6
_MOST_CHOICES = 4
_WORD = re.compile(r"<[^<>]*>|\S+")
_EDGES = " \t\n\"'“”„‘’\u00ab\u00bb()[]{}*_~`,;:!?.…"
_POSSESSIVE = re.compile(r"['’]s$")
_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^<>]*)?>")
_PINNED = re.compile(r"\bid:(\d{1,15})(?:@\d{1,9})?")
_BEFORE_NAME = frozenset("for with at of from about in on by is are does did has asked".split())
_IN_FULL = (names.EXACT, names.SAME_LETTERS)
#: A word that begins a longer word of a name counts from this length on.
_UNFINISHED = 5


def recognise(
    work: Work, text: str, today: date, every: Names | None, currency: str | None = None
) -> tuple[Part, ...]:
    """The parts of a sentence. Raises `NeedsNames` where the index of names is needed."""
    words = [*_words(text)][:MOST_WORDS]
    mentions = [Part("member", m[1], *m.span(), name=m[0]) for m in _MENTION.finditer(text)]
    whole = [*_pinned(work, text), *_whole_names(work, words)]
    days = [_day(day) for day in find_days(text, today, forward=None) if not day.is_weak]
    amounts = [
        Part("amount", found.money, found.start, found.end)
        for found in find_money(text, currency)
        if found.money
    ]
    known = without_overlaps([*mentions, *whole, *days, *amounts])
    if every is None:
        raise lookup.NeedsNames
    left = [word for word in words if not _overlaps(known, word) and not _is_a_thing(text, word)]
    people = _people(work, left)
    short = _short_names(every, left)
    departments = departments_in(work.playbook, left)
    known = without_overlaps([*known, *longer_first([*short, *people]), *departments])
    if not any(part.kind == "account" for part in known):
        named = [*known, *stages_and_acts_in(work.playbook, left)]  # of the playbook, no account's
        strange = [word for word in left if not _overlaps(named, word)]
        known = without_overlaps([*known, *_misspelled(every, strange, text)])
    known = without_overlaps([*known, *_of_accounts(work, known, left)])
    left = [word for word in words if not _overlaps(known, word)]
    known = without_overlaps([*known, *stages_and_acts_in(work.playbook, left)])
    return _by_their_names(work, known)


def _by_their_names(work: Work, parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The accounts under their names, also where an alias was typed."""
    ids = {id_ for p in parts if p.kind == "account" for id_ in (p.value, *dict(p.choices))}
    called = {id_: account.name for id_, account in accounts.by_ids(work.tx, [*ids]).items()}
    return tuple(
        replace(
            part,
            name=called.get(part.value, part.name),
            choices=tuple((id_, called.get(id_, name)) for id_, name in part.choices),
        )
        if part.kind == "account"
        else part
        for part in parts
    )


def _words(text: str) -> Iterator[Span]:
    for found in _WORD.finditer(text):
        bare = found[0].strip(_EDGES)
        start = found.start() + found[0].find(bare)
        bare = _POSSESSIVE.sub("", bare)
        if bare or found[0].strip() in ("&", "+"):
            yield bare or found[0], start, start + len(bare or found[0])


def _overlaps(parts: Iterable[Part], word: Span) -> bool:
    return any(word[1] < part.end and word[2] > part.start for part in parts)


def _day(day: FoundDay) -> Part:
    """A day in the sentence; in "due Friday" the word before it says more than the day's side."""
    start = day.start + len("due ") if day.word == "due" else day.start
    return Part("day", day, start, day.end)


def _pinned(work: Work, text: str) -> Iterator[Part]:
    for found in _PINNED.finditer(text):
        account = accounts.by_id(work.tx, int(found[1]))
        if account is not None:
            yield Part("account", account.id, *found.span(), name=account.name)


def _whole_names(work: Work, words: list[Span]) -> list[Part]:
    """Names and aliases that stand there in full; all of them in one query."""
    named = {joined(run): run for run in runs(words, _MOST_NAME_WORDS)}
    keys = {names.key(said): said for said in named}
    found = []
    for key in accounts.existing_keys(work.tx, [*keys]):
        run = named[keys[key]]
        account = accounts.by_name_key(work.tx, key)
        if account is not None and not (len(run) == 1 and _is_plain(run[0], words)):
            found.append(Part("account", account.id, run[0][1], run[-1][2], account.name))
    return longer_first(found)


def _is_a_thing(text: str, word: Span) -> bool:
    """Whether a word in small letters stands behind "a": "for a dairy prospect"."""
    before = text[: word[1]].casefold().split()[-1:]
    return word[0].islower() and before in (["a"], ["an"], ["another"], ["every"])


def _is_plain(word: Span, words: list[Span]) -> bool:
    """Whether a word is an everyday one, not written as a name: "old", but not "Old" inside."""
    said = word[0].casefold()
    if not is_everyday(said):
        return False
    return not (word[0][0].isupper() and word != words[0] and said != "i")


def _short_names(every: Names, words: list[Span]) -> list[Part]:
    """The short names everybody uses: the first words of one account's name, or others of it
    where no word that nobody knows stands beside them."""
    found: list[Part] = []
    for run in runs(words, MOST_SHORT_WORDS):
        if any(_overlaps(found, word) for word in run) or not _are_neighbours(run):
            continue
        if all(_is_plain(word, words) or len(word[0]) < 3 for word in run):
            continue
        said = joined(run)
        matches = [m for m in names.match_names(said, every.holding(said)) if _holds(m, run)]
        if not matches or (matches[0].score <= names.INSIDE and _has_strange_neighbour(run, words)):
            continue
        winner = names.clear_winner(matches)
        best = winner or matches[0]
        others = () if winner else tuple((m.id, m.name) for m in matches[:_MOST_CHOICES])
        found.append(Part("account", best.id, run[0][1], run[-1][2], best.name, others))
    return found


def _holds(match: names.Candidate[int], run: list[Span]) -> bool:
    if match.score in (*_IN_FULL, names.BEGINS, names.INSIDE):
        return True
    unfinished = match.score == names.UNFINISHED
    return unfinished and (len(run) > 1 or len(run[0][0]) >= _UNFINISHED)


def _are_neighbours(run: list[Span]) -> bool:
    return all(0 < b[1] - a[2] <= 3 for a, b in pairwise(run))


def _has_strange_neighbour(run: list[Span], words: list[Span]) -> bool:
    """Whether a word that nobody knows stands beside: "Bellweather" before "Foods"."""
    at = words.index(run[0])
    beside = [*words[max(0, at - 1) : at], *words[at + len(run) : at + len(run) + 1]]
    return any(
        not is_everyday(word[0]) and (word[0][0].isupper() or word[1] < run[0][1])
        for word in beside
        if _are_neighbours(sorted([word, run[0] if word[1] < run[0][1] else run[-1]], key=_start))
    )


def _start(word: Span) -> int:
    return word[1]


def _misspelled(every: Names, words: list[Span], text: str) -> list[Part]:
    """The account that the first strange words nearly spell; what looks like a name and is none."""
    for run in _strange_runs(words, text):
        said = joined(run)
        matches = every.live.match(said) or every.archived.match(said)
        winner = names.clear_winner(matches)
        if winner is None and "." in said:  # "acme.com"
            matches = every.live.match(said.partition(".")[0])
            winner = names.clear_winner(matches)
        place = run[0][1], run[-1][2]
        if winner:
            return [Part("account", winner.id, *place, winner.name)]
        near = [m for m in matches if m.score >= names.SURE_SCORE][:_MOST_CHOICES]
        if near:
            choices = tuple((m.id, m.name) for m in near)
            return [Part("account", near[0].id, *place, near[0].name, choices)]
        before = text[: place[0]].casefold().split()[-1:]
        if run[0][0][0].isupper() or (before and before[0] in _BEFORE_NAME):
            return [Part("name", said, *place, said)]
        return []
    return []


def _strange_runs(words: list[Span], text: str) -> Iterator[list[Span]]:
    """Runs of words that are neither common nor a cue, those written as names first."""
    runs: list[list[Span]] = []
    for word in words:
        said = re.sub("['’]", "", word[0].casefold())
        if is_everyday(said) or len(said) < 3 or not said[0].isalpha():
            continue
        between = text[runs[-1][-1][2] : word[1]] if runs else ""
        if between in (" ", " & ") and len(runs[-1]) < MOST_SHORT_WORDS:
            runs[-1].append(word)
        else:
            runs.append([word])
    yield from sorted(runs, key=lambda run: (not run[0][0][0].isupper(), run[0][1]))


def _people(work: Work, words: list[Span]) -> list[Part]:
    """Colleagues by handle, name or first name; a first name of several is theirs to choose."""
    known: dict[str, dict[str, str]] = {}
    for person in members.list_members(work.tx):
        full = person.real_name or person.name
        for called in {person.handle, person.name, full, full.split(" ")[0]}:
            known.setdefault(names.key(called), {})[person.user_id] = full
    found: list[Part] = []
    for run in runs(words, MOST_SHORT_WORDS):
        meant = known.get(names.key(joined(run).removeprefix("@")))
        if not meant or (len(run) == 1 and _is_plain(run[0], words)):
            continue
        if len(meant) == 1:
            user, full = next(iter(meant.items()))
            found.append(Part("member", user, run[0][1], run[-1][2], full))
    return found


def _of_accounts(work: Work, parts: Iterable[Part], words: list[Span]) -> list[Part]:
    """The people and the open promises of the accounts that are named."""
    found: list[Part] = []
    for account in (part for part in parts if part.kind == "account" and part.is_clear):
        for contact in contacts.list_of_account(work.tx, account.value):
            called = contact.name.split()
            wanted = {names.key(one) for one in (contact.name, called[0], called[-1])}
            for run in runs(words, MOST_SHORT_WORDS):
                if names.key(joined(run)) in wanted:
                    place = run[0][1], run[-1][2]
                    found.append(Part("contact", contact.id, *place, contact.name))
        for promised in promises.list_open(work.tx, account.value):
            run = _words_of(promised.promise.text, words)
            if run:
                place = run[0][1], run[-1][2]
                found.append(Part("promise", promised.promise.id, *place, promised.promise.text))
    return longer_first(found)


def _words_of(text: str, words: list[Span]) -> list[Span]:
    """The words that are of a text: half of its telling ones at least."""
    telling = {w for w in names.spelling_key(text).split() if w not in COMMON and len(w) > 2}
    same = [word for word in words if names.spelling_key(word[0]) in telling]
    enough = telling and 2 * len({names.spelling_key(w[0]) for w in same}) >= len(telling)
    if not enough:
        return []
    run = same[:1]
    for word in same[1:]:
        if word[1] - run[-1][2] <= 12:
            run.append(word)
    return run
