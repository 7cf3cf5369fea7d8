"""A sentence in plain words: what it wants, and the answer or the proposal that comes of it. It
changes nothing: what is told is proposed, and the button carries a command. Where an account was
recognised, its card with three things to do is the least that comes."""

import re
from dataclasses import replace

from bot.actions.accounts import lookup
from bot.actions.conversation.recognise import recognise
from bot.actions.views import cards
from bot.handlers.base.request import AnswerEarly, Request
from bot.handlers.sentences.asking import ASKED
from bot.handlers.sentences.telling import TOLD
from bot.messages.accounts import account as account_messages
from bot.messages.kit import account_choice
from bot.messages.kit.message import Message
from bot.messages.workspace import conversation as messages
from bot.rules.errors import UserError
from bot.rules.language.follow_up import corrects_kind, lean_on
from bot.rules.language.frames import FRAMES
from bot.rules.language.parts import Part, Sentence
from bot.rules.language.reading import Reading, read, read_all
from db import outbox
from db.accounts import accounts
from db.members import conversations
from db.members.conversations import Said
from db.touchpoints import touchpoints

ANSWERS = {**ASKED, **TOLD}
#: "as:log …": a button says which of several readings was meant.
_CHOSEN = re.compile(r"as:(?P<frame>[a-z_]+)\s+(?P<text>.*)", re.DOTALL)
#: What a sentence with an account may be, when it is clear of nothing else.
_LEAST = ("log", "due", "standing")


def handle(request: Request) -> tuple[Message, Said]:
    """Answers a sentence, in a transaction that only reads; with what the next may lean on."""
    chosen = _CHOSEN.fullmatch(request.text)
    request = replace(request, text=chosen["text"] if chosen else request.text)
    before = conversations.recent(request.tx, request.speaker.user_id, request.channel, request.now)
    about = _about(request, before.account_id if before else None)
    parts = _parts(request, request.text)
    readings = read_all(request.text, parts, about)
    if chosen and chosen["frame"] in FRAMES:
        readings = [replace(read(request.text, parts, about), frame=chosen["frame"])]
    elif before and (readings[0].frame in (None, "thanks") or corrects_kind(request.text)):
        leaning = _lean_on(request, before.text, readings[0].sentence)
        if leaning is not None:
            request = replace(request, text=leaning)
            readings = read_all(leaning, _parts(request, leaning), about)
    said = readings[-1].account
    known = said.value if said is not None and said.is_clear else None
    first, *more = (answer(request, reading) for reading in readings)
    for each in more:
        first = first.followed_by(each)
    return first, Said(request.text, known)


def answer(request: Request, reading: Reading) -> Message:
    """The answer to one of the requests in a message."""
    if reading.frame is None:
        return _unclear(request, reading)
    _require_known_account(request, reading)
    answered = ANSWERS[reading.frame](request, reading)
    if reading.unused and not FRAMES[reading.frame].keeps_words:
        return answered.followed_by(messages.not_used(reading.frame, reading.text, reading.unused))
    return answered


def _parts(request: Request, text: str) -> tuple[Part, ...]:
    return recognise(request.work, text, request.today, request.every_name)


def _lean_on(request: Request, before: str, now: Sentence) -> str | None:
    reading = read(before, _parts(request, before))
    return lean_on(reading.sentence, now, is_promise=reading.frame == "promise")


def _about(request: Request, before: int | None) -> Part | None:
    """The account that is spoken of: of the nudge above, of the sentence before, or whose channel
    this is."""
    account = None
    if request.thread:
        nudge = outbox.find_message(request.tx, request.channel, request.thread)
        above = touchpoints.list_of_nudge(request.tx, nudge) if nudge else []
        account = above[0][1] if len({each.id for _, each in above}) == 1 else None
    account = account or accounts.by_id(request.tx, before)
    account = account or accounts.by_channel(request.tx, request.channel)
    return Part("account", account.id, 0, 0, account.name) if account else None


def _require_known_account(request: Request, reading: Reading) -> None:
    """Asks which account is meant, or says that there is none of that name."""
    account, name = reading.account, reading.part("name")
    takes_one = "account" not in FRAMES[str(reading.frame)].never
    if account is not None and not account.is_clear and takes_one:
        before, after = reading.text[: account.start], reading.text[account.end :]
        known = accounts.by_ids(request.tx, [id_ for id_, _ in account.choices])
        lines = [(one.name, f"say {before}id:{one.id}{after}") for one in known.values()]
        raise AnswerEarly(account_choice.ask_which_account(reading.words(account), lines))
    if name is not None and "account" in FRAMES[str(reading.frame)].needs:
        raise UserError(lookup.unknown_account(name.value))


def _unclear(request: Request, reading: Reading) -> Message:
    """What it may have meant, as buttons; of an account its card too."""
    named = reading.sentence.first("account")
    if named is not None and not named.is_clear:
        return answer(request, replace(reading, frame="standing"))
    account = accounts.by_id(request.tx, named.value) if named else None
    if account is None:
        offered = [name for name in reading.offered if "account" not in FRAMES[name].needs]
        return messages.did_you_mean(reading.text, offered)
    offered = [*dict.fromkeys((*reading.offered, *_LEAST))][:3]
    card = account_messages.card(cards.account_card(request.work, account))
    return messages.did_you_mean(reading.text, offered, account.name).followed_by(card)
