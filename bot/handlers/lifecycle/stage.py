"""`/stage`: the board, one stage, one account, a move."""

import re
from dataclasses import dataclass

from bot.actions.accounts import lookup
from bot.actions.lifecycle import stages
from bot.actions.views import cards
from bot.handlers.base.parsing import words_after
from bot.handlers.base.request import Request, offer
from bot.messages.accounts import account as account_messages
from bot.messages.kit.message import Message
from bot.messages.kit.text import quoted, short
from bot.messages.lifecycle import stage as messages
from bot.rules.errors import UserError
from bot.rules.playbook.playbook import Playbook
from bot.rules.text.words import tokens

_BECAUSE = re.compile(r"(?:^|\s)because(?=\s|$)", re.IGNORECASE)
_REASON_START_PATTERN = re.compile(r"^(?:since|as|due to|for|[:,–-])\s*", re.IGNORECASE)
# Words that people put between the account and the stage.
_FILLERS = frozenset(("to", "in", "into", "->", "=>", "→", "is", "now", "moved", "move"))
# A stage's name has at most so many words.
_MAX_STAGE_WORDS = 3


@dataclass(frozen=True)
class MoveInput:
    """What a person typed: the account's words, the stage's, the reason; `extra` fits nowhere."""

    account: str
    to: str | None
    reason: str | None
    extra: str = ""


def handle(request: Request) -> Message:
    """Answers `/stage …`."""
    words = tokens(request.text)
    if not words:
        return messages.board(cards.build_board(request.work))
    count = _count_name_words(request, words)
    said, *because = _BECAUSE.split(words_after(request.text, count), 1)
    rest = tokens(said)
    while rest and rest[0].casefold() in _FILLERS:
        del rest[0]
    length = _stage_length(request.playbook, rest) or len(rest)
    asked = MoveInput(
        " ".join(words[:count]),
        " ".join(rest[:length]) or None,
        because[0].strip() if because else None,
        " ".join(rest[length:]),
    )
    return _show(request, asked) if asked.to is None else _move(request, asked, asked.to)


def _count_name_words(request: Request, words: list[str]) -> int:
    """How many words the account's name has: up to a stage, else as far as an account is known."""
    playbook, known = request.playbook, request.known()
    first = max(known, 1)
    ways = (n for n in range(first, len(words)) if words[n].casefold() == "because")
    end = next(ways, len(words))
    stages = [(n, n + _stage_length(playbook, words[n:end])) for n in range(first, end)]
    stages = sorted((found for found in stages if found[0] < found[1]), key=lambda s: s[1] < end)
    if stages:  # one at the end goes before one inside
        at = stages[0][0]
        while at > first and words[at - 1].casefold() in _FILLERS:
            at -= 1
        return at
    if known:
        return known
    if end == len(words) and lookup.is_unambiguous(" ".join(words), request.every_name):
        return end
    misspelled = end < len(words) or playbook.suggest_stage(words[-1]) is not None
    return request.held_prefix(words[:end]) or max(1, end - misspelled)


def _stage_length(playbook: Playbook, words: list[str]) -> int:
    """How many of the first words name a stage, or are "next"."""
    if words and words[0].casefold() == "next":
        return 1
    longest = range(min(_MAX_STAGE_WORDS, len(words)), 0, -1)
    return next((n for n in longest if playbook.find_stage(" ".join(words[:n]))), 0)


def _show(request: Request, asked: MoveInput) -> Message:
    stage = request.playbook.find_stage(asked.account)
    if stage is not None and not lookup.name_words(request.tx, [asked.account]):
        board = cards.build_board(request.work, stage.key)
        return messages.stage_message(board.stages[0])
    account = request.account(asked.account, "/stage {account}")
    if asked.reason is not None:
        stage = request.playbook.after(account.stage) or request.playbook.stages[0]
        line = f"/stage id:{account.id} {stage.key} because {asked.reason}"
        raise offer("There is a reason but no stage. Did you mean the next?", (stage.name, line))
    return account_messages.card(cards.account_card(request.work, account))


def _move(request: Request, asked: MoveInput, said: str) -> Message:
    because = f" because {asked.reason}" if asked.reason else ""
    extra = f" {asked.extra}" if asked.extra else ""
    account = request.account(asked.account, f"/stage {{account}} {said}{extra}{because}")
    line = f"/stage id:{account.id} {{word}}{extra}{because}"
    example = f"/stage {quoted(account.name)} {request.playbook.stages[0].key}"
    to = "next" if said.casefold() == "next" else request.stage(said, line, example).key
    if asked.extra:
        why = _REASON_START_PATTERN.sub("", " ".join(filter(None, (asked.extra, asked.reason))))
        again = f"/stage id:{account.id} {to} because {why}"
        raise offer(f'Not used: "{short(asked.extra)}".', ("Add as reason", again))
    reason = request.readable(asked.reason) if asked.reason else None
    seen = lookup.read_stage_entry(asked.account)
    try:
        moved = stages.move(request.work, account, to, reason=reason, seen=seen)
    except stages.MovedMeanwhile as meanwhile:
        raise _conflict(request.playbook, meanwhile, to, because) from None
    return messages.moved(stages.build_move_card(request.work, moved))


def _conflict(
    playbook: Playbook, meanwhile: stages.MovedMeanwhile, to: str, because: str
) -> Exception:
    """What ends the command of whoever came second, with a button if they still want it."""
    account, change = meanwhile.account, meanwhile.change
    target = playbook.after(change.to_stage) if to.casefold() == "next" else playbook.find_stage(to)
    if target is None or target.key == change.to_stage:
        return UserError(f"{meanwhile} Nothing was changed.")
    line = f"/stage id:{account.id}@{change.stage_entry} {target.key}{because}"
    return offer(str(meanwhile), (f"Still move it to {target.name}", line))
