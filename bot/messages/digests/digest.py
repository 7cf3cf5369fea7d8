"""The weekly digest: one headline, then what needs somebody, renewals, what moved, who to thank.

The layout is the same for a department, the whole company and a manager; what is empty is left out.
"""

from __future__ import annotations

from collections.abc import Callable

from slack_sdk.models.blocks import Block, SectionBlock

from bot.messages.digests import advocates, lines
from bot.messages.digests.digest_value import decisions, promises, value
from bot.messages.digests.facts import Digest, OpenTouchpoint
from bot.messages.digests.rows import digest_menu
from bot.messages.kit.blocks import MAX_SECTION_LENGTH, context, section, text_message
from bot.messages.kit.message import Message
from bot.messages.kit.text import MAX_TEXT_LENGTH, unstyled
from bot.messages.reasons.watch import watch_text
from bot.messages.touchpoints.buttons import verb_menu
from bot.rules.touchpoint_verbs import claim_or_release

_SECTIONS: tuple[Callable[[Digest], str], ...] = (
    lambda facts: advocates.advocates_text(facts.advocates),
    lambda facts: facts.first_week,
    lines.departments_text,
    lambda facts: watch_text(facts.watch),
    lines.not_known,
    lines.renewals,
    promises,
    decisions,
    lines.moves,
    value,
    lines.done,
    lines.unsent,
)


def digest(facts: Digest) -> Message:
    """The message: one line in a quiet week, else every part that is not empty."""
    head = lines.headline(facts)
    if facts.is_quiet:
        return text_message(head)
    parts = [part for part in (write(facts) for write in _SECTIONS) if part]
    sections = [section(lines.fit(part, MAX_SECTION_LENGTH)) for part in parts]
    menu = digest_menu(facts)
    foot = [*([menu] if menu else []), context(lines.footer(facts))]
    blocks = (section(head), *_need_blocks(facts), *sections, *foot)
    text = "\n".join([head, *lines.needs_lines(facts), *parts])
    return Message(unstyled(lines.fit(text, MAX_TEXT_LENGTH)), blocks)


def _need_blocks(facts: Digest) -> list[Block]:
    """A row for each; only readers who can act on them get menus, so the company's has none."""
    if not facts.needs:
        return []
    if facts.kind == "company":
        return [section(lines.fit("\n".join(lines.needs_lines(facts)), MAX_SECTION_LENGTH))]
    return [section(lines.needs_title(facts)), *(_need_block(need) for need in facts.needs)]


def _need_block(need: OpenTouchpoint) -> SectionBlock:
    """A touchpoint with a menu like that of `/next`."""
    menu = verb_menu(need.id, ("done", claim_or_release(need.state), "skip"))
    block = section(lines.need(need, "\n"), accessory=menu)
    block.block_id = f"digest:{need.id}"
    return block
