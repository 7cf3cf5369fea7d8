"""A sentence in plain words: what it wants, and the answer or the proposal that comes of it.

It changes nothing: what is told is proposed, and the button carries a command. Where an account
was recognised, its card with three things to do is the least that comes.
"""

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
from bot.rules.language.frames import FRAMES
from bot.rules.language.parts import Part
from bot.rules.language.reading import Reading, read, read_all
from db.accounts import accounts
from db.members import conversations

ANSWERS = {**ASKED, **TOLD}
#: "as:log …": a button says which of several readings was meant.
_CHOSEN = re.compile(r"as:(?P<frame>[a-z_]+)\s+(?P<text>.*)", re.DOTALL)
#: What a sentence with an account may be, when it is clear of nothing else.
_LEAST = ("log", "due", "standing")


def handle(request: Request) -> Message:
    """Answers a sentence."""
    chosen = _CHOSEN.fullmatch(request.text)
    text = chosen["text"] if chosen else request.text
    request = replace(request, text=text)
    parts, about = recognise(request.work, text, request.today, request.every_name), _about(request)
    readings = read_all(text, parts, about)
    if chosen and chosen["frame"] in FRAMES:
        readings = [replace(read(text, parts, about), frame=chosen["frame"])]
    said = readings[-1].account
    known = said.value if said and said.is_clear and said.kind == "account" else None
    conversations.remember(
        request.tx, request.speaker.user_id, request.channel, text, known, request.now
    )
    answers = [answer(request, reading) for reading in readings]
    whole = answers[0]
    for more in answers[1:]:
        whole = whole.followed_by(more)
    return whole


def answer(request: Request, reading: Reading) -> Message:
    """The answer to one of the requests in a message."""
    if reading.frame is None:
        return _unclear(request, reading)
    account = reading.account
    if account is not None and not account.is_clear:
        said = reading.text[account.start : account.end]
        again = f"{reading.text[: account.start]}{{}}{reading.text[account.end :]}"
        lines = [(name, f"say {again.format(f'id:{id_}')}") for id_, name in account.choices]
        raise AnswerEarly(account_choice.ask_which_account(said, lines))
    name = reading.part("name")
    if name is not None and account is None and "account" in FRAMES[reading.frame].needs:
        raise UserError(lookup.unknown_account(name.value))
    return ANSWERS[reading.frame](request, reading)


def _about(request: Request) -> Part | None:
    """The account that was spoken of before, in this conversation or whose channel this is."""
    said = conversations.recent(request.tx, request.speaker.user_id, request.channel, request.now)
    account = accounts.by_id(request.tx, said.account_id) if said else None
    account = account or accounts.by_channel(request.tx, request.channel)
    return Part("account", account.id, 0, 0, account.name) if account else None


def _unclear(request: Request, reading: Reading) -> Message:
    """What it may have meant, as buttons; of an account its card too."""
    named = reading.sentence.first("account")
    if named is not None and not named.is_clear:
        return answer(request, replace(reading, frame="standing"))
    if named is None:
        offered = [name for name in reading.offered if "account" not in FRAMES[name].needs]
        return messages.did_you_mean(reading.text, offered)
    account = accounts.by_id(request.tx, named.value)
    assert account is not None
    offered = [*dict.fromkeys((*reading.offered, *_LEAST))][:3]
    card = account_messages.card(cards.account_card(request.work, account))
    return messages.did_you_mean(reading.text, offered, account.name).followed_by(card)
