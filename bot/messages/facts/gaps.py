"""What is missing of an account ("not known enough"), in the words of every surface."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import ButtonElement

from bot.messages.kit.blocks import button
from bot.messages.kit.text import day, join_words
from bot.rules.facts import gaps as rules
from bot.rules.facts.gaps import Gap, Planned
from bot.rules.text.words import plural

_SENTENCES = {
    rules.VALUE: "No confirmed value this term",
    rules.DECIDER: "No decision maker recorded",
    rules.CONTACT: "No contact recorded",
    rules.ALTERNATIVES: "Alternatives not known",
    rules.DECISION_DATE: "Decision date not recorded",
}
_NAMES = {
    rules.VALUE: "confirmed value",
    rules.DECIDER: "decision maker",
    rules.CONTACT: "contact",
    rules.ALTERNATIVES: "alternatives",
    rules.DECISION_DATE: "decision date",
}
#: The label of the button that closes a gap, its form, and what its value has before the account.
_FORMS = {
    rules.VALUE: ("Add value…", "form:value", ""),
    rules.DECIDER: ("Add a contact…", "form:contact", ""),
    rules.CONTACT: ("Add a contact…", "form:contact", ""),
    rules.TOUCH: ("Log…", "form:log", ""),
    rules.ALTERNATIVES: ("Add alternatives…", "known:add", "alternative:"),
    rules.DECISION_DATE: ("Add the date…", "known:add", "decision date:"),
    rules.RISK: ("Add a risk…", "known:add", "risk:"),
}


@dataclass(frozen=True)
class GapLine:
    """A gap as it is shown; `ask` is whom a button asks, empty where there is none."""

    key: str
    what: str
    name: str
    status: str = ""
    ask: str = ""

    @property
    def lowered(self) -> str:
        return self.what[0].lower() + self.what[1:]

    def line(self) -> str:
        """ "Alternatives not known · planned: Sales, Mon 14 Dec"."""
        return " · ".join(filter(None, (self.what, self.status)))


def gap_line(gap: Gap, today: date, owner: str = "", ask: str = "") -> GapLine:
    """A gap; `owner` is who has it planned or claimed, as it is shown."""
    if gap.key == rules.TOUCH:
        what = _silence(gap, today)
        return GapLine(gap.key, what, what[0].lower() + what[1:], status(gap, today, owner), ask)
    what = _SENTENCES.get(gap.key, "")
    return GapLine(gap.key, what, _NAMES.get(gap.key, ""), status(gap, today, owner), ask)


def status(gap: Gap, today: date, owner: str) -> str:
    """ "asked Mon 8 Mar: nothing new · planned: Sales, Tue 14 Sep"; either may be missing."""
    said = f"asked {day(gap.asked_on, today)}: nothing new" if gap.asked_on else ""
    plan = _plan(gap.planned, today, owner) if gap.planned is not None else ""
    return " · ".join(filter(None, (said, plan)))


def fill_button(line: GapLine, account_id: int) -> ButtonElement:
    """Opens the form that closes a gap at once."""
    label, action_id, kind = _FORMS[line.key]
    return button(label, action_id, f"{kind}{account_id}")


def missing_text(lines: Sequence[GapLine]) -> str:
    """ "*Missing: 2* · alternatives not known (planned: Sales, Mon 14 Dec) · …" for a card."""
    told = [f"{line.lowered}{f' ({line.status})' if line.status else ''}" for line in lines]
    return " · ".join([f"*Missing: {len(lines)}*", *told]) if lines else ""


def _plan(planned: Planned, today: date, owner: str) -> str:
    if planned.by is not None:
        return f"claimed by {owner}"
    if planned.due_on <= today:
        return f"asked: {owner}, {day(planned.due_on, today)}"
    return f"planned: {owner}, {day(planned.due_on, today)}"


def _silence(gap: Gap, today: date) -> str:
    assert gap.quiet_since is not None
    if gap.never:
        return f"Nobody in touch since it was added on {day(gap.quiet_since, today)}"
    return f"Nobody in touch for {plural((today - gap.quiet_since).days, 'day')}"


def not_recorded_text(lines: Sequence[GapLine]) -> str:
    """ "Alternatives and decision date not recorded · nobody in touch for 62 days"; "" for none."""
    names = join_words([line.name for line in lines if line.key != rules.TOUCH])
    silent = [line.lowered for line in lines if line.key == rules.TOUCH]
    told = [f"{names} not recorded", *silent] if names else silent
    return " · ".join(told)[:1].upper() + " · ".join(told)[1:]
