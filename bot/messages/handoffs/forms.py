"""The forms of a handoff: a question to whoever gave the account, and the answer."""

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.messages.kit import form_parts
from bot.messages.kit.blocks import context, section
from bot.messages.kit.text import one_line, plain

MAX_LENGTH = 1500


def question(handoff_id: int, account: str, giver: str) -> View:
    blocks: list[Block] = [
        section(f"What do you want to know of {giver} about *{plain(account)}*?"),
        form_parts.text_input("text", "Question", multiline=True, most=MAX_LENGTH, focus=True),
        context("The answer comes into the thread of the handoff."),
    ]
    return form_parts.form("handoff_ask", "Ask a question", "Ask", blocks, {"handoff": handoff_id})


def answer(question_id: int, account: str, text: str) -> View:
    blocks: list[Block] = [
        section(f"*{plain(account)}*\n> {one_line(text, MAX_LENGTH)}"),
        form_parts.text_input("text", "Answer", multiline=True, most=MAX_LENGTH, focus=True),
    ]
    return form_parts.form("handoff_answer", "Answer", "Answer", blocks, {"question": question_id})
