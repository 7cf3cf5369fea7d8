"""Which frame a sentence is read as. Parts are marked: "[account:Acme] renewed" has an account."""

import re
from datetime import date

import pytest

from bot.rules.language.dates import find_days
from bot.rules.language.parts import Part, without_overlaps
from bot.rules.language.reading import Reading, read

TODAY = date(2026, 11, 23)
_MARKED = re.compile(r"\[(\w+):([^\]]*)\]")

ASKED = [
    ("renewals", "which contracts expire before easter"),
    ("renewals", "how much is renewing next month?"),
    ("renewals", "show me the renewals of [member:Priya] in the next 6 weeks"),
    ("renewals", "are there any late renewals"),
    ("renewals", "upcoming renewals without a decision maker"),
    ("renews", "when does [account:Initech] renew?"),
    ("renews", "when is [account:Initech]'s contract ending"),
    ("risks", "which accounts should I worry about"),
    ("risks", "any of [member:Sam]'s accounts in trouble?"),
    ("risk_of", "will [account:Initech] stay with us?"),
    ("risk_of", "anything wrong with [account:Initech]?"),
    ("risk_of", "how are things at [account:Initech]"),
    ("complaints", "has [account:Initech] complained about anything?"),
    ("due", "what's on [member:Tom]'s list for friday"),
    ("due", "anything overdue?"),
    ("due", "next steps for [account:Initech]"),
    ("due", "what's open for [department:marketing]"),
    ("due", "what should I do first thing tomorrow"),
    ("owner", "who looks after [account:Initech]?"),
    ("owner", "whose account is [account:Initech]"),
    ("accounts_of", "what accounts does [member:Priya] manage?"),
    ("accounts_of", "accounts without a manager"),
    ("promises", "do we owe [account:Initech] anything"),
    ("promises", "which promises are overdue?"),
    ("value", "how much did we save [account:Initech]?"),
    ("value", "how much value have our customers confirmed this year"),
    ("worth", "how much ARR do my accounts pay"),
    ("worth", "how big is the contract of [account:Initech]"),
    ("decisions", "why did [account:Initech] leave us?"),
    ("decisions", "which deals did we win last month"),
    ("alternatives", "who are we up against at [account:Initech]?"),
    ("contacts", "who signs at [account:Initech]?"),
    ("contacts", "who is Mark Ellison at [account:Initech]"),
    ("references", "any references for a logistics prospect?"),
    ("advocacy_of", "may we ask [account:Initech] for a [act:review]"),
    ("happened", "when did we last [act:talk] to [account:Initech]?"),
    ("happened", "what's new at [account:Initech]?"),
    ("missing", "what don't we know about [account:Initech]?"),
    ("standing", "what stage is [account:Initech] in"),
    ("who_is_away", "who covers for [member:Sam]"),
    ("why", "why did this come to us"),
    ("how_to", "how can I add a contact"),
    ("import", "how do we import from salesforce"),
    ("stage_list", "which customers are in [stage:growth]"),
]


def reading_of(marked: str) -> Reading:
    """The reading of a sentence with its parts marked."""
    text, parts = "", []
    at = 0
    for mark in _MARKED.finditer(marked):
        text += marked[at : mark.start()]
        parts.append(Part(mark[1], 1, len(text), len(text) + len(mark[2]), mark[2]))  # type: ignore[arg-type]
        text, at = text + mark[2], mark.end()
    text += marked[at:]
    days = [
        Part("day", each, each.start, each.end) for each in find_days(text, TODAY, forward=None)
    ]
    return read(text, without_overlaps([*parts, *days]))


@pytest.mark.parametrize(
    "marked",
    [
        "[member:tom] thinks [account:Initech] churned",
        "[account:Initech] almost churned last year",
        "unless [account:Initech] churned",
        "imagine [account:Initech] churned",
        "a friend of [account:Initech]'s cfo churned from us",
        "[account:Initech] has not renewed yet",
        "maybe we move [account:Initech] to [stage:adoption]",
        "we never called [account:Initech]",
        "nobody met [account:Initech]",
        "forgot to call [account:Initech]",
        "I wish we had met [account:Initech] in october",
        "[account:Initech] could have saved [amount:40k] a year",
    ],
)
def test_what_did_not_happen_is_never_proposed_as_certain(marked: str):
    assert reading_of(marked).frame not in ("log", "decision", "add_value", "move", "promise")


@pytest.mark.parametrize(
    ("frame", "marked"),
    [
        ("log", "called [account:Initech], no answer"),
        ("log", "log a call with [account:Initech], they have not renewed yet"),
        ("log", "call with [account:Initech], they are not happy"),
        ("decision", "[account:Initech] renewed, we almost lost them"),
    ],
)
def test_a_doubt_that_comes_after_is_part_of_what_happened(frame: str, marked: str):
    assert reading_of(marked).frame == frame


def test_a_mail_that_is_quoted_tells_nothing():
    quoted = "> [account:Initech] has signed\n> Sent from my phone"
    assert reading_of(quoted).frame not in ("decision", "log", "promise_kept")


@pytest.mark.parametrize(("frame", "marked"), ASKED)
def test_a_question_is_read_as_what_it_asks_for(frame: str, marked: str):
    assert reading_of(marked).frame == frame
