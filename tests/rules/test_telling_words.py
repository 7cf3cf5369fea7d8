"""What a telling sentence says: the frame it is of, and what is left of its words."""

import re
from datetime import date

import pytest

from bot.rules.language.dates import find_days
from bot.rules.language.decision_told import decision_told
from bot.rules.language.frames import FRAMES
from bot.rules.language.parts import Part
from bot.rules.language.reading import Reading, read
from bot.rules.language.told import (
    contact_told,
    log_told,
    move_reason,
    promise_told,
    reminder_told,
    value_told,
)
from bot.rules.text.money import find_money

TODAY = date(2026, 11, 23)  # a Monday
_MARK = re.compile(r"\[(\w+):([^\]]+)\]")


def told(marked: str) -> Reading:
    """A sentence in which "[account:Acme]" stands for an account that was recognised."""
    text, parts = "", []
    for piece in re.split(r"(\[\w+:[^\]]+\])", marked):
        found = _MARK.fullmatch(piece)
        words = found[2] if found else piece
        if found:
            name = words.casefold()
            parts.append(Part(found[1], name, len(text), len(text) + len(words), words))  # type: ignore[arg-type]
        text += words
    parts += [Part("day", d, d.start, d.end) for d in find_days(text, TODAY, forward=None)]
    parts += [Part("amount", m.money, m.start, m.end) for m in find_money(text)]
    return read(text, tuple(sorted(parts, key=lambda part: part.start)))


@pytest.mark.parametrize(
    ("marked", "frame"),
    [
        ("spoke to [account:Acme] yesterday, they like it", "log"),
        ("[account:Acme] complained about the invoice", "log"),
        ("didn't reach [account:Acme], left a voicemail", "log"),
        ("we promised [account:Acme] a data export by 4 Dec", "promise"),
        ("told [account:Acme] they'd have the docs by 15 Dec", "promise"),
        ("[account:Acme] got their [promise:data export] today", "promise_kept"),
        ("the [promise:data export] for [account:Acme] is done", "promise_kept"),
        ("[promise:data export] for [account:Acme] moves to 4 Dec, they agreed", "promise_moved"),
        ("we can't do the [promise:data export] for [account:Acme]", "promise_broken"),
        ("[account:Acme] saved 3 days a month, worth 5k EUR", "add_value"),
        ("[account:Acme] renewed for two years", "decision"),
        ("we lost [account:Acme] to Initech", "decision"),
        ("[account:Acme] is looking at Initech", "considers"),
        ("move [account:Acme] to [stage:renewal] because they asked", "move"),
        ("[account:Acme] went live yesterday", "move"),
        ("[member:Tom] takes over [account:Acme]", "manager"),
        ("[account:Acme] renews on 31 March 2028", "renewal"),
        ("[account:Acme] pays 42k EUR now", "amount"),
        ("new contact at [account:Acme]: Jo Byrne, COO", "contact"),
        ("[contact:Jo Byrne] left [account:Acme]", "contact_left"),
        ("remind me on Friday to call [account:Acme]", "reminder"),
        ("I'm off until 4 Dec, [member:Tom] covers", "away"),
        ("send my digest on Fridays at 16:00", "digest_time"),
        ("no messages after 6pm", "hours"),
        ("unsubscribe", "less"),
        ("undo that", "undo"),
        ("[account:Acme] agreed to a [act:reference call]", "advocacy"),
        ("[account:Acme] cancelled their contract", "notice"),
    ],
)
def test_the_frame_of_a_sentence(marked: str, frame: str) -> None:
    assert told(marked).frame == frame


@pytest.mark.parametrize(
    ("marked", "never"),
    [
        ("we have the [promise:data export] for [account:Acme] on the roadmap", "promise_kept"),
        ("[account:Acme] never got their [promise:data export]", "promise_kept"),
        ("told [account:Acme] they need a second admin", "promise"),
        ("[account:Acme], they'd have churned without us", "promise"),
    ],
)
def test_what_sounds_alike_is_not_taken_for_it(marked: str, never: str) -> None:
    assert told(marked).frame != never


@pytest.mark.parametrize(
    "marked",
    [
        "did [account:Acme] renew?",
        "should I move [account:Acme] to [stage:renewal]?",
        "what if [account:Acme] left?",
        "[account:Acme] will probably renew",
        "[account:Acme] hasn't renewed yet",
        "lunch?",
        "thanks for the coffee, see you at 3",
    ],
)
def test_what_is_asked_hoped_or_not_ours_is_no_deed(marked: str) -> None:
    frame = told(marked).frame
    assert frame is None or FRAMES[frame].mood != "tell"


@pytest.mark.parametrize(
    ("marked", "kind", "text", "has_day"),
    [
        ("note for [account:Acme]: they are on leave until 7 Dec", "note",
         "they are on leave until 7 Dec", False),
        ("log a call with [account:Acme] on Friday, all fine 🎉", "call", "all fine 🎉", True),
        ("please record that [account:Acme] wants a demo", "note", "[account:Acme] wants a demo",
         False),
        ("called [account:Acme] on Friday, still waiting for the budget", "call",
         "called [account:Acme] on Friday, still waiting for the budget", True),
        ("met [account:Acme] today, they decide on Friday", "meeting",
         "met [account:Acme] today, they decide on Friday", True),
        ("met [account:Acme], they decide on Friday", "meeting",
         "met [account:Acme], they decide on Friday", False),
    ],
)  # fmt: skip
def test_what_is_logged(marked: str, kind: str, text: str, has_day: bool) -> None:
    said = log_told(told(marked))
    assert said[:2] == (kind, _MARK.sub(r"\2", text))
    assert (said[2] is not None) == has_day


@pytest.mark.parametrize(
    ("marked", "text", "owner"),
    [
        ("we promised [account:Acme] a price list by Friday, [department:ops] does it",
         "price list", "ops"),
        ("I'll send [account:Acme] the contract by Friday", "send the contract", "me"),
        ("I told [account:Acme] we'd send the report by Friday", "send the report", ""),
        ("we owe [account:Acme] a faster export by Friday", "faster export", ""),
    ],
)  # fmt: skip
def test_what_is_promised_and_who_keeps_it(marked: str, text: str, owner: str) -> None:
    reading = told(marked)
    assert promise_told(reading, reading.sentence.all("day")[-1]) == (text, owner)


@pytest.mark.parametrize(
    ("marked", "text", "who"),
    [
        ("[account:Acme] saved 2 days a month, about 12k EUR a year", "saved 2 days a month", None),
        ("[account:Acme] says we save them 2 days, that's 12k EUR", "we save them 2 days", ""),
        ("the CFO at [account:Acme] told me they save a day, worth 5k EUR", "they save a day",
         "the CFO"),
    ],
)  # fmt: skip
def test_what_they_got_without_amount_and_speaker(marked: str, text: str, who: str | None) -> None:
    reading = told(marked)
    got = value_told(reading, reading.part("amount"))
    assert (got.text, got.who if got.is_confirmed else None) == (text, who)


@pytest.mark.parametrize(
    ("marked", "outcome", "alternative", "reason"),
    [
        ("[account:Acme] renewed!! 2 years, signed today 🥳", "renewed", None, ""),
        ("[account:Acme] went with a competitor (Initech), price", "chose other", "Initech",
         "price"),
        ("we lost [account:Acme] to Initech because they are cheaper", "chose other", "Initech",
         "they are cheaper"),
        ("[account:Acme] goes with us", "chose us", None, ""),
        ("[account:Acme] reduced, because the plant closes in June", "reduced", None,
         "the plant closes in June"),
        ("[account:Acme] decided to do nothing, no budget", "none", None, "no budget"),
    ],
)  # fmt: skip
def test_what_they_decided(marked: str, outcome: str, alternative: str | None, reason: str) -> None:
    said = decision_told(told(marked), TODAY)
    assert (said.outcome, said.alternative, said.reason) == (outcome, alternative, reason)


def test_how_long_they_stay_is_no_part_of_the_reason() -> None:
    said = decision_told(told("[account:Acme] renewed for two years because it works"), TODAY)
    assert (said.reason, said.lasts and said.lasts.years) == ("it works", 2)
    said = decision_told(told("[account:Acme] renewed until 31 Dec 2028, signed on Friday"), TODAY)
    assert said.reason == ""
    assert said.until is not None
    assert said.signed is not None


@pytest.mark.parametrize(
    ("marked", "reason"),
    [
        ("move [account:Acme] to [stage:prospect], their admin left", "their admin left"),
        ("[account:Acme] back to [stage:prospect] because of the audit", "the audit"),
        ("please move [account:Acme] to [stage:renewal] now", ""),
    ],
)
def test_why_an_account_moves(marked: str, reason: str) -> None:
    assert move_reason(told(marked)) == (reason, "")


def test_words_that_nothing_parts_from_the_stage_are_no_reason() -> None:
    said = told("move [account:Acme] to [stage:renewal] whole team has changed")
    assert move_reason(said) == ("", "whole team has changed")


def test_who_somebody_is_and_what_to_be_reminded_of() -> None:
    champion = told("Jo Byrne, fleet manager, is our champion at [account:Acme]")
    assert contact_told(champion) == "Jo Byrne, fleet manager, is our champion"
    assert contact_told(told("[account:Acme]'s new CTO is Anna Lind")) == "Anna Lind, CTO"
    assert reminder_told(told("remind me on Friday to call [account:Acme]")) == "call Acme"
