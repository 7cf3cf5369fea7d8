"""One touchpoint as messages tell of it, and the sentences that say how it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from slack_sdk.models.blocks import ButtonElement, Option, OverflowMenuElement

from bot.messages.kit.text import join_lines, mention, on, one_line, plain, when
from bot.messages.touchpoints.buttons import verb_button, verb_menu
from bot.rules.answers import QUESTIONS
from bot.rules.playbook.sections import Records
from bot.rules.text.words import first_sentence
from bot.rules.touchpoint_verbs import DECIDE, DETAILS, VERBS, WRITE, claim_or_release

#: So many reactions that no longer count are named.
MAX_IGNORED = 5
OPEN_STATES = ("nudged", "claimed")
RENEWAL = "renewal"  # the kind of a renewal date that passed
RENEWAL_ANSWERS: Final = {
    "renewed": "Renewed…",
    "reduced": "Reduced…",
    "left": "Left…",
    "date": "New date…",
}
#: So much of a reason stands in a message; the whole of it stays in the database.
MAX_NOTE_LENGTH = 200
MAX_ANSWER_LENGTH = 400


@dataclass(frozen=True)
class Nudge:
    """One touchpoint as its message tells of it; `state` is the touchpoint's."""

    id: int
    account: str
    title: str
    ask: str
    helps: str
    decision: str
    due: str  # "due today", "*3 days overdue*"
    state: str
    state_at: datetime
    by: str | None
    snoozed_until: datetime | None = None
    reason: str | None = None
    kind: str = "play"
    redecides: bool = False  # the decision that it helps is to choose us again
    ignored: tuple[tuple[str, str], ...] = ()  # (sign, user) of reactions that no longer count
    asks_for: str | None = None  # the favour that the customer is asked for
    renewal: str = ""  # of an account that renews soon: when, and what is at stake
    records: Records | None = None  # what it brings back
    answer: str | None = None  # the line that was written down
    answered_at: datetime | None = None  # without an answer: "nothing new" was said
    answers: tuple[str, ...] = ()  # what can be said of a renewal that has passed
    total: str = ""  # what they got in all, beside a line about value

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_recorded(self) -> bool:
        """Whether it is done, and brings something back."""
        return self.state == "done" and self.records is not None

    @property
    def what(self) -> str:
        return f"*{plain(self.account)}* · {plain(self.title)}"

    @property
    def when(self) -> str:
        """When it is due; a promise names its own day in what it asks."""
        return "" if self.kind in ("promise", RENEWAL) or not self.is_open else f" · {self.due}"

    @property
    def task(self) -> str:
        """What is asked, with the account's name in it."""
        return plain(self.ask.replace("{account}", self.account))

    @property
    def first_task(self) -> str:
        """The first sentence of it, if it says more than the title; the rest stands in Details."""
        first = first_sentence(self.task)
        return "" if first.rstrip(".") == plain(self.title) else first

    @property
    def write_down(self) -> str:
        return f"write down: {QUESTIONS[self.records].write_down}" if self.records else ""

    @property
    def they_decide(self) -> str:
        return f'They decide: "{plain(self.decision)}"' if self.decision else ""

    @property
    def why(self) -> str:
        """The customer's decision, what to write down, what is noted by itself, the renewal."""
        favour = f"Done notes that they were asked for a {plain(self.asks_for or '')}"
        noted = favour if self.asks_for else ""
        return " · ".join(filter(None, (self.they_decide, self.write_down, noted, self.renewal)))


def row_text(nudge: Nudge) -> str:
    """A touchpoint as a row of several."""
    sign = "✅ " if nudge.is_recorded else ""
    task = nudge.task if nudge.is_open else ""
    status = status_line(nudge) if nudge.state != "nudged" else ""
    return join_lines(f"{sign}{nudge.what}{nudge.when}", task, answer_text(nudge), status)


def answer_text(nudge: Nudge) -> str:
    """ "*Goal:* Cork site, 12 people"; empty where nothing was written down."""
    if not nudge.is_recorded or nudge.answer is None or nudge.records is None:
        return ""
    return f"*{QUESTIONS[nudge.records].label}:* {one_line(nudge.answer, MAX_ANSWER_LENGTH)}"


def status_line(nudge: Nudge) -> str:
    """Who, what, when: the line that a message ends in."""
    who = mention(nudge.by) if nudge.by else "Linchpin"
    at = when(nudge.state_at)
    if nudge.is_recorded:
        return _recorded_text(nudge, who)
    if nudge.state == "planned" and nudge.snoozed_until is not None:
        return f"💤 Snoozed until {when(nudge.snoozed_until)} by {who}"
    if nudge.state == "cancelled":
        return f"No longer needed: {plain(nudge.reason or 'the account has moved on')}"
    note = f": {one_line(nudge.reason, MAX_NOTE_LENGTH)}" if nudge.reason else ""
    asked = f" · noted: asked for a {plain(nudge.asks_for)}" if nudge.asks_for else ""
    told = {
        "nudged": "Unclaimed",
        "claimed": f"Claimed by {who}, {at}",
        "done": f"{VERBS['done'].past} by {who}, {at}{note}{asked}",
        "skipped": f"{VERBS['skip'].past} by {who}, {at}{note}",
    }
    if nudge.kind == "promise":
        told["done"] = f"✓ Kept, says {who}, {at}{note}"
        told["skipped"] = f"✗ Will not be kept, says {who}, {at}{note}"
    return told.get(nudge.state, "Planned")


def _recorded_text(nudge: Nudge, who: str) -> str:
    kept = nudge.kind == "promise"
    done = f"{'Kept, says' if kept else 'Done by'} {who} on {on(nudge.state_at)}"
    if nudge.answered_at is None:
        return f"{done} · nothing written down"
    if nudge.answer is None:
        return f"{done} · asked {on(nudge.answered_at)}: nothing new"
    return " · ".join(filter(None, (done, nudge.total)))


def ignored_text(nudge: Nudge) -> str:
    """Reactions that stay on the message, as only whoever put them can take them away."""
    if not nudge.ignored:
        return ""
    whose = ", ".join(
        f"the {sign} of {mention(user)}" for sign, user in nudge.ignored[:MAX_IGNORED]
    )
    no_longer = "no longer counts" if len(nudge.ignored) == 1 else "no longer count"
    return f"{whose[0].upper()}{whose[1:]} {no_longer}. Taken away and put anew, it does."


def nudge_buttons(nudge: Nudge) -> list[ButtonElement]:
    """What can be done with it in its state."""
    if nudge.state == "cancelled" or (nudge.kind == RENEWAL and not nudge.is_open):
        return []
    labels = _labels(nudge)
    return [verb_button(verb, nudge.id, labels.get(verb, "")) for verb in _verbs(nudge)]


def nudge_menu(nudge: Nudge) -> OverflowMenuElement | ButtonElement | None:
    """The same as the menu of a row; one thing is a button."""
    if nudge.kind == RENEWAL and nudge.is_open:
        options = [
            Option(value=f"{key}:{nudge.id}", label=label) for key, label in renewal_answers(nudge)
        ]
        return OverflowMenuElement(action_id=f"renewal:menu:{nudge.id}", options=options)
    buttons = nudge_buttons(nudge)
    if len(buttons) < 2:
        return buttons[0] if buttons else None
    verbs = (*_verbs(nudge), DETAILS)[:5] if nudge.is_open else _verbs(nudge)  # Slack takes five
    return verb_menu(nudge.id, verbs, **_labels(nudge))


def renewal_answers(nudge: Nudge) -> list[tuple[str, str]]:
    """What can be said of a renewal that has passed: keys and labels."""
    return [(key, RENEWAL_ANSWERS[key]) for key in (*nudge.answers, "date")]


def _verbs(nudge: Nudge) -> Sequence[str]:
    if nudge.is_recorded:
        return (WRITE, "undo") if nudge.answered_at else (WRITE, "nothing-new", "undo")
    if nudge.state in ("done", "skipped"):
        return ("undo",)
    if nudge.state == "planned":
        return ("done", "undo")
    verbs: tuple[str, ...] = ("done", claim_or_release(nudge.state), "snooze", "skip")
    if nudge.state == "claimed" and nudge.kind != "promise":
        verbs = verbs[:3]
    return (*verbs, DECIDE) if nudge.redecides else verbs


def _labels(nudge: Nudge) -> dict[str, str]:
    """By verb what is called differently: a promise is not skipped without a word."""
    return {
        "skip": "New date, or not kept…" if nudge.kind == "promise" else "",
        WRITE: "Correct it…" if nudge.answer else "",
        "undo": "Bring back today" if nudge.state == "planned" else "",
    }
