"""`/stage`: the board, one stage, one account, a move."""

import re
from dataclasses import dataclass

from bot.actions.accounts import lookup
from bot.actions.lifecycle import stages
from bot.actions.views import cards
from bot.handlers.base.parsing import words_after
from bot.handlers.base.request import AnswerEarly, Request, offer
from bot.messages.accounts import account as account_messages
from bot.messages.kit.message import Message
from bot.messages.kit.text import short
from bot.messages.lifecycle import stage as messages
from bot.rules.playbook.playbook import Playbook
from bot.rules.text.words import tokens

_REASON_PATTERN = re.compile(r"(?:^|\s)because(?:\s+|$)", re.IGNORECASE)
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
    asked = _read_move(request, words)
    if asked.to is None:
        return _show(request, asked)
    return _move(request, asked, asked.to)


def parse_move(playbook: Playbook, text: str, known: int) -> MoveInput:
    """Reads the words after `/stage`. `known` tells how many of the first are an account's name."""
    name = tokens(text)[:known]
    said, reason = _split_reason(words_after(text, known), known)
    words = tokens(said)
    if known and not words:
        return MoveInput(" ".join(name), None, reason)
    first = 0 if known else 1
    for length in range(min(_MAX_STAGE_WORDS, len(words) - first), 0, -1):
        to = " ".join(words[-length:])
        if to.casefold() == "next" or playbook.find_stage(to) is not None:
            return MoveInput(_account_words(name, words[:-length]), to, reason)
    inside = _find_stage_inside(playbook, name, words, reason)
    return inside or _guess_stage(playbook, name, words, reason)


def _split_reason(text: str, known: int) -> tuple[str, str | None]:
    """The words before "because", and those after it; without words before, all are before."""
    because = _REASON_PATTERN.search(text)
    if because is None or (not known and not text[: because.start()].strip()):
        return text, None
    return text[: because.start()], text[because.end() :].strip()


def _account_words(name: list[str], between: list[str]) -> str:
    while between and len(name) + len(between) > 1 and between[-1].casefold() in _FILLERS:
        between = between[:-1]
    return " ".join([*name, *between])


def _find_stage_inside(
    playbook: Playbook, name: list[str], words: list[str], reason: str | None
) -> MoveInput | None:
    """A stage with something after it that is no reason: "acme adoption their admin left"."""
    for n in range(0 if name else 1, len(words)):
        if playbook.find_stage(words[n]) is not None:
            extra = " ".join(words[n + 1 :])
            return MoveInput(_account_words(name, words[:n]), words[n], reason, extra)
    return None


def _guess_stage(
    playbook: Playbook, name: list[str], words: list[str], reason: str | None
) -> MoveInput:
    """No stage among the words: the last may be a misspelled one."""
    if name:
        return MoveInput(" ".join(name), " ".join(words), reason)
    guessed = len(words) > 1 and playbook.suggest_stage(words[-1]) is not None
    if guessed or (reason and len(words) > 1):
        return MoveInput(_account_words([], words[:-1]), words[-1], reason)
    return MoveInput(" ".join(words), None, reason)


def _read_move(request: Request, words: list[str]) -> MoveInput:
    """What was typed; without a stage's name in it, accounts that begin so are looked for."""
    known = request.known()
    asked = parse_move(request.playbook, request.text, known)
    to = asked.to or ""
    certain = to.casefold() == "next" or request.playbook.find_stage(to) is not None
    if known or asked.reason is not None or (certain and not asked.extra):
        return asked
    if lookup.is_unambiguous(" ".join(words), request.every_name):
        return MoveInput(" ".join(words), None, None)
    held = 0 if certain else request.held_prefix(words)
    return parse_move(request.playbook, request.text, held) if held else asked


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
    to = "next" if said.casefold() == "next" else request.stage(said, line).key
    if asked.extra:
        why = _REASON_START_PATTERN.sub("", " ".join(filter(None, (asked.extra, asked.reason))))
        again = f"/stage id:{account.id} {to} because {why}"
        raise offer(f'Not used: "{short(asked.extra)}".', ("Add as reason", again))
    reason = request.readable(asked.reason) if asked.reason else None
    seen = lookup.read_stage_entry(asked.account)
    try:
        moved = stages.move(request.work, account, to, reason=reason, seen=seen)
    except stages.MovedMeanwhile as meanwhile:
        raise AnswerEarly(_conflict_message(request.playbook, meanwhile, to, because)) from None
    return messages.moved(stages.build_move_card(request.work, moved))


def _conflict_message(
    playbook: Playbook, meanwhile: stages.MovedMeanwhile, to: str, because: str
) -> Message:
    account, change = meanwhile.account, meanwhile.change
    target = playbook.after(change.to_stage) if to.casefold() == "next" else playbook.find_stage(to)
    again = None
    if target is not None and target.key != change.to_stage:
        line = f"/stage id:{account.id}@{change.stage_entry} {target.key}{because}"
        again = (target.name, line)
    stage = playbook.stage_name(change.to_stage)
    return messages.conflict_message(account.name, stage, change.by_user, change.at, again)
