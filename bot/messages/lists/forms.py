"""What the buttons of a list open, and the private questions after a reaction on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from slack_sdk.models.blocks import Block, CheckboxesElement
from slack_sdk.models.views import View

from bot.messages.kit import form_parts
from bot.messages.kit.blocks import actions, button, compose, context, section
from bot.messages.kit.message import Message
from bot.messages.kit.text import limit_names, plain
from bot.messages.lists.day_list import Line, decision_line, line_row
from bot.messages.touchpoints.nudge import Nudge
from bot.rules.text.words import plural
from bot.rules.touchpoint_verbs import Meaning, Verb

#: Slack takes 10 choices in a group and 100 blocks in a form.
MAX_CHOICES = 10
MAX_ROWS = 90
MAX_NAMES = 10
_ASKS = {"done": ("Mark", "done"), "claim": ("Take", "")}
_WORDS = {"snooze": "To snooze one, use the line's menu.", "skip": "To skip one, use its menu."}


def several(nudge_id: int, lines: Sequence[Line], channel: str) -> View:
    """The form in which several lines are marked done at once."""
    blocks: list[Block] = []
    for start in range(0, min(len(lines), MAX_ROWS), MAX_CHOICES):
        some = lines[start : start + MAX_CHOICES]
        options = [form_parts.menu_option(str(each.nudge.id), _label(each)) for each in some]
        element = CheckboxesElement(action_id=form_parts.FIELD_ACTION, options=options)
        label = f"Lines {some[0].number} to {some[-1].number}"
        blocks.append(form_parts.input_block(f"lines:{start}", label, element, optional=True))
    ids = {"nudge": nudge_id, "channel": channel}
    return form_parts.form("several", "Mark several done", "Mark done", blocks, ids)


def lines_view(lines: Sequence[Line], title: str) -> View:
    """Lines with their menus; a line that stands elsewhere now says where."""
    rows: list[Block] = [line_row(line) for line in lines[:MAX_ROWS]]
    more = len(lines) - len(rows)
    rows += [context(f"{plural(more, 'more line')}: `/next` has them all.")] if more else []
    return form_parts.form("said", title, None, rows, {}, close="Close")


def how_view(nudges: Iterable[Nudge]) -> View:
    """How to do each play of a list: the whole ask, why, and what to write down."""
    rows: list[Block] = []
    told = set[str]()
    for nudge in nudges:
        if nudge.title in told:
            continue
        told.add(nudge.title)
        ask = plain(nudge.ask.replace("{account}", "the customer"))
        rows.append(section("\n".join(filter(None, (f"*{plain(nudge.title)}*", ask)))))
        why = " · ".join(filter(None, (decision_line(nudge), plain(nudge.helps))))
        rows += [context(why)] if why else []
    return form_parts.form("said", "How to do these", None, rows, {}, close="Close")


def _label(line: Line) -> str:
    return f"{line.number}. {line.nudge.account} · {line.nudge.title}"


def use_menu(meaning: Meaning) -> str:
    """What a reaction that means one touchpoint gets on a list of several."""
    return _WORDS[meaning]


def about_all(
    nudge_id: int, meaning: Meaning, accounts: Sequence[str], others: Sequence[tuple[str, str]]
) -> Message:
    """ "Mark these 3 done? Acme, Initech, Vellum" with its button; `others` are (account, who)."""
    stays = " ".join(f"{plain(account)} stays with {plain(who)}." for account, who in others)
    if not accounts:
        return compose(f"Nothing in this list is free to {_infinitive(meaning)}. {stays}".strip())
    verb, end = _ASKS[meaning]
    label = " ".join(filter(None, (verb, str(len(accounts)), end)))
    which = "this" if len(accounts) == 1 else f"these {len(accounts)}"
    head = " ".join(filter(None, (verb, which, end)))
    names = limit_names([plain(name) for name in accounts], MAX_NAMES)
    rows = actions(
        button(label, f"list:all-{meaning}", str(nudge_id), style="primary"),
        button("Cancel", "list:cancel", str(nudge_id)),
    )
    return compose("\n".join(filter(None, (f"*{head}?* {names}.", stays))), rows)


def did_all(verb: Verb, accounts: Sequence[str]) -> Message:
    """What stands in place of the question."""
    if not accounts:
        return NOTHING_CHANGED
    names = limit_names([plain(name) for name in accounts], MAX_NAMES)
    past = "done" if verb == "done" else "yours"
    return compose(f"{plural(len(accounts), 'touchpoint')} {past}: {names}.")


def thumbs_up(touchpoint_id: int, account: str, title: str) -> Message:
    """A thumbs-up may mean both: it is asked about once."""
    text = f"*{plain(account)}* · {plain(title)}: done, or will you take it?"
    value = str(touchpoint_id)
    return compose(
        text,
        actions(
            button("Done", "touchpoint:done", value),
            button("I'll take it", "touchpoint:claim", value),
        ),
    )


NOTHING_CHANGED = compose("Nothing was changed.")


THUMBS_UP_ON_LIST = "Which line? React with its number when it is done, or with 👀 to take them."


def _infinitive(meaning: Meaning) -> str:
    return "mark done" if meaning == "done" else "take"
