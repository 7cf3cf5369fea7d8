"""A sentence in plain words, answered with the cards of the commands. It changes nothing.

A move and a note are proposed: the button carries the command. What is not understood for sure is
asked about, with buttons that carry a sentence ("say where does acme stand").
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from bot.actions.accounts import accounts, lookup
from bot.actions.digests.portfolio import gather_portfolio
from bot.actions.lifecycle import stages
from bot.actions.responses.respond import ends_with_stage
from bot.handlers.accounts import log as logging
from bot.handlers.advocacy import command as advocacy_command
from bot.handlers.base.parsing import stage_name, words_after
from bot.handlers.base.request import NeedsHelp, Request
from bot.handlers.home import next
from bot.handlers.lifecycle import stage
from bot.handlers.members import command as members_command
from bot.handlers.workspace import command as workspace_command
from bot.messages.digests.portfolio import risk_answer
from bot.messages.kit.message import Message
from bot.messages.members import away as away_messages
from bot.messages.workspace import conversation as messages
from bot.rules.errors import UserError
from bot.rules.language import intents
from bot.rules.language.intents import Intent, Vocabulary
from bot.rules.playbook.advocacy import find_act
from bot.rules.playbook.playbook import Playbook
from bot.rules.text.words import tokens
from db.models import Account
from db.reasons import reasons
from db.touchpoints import touchpoints

ALWAYS_SUGGESTED = ("what's next for me", "help")
_MAX_SENTENCE_NAME = 4


def handle(request: Request) -> Message:
    """Answers a sentence."""
    intent = read_intent(request.playbook, request.text)
    return _ANSWERS[intent.what](request, intent)


def read_intent(playbook: Playbook, sentence: str) -> Intent:
    """What a sentence asks for, in the words of this playbook."""
    departments = [words for k, d in playbook.departments.items() for words in (k, d.name)]
    stages = [words for each in playbook.stages for words in (each.key, each.name)]
    return intents.parse_intent(sentence, Vocabulary(tuple(departments), tuple(stages)))


def _next(request: Request, intent: Intent) -> Message:
    asked_for = intent.department
    if intent.account:
        again = f"say what's next for {{account}} {intent.span}".strip()
        asked_for = f"id:{_account(request, intent, again).id}"
    return next.handle(replace(request, text=f"{asked_for} {intent.span}".strip()))


def _show_account(request: Request, intent: Intent) -> Message:
    account = _account(request, intent, "say where does {account} stand")
    return stage.handle(replace(request, text=f"id:{account.id}"))


def _show_if_clear(request: Request, intent: Intent) -> Message:
    """The card of the account that a few words name for sure, else a question."""
    exactly = lookup.name_words(request.tx, tokens(intent.account)) == len(tokens(intent.account))
    pinned = intent.account.startswith("id:")
    if exactly or pinned or lookup.is_unambiguous(intent.account, request.every_name):
        return _show_account(request, intent)
    return _did_you_mean(request, intent)


def _linchpin(request: Request, text: str) -> Message:
    return workspace_command.handle(replace(request, text=text))


def _away(request: Request, intent: Intent) -> Message:
    """Proposes a cover for the asker."""
    if not intent.person:
        raise UserError(
            f"Say who covers: `{members_command.EXAMPLE_AHEAD}`, or `/linchpin away` for a form."
        )
    cover, since, until = members_command.parse_absence(
        request, intent.person, intent.text, intent.since
    )
    first = f"from {since.isoformat()} " if since is not None else ""
    command = f"/linchpin away <@{cover.user_id}> {first}until {until.isoformat()}"
    return away_messages.proposal_message(cover.user_id, since, until, request.today, command)


def _risks(request: Request, intent: Intent) -> Message:
    """Who is at risk and why: of the asker's accounts, or of all."""
    reader = request.speaker.user_id
    mine = [reasons.is_managed_by(reader)] if intent.department else []
    return risk_answer(gather_portfolio(request.work, *mine, reader=reader), own=bool(mine))


def _advocates(request: Request, intent: Intent) -> Message:
    """Who may be asked for "a reference in healthcare"; other words are another question."""
    first = request.playbook.advocacy.acts[0]
    words = re.sub(r"^advocates?\b", first, intent.text, flags=re.IGNORECASE)
    if find_act(words, request.playbook.advocacy.acts) is None:
        return _did_you_mean(request, intent)
    return advocacy_command.handle(replace(request, text=f"who {words}"))


def _log(request: Request, intent: Intent) -> Message:
    """Proposes to remember something; the account may have to be found among the words."""
    name, text = _split_account_and_text(request, intent)
    kind = f"{intent.kind} " if intent.kind else ""
    what = f"a {kind}with" if kind else "note for"
    again = f"say log {what} {{account}}: {text}"
    account = accounts.require_live(_account(request, replace(intent, account=name), again))
    entry = logging.parse_log(f"id:{account.id} {kind}{text}", 1, request.today)
    if not entry.text.strip():
        return messages.ask_what_happened(account.id, account.name)
    on = entry.on or request.today
    command = f"/log id:{account.id} {entry.kind} {entry.text} on {on.isoformat()}"
    readable = request.readable(entry.text)
    return messages.log_proposal(account.name, entry.kind, readable, on, command)


def _split_account_and_text(request: Request, intent: Intent) -> tuple[str, str]:
    """The words of the account and those of what happened, also without a colon between."""
    if intent.account:
        return intent.account, intent.text
    words = tokens(intent.text)
    known = lookup.name_words(request.tx, words)
    known = known or request.held_prefix(words, _MAX_SENTENCE_NAME) or 1
    rest = words_after(intent.text, known).lstrip(",;: ")
    return " ".join(words[:known]).rstrip(",;:"), rest.removeprefix("about ")


def _move(request: Request, intent: Intent) -> Message:
    because = f" because {intent.text}" if intent.text else ""
    again = f"say move {{account}} to {intent.stage}{because}"
    account = _account(request, intent, again)
    target = stages.check_move(
        request.tx, request.playbook, account, intent.stage, reason=intent.text or None
    )
    open_ones = touchpoints.list_of_account(request.tx, account.id)
    return messages.move_proposal(
        account.name,
        stage_name(request.playbook, account.stage),
        target.name,
        request.readable(intent.text),
        len(ends_with_stage(open_ones, target.exit)),
        f"/stage id:{account.id}@{account.stage_entry} {target.key}{because}",
    )


def _did_you_mean(request: Request, intent: Intent) -> Message:
    """Asks what was meant: the rules' guesses, or the account that the words name, or help."""
    guesses = list(intent.guesses)
    labels = list(guesses)
    named = None if guesses else lookup.find_mentioned(request.tx, request.text)
    if named is not None:
        guesses = [f"what's next for id:{named.id}", f"where does id:{named.id} stand"]
        labels = [f"what's next for {named.name}", f"where does {named.name} stand"]
    words = "" if request.text.startswith("id:") else request.text
    return messages.did_you_mean(words, [*guesses, *ALWAYS_SUGGESTED], [*labels, *ALWAYS_SUGGESTED])


def _account(request: Request, intent: Intent, again: str) -> Account:
    """The account that the words mean, or a question whose buttons carry the sentence."""
    return request.account(intent.account[: accounts.MAX_NAME_LENGTH + 1], again)


def _how(_request: Request, intent: Intent) -> Message:
    """The help of what only a command changes."""
    raise NeedsHelp(intent.text, messages.HOW)


_ANSWERS: dict[str, Callable[[Request, Intent], Message]] = {
    "next": _next,
    "standing": _show_account,
    "named": _show_if_clear,
    "board": lambda request, _: stage.handle(replace(request, text="")),
    "stage": lambda request, intent: stage.handle(replace(request, text=f'"{intent.stage}"')),
    "log": _log,
    "move": _move,
    "digest": lambda request, intent: _linchpin(request, f"digest {intent.department}"),
    "risks": _risks,
    "status": lambda request, _: _linchpin(request, "status"),
    "away": _away,
    "advocates": _advocates,
    "help": lambda _, __: messages.help_in_words(),
    "hello": lambda _, __: messages.greeting(),
    "thanks": lambda _, __: messages.thanks_reply(),
    "how": _how,
    "unsure": _did_you_mean,
}
