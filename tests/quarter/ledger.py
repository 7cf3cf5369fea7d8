"""What was done and said in the quarter, noted by the one who did it: no rule, no row of ours.

A fact is an action that was sent, or what stood on the screen when it was shown. Every question
is asked as of a moment, so that a message is held against what had happened when it was written.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tests.quarter.process import WELL, Process

#: What a customer has part in: who writes it down was in touch with them.
BY_THE_CUSTOMER = ("decision", "confirmed value")
#: What counts as taking part, touchpoints apart.
OWN_WORD = ("interaction",)


@dataclass(frozen=True)
class Fact:
    """One thing that happened. `on` is the day it is about, where that is not the day it was told;
    `until` is a promise's or a renewal's day."""

    at: datetime
    kind: str
    account: str
    by: str = ""
    text: str = ""
    touchpoint: str = ""
    title: str = ""
    on: date | None = None
    until: date | None = None
    well: bool = False


#: The open touchpoint of a renewal date that passed; the decision ends it.
OUTCOME = "Record the outcome"


def is_promise(title: str) -> bool:
    """A touchpoint that asks for a promise: it is kept by doing it."""
    return title.startswith("Promise:")


@dataclass(frozen=True)
class Customer:
    """An account as it was brought in; `known_terms` came from a list of won deals."""

    name: str
    manager: str
    stage: str
    renews_on: date | None
    since: datetime
    known_terms: int = 0


@dataclass
class Shown:
    """A touchpoint that came on somebody's screen: where ("sales", "@priya"), and since when."""

    id: str
    account: str
    title: str
    where: str
    at: datetime


@dataclass
class Ledger:
    """All facts, in order, and the questions a reader may ask."""

    process: Process
    departments: dict[str, str]  # by person
    customers: dict[str, Customer] = field(default_factory=dict)
    shown: dict[str, Shown] = field(default_factory=dict)
    facts: list[Fact] = field(default_factory=list)

    def note(self, fact: Fact) -> None:
        self.facts.append(fact)

    def undo(self, touchpoint: str) -> None:
        """Whoever takes a Done back takes back what was written down with it."""
        self.facts = [one for one in self.facts if one.touchpoint != touchpoint]

    def of(self, account: str, at: datetime, *kinds: str) -> list[Fact]:
        return [
            one
            for one in self.facts
            if one.account == account and one.at <= at and (not kinds or one.kind in kinds)
        ]

    def between(self, since: datetime, at: datetime, *kinds: str) -> list[Fact]:
        return [one for one in self.facts if since < one.at <= at and one.kind in kinds]

    # -- where an account stands

    def stage(self, account: str, at: datetime) -> str:
        moves = self.of(account, at, "moved")
        return moves[-1].text if moves else self.customers[account].stage

    def in_stage_since(self, account: str, at: datetime) -> datetime:
        """Since when we know it in its stage: never before it was brought in."""
        moves = self.of(account, at, "moved")
        return moves[-1].at if moves else self.customers[account].since

    def is_live(self, account: str, at: datetime) -> bool:
        known = self.customers[account].since <= at
        return known and not self.process.is_exit(self.stage(account, at))

    def live(self, at: datetime) -> list[str]:
        return [name for name in self.customers if self.is_live(name, at)]

    def manager(self, account: str, at: datetime) -> str:
        given = self.of(account, at, "manager")
        return given[-1].text if given else self.customers[account].manager

    def renews_on(self, account: str, at: datetime) -> date | None:
        dates = self.of(account, at, "renews")
        return dates[-1].until if dates else self.customers[account].renews_on

    def renewing(self, at: datetime, days: int) -> dict[str, date]:
        """Live accounts that renew from today to so many days ahead."""
        found = {name: self.renews_on(name, at) for name in self.live(at)}
        last = at.date() + timedelta(days=days)
        return {name: on for name, on in found.items() if on and at.date() <= on <= last}

    def unknown_dates(self, at: datetime) -> list[str]:
        """Live customers whose renewal date nobody has told."""
        return [name for name in self.live(at) if self.renews_on(name, at) is None]

    def promises_kept(self, account: str, at: datetime) -> int:
        """Promises that somebody called kept, by a command or by doing their touchpoint."""
        done = [one for one in self.this_term(account, at, "done") if is_promise(one.title)]
        return len(done) + len(self.this_term(account, at, "kept"))

    def has_term(self, account: str, at: datetime) -> bool:
        """Whether it is a customer: one on the way to be one does not renew."""
        order = list(self.process.stages)
        stages = [self.stage(account, at), self.process.first_stage_of_a_term]
        return order.index(stages[0]) >= order.index(stages[1])

    def this_term(self, account: str, at: datetime, *kinds: str, first: str = "") -> list[Fact]:
        """What happened since the last renewal, or since it was brought in: what was found out on
        the way to the first term belongs to it. `first` counts from where that began."""
        facts = self.of(account, at)
        starts = [n for n, one in enumerate(facts) if one.kind in ("term", first)]
        facts = facts[starts[-1] :] if starts else facts
        return [one for one in facts if not kinds or one.kind in kinds]

    # -- what was done

    def contacts(self, fact: Fact) -> bool | None:
        """Whether the customer had part in it; None where a reader may see it either way."""
        if fact.kind == "done":
            return self.process.contacts(fact.title)
        if fact.kind == "kept":
            return None
        return fact.kind in (*OWN_WORD, *BY_THE_CUSTOMER)

    def last_contact(self, account: str, at: datetime) -> tuple[date | None, date | None]:
        """The earliest and the latest day it can be: they differ by what may be read two ways."""
        facts = self.of(account, at, "done", "kept", *OWN_WORD, *BY_THE_CUSTOMER)
        days = [(one.on or one.at.date(), self.contacts(one)) for one in facts]
        sure = max((day for day, how in days if how), default=None)
        perhaps = max((day for day, how in days if how is not False), default=None)
        return sure, perhaps

    def took_part(self, account: str, at: datetime, but: str = "") -> Counter[str]:
        """By department: touchpoints its people did, and interactions they logged, this term;
        without one of them, where the manager is named apart."""
        facts = self.this_term(account, at, "done", *OWN_WORD, first="first term")
        there = (self.departments.get(one.by) for one in facts if one.by != but)
        return Counter(filter(None, there))

    def recorded(self, account: str, at: datetime, *what: str) -> list[Fact]:
        """Lines of that kind written down in this term."""
        return self.this_term(account, at, *what)

    # -- gaps, each by itself

    def gaps(self, account: str, at: datetime) -> set[str]:
        """What is not known, by the one list of the design."""
        if not self.is_live(account, at):
            return set()
        sure, _ = self.last_contact(account, at)
        began = self.customers[account].since.date()
        missing = {
            "value": self.has_term(account, at)
            and not self.this_term(account, at, "confirmed value"),
            "alternative": not self.this_term(account, at, "alternative"),
            "decision date": not self.this_term(account, at, "decision date"),
            "decision maker": not self.of(account, at, "decision maker"),
            "contact": not self.of(account, at, "decision maker", "person"),
            "touch": (at.date() - max(sure or began, began)).days >= 60,
        }
        return {gap for gap, is_missing in missing.items() if is_missing}

    # -- touchpoints on the screen

    def ended(self, touchpoint: str, at: datetime) -> bool:
        """Done, skipped, no longer needed, or put off and not back yet."""
        ends = ("done", "skipped", "snoozed", "ended", "back")
        last = ""
        for one in self.facts:
            if one.touchpoint == touchpoint and one.at <= at and one.kind in ends:
                last = one.kind
        return last not in ("", "back")

    def claimed_by(self, touchpoint: str, at: datetime) -> str:
        """Who has it, "" when nobody does."""
        last = ""
        for one in self.facts:
            if one.touchpoint == touchpoint and one.at <= at and one.kind in ("claimed", "free"):
                last = one.by if one.kind == "claimed" else ""
        return last

    def open(self, at: datetime) -> list[Shown]:
        """Shown, and neither done nor skipped nor put off; of accounts that are still there."""
        return [one for one in self.shown.values() if one.at <= at and not self.ended(one.id, at)]

    def asked(self, account: str, at: datetime) -> list[Shown]:
        """What was asked of the customer in the last seven days: done or claimed, not only shown.
        What may be read either way counts."""
        week = at - timedelta(days=8)
        taken = {one.touchpoint for one in self.of(account, at, "done", "claimed") if one.at > week}
        shown = (one for one in self.shown.values() if one.id in taken)
        return [one for one in shown if self.process.contacts(one.title) is not False]

    # -- plays

    def ended_plays(self, at: datetime, kind: str) -> Counter[str]:
        """By title: how often a play was done or skipped."""
        return Counter(
            one.title
            for one in self.facts
            if one.kind == kind and one.at <= at and self.process.is_play(one.title)
        )

    def outcomes(self, kind: str, title: str, at: datetime) -> tuple[int, int]:
        """Of a play's Done (or Skip): after how many they decided in the same term, how many
        well."""
        known = well = 0
        for one in self.facts:
            if (one.kind, one.title) != (kind, title) or one.at > at:
                continue
            later = [f for f in self.of(one.account, at, "decision", "term") if f.at > one.at]
            if later and later[0].kind == "decision":
                known += 1
                well += later[0].text in WELL
        return known, well
