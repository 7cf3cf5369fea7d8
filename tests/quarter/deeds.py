"""What people do, and what is noted of it: every action that was sent is a fact of the ledger."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sandbox import SlackMessage
from sandbox.model import View
from sandbox.people import answering
from sandbox.people.reading import Control, controls, texts
from tests.quarter.ledger import OUTCOME, Fact, Ledger, Shown
from tests.quarter.office import DEPARTMENTS, Office
from tests.quarter.people import PEOPLE, Choice, Plan, choose, line
from tests.quarter.process import WELL
from tests.quarter.roster import FIRST

REACTIONS = {"done": "white_check_mark", "claim": "eyes", "snooze": "zzz"}
_COMMANDS = {
    "interaction": "/log {name} {words}",
    "complaint": "/log {name} {words}",
    "settled": "/log {name} {words}",
    "promise": "/promise {name} {words} by {until}",
    "kept": "/promise {name} {words} kept",
    "confirmed value": "/value {name} {words} they said so",
    "estimate": "/value {name} {words}",
    "alternative": "/decision {name} considers {words}",
    "decision": "/decision {name} {words}{then}",
    "renews": "/account {name} renews {until}",
    "moved": "/stage {name} {words}",
}
#: A line of Done, by what the play brings back.
_LINE_KINDS = {"value": "confirmed value", "person": "decision maker", "note": "interaction",
               "": "interaction"}  # fmt: skip
#: So many of a place's messages are read again.
_LATEST = 6


@dataclass
class Deeds:
    """Carries out what people do, and notes it."""

    office: Office
    ledger: Ledger
    names: list[str]
    messages: dict[str, SlackMessage] = field(default_factory=dict)  # by touchpoint
    _looked: set[tuple[str, str]] = field(default_factory=set)  # messages that were read
    _count: dict[str, int] = field(default_factory=dict)  # each person's touchpoints
    _number: dict[str, int] = field(default_factory=dict)  # which one a touchpoint is
    refused: list[str] = field(default_factory=list)

    # -- what a plan says

    def carry_out(self, plan: Plan) -> None:
        """Types the command; what is refused is no fact, and is told at the end."""
        name = self.names[plan.account]
        until = None if plan.until is None else FIRST + timedelta(days=plan.until)
        then = f" until {until}" if until else ""
        words = _COMMANDS[plan.kind].format(
            name=f'"{name}"', words=plan.words, until=until, then=then
        )
        said = self.office.command(plan.who, words)
        if name.split()[0] not in said or "Did you mean" in said:
            self.refused.append(f"{words}: {said}")
            return
        self._note_plan(plan, name, until)

    def _note_plan(self, plan: Plan, name: str, until: date | None) -> None:
        if plan.kind in ("decision", "moved"):
            self._decide(plan, name, until)
            return
        self._note(plan.kind, name, plan.who, plan.words, until=until)
        if plan.kind == "complaint":
            self._note("interaction", name, plan.who, plan.words)

    def _decide(self, plan: Plan, name: str, until: date | None) -> None:
        """A decision moves the account where the process says, and may begin a term; a colleague's
        `/stage next` is no word of the customer."""
        ledger, at = self.ledger, self.office.now
        before = ledger.stage(name, at)
        if plan.kind == "moved":
            order = list(ledger.process.stages)
            self._note("moved", name, plan.who, order[order.index(before) + 1])
            return
        outcome = next(one for one in (*WELL, "chose other", "reduced", "none")
                       if plan.words.startswith(one))  # fmt: skip
        for one in ledger.open(at):
            if (one.account, one.title) == (name, OUTCOME):
                self._note("done", name, plan.who, touchpoint=one.id, title=one.title)
        self._note("decision", name, plan.who, outcome, well=outcome in WELL)
        if " over " in plan.words:
            self._note("alternative", name, plan.who, plan.words.rpartition(" over ")[2])
        if ledger.process.begins_a_term(before, outcome):
            self._note("term", name, plan.who)
        if until is not None:
            ledger.note(Fact(at, "renews", name, plan.who, until=until))
        after = ledger.process.stage_after(before, outcome)
        if after != before:
            self._note("moved", name, plan.who, after)
            if after == ledger.process.first_stage_of_a_term:
                self._note("first term", name, plan.who)

    def _note(self, kind: str, name: str, by: str = "", text: str = "", **more: Any) -> None:
        self.ledger.note(Fact(self.office.now, kind, name, by, text, **more))

    # -- what stands on the screen

    def look(self) -> list[tuple[str, SlackMessage]]:
        """Reads what is new, and what has become of what was shown."""
        news = self.office.news()
        for place, message in news:
            if place == "#customers":
                self._hear_of_moves(message)
            elif not message.is_reply:
                for control in controls(message.blocks):
                    self._see(place, message, control)
        self._see_lines_that_were_added(news)
        for one in self.ledger.open(self.office.now):
            self._see_again(one)
        return news

    def _see_lines_that_were_added(self, news: list[tuple[str, SlackMessage]]) -> None:
        """A list gets more lines during the day, and is no new message."""
        new = {(message.channel, message.ts) for _, message in news}
        for place in (*(f"#{each}" for each in DEPARTMENTS), *(f"@{who}" for who in PEOPLE)):
            for message in self.office.standing(place)[-_LATEST:]:
                for control in controls(message.blocks):
                    if control.touchpoint not in self.messages:
                        was_there = (message.channel, message.ts) in self._looked
                        self._see(place, message, control, self.office.now if was_there else None)
                self._looked.add((message.channel, message.ts))
        self._looked |= new

    def _hear_of_moves(self, message: SlackMessage) -> None:
        """Accounts that came into a stage by themselves, as the company's channel is told."""
        lines = list(texts(message.blocks))
        match = re.match(r"(.+) entered (\w+) by (?:itself|themselves)", lines[0] if lines else "")
        if match is None:
            return
        for name in self.ledger.customers:
            if match[1] == name or any(line.startswith(f"• {name} ") for line in lines[1:]):
                at, stage = self.office.slack_time(message), self.ledger.process.key(match[2])
                self.ledger.note(Fact(at, "moved", name, text=stage))

    def _see(
        self, place: str, message: SlackMessage, control: Control, seen_at: datetime | None = None
    ) -> None:
        """A nudge is a message with its "Done" that is no digest, and no word to a lead."""
        name, _, rest = control.text.split("\n")[0].partition(" · ")
        moved = control.touchpoint in self.messages and "done" in control.verbs
        known = name in self.ledger.customers and (moved or {"claim", "date"} & set(control.verbs))
        told = re.match(r"Your week|[^.]{1,80} this week|.*waited with", message.text)
        if not known or told:
            return
        title, touchpoint = rest.split(" · ")[0].strip(), control.touchpoint
        if touchpoint not in self.messages:
            at = seen_at or self.office.slack_time(message)
            where = place.removeprefix("#")
            self.ledger.shown[touchpoint] = Shown(touchpoint, name, title, where, at)
        elif self.ledger.ended(touchpoint, self.office.now):
            self._note("back", name, touchpoint=touchpoint, title=title)
        self.messages[touchpoint] = message

    def _see_again(self, one: Shown) -> None:
        """A message without its buttons is looked after: by the clock, or by a move."""
        now = self.office.again(self.messages[one.id])
        found = [c for c in controls(now.blocks) if c.touchpoint == one.id] if now else []
        verbs = found[0].verbs if found else {}
        if not {"done", "date"} & set(verbs):
            self._note("ended", one.account, touchpoint=one.id, title=one.title, by="")
        elif "claim" in verbs and self.ledger.claimed_by(one.id, self.office.now):
            self._note("free", one.account, touchpoint=one.id, title=one.title, by="")

    def ask_what_is_missing(self, who: str, message: SlackMessage) -> None:
        """A diligent manager asks for every gap of a brief, by its buttons."""
        buttons = [block["accessory"] for block in message.blocks if "accessory" in block]
        for button in buttons:
            if str(button.get("action_id", "")).startswith("brief:ask:"):
                now = self.office.again(message)
                if now is not None and button["action_id"] in str(now.blocks):
                    self.office.slack.click(who, now, button["action_id"])
                    self._note("asked for a gap", now.text.partition(" renews ")[0], who)

    # -- nudges

    def work(self, who: str) -> None:
        """Somebody goes through what is open for them."""
        department, manner = PEOPLE[who]
        now = self.office.now
        for one in self.ledger.open(now):
            if one.title == OUTCOME or not self._is_for(one, who, department):
                continue
            number = self._numbered(who, one.id)
            holder = self.ledger.claimed_by(one.id, now)
            choice = choose(manner, number, (now.date() - one.at.date()).days, bool(holder))
            if choice.how:
                self._act(who, one, choice, number)

    def _is_for(self, one: Shown, who: str, department: str) -> bool:
        """A manager's own; a department's: Sales shares it by who manages the account."""
        if one.where.startswith("@") or one.where != department:
            return one.where == f"@{who}"
        if department != "sales":
            return True
        mine = self.ledger.manager(one.account, self.office.now) == "priya"
        return mine == (who == "priya")

    def _numbered(self, who: str, touchpoint: str) -> int:
        if touchpoint not in self._number:
            self._number[touchpoint] = self._count.get(who, 0)
            self._count[who] = self._number[touchpoint] + 1
        return self._number[touchpoint]

    def _act(self, who: str, one: Shown, choice: Choice, number: int) -> None:
        how, message = choice.how, self.messages[one.id]
        alone = len(controls(message.blocks)) == 1
        seen = len(self.office.whispers(who))
        if how == "reply" and alone and self._reply(who, one, number):
            return
        if how == "react" and alone:
            self.office.slack.react(who, message, REACTIONS["done"])
        elif how == "snooze" and alone:
            self.office.slack.react(who, message, REACTIONS["snooze"])
        else:
            verb = "done" if how in ("react", "reply") else how
            if not self.office.answer(who, message, one.id, verb):
                self.refused.append(f"{who} could not {verb}: {one.account}, {one.title}")
                return
        self._after(who, one, choice, number, seen)

    def _reply(self, who: str, one: Shown, number: int) -> bool:
        """Done by a reply in the nudge's thread, where its line needs no day."""
        records = self.ledger.process.records(one.title)
        if records in ("", "promise", "decision date", "person"):
            return False
        said = " they said so" if records == "value" else ""
        words = line(records, number if records != "value" else 2 * number)
        message = self.messages[one.id]
        place = one.where if one.where.startswith("@") else f"#{one.where}"
        place = "@linchpin" if place.startswith("@") else place
        self.office.slack.say(who, place, f"@linchpin done, {words}{said}", message.ts)
        self._note("done", one.account, who, touchpoint=one.id, title=one.title)
        self.office.typed(one.id, f"done, {words}{said}")
        self._note(_LINE_KINDS.get(records, records), one.account, who, words,
                   touchpoint=one.id, title=one.title)  # fmt: skip
        return True

    def _after(self, who: str, one: Shown, choice: Choice, number: int, seen: int) -> None:
        kinds = {
            "done": "done",
            "react": "done",
            "reply": "done",
            "claim": "claimed",
            "skip": "skipped",
        }
        kind = kinds.get(choice.how, "snoozed")
        form = self.office.form(who)
        if kind in ("skipped", "snoozed") and form is not None:
            self._say_why(who, form)
        self._note(kind, one.account, who, touchpoint=one.id, title=one.title)
        if kind == "done":
            self._answer_question(who, one, choice, number, seen)
        self.office.close_forms(who)

    def _say_why(self, who: str, form: View) -> None:
        radios = [b for b in form.blocks if b.get("element", {}).get("type") == "radio_buttons"]
        picked = {b["block_id"]: b["element"]["options"][0]["value"] for b in radios}
        self.office.slack.submit(who, picked)

    def _answer_question(
        self, who: str, one: Shown, choice: Choice, number: int, seen: int
    ) -> None:
        """The one line after Done: in its form, or where a private question has a button to it."""
        form = self.office.form(who)
        if form is None:
            form = answering.open_question(self.office.slack, who, seen, writes=choice.writes)
        if form is not None and choice.writes:
            self._write(who, form, one, number)
        elif form is not None and number % 3 == 0 and "Nothing new" in str(form.blocks):
            self.office.slack.click(who, form, "Nothing new")

    def _write(self, who: str, form: View, one: Shown, number: int) -> None:
        """Fills in the one line, with a day and a name where the form asks for them."""
        records = answering.asked(form)
        words = line(records, number)
        values, typed = answering.filled(form, words, self.office.now.date() + timedelta(days=30))
        if (contact := answering.picked(self.office.slack, who, form, "Jane Doe")) is not None:
            values |= contact
            typed += " Jane Doe"
        answer = answering.send(self.office.slack, who, values)
        if answer.errors or answer.error:
            self.refused.append(f"{one.title}: {words}: {answer.errors or answer.error}")
            return
        self.office.typed(one.id, typed)
        self._note(_LINE_KINDS.get(records, records), one.account, who, words,
                   touchpoint=one.id, title=one.title)  # fmt: skip
        if records == "value":
            self._note("person", one.account, who, "Jane Doe", touchpoint=one.id, title=one.title)
