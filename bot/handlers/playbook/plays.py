"""`/linchpin plays`: the results of the process, and the rows behind each number."""

from bot.actions.playbook import results
from bot.handlers.base.request import Request, unknown_word
from bot.messages.kit.message import Message
from bot.messages.kit.text import short
from bot.messages.playbook import results as messages
from bot.rules.errors import UserError
from bot.rules.playbook.department_names import find_department


def handle(request: Request, words: list[str]) -> Message:
    """Answers `/linchpin plays [department|stage] [page]` and `plays show STAGE[/PLAY] [page]`."""
    words, number = _split_page_number(words)
    if words[:1] == ["show"] and len(words) == 2:
        return _show_rows(request, words[1], number)
    asked = " ".join(words)
    playbook = request.playbook
    stage = playbook.find_stage(asked)
    department = find_department(playbook, asked) or "" if stage is None else ""
    if asked and not department and stage is None:
        known = [*playbook.departments, *(each.key for each in playbook.stages)]
        line, example = "/linchpin plays {word}", f"/linchpin plays {playbook.stages[0].key}"
        raise unknown_word(asked, known, line, example, "department or stage")
    key = stage.key if stage else ""
    return results.process_page(request.work, number, department=department, stage=key)


def _show_rows(request: Request, words: str, number: int) -> Message:
    key, slash, play = words.partition("/")
    playbook = request.playbook
    if not slash and (stage := playbook.find_stage(key)) is not None:
        return results.leavers_page(request.work, stage, number)
    ended = results.list_ended(request.work, (key, play))
    known = playbook.play(key, play)
    if known is None and not ended:
        raise UserError(
            f'There is no play "{short(words)}": `/linchpin plays` shows those that there are.'
        )
    title = known.title if known else ended[-1].title
    return messages.rows(ended, title, playbook.stage_name(key), words, number)


def _split_page_number(words: list[str]) -> tuple[list[str], int]:
    if words and words[-1].isdecimal():
        return words[:-1], int(words[-1][:6])
    return words, 1
