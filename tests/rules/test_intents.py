"""Sentences people say to Linchpin, and what each asks for."""

from __future__ import annotations

from typing import Any

import pytest

from bot.rules.language.intents import Intent, Vocabulary, parse_intent

WORDS = Vocabulary(
    departments=("sales", "Sales", "marketing", "Marketing", "operations", "Operations"),
    stages=("prospect", "onboarding", "adoption", "renewal", "advocacy", "lost", "win back"),
)

ASKED: list[tuple[str, dict[str, Any]]] = [
    # what comes next
    ("what's next for acme?", {"what": "next", "account": "acme"}),
    ("What’s next for Acme Corporation?", {"what": "next", "account": "Acme Corporation"}),
    ("what is next at Müller & Söhne", {"what": "next", "account": "Müller & Söhne"}),
    ("whats next?", {"what": "next"}),
    ("What is due today?", {"what": "next", "span": "today"}),
    ("what is due this week", {"what": "next", "span": "this week"}),
    ("what's open", {"what": "next"}),
    (
        "what is due this week in marketing",
        {"what": "next", "department": "marketing", "span": "this week"},
    ),
    (
        "what is due in Marketing this week?",
        {"what": "next", "department": "Marketing", "span": "this week"},
    ),
    ("what's open for the operations team", {"what": "next", "department": "operations"}),
    ("anything due for me today", {"what": "next", "department": "mine", "span": "today"}),
    ("what's next for me", {"what": "next", "department": "mine"}),
    ("what should I do next", {"what": "next", "department": "mine"}),
    ("what do we need to do for acme", {"what": "next", "account": "acme"}),
    ("what's acme's next step?", {"what": "next", "account": "acme"}),
    ("what is the next touchpoint for acme", {"what": "next", "account": "acme"}),
    ("next acme", {"what": "next", "account": "acme"}),
    ("my tasks", {"what": "next"}),
    ("what's on my plate this week", {"what": "next", "department": "mine", "span": "this week"}),
    ("marketing", {"what": "next", "department": "marketing"}),
    # one account
    ("where does acme stand", {"what": "standing", "account": "acme"}),
    ("*where does acme stand*", {"what": "standing", "account": "acme"}),
    ("Where is Acme now?", {"what": "standing", "account": "Acme"}),
    ("how is acme doing?", {"what": "standing", "account": "acme"}),
    ("how's acme", {"what": "standing", "account": "acme"}),
    ("who owns the renewal at Bioholding", {"what": "standing", "account": "Bioholding"}),
    ("who owns acme?", {"what": "standing", "account": "acme"}),
    ("who is the manager of Acme", {"what": "standing", "account": "Acme"}),
    ("who is acme's manager", {"what": "standing", "account": "acme"}),
    ("who is responsible for acme", {"what": "standing", "account": "acme"}),
    ("who looks after acme", {"what": "standing", "account": "acme"}),
    ("when does acme renew?", {"what": "standing", "account": "acme"}),
    ("what stage is acme in", {"what": "standing", "account": "acme"}),
    ("what's going on with acme", {"what": "standing", "account": "acme"}),
    ("tell me about acme please", {"what": "standing", "account": "acme"}),
    ("could you show me the account acme", {"what": "standing", "account": "acme"}),
    ("status of “Umbrella Corp”", {"what": "standing", "account": "Umbrella Corp"}),
    ("stage acme", {"what": "standing", "account": "acme"}),
    ("what do we know about acme", {"what": "standing", "account": "acme"}),
    # a name and nothing else
    ("acme", {"what": "named", "account": "acme"}),
    ("Müller & Söhne?", {"what": "named", "account": "Müller & Söhne"}),
    # advocates
    (
        "Who could give a reference in healthcare?",
        {"what": "advocates", "text": "reference in healthcare"},
    ),
    ("who can do a case study", {"what": "advocates", "text": "case study"}),
    ("references in retail", {"what": "advocates", "text": "references in retail"}),
    # stages
    ("show me the board", {"what": "board"}),
    ("list accounts", {"what": "board"}),
    ("where does everybody stand", {"what": "board"}),
    ("who is in renewal?", {"what": "stage", "stage": "renewal"}),
    ("which accounts are in the Renewal stage", {"what": "stage", "stage": "Renewal"}),
    ("renewal", {"what": "stage", "stage": "renewal"}),
    ("show me win-back", {"what": "stage", "stage": "win-back"}),
    # remembering
    (
        "log a call with acme: they like the report",
        {"what": "log", "account": "acme", "kind": "call", "text": "they like the report"},
    ),
    (
        "Log a meeting with Acme Corp yesterday: new CFO, wants ROI.",
        {
            "what": "log",
            "account": "Acme Corp",
            "kind": "meeting",
            "text": "new CFO, wants ROI. yesterday",
        },
    ),
    (
        "log a call with acme they like the report",
        {"what": "log", "kind": "call", "text": "acme they like the report"},
    ),
    (
        "note for acme: renewal is safe",
        {"what": "log", "account": "acme", "kind": "note", "text": "renewal is safe"},
    ),
    (
        "I called acme: nobody there",
        {"what": "log", "account": "acme", "kind": "call", "text": "nobody there"},
    ),
    (
        "we met with acme - they want a demo",
        {"what": "log", "account": "acme", "kind": "meeting", "text": "they want a demo"},
    ),
    (
        "had a good call with acme: move to renewal soon?",
        {"what": "log", "account": "acme", "kind": "call", "text": "move to renewal soon?"},
    ),
    (
        "email from acme: please send the invoice, thanks",
        {
            "what": "log",
            "account": "acme",
            "kind": "email",
            "text": "please send the invoice, thanks",
        },
    ),
    (
        "log acme call: all fine",
        {"what": "log", "account": "acme", "kind": "call", "text": "all fine"},
    ),
    ("log a visit at acme:", {"what": "log", "account": "acme", "kind": "visit", "text": ""}),
    (
        "log acme call walked through the report",
        {"what": "log", "kind": "", "text": "acme call walked through the report"},
    ),
    # moving
    ("move acme to renewal", {"what": "move", "account": "acme", "stage": "renewal"}),
    (
        "please move Acme to the Renewal stage!",
        {"what": "move", "account": "Acme", "stage": "Renewal"},
    ),
    (
        "can you put acme into onboarding?",
        {"what": "move", "account": "acme", "stage": "onboarding"},
    ),
    ("move acme to next", {"what": "move", "account": "acme", "stage": "next"}),
    (
        "move acme to adoption because their admin went to lunch",
        {
            "what": "move",
            "account": "acme",
            "stage": "adoption",
            "text": "their admin went to lunch",
        },
    ),
    (
        "move Back to Black to renewal",
        {"what": "move", "account": "Back to Black", "stage": "renewal"},
    ),
    ("move acme to renewl", {"what": "move", "account": "acme", "stage": "renewl"}),
    ("stage acme renewal", {"what": "move", "account": "acme", "stage": "renewal"}),
    # the assistant itself
    ("help", {"what": "help"}),
    ("?", {"what": "help"}),
    ("what can you do?", {"what": "help"}),
    ("digest", {"what": "digest"}),
    ("show me the digest", {"what": "digest"}),
    ("my digest", {"what": "digest", "department": "mine"}),
    ("digest for marketing", {"what": "digest", "department": "marketing"}),
    ("which accounts are at risk?", {"what": "risks"}),
    ("who is at risk", {"what": "risks"}),
    ("which of my accounts are at risk?", {"what": "risks", "department": "mine"}),
    ("at risk?", {"what": "risks"}),
    ("hi", {"what": "hello"}),
    ("Good morning!", {"what": "hello"}),
    ("thanks a lot", {"what": "thanks"}),
    ("are you there?", {"what": "status"}),
    # going away
    (
        "hand all of mine to <@U2> until 2027-01-10",
        {"what": "away", "person": "<@U2>", "text": "2027-01-10"},
    ),
    (
        "Please give my accounts over to Priya from 2026-12-20 to 2027-01-03",
        {"what": "away", "person": "Priya", "since": "2026-12-20", "text": "2027-01-03"},
    ),
    (
        "I'm away until friday, @priya stands in",
        {"what": "away", "person": "@priya", "text": "friday"},
    ),
    (
        "I'll be out from monday to friday and Priya Raman covers for me",
        {"what": "away", "person": "Priya Raman", "since": "monday", "text": "friday"},
    ),
    ("away from 20 dec to 3 jan", {"what": "away", "since": "20 dec", "text": "3 jan"}),
    ("I'm on holiday", {"what": "how", "text": "/linchpin"}),
    # digests
    ("digest for me", {"what": "digest", "department": "mine"}),
    ("digest of the company", {"what": "digest"}),
    ("everybody's digest", {"what": "digest"}),
    ("marketing's weekly digest", {"what": "digest", "department": "marketing"}),
    # remembering, in other words
    (
        "log a phone call with acme: all fine",
        {"what": "log", "account": "acme", "kind": "call", "text": "all fine"},
    ),
    (
        "mail to acme: the offer",
        {"what": "log", "account": "acme", "kind": "email", "text": "the offer"},
    ),
    (
        "E-Mail from acme: they agree",
        {"what": "log", "account": "acme", "kind": "email", "text": "they agree"},
    ),
    (
        "I spoke to acme: not before May",
        {"what": "log", "account": "acme", "kind": "call", "text": "not before May"},
    ),
    (
        "we just visited acme - new office",
        {"what": "log", "account": "acme", "kind": "visit", "text": "new office"},
    ),
    (
        "log acme phone call: fine",
        {"what": "log", "account": "acme", "kind": "call", "text": "fine"},
    ),
    (
        "note for acme on 2026-11-20: signed",
        {"what": "log", "account": "acme", "kind": "note", "text": "signed on 2026-11-20"},
    ),
    (
        "log a call with acme last friday: quiet",
        {"what": "log", "account": "acme", "kind": "call", "text": "quiet last friday"},
    ),
    ("log at acme: they moved", {"what": "log", "account": "acme", "text": "they moved"}),
    # moving, in other words
    ("move acme into the win-back stage", {"what": "move", "account": "acme", "stage": "win-back"}),
    ("move acme to the next stage", {"what": "move", "account": "acme", "stage": "next"}),
    ("bring acme → renewal", {"what": "move", "account": "acme", "stage": "renewal"}),
    ("stage acme win back", {"what": "move", "account": "acme", "stage": "win back"}),
    (
        "stage acme lost because price",
        {"what": "move", "account": "acme", "stage": "lost", "text": "price"},
    ),
    (
        "stage Acme Renewal because: they said so",
        {"what": "move", "account": "Acme", "stage": "Renewal", "text": "they said so"},
    ),
    ("account acme", {"what": "standing", "account": "acme"}),
    ("/stage renewal", {"what": "stage", "stage": "renewal"}),
    # what comes next, in other words
    (
        "what's next for the sales team today",
        {"what": "next", "department": "sales", "span": "today"},
    ),
    ("what's due for us", {"what": "next", "department": "mine"}),
    ("next this week", {"what": "next", "span": "this week"}),
    ('what is next for "Acme Inc"', {"what": "next", "account": "Acme Inc"}),
    (
        "what's up next for marketing department this week",
        {"what": "next", "department": "marketing", "span": "this week"},
    ),
    ("log Acme CALL: fine", {"what": "log", "account": "Acme", "kind": "call", "text": "fine"}),
    ("I spoke With acme: hi", {"what": "log", "account": "acme", "kind": "call", "text": "hi"}),
    (
        "move acme to renewal because they left because of the price",
        {
            "what": "move",
            "account": "acme",
            "stage": "renewal",
            "text": "they left because of the price",
        },
    ),
    (
        "move Back to Black to the win back stage",
        {"what": "move", "account": "Back to Black", "stage": "win back"},
    ),
    ("digest for today", {"what": "digest"}),
    ("digest of the week", {"what": "digest"}),
    ("digest for nowhere", {"what": "named", "account": "digest for nowhere"}),
    (
        "Old Harbour Trading Company Ltd",
        {"what": "named", "account": "Old Harbour Trading Company Ltd"},
    ),
    # what only a command does
    ("add a new account called Foo", {"what": "how", "text": "/account"}),
    ("archive acme", {"what": "how", "text": "/account"}),
    ("make priya the manager of acme", {"what": "how", "text": "/account"}),
    ("turn off my digest", {"what": "how", "text": "/linchpin"}),
]

# Near, but not near enough to be guessed at.
UNCLEAR: list[tuple[str, tuple[str, ...]]] = [
    ("acme renewal", ("where does acme stand", "move acme to renewal")),
    ("acme is in onboarding", ("where does acme stand", "move acme to onboarding")),
    ("renew acme", ("where does acme stand", "move acme to renewal")),
    ("call acme", ("what's next for acme", "where does acme stand")),
    ("Old Harbour Trading Company Ltd Dublin", ()),  # too long for a name alone
    ("Update acme", ("what's next for acme", "where does acme stand")),
    ("I think acme might not renew with us this year", ()),
    ("remind me to call acme tomorrow morning at nine", ()),
    ("what is the weather like in Dublin", ()),
    ("why did nobody tell me that they are unhappy", ()),
    ("where is it", ()),
    ("yes", ()),
]


@pytest.mark.parametrize(("sentence", "expected"), ASKED, ids=[a[0] for a in ASKED])
def test_a_sentence_is_understood(sentence: str, expected: dict[str, Any]):
    assert parse_intent(sentence, WORDS) == Intent(**expected)


@pytest.mark.parametrize(("sentence", "guesses"), UNCLEAR, ids=[a[0] for a in UNCLEAR])
def test_what_is_near_is_asked_about(sentence: str, guesses: tuple[str, ...]):
    assert parse_intent(sentence, WORDS) == Intent("unsure", guesses=guesses)


def test_where_no_stage_is_called_renewal_renewing_goes_to_the_next():
    guesses = parse_intent("renew acme", Vocabulary(("sales",), ("lead", "won"))).guesses
    assert guesses == ("where does acme stand", "move acme to next")


@pytest.mark.parametrize(
    "guess", sorted({g for sentence, _ in UNCLEAR for g in parse_intent(sentence, WORDS).guesses})
)
def test_every_guess_is_a_sentence_that_is_understood(guess: str):
    assert parse_intent(guess, WORDS).what in ("standing", "move", "next")


@pytest.mark.parametrize(
    ("intent", "personal"),
    [
        (Intent("next"), True),
        (Intent("next", department="mine"), True),
        (Intent("next", department="sales"), False),
        (Intent("next", account="acme"), False),
        (Intent("digest", department="mine"), True),
        (Intent("digest"), False),
        (Intent("away"), True),
        (Intent("standing", account="acme"), False),
    ],
)
def test_what_depends_on_who_asks_is_for_the_asker_alone(intent: Intent, personal: bool):
    assert intent.is_personal is personal


def test_the_table_is_long_enough_to_be_worth_something():
    assert len(ASKED) + len(UNCLEAR) >= 60


@pytest.mark.parametrize("text", ["", "   ", "*", "```", "\u2060", "a" * 40_000, "to " * 5000])
def test_nothing_and_very_much_are_answered_too(text: str):
    assert parse_intent(text, WORDS).what in ("hello", "unsure", "named")
