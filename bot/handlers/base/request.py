"""A person's request: what every command works with, and the answers that end it early."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from itertools import chain
from zoneinfo import ZoneInfo

from slack_sdk.models.views import View

from bot.actions.accounts import lookup
from bot.actions.actor import Actor
from bot.actions.work import Work
from bot.context import Context
from bot.handlers.base import parsing
from bot.messages.kit import account_choice
from bot.messages.kit.account_choice import MAX_VALUE_LENGTH
from bot.messages.kit.blocks import actions, button, compose
from bot.messages.kit.message import Message
from bot.messages.kit.text import plain, short
from bot.rules.errors import UserError
from bot.rules.language.dates import parse_future
from bot.rules.playbook.department_names import find_department
from bot.rules.playbook.playbook import Playbook, Stage
from bot.rules.text.words import cut, escape, tokens
from db.accounts.name_indexes import Names
from db.core.tx import Tx
from db.members import members
from db.models import Account, Member
from db.workspace import channels

#: A name that is not known for sure is looked for in so many words.
MAX_NAME_WORDS = 6


class AnswerEarly(Exception):
    """Ends a command with a question to the person; nothing was changed."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.text)
        self.message = message


def unknown_word(
    said: str, known: Iterable[str], line: str, example: str, what: str = "command"
) -> Exception:
    """What ends a command with a word that is not `known`: a button with `line` where {word} is
    the nearest, or an example where none is near."""
    known = list(dict.fromkeys(known))
    near = get_close_matches(said.casefold(), known, 1)
    head = f'Unknown {what} "{short(said)}".'
    listed = "" if what == "command" else f" It is one of {plain(', '.join(known))}."
    example = f"{listed} A line that works: `{example}`."
    if not near:
        return UserError(f"{head}{example}")
    return offer(f"{head} Did you mean {plain(near[0])}?", (near[0], line), otherwise=example)


def offer(head: str, *choices: tuple[str, str], otherwise: str = "") -> Exception:
    """What ends a command with buttons, each of (label, command line); `line` may hold {word} for
    its label. `otherwise` follows `head` where a line is too long for a button."""
    lines = [line.replace("{word}", word, 1) for word, line in choices]
    if any(len(line) > MAX_VALUE_LENGTH for line in lines):
        return UserError(f"{head}{otherwise}")
    buttons = [
        button(word[:1].upper() + word[1:], f"command:meant:{n}", line)
        for n, ((word, _), line) in enumerate(zip(choices, lines, strict=True))
    ]
    return AnswerEarly(compose(f"{head} Nothing was changed.", actions(*buttons)))


class NeedsForm(Exception):
    """Ends a command with a form; `otherwise` (or help) answers when Slack does not open it."""

    def __init__(self, view: View, otherwise: Message | None = None) -> None:
        super().__init__(otherwise.text if otherwise else "")
        self.view = view
        self.otherwise = otherwise


class NeedsHelp(Exception):
    """Ends a command with its help, or with that of another `subject` ("log", "/log")."""

    def __init__(self, subject: str = "", intro: str = "") -> None:
        super().__init__(subject)
        self.subject = subject
        self.intro = intro


@dataclass(frozen=True)
class Request:
    """A command, click or form of `speaker`, inside one transaction. `text` is what follows the
    command, `channel` where it was said ("" in the Home or a form)."""

    work: Work
    context: Context
    speaker: Member
    text: str = ""
    channel: str = ""
    #: Of all accounts; None until a command turns out to need them (`lookup.with_names`).
    every_name: Names | None = None
    #: The message under which it was said; "" outside of threads.
    thread: str = ""

    @property
    def tx(self) -> Tx:
        return self.work.tx

    @property
    def playbook(self) -> Playbook:
        """The playbook as this workspace has it."""
        return self.work.playbook

    @property
    def now(self) -> datetime:
        return self.work.now

    @property
    def today(self) -> date:
        """The speaker's own calendar day."""
        return self.now.astimezone(ZoneInfo(self.speaker.tz)).date()

    @property
    def is_admin(self) -> bool:
        return self.context.is_admin(self.speaker)

    def require_admin(self, deed: str) -> None:
        """Raises `UserError` for anybody but admins; `deed` completes "Only admins …"."""
        if not self.is_admin:
            raise UserError(f"Only admins of this workspace {deed}. Ask one of them.")

    def known(self) -> int:
        """How many of the first words are an account's name for sure; 0 when none are."""
        if parsing.starts_with_quote(self.text):
            return 1
        return lookup.name_words(self.tx, tokens(self.text))

    def held_prefix(self, words: list[str], longest: int = MAX_NAME_WORDS) -> int:
        """How many of the first words, so many at most, are a part of one account's name."""
        return lookup.contained_words(self.tx, words, longest, self.every_name)

    def name_length(self, words: list[str], longest: int = MAX_NAME_WORDS) -> int:
        """How many of the first words name an account, for sure or as a part; 0 when none do."""
        return self.known() or self.held_prefix(words, longest)

    def split_account(self, command: str) -> tuple[str, Account, str]:
        """The words that name an account, that account, and what was typed after them."""
        words = tokens(self.text)
        count = self.name_length(words) or 1
        named, rest = " ".join(words[:count]), parsing.words_after(self.text, count)
        return named, self.account(named, f"{command} {{account}} {rest}".strip()), rest

    def readable(self, words: str) -> str:
        """Words with mentions and links as plain text, to be stored."""
        return parsing.readable(words, lambda user: members.name(self.tx, user))

    def account(self, words: str, again: str) -> Account:
        """The account that `words` mean, or a question with a button for each that may be. `again`
        is the command with `{account}` where the name stood: what a button then runs."""
        try:
            return lookup.find_account(self.tx, words, self.every_name)
        except lookup.AmbiguousAccount as unclear:
            choices = [
                (account.name, again.replace("{account}", f"id:{account.id}", 1))
                for account in unclear.candidates
            ]
            raise AnswerEarly(account_choice.ask_which_account(unclear.words, choices)) from None

    def person(self, words: str, would_work: str) -> Member:
        """The colleague that `words` mean: a mention, a handle, a name, or "me"."""
        person = self._person(words)
        if person is None:
            asked = short(self.readable(words))
            raise UserError(
                f'No colleague matches "{asked}". Type @ and pick the name: `{would_work}`.'
            )
        if self._is_outsider(person):
            raise UserError(
                f"{plain(person.name)} is not a full member of this workspace. "
                f"Pick a colleague: `{would_work}`."
            )
        return person

    def future_date(self, words: str, would_work: str) -> date:
        """The coming day that `words` mean, or a `UserError` with a line that would work."""
        try:
            return parse_future(cut(words, 80), self.today)
        except ValueError as error:
            raise UserError(f"{plain(str(error))} A line that works: `{would_work}`.") from None

    def department(self, words: str, line: str) -> str:
        """The key of the department that `words` mean; `line` has {word} where they stood."""
        key = find_department(self.playbook, words)
        if key is None:
            named = ((k, each.name.casefold()) for k, each in self.playbook.departments.items())
            known = list(chain.from_iterable(named))
            example = escape(line.replace("{word}", known[0], 1))
            raise unknown_word(words, known, line, example, "department")
        return key

    def stage(self, words: str, line: str, example: str) -> Stage:
        """The stage that `words` mean; `line` has {word} where they stood, `example` works."""
        stage = self.playbook.find_stage(words)
        if stage is None:
            known = [name for each in self.playbook.stages for name in (each.key, each.name)]
            raise unknown_word(words, map(str.casefold, known), line, example, "stage")
        return stage

    def channel_id(self, words: str, would_work: str) -> str:
        """The channel that `words` mean: a mention or a name. Raises `UserError` if none is."""
        mentioned = words[2:].split("|")[0].rstrip(">") if words.startswith("<#") else ""
        if words.startswith("<#"):
            channel = channels.by_id(self.tx, mentioned)
        else:
            channel = channels.by_name(self.tx, words)
        if channel is None and not mentioned:
            raise UserError(
                f'No channel matches "{short(words)}". Type # and pick it: `{would_work}`. '
                "Invite me first if it is private."
            )
        if channel is not None and channel.is_archived:
            raise UserError(f"#{plain(channel.name)} is archived. Pick another: `{would_work}`.")
        return channel.channel_id if channel is not None else mentioned

    def invite_hint(self, channel_id: str) -> str:
        """The sentence that asks for an invitation to a channel; "" where the bot is a member."""
        known = channels.by_id(self.tx, channel_id)
        if known is not None and known.is_member:
            return ""
        return " I am not in it yet: `/invite @Linchpin` there."

    def _person(self, words: str) -> Member | None:
        if words.casefold() in ("me", "mine"):
            return self.speaker
        if words.startswith("<@"):
            return members.by_user_id(self.tx, words[2:].split("|")[0].rstrip(">"))
        return members.by_name(self.tx, words.removeprefix("@"))

    def _is_outsider(self, person: Member) -> bool:
        other = person.team_id != self.tx.workspace
        return other or person.is_guest or person.is_bot or person.is_deleted


@contextmanager
def begin_request(
    context: Context,
    speaker: Member,
    source: str,
    channel: str,
    text: str = "",
    names: Names | None = None,
) -> Iterator[Request]:
    """A request in a write transaction; `source` is the surface, such as "slash" or "button"."""
    by = Actor(speaker.user_id, source)
    with context.begin(context.now(), by, speaker.workspace_id) as work:
        yield Request(work, context, speaker, text, channel, names)


@contextmanager
def read_request(
    context: Context,
    speaker: Member,
    source: str,
    channel: str,
    text: str = "",
    names: Names | None = None,
    thread: str = "",
) -> Iterator[Request]:
    """A request that only reads: what a form needs to be opened, or a sentence to be answered."""
    by = Actor(speaker.user_id, source)
    with context.read(context.now(), by, speaker.workspace_id) as work:
        yield Request(work, context, speaker, text, channel, names, thread)
