"""`/linchpin plays`: the results of the process, and the rows behind each number."""

from __future__ import annotations

from bot.actions.actor import CLOCK
from bot.actions.playbook import results
from bot.actions.work import Work
from bot.handlers.base.request import Request
from bot.messages.kit.message import Message
from bot.messages.kit.parts import short
from bot.messages.playbook import results as messages
from bot.rules.errors import UserError


def handle(request: Request, words: list[str]) -> Message:
    """Answers `/linchpin plays [department|stage] [page]` and `plays show STAGE[/PLAY] [page]`."""
    words, number = _split_page_number(words)
    if words[:1] == ["show"] and len(words) == 2:
        return _show_rows(request, words[1], number)
    asked = " ".join(words)
    playbook = request.playbook
    department = next(
        (k for k, d in playbook.departments.items() if _is_named(asked, k, d.name)), ""
    )
    stage = playbook.find_stage(asked) if asked and not department else None
    if asked and not department and stage is None:
        known = ", ".join([*playbook.departments, *(one.key for one in playbook.stages)])
        raise UserError(
            f'There is no department or stage "{short(asked)}". It is one of {known}: '
            f"`/linchpin plays {playbook.stages[0].key}`."
        )
    key = stage.key if stage else ""
    found = results.gather_results(
        Work(request.tx, playbook, request.now, CLOCK), department=department, stage=key
    )
    return messages.page(found, department or key, number)


def _show_rows(request: Request, words: str, number: int) -> Message:
    key, slash, play = words.partition("/")
    playbook = request.playbook
    if not slash and (of := playbook.find_stage(key)) is not None:
        left = results.list_leavers(Work(request.tx, playbook, request.now, CLOCK), of.key)
        return messages.leavers(left, of.name, of.key, number)
    found = results.list_ended(Work(request.tx, playbook, request.now, CLOCK), (key, play))
    known = playbook.play(key, play)
    if known is None and not found:
        raise UserError(
            f'There is no play "{short(words)}": `/linchpin plays` shows those that there are.'
        )
    stage = playbook.stage(key)
    title = known.title if known else found[-1].title
    return messages.rows(found, title, stage.name if stage else key, words, number)


def _split_page_number(words: list[str]) -> tuple[list[str], int]:
    """The words before a page's number at the end, and the number."""
    if words and words[-1].isdecimal():
        return words[:-1], int(words[-1][:6])
    return words, 1


def _is_named(asked: str, key: str, name: str) -> bool:
    return asked.casefold() in (key.casefold(), name.casefold())
