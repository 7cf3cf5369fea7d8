"""The nudge in all its states, alone or several in one message, and what follows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    InteractiveElement,
    Option,
    OverflowMenuElement,
)

from bot.messages.kit.blocks import actions, button, compose, context, divider, section
from bot.messages.kit.message import Message
from bot.messages.kit.text import (
    join_lines,
    limit_lines,
    mention,
    on,
    one_line,
    plain,
    unstyled,
    unstyled_list,
    when,
)
from bot.messages.touchpoints.buttons import verb_button, verb_menu
from bot.rules.answers import QUESTIONS
from bot.rules.playbook.sections import Records
from bot.rules.text.words import first_sentence, plural
from bot.rules.touchpoint_verbs import DECIDE, DETAILS, VERBS, WRITE, claim_or_release, legend

LEGEND = f"React: {legend()}. Remove to undo."
_OF_PROMISE = legend(("done", "claim", "snooze"), done="kept")
LEGEND_OF_PROMISE = f"React: {_OF_PROMISE}. Remove to undo."
#: A combined message shows so many one by one: more would be a wall, and Slack takes 50 blocks.
MAX_GROUPED = 20
#: So many reactions that no longer count are named.
MAX_IGNORED = 5
#: Of those that are looked after, a long message tells so many by name.
MAX_ENDED = 10
OPEN_STATES = ("nudged", "claimed")
RENEWAL = "renewal"  # the kind of a renewal date that passed
RENEWAL_ANSWERS = {
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
    def task(self) -> str:
        """What is asked, with the account's name in it."""
        return plain(self.ask.replace("{account}", self.account))

    @property
    def first_task(self) -> str:
        """The first sentence of it, if it says more than the title; the rest stands in Details."""
        first = first_sentence(self.task)
        return "" if first.rstrip(".") == plain(self.title) else first

    @property
    def why(self) -> str:
        """The customer's decision, what to write down, what is noted by itself, the renewal."""
        write = QUESTIONS[self.records].write_down if self.records else ""
        parts = (
            f'They decide: "{plain(self.decision)}"' if self.decision else "",
            f"write down: {write}" if write else "",
            f"Done notes that they were asked for a {plain(self.asks_for)}"
            if self.asks_for
            else "",
            self.renewal,
        )
        return " · ".join(filter(None, parts))

    @property
    def when(self) -> str:
        """When it is due; a promise names its own day in what it asks."""
        return "" if self.kind in ("promise", RENEWAL) or not self.is_open else f" · {self.due}"

    @property
    def skipping(self) -> str:
        """What its Skip is called, if not so: a promise is not skipped without a word."""
        return "New date, or not kept…" if self.kind == "promise" else ""

    @property
    def what(self) -> str:
        return f"*{plain(self.account)}* · {plain(self.title)}"


def single_nudge(nudge: Nudge) -> Message:
    """One touchpoint: what, by when, why, and the buttons that fit its state."""
    if not nudge.is_open:
        return closed_nudge(nudge)
    if nudge.kind == RENEWAL:
        return _passed_renewal(nudge)
    is_claimed = nudge.state == "claimed"
    blocks: list[Block] = [
        section(join_lines(f"{nudge.what}{nudge.when}", nudge.first_task)),
        context(status_line(nudge) if is_claimed else nudge.why or nudge.helps),
    ]
    if nudge.ignored:
        blocks.append(context(_ignored_reactions_text(nudge)))
    blocks.append(actions(*nudge_buttons(nudge)))
    if not is_claimed:
        blocks.append(context(LEGEND_OF_PROMISE if nudge.kind == "promise" else LEGEND))
    return Message(unstyled(_notification_text(nudge)), tuple(blocks))


def _passed_renewal(nudge: Nudge) -> Message:
    """A renewal date that passed without a decision: what can be said of it."""
    buttons = [
        button(label, f"renewal:{answer}", str(nudge.id)) for answer, label in _answers_of(nudge)
    ]
    head = f"{nudge.what} · {nudge.due}\n{nudge.task}"
    return compose(head, actions(*buttons), context(plain(nudge.helps)))


def _answers_of(nudge: Nudge) -> list[tuple[str, str]]:
    return [(key, RENEWAL_ANSWERS[key]) for key in (*nudge.answers, "date")]


def grouped_nudge(nudges: Sequence[Nudge], whose: str, command: str) -> Message:
    """Several that came due at once, as one message with a menu for each.

    A long one shows those still open first, so that it stays a list one can work through.
    """
    still_open = [nudge for nudge in nudges if nudge.is_open]
    ended = [nudge for nudge in nudges if not nudge.is_open]
    head = f"*{plural(len(nudges), 'touchpoint')} for {whose}*, oldest first. " + (
        f"{len(still_open)} still open." if still_open else "All looked after, thank you."
    )
    is_long = len(nudges) > MAX_GROUPED
    shown = still_open[:MAX_GROUPED] if is_long else list(nudges)
    more = len(still_open) - len(shown) if is_long else 0
    rest = f"… and {more} more: `{command}` lists them all." if more else ""
    blocks: list[Block] = [section(head), divider(), *map(nudge_row, shown)]
    blocks += [context(rest)] if rest else []
    blocks += [section(_ended_text(ended))] if is_long and ended else []
    return Message(unstyled_list(head, map(row_text, shown), rest, "; "), tuple(blocks))


def remaining_nudges(nudges: Sequence[Nudge], why: str) -> Message:
    """What is left of a message whose touchpoints are told of elsewhere now."""
    rows = "\n".join(nudge.what for nudge in nudges[:MAX_GROUPED])
    text = f"{rows}\n{why}" if rows else why
    blocks = (section(rows), context(f"{why}.")) if rows else (context(f"{why}."),)
    return Message(unstyled(text.replace("\n", ": ")), blocks)


def closed_nudge(nudge: Nudge) -> Message:
    if nudge.state == "done" and nudge.records is not None:
        return _recorded_nudge(nudge)
    status = status_line(nudge)
    blocks: list[Block] = [section(nudge.what), context(status)]
    if nudge.state != "cancelled" and nudge.kind != RENEWAL:
        blocks.append(actions(verb_button("undo", nudge.id)))
    return Message(unstyled(f"{nudge.what}: {status}"), tuple(blocks))


def _recorded_nudge(nudge: Nudge) -> Message:
    """What was done and what it brought back, or the buttons that ask for it."""
    if nudge.answered_at is None:
        verbs = (WRITE, "nothing-new", "undo")
        buttons = actions(*(verb_button(verb, nudge.id) for verb in verbs))
        return compose(section(f"✅ {nudge.what}\n{status_line(nudge)}"), buttons)
    edit = "Correct it…" if nudge.answer else ""
    menu = verb_menu(nudge.id, (WRITE, "undo"), **{WRITE: edit})
    line = _answer_text(nudge) if nudge.answer else ""
    return compose(section(join_lines(f"✅ {nudge.what}", line), menu), context(status_line(nudge)))


def _answer_text(nudge: Nudge) -> str:
    assert nudge.records is not None
    label = QUESTIONS[nudge.records].label
    return f"*{label}:* {one_line(nudge.answer or '', MAX_ANSWER_LENGTH)}"


def _done_text(nudge: Nudge) -> str:
    """The status of one that is done and brings something back."""
    who = mention(nudge.by) if nudge.by else "Linchpin"
    done = f"Done by {who} on {on(nudge.state_at)}"
    if nudge.answered_at is None:
        return f"{done} · nothing written down"
    if nudge.answer is None:
        return f"{done} · asked {on(nudge.answered_at)}: nothing new"
    return " · ".join(filter(None, (done, nudge.total)))


def _notification_text(nudge: Nudge) -> str:
    """All that an open nudge's message shows, for notifications and screen readers."""
    has_it = f" {status_line(nudge)}." if nudge.state == "claimed" else ""
    undone = f" {_ignored_reactions_text(nudge)}" if nudge.ignored else ""
    return f"{nudge.what}{nudge.when}. {nudge.first_task} {nudge.why}.{has_it}{undone}"


def _ignored_reactions_text(nudge: Nudge) -> str:
    """Reactions that stay on the message, as only whoever put them can take them away."""
    whose = ", ".join(
        f"the {sign} of {mention(user)}" for sign, user in nudge.ignored[:MAX_IGNORED]
    )
    no_longer = "no longer counts" if len(nudge.ignored) == 1 else "no longer count"
    return f"{whose[0].upper()}{whose[1:]} {no_longer}. Taken away and put anew, it does."


def row_text(nudge: Nudge) -> str:
    """One row of several, as text."""
    if nudge.state == "nudged":
        return f"{nudge.what}{nudge.when}"
    return f"{nudge.what}: {status_line(nudge)}"


def _ended_text(ended: Sequence[Nudge]) -> str:
    newest = sorted(ended, key=lambda nudge: nudge.state_at, reverse=True)
    return limit_lines(map(row_text, newest), MAX_ENDED, " looked after.")


def status_line(nudge: Nudge) -> str:
    """Who, what, when: the line that a message ends in."""
    if nudge.state == "done" and nudge.records is not None:
        return _done_text(nudge)
    who = mention(nudge.by) if nudge.by else "Linchpin"
    at = when(nudge.state_at)
    if nudge.state == "planned" and nudge.snoozed_until is not None:
        return f"💤 Snoozed until {when(nudge.snoozed_until)} by {who}"
    if nudge.state == "cancelled":
        return f"No longer needed: {plain(nudge.reason or 'the account has moved on')}"
    told = {
        "nudged": "Unclaimed",
        "claimed": f"Claimed by {who}, {at}",
        "done": f"{VERBS['done'].past} by {who}, {at}{_note(nudge)}{_ask_text(nudge)}",
        "skipped": f"{VERBS['skip'].past} by {who}, {at}{_note(nudge)}",
    }
    if nudge.kind == "promise":
        told["done"] = f"✓ Kept, says {who}, {at}{_note(nudge)}"
        told["skipped"] = f"✗ Will not be kept, says {who}, {at}{_note(nudge)}"
    return told.get(nudge.state, "Planned")


def _note(nudge: Nudge) -> str:
    """Why it was skipped, or what came of it."""
    return f": {one_line(nudge.reason, MAX_NOTE_LENGTH)}" if nudge.reason else ""


def _ask_text(nudge: Nudge) -> str:
    return f" · noted: asked for a {plain(nudge.asks_for)}" if nudge.asks_for else ""


def nudge_buttons(nudge: Nudge) -> list[ButtonElement]:
    labels = {"skip": nudge.skipping}
    return [verb_button(verb, nudge.id, labels.get(verb, "")) for verb in _verbs_of(nudge)]


def nudge_menu(nudge: Nudge) -> InteractiveElement | None:
    """The menu of a touchpoint's line: what can be done with it in its state; one thing is a
    button."""
    if nudge.state == "cancelled":
        return None
    if nudge.state == "done" and nudge.records is not None:
        verbs = (WRITE, "undo") if nudge.answered_at else (WRITE, "nothing-new", "undo")
        return verb_menu(nudge.id, verbs, **{WRITE: "Correct it…" if nudge.answer else ""})
    if nudge.state in ("done", "skipped"):
        return verb_button("undo", nudge.id)
    if nudge.state == "planned":
        return verb_menu(nudge.id, ("done", "undo"), undo="Bring back today")
    # Slack takes five.
    return verb_menu(nudge.id, (*_verbs_of(nudge), DETAILS)[:5], skip=nudge.skipping)


def nudge_row(nudge: Nudge) -> Block:
    """One of several, with a menu while it is open."""
    if nudge.state == "done" and nudge.records is not None:
        verbs = (WRITE, "undo") if nudge.answered_at else (WRITE, "nothing-new", "undo")
        line = _answer_text(nudge) if nudge.answer else ""
        row = join_lines(f"✅ {nudge.what}", line, status_line(nudge))
        return section(row, verb_menu(nudge.id, verbs))
    if not nudge.is_open:
        return section(f"{nudge.what}\n{status_line(nudge)}")
    menu = verb_menu(nudge.id, _verbs_of(nudge), skip=nudge.skipping)
    if nudge.kind == RENEWAL:
        answers = _answers_of(nudge)
        options = [Option(value=f"{key}:{nudge.id}", label=label) for key, label in answers]
        menu = OverflowMenuElement(action_id=f"renewal:menu:{nudge.id}", options=options)
    has_it = f"\n{status_line(nudge)}" if nudge.state == "claimed" else ""
    row = f"{nudge.what}{nudge.when}\n{nudge.task}{has_it}"
    return section(row, accessory=menu)


def _verbs_of(nudge: Nudge) -> tuple[str, ...]:
    verbs: tuple[str, ...] = ("done", claim_or_release(nudge.state), "snooze", "skip")
    if nudge.state == "claimed" and nudge.kind != "promise":
        verbs = verbs[:3]
    return (*verbs, DECIDE) if nudge.redecides else verbs
