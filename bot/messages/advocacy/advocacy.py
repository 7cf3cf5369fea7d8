"""What `/advocacy` answers: an account's favours, a step noted, who may be asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.messages.kit import form_parts
from bot.messages.kit.blocks import actions, button, compose, context, section, text_message
from bot.messages.kit.message import Message
from bot.messages.kit.text import (
    day,
    join_lines,
    mention,
    more_line,
    plain,
    quoted,
    short,
    unstyled_list,
)
from bot.rules.playbook.advocacy import Entry, Verb
from bot.rules.road import Road
from bot.rules.text.words import plural

MAX_ROWS = 10
MAX_NOTE_LENGTH = 200
# What an account did, in a sentence and as a sign.
_VERBS: dict[Verb, tuple[str, str]] = {
    "asked": ("was asked for", "❔"),
    "agreed": ("agreed to", "👍"),
    "did": ("did", "⭐"),
    "declined": ("said no to", "✖️"),
    "gave": ("got something back for", "🎁"),
}


@dataclass(frozen=True)
class AdvocateRow:
    """An account that may be asked: `why` says what speaks for it, or until when it rests."""

    id: int
    name: str
    sector: str | None
    why: str


@dataclass(frozen=True)
class AdvocacyOverview:
    """An account's favours: one line an act, in the playbook's order; `rest` as a sentence."""

    id: int
    name: str
    rungs: tuple[tuple[str, Entry | None], ...]
    gave: tuple[Entry, ...]
    rest: str | None
    last_ask: date | None


def overview_message(shown: AdvocacyOverview) -> Message:
    """What the account was asked for, agreed to, did and said no to; what it got back."""
    head = f"*{plain(shown.name)}*: advocacy"
    rows = [_act_line(act, entry) for act, entry in shown.rungs]
    rows += [_given_back_line(entry) for entry in shown.gave[-3:]]
    rest = shown.rest or "May be asked today."
    if shown.last_ask is not None:
        rest += f" Last asked {day(shown.last_ask)}."
    example = f"`/advocacy {quoted(shown.name)} asked {plain(shown.rungs[0][0])}`"
    hint = f"{example}, then `agreed`, `did` or `declined`; `gave` records what they got back."
    body = "\n".join(rows)
    record = actions(button("Record a step…", "form:advocacy", str(shown.id)))
    return compose(head, body, rest, context(hint), record)


def added_message(account_id: int, name: str, entry: Entry, entry_id: int) -> Message:
    """The step as it was understood, and how to take it back."""
    text = f"Recorded: {_favour_text(name, entry.verb, entry.act)}, {day(entry.on)}."
    if entry.note:
        text += f"\n> {short(entry.note, MAX_NOTE_LENGTH)}"
    if entry.verb == "agreed" and not entry.note:
        text += (
            "\nWho agreed, and to what exactly? Add it: "
            f"`/advocacy {quoted(name)} agreed {plain(entry.act)} Jo Byrne, half an hour, no "
            "press`."
        )
    if entry.verb == "did":
        text += (
            f"\nThank them, and record what they get back: `/advocacy {quoted(name)} gave "
            f"{plain(entry.act)} a day of training`."
        )
    line = f"/advocacy id:{account_id} undo {entry_id}"
    return compose(text, actions(button("Undo", "command:undo", line)))


def already_noted_message(name: str, verb: Verb, act: str) -> Message:
    return text_message(f"Recorded today already: {_favour_text(name, verb, act)}.")


def undone(name: str, verb: str, act: str) -> Message:
    words = f"{verb} {plain(act)}"
    return text_message(f'Taken back: "{words}" for *{plain(name)}* is no longer recorded.')


def resolved(name: str, settled: Sequence[int]) -> Message:
    """`settled` are the ids of the complaints; Undo opens them again."""
    if not settled:
        return text_message(f"*{plain(name)}* has no open complaint or ticket.")
    what = plural(len(settled), "open complaint or ticket", "open complaints and tickets")
    text = f"Settled: {what} of *{plain(name)}*. They may be asked for favours again."
    return compose(text, actions(button("Undo", "complaint:undo", str(settled[0]))))


def reopened_message(name: str, count: int) -> Message:
    if not count:
        return text_message(f"*{plain(name)}*: it was reopened already. Nothing was changed.")
    are = "is" if count == 1 else "are"
    what = plural(count, "complaint or ticket", "complaints and tickets")
    return text_message(
        f"Taken back: {what} of *{plain(name)}* {are} open again, and no favour is asked of them."
    )


def candidates_message(
    act: str,
    sector: str | None,
    free: Sequence[AdvocateRow],
    resting: Sequence[AdvocateRow],
    sectors: Sequence[str],
) -> Message:
    """Rested advocates first, then who rests and until when."""
    where = f" in {short(sector)}" if sector else ""
    if not free and not resting:
        return text_message(_no_candidates_text(act, where, sector, sectors))
    head = f"*Who may be asked for {_with_article(act)}{where}*"
    rows = [_candidate(row) for row in free[:MAX_ROWS]] or ["Nobody may be asked now."]
    blocks: list[Block] = [section(head), section("\n".join(rows))]
    if more := more_line(len(free) - MAX_ROWS, "."):
        blocks.append(context(more))
    if resting:
        rests = ["_Not yet_", *(_candidate(row) for row in resting[:MAX_ROWS])]
        rests.append(more_line(len(resting) - MAX_ROWS, "."))
        blocks.append(section(join_lines(*rests)))
        rows += filter(None, rests)
    hint = ""
    if free:
        hint = f"`/advocacy {quoted(free[0].name)} asked {plain(act)}` records that you asked."
        blocks.append(context(hint))
    return Message(unstyled_list(head, rows, hint), tuple(blocks))


def _act_line(act: str, entry: Entry | None) -> str:
    if entry is None:
        return f"• {plain(act)}: not asked yet"
    by = f" ({mention(entry.by)})" if entry.by else ""
    sign = _VERBS[entry.verb][1]
    return f"• {plain(act)}: {sign} {entry.verb} {day(entry.on)}{by}{_note_text(entry)}"


def _given_back_line(entry: Entry) -> str:
    return f"• 🎁 given back {day(entry.on)} for the {plain(entry.act)}{_note_text(entry)}"


def _note_text(entry: Entry) -> str:
    return f": {short(entry.note, MAX_NOTE_LENGTH)}" if entry.note else ""


def _favour_text(name: str, verb: Verb, act: str) -> str:
    return f"*{plain(name)}* {_VERBS[verb][0]} {_with_article(act)}"


def _candidate(row: AdvocateRow) -> str:
    sector = f" · {short(row.sector)}" if row.sector else ""
    return f"• *{short(row.name)}*{sector}: {row.why}"


def _no_candidates_text(act: str, where: str, sector: str | None, sectors: Sequence[str]) -> str:
    text = f"No account{where} may be asked for {_with_article(act)}."
    if sector and sectors:
        return f"{text} Sectors: {short(', '.join(sectors), 400)}."
    if sector:
        return f"{text} No account has a sector yet: `/account acme sector healthcare` sets one."
    return f"{text} Advocates are accounts in the last stage, and those that did a favour before."


def _with_article(act: str) -> str:
    return f"{'an' if act[:1].casefold() in 'aeiou' else 'a'} {plain(act)}"


def road_line(destination: str, road: Road) -> str:
    """ "Road to Advocacy: 3 of 4 · confirmed value, … · left: …"."""
    steps = road.steps()
    done = [name for name, is_done in steps if is_done]
    left = [name for name, is_done in steps if not is_done]
    parts = [f"*Road to {plain(destination)}: {len(done)} of {len(steps)}*"]
    parts += [", ".join(done)] if done else []
    parts += [f"left: {', '.join(left)}"] if left else []
    return " · ".join(parts)


_STEPS: Final = (
    ("asked", "We asked them"),
    ("agreed", "They agreed"),
    ("did", "They did it"),
    ("declined", "They said no"),
    ("gave", "We gave something back"),
)
MAX_NOTE_LENGTH = 1000


def step_form(account: tuple[int, str], acts: Sequence[str], channel: str) -> View:
    """`account` is (id, name), `acts` the favours of the playbook."""
    inputs: list[Block] = [
        section(f"*{plain(account[1])}*"),
        form_parts.select_input("act", "Favour", [(act, act) for act in acts], acts[0]),
        form_parts.radio_input("verb", "Step", _STEPS, optional=False),
        form_parts.contact_input(account[0], "Contact"),
        form_parts.text_input(
            "note",
            "Note",
            placeholder="No press; only by phone",
            optional=True,
            most=MAX_NOTE_LENGTH,
        ),
    ]
    ids = {"account": account[0], "channel": channel}
    return form_parts.form("advocacy", "Record a favour", "Record", inputs, ids)
