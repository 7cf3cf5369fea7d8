"""To managers of whom nothing was recorded for two weeks, and to their lead."""

from bot.messages.kit.blocks import actions, button, compose, context
from bot.messages.kit.message import Message
from bot.messages.kit.text import plain
from bot.rules.text.words import plural


def question(count: int, user: str) -> Message:
    """To the manager: are you away?"""
    return compose(
        f"{plural(count, 'touchpoint')} of yours wait for an answer, and nothing of yours was "
        "recorded for two weeks. Are you away?",
        context("`/next mine` lists them. If you are away, a colleague can get them."),
        actions(button("Set a cover…", "form:away", user)),
    )


def offer_cover(name: str, member_id: int, count: int) -> Message:
    """To the lead, a week after the manager was asked."""
    return compose(
        f"Nothing of *{plain(name)}* was recorded for three weeks, and "
        f"{plural(count, 'touchpoint')} for them wait for an answer.",
        context("They were asked a week ago. If they are away, set a cover for them."),
        actions(button("Set a cover…", "away:cover", str(member_id))),
    )
