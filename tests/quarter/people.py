"""The quarter's people: who answers when and how, and what they do besides.

Two are diligent, two slow, one is not there. What they do follows from counting, so that each run
is the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Manner = Literal["diligent", "slow", "absent"]
How = Literal["", "done", "react", "reply", "claim", "skip", "snooze"]

PEOPLE: dict[str, tuple[str, Manner]] = {
    "priya": ("sales", "diligent"),
    "maya": ("marketing", "diligent"),
    "tom": ("sales", "slow"),
    "diego": ("operations", "slow"),
    "sam": ("", "absent"),
}
#: A colleague who answers no nudge, and writes down whom she met.
COLLEAGUE = ("aiko", "operations")
LEADS = {"sales": "tom", "marketing": "maya", "operations": "diego"}
ADMIN = "priya"


def departments() -> dict[str, str]:
    """By person: what they chose, or lead."""
    found = {who: department for who, (department, _) in PEOPLE.items() if department}
    return {**found, COLLEAGUE[0]: COLLEAGUE[1]}


@dataclass(frozen=True)
class Choice:
    """What a person does with a touchpoint today, and whether they write the line."""

    how: How = ""
    writes: bool = False


def choose(manner: Manner, number: int, days: int, claimed: bool) -> Choice:
    """What somebody does with their `number`th touchpoint, shown so many days ago."""
    if manner == "diligent":
        if claimed or number % 4 != 1:
            how: How = "react" if number % 4 == 0 else "reply" if number % 4 == 2 else "done"
            return Choice(how, writes=True)
        return Choice("claim")
    if manner == "slow":
        if number % 7 == 6:
            return Choice("skip") if days >= 3 else Choice()
        if number % 9 == 8 and days == 1:
            return Choice("snooze")
        if claimed and days >= 6:
            return Choice("done", writes=number % 2 == 0)
        return Choice("claim") if days >= 3 and not claimed else Choice()
    return Choice()


@dataclass(frozen=True)
class Plan:
    """Something a person does by a command on a day: `words` has {account} and {day+30}."""

    day: int
    who: str
    kind: str
    account: int  # its place in the roster
    words: str = ""
    until: int | None = None  # days from the first day


#: Days count from the first Monday; weekends are left out by hand.
PLANS = (
    Plan(1, "aiko", "interaction", 0, "call they like the export"),
    Plan(2, "priya", "promise", 0, "single sign-on", 53),
    Plan(3, "priya", "interaction", 7, "meeting they told two others of us"),
    Plan(4, "maya", "estimate", 1, "two days a month saved"),
    Plan(7, "tom", "promise", 2, "a training for the night shift", 21),
    Plan(8, "priya", "confirmed value", 0, "four hours a week saved worth 3000 EUR"),
    Plan(9, "aiko", "complaint", 3, "complaint the export fails on Fridays"),
    Plan(10, "priya", "renews", 1, "", 219),
    Plan(11, "priya", "alternative", 9, "Globex"),
    Plan(14, "priya", "alternative", 0, "Initech"),
    Plan(15, "priya", "decision", 9, "renewed because it pays over Globex", 401),
    Plan(16, "tom", "moved", 2, "next"),
    Plan(3, "priya", "decision", 4, "chose us because they were heard over Hooli"),
    Plan(21, "maya", "confirmed value", 7, "their own customers wait half as long"),
    Plan(22, "aiko", "settled", 3, "resolved"),
    Plan(23, "tom", "decision", 5, "renewed because nobody complained", 372),
    Plan(24, "aiko", "complaint", 8, "complaint nobody calls back"),
    Plan(29, "tom", "decision", 8, "chose other because of the price"),
    Plan(31, "aiko", "interaction", 11, "visit the head teacher showed us round"),
    Plan(35, "priya", "confirmed value", 11, "a timetable in an hour instead of a day"),
    Plan(36, "maya", "estimate", 7, "ten letters fewer a week worth 900 EUR"),
    Plan(38, "priya", "kept", 0, "single sign-on"),
    Plan(43, "priya", "alternative", 11, "doing nothing"),
    Plan(44, "tom", "interaction", 5, "email thanks for the reminder"),
    Plan(50, "priya", "decision", 0, "renewed because of single sign-on over Initech", 432),
    Plan(52, "diego", "interaction", 10, "call their new head of stores"),
    Plan(57, "maya", "confirmed value", 9, "one person less on the phone worth 12000 EUR"),
    Plan(64, "priya", "promise", 11, "a second timetable", 80),
    Plan(71, "priya", "decision", 11, "renewed because of the timetable", 440),
)


def plans(accounts: int) -> tuple[Plan, ...]:
    """The dozen's, and the same for every further dozen of accounts, some days later."""
    return tuple(
        Plan(_workday(plan.day + 2 * turn), plan.who, plan.kind, plan.account + 12 * turn,
             plan.words, None if plan.until is None else plan.until + 2 * turn)
        for turn in range(-(-accounts // 12))
        for plan in PLANS
        if plan.account + 12 * turn < accounts
    )  # fmt: skip


def _workday(day: int) -> int:
    return day + {5: 2, 6: 1}.get(day % 7, 0)


def line(records: str, number: int) -> str:
    """What somebody writes down: one line, as people write them."""
    lines = {
        "value": f"{number + 2} hours a week saved" + (", EUR 3,000 a year" * (number % 2)),
        "person": "Jane Doe, CFO, decides",
        "alternative": ("FlowDesk", "Initech", "doing nothing")[number % 3],
        "decision date": "Jane Doe and Tom Reed",
        "goal": f"all {number + 10} people plan without email",
        "risk": "the night shift shares one login",
        "promise": f"{('an import', 'a report', 'a training')[number % 3]} number {number}",
        "note": "they like the new report",
    }
    return lines.get(records, "they are content so far")
