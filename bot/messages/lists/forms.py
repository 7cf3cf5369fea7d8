"""What the buttons of a list open: lines with menus, how to do them, several to mark done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from slack_sdk.models.blocks import Block, CheckboxesElement
from slack_sdk.models.views import View

from bot.messages.kit import form_parts
from bot.messages.kit.blocks import context, section
from bot.messages.kit.text import plain
from bot.messages.lists.day_list import Line, decision_line, line_row
from bot.messages.touchpoints.nudge import Nudge
from bot.rules.text.words import plural

#: Slack takes 10 choices in a group and 100 blocks in a form.
MAX_CHOICES = 10
MAX_ROWS = 90


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
