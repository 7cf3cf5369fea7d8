"""Names of strangers stay text in briefs, handoffs and what is said of leavers, and fit in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.messages.accounts import changes, participation
from bot.messages.advocacy import advocacy
from bot.messages.briefs import brief
from bot.messages.contacts import people
from bot.messages.contracts import contracts
from bot.messages.facts.gaps import GapLine
from bot.messages.handoffs import handoff
from bot.messages.kit.blocks import text_message
from bot.messages.kit.message import Message
from bot.messages.kit.text import example_day, one_line, plain
from bot.messages.members import away
from bot.messages.promises import promise
from bot.messages.reasons import reasons
from bot.rules.contracts import ContractLine
from bot.rules.text.money import Money
from tests.messages.test_every_message import _CODE, _KEPT, _RINGS, LONG, NASTY, NOTE, strings

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
DAY = date(2027, 1, 20)


def line(name: str) -> promise.Line:
    return promise.Line(
        1, name, name, DAY, "Sales", None, "broken", 0, None, None, NOTE, None, DAY, "told"
    )


def handed(name: str) -> handoff.Handoff:
    asked = handoff.Question(1, NOTE, "U0DIEGO", NOTE, "U0TOM")
    row = line(name).told()
    return handoff.Handoff(
        1, 2, name, name, name, "Sales", "Operations", plain(name), NOW, NOW, row, [row] * 9, row,
        row, questions=[asked] * 9,
    )  # fmt: skip


def briefed(name: str) -> brief.Brief:
    asked = GapLine("value", "No value", "value", f"planned: {plain(name)}", name)
    row = line(name).told()
    return brief.Brief(
        id=1, account_id=2, account=name, renews_on=DAY, today=NOW.date(), decision=name,
        known=[("Champion", row)] * 9, risks=[row] * 3, risk_gap=asked, news=[row] * 9,
        news_since=90, gaps=[asked] * 6, details=[("Goals", [row] * 9)] * 9, foot=row,
    )  # fmt: skip


ABSENCE = away.Absence(1, "U0TOM", "U0SAM", DAY, DAY, DAY, False, DAY)


EUR = Money(42_000_00, "EUR")


def person(name: str) -> people.ContactRow:
    return people.ContactRow(1, name, name, name, None, None, DAY)


def contract(name: str) -> ContractLine:
    return ContractLine(name, EUR, DAY, is_main=True)


def everything(name: str) -> list[Message]:
    left = away.DepartureView(
        1, name, False, [name] * 40, None, name, 3, [("sales", name)], ["U0SAM"], None, None
    )
    told = handed(name)
    return [
        handoff.handoff_message(told),
        text_message(handoff.overdue(told)),
        handoff.question_message(told, told.questions[0]),
        handoff.answer_message(told.questions[0]),
        brief.brief(briefed(name)),
        brief.details(briefed(name)),
        brief.answer_message(name, name, None, NOTE),
        away.departure_message(left),
        text_message(away.new_manager_text([name] * 40, name, "U0TOM")),
        promise.list_message(1, name, [line(name)] * 30),
        promise.reason_needed_message(1, name),
        reasons.began_message([reasons.reasons_line(name, name, [one_line(name, 100)] * 3)] * 30),
        participation.months(name, [((2026, month), plain(name)) for month in range(1, 13)]),
        away.is_set(replace(ABSENCE, begun=True, department=name)),
        away.listed([ABSENCE] * 30),
        advocacy.resolved(name, [1, 2]),
        advocacy.reopened_message(name, 2),
        people.people_message((1, name), [person(name)] * 30, DAY, may_erase=True),
        people.saved_message(name, person(name)),
        people.earlier_message([(name, name)] * 30),
        contracts.contracts_message((1, name), [(1, contract(name))] * 30, EUR, DAY),
        contracts.saved_message(name, contract(name), EUR, DAY),
        contracts.ended_message(name, name),
        changes.changed(changes.pays(name, EUR), "nothing", 1),
    ]


@pytest.mark.parametrize("name", [NASTY, LONG])
def test_nothing_of_a_name_rings_and_every_part_fits(name: str) -> None:
    for message in everything(name):
        payload = message.payload()
        assert len(payload["text"]) <= 4000
        assert len(payload["blocks"]) <= 50
        for markup in [payload["text"], *strings(payload["blocks"])]:
            bare = _CODE.sub("", _KEPT.sub("", markup))
            assert _RINGS.search(bare) is None, bare[:400]
            assert len(markup) <= 4000


@pytest.mark.parametrize(
    ("today", "shown"),
    [
        (date(2026, 11, 23), "2027-03-31"),
        (date(2027, 1, 2), "2027-06-30"),
        (date(2027, 11, 10), "2028-03-31"),
    ],
)
def test_a_day_shown_as_an_example_lies_ahead(today: date, shown: str) -> None:
    assert example_day(today) == shown
