"""The weekly digest: one headline, then what needs somebody, renewals, what moved, who to thank.

The layout is the same for a department, the whole company and a manager; what is empty is left out.
"""

from __future__ import annotations

from collections.abc import Callable

from slack_sdk.models.blocks import Block, SectionBlock

from bot.messages.accounts import participation
from bot.messages.digests import advocates, pace
from bot.messages.digests import lines as lines
from bot.messages.digests.digest_value import decisions, promises, value
from bot.messages.digests.facts import Digest, Need
from bot.messages.kit.message import Message
from bot.messages.kit.parts import SECTION, TEXT, context, section, spoken, text_message
from bot.messages.touchpoints.buttons import verb_menu
from bot.rules.touchpoint_verbs import claim_or_release

_PARTS: tuple[Callable[[Digest], str], ...] = (
    lines.teams,
    lines.renewals,
    promises,
    pace.told,
    decisions,
    lines.moves,
    value,
    lambda facts: advocates.told(facts.advocates),
    lines.done,
    lambda facts: participation.silent(facts.silent, facts.silent_count),
    lines.unsent,
)


def digest(facts: Digest) -> Message:
    """The message: one line in a quiet week, else every part that is not empty."""
    head = lines.headline(facts)
    if facts.is_quiet:
        return text_message(head)
    told = [part for part in (write(facts) for write in _PARTS) if part]
    blocks = [section(head), *_needs(facts), *(section(lines.fit(part, SECTION)) for part in told)]
    blocks.append(context(lines.footer(facts)))
    text = "\n".join([head, *lines.needs_told(facts), *told])
    return Message(spoken(lines.fit(text, TEXT)), tuple(blocks))


def _needs(facts: Digest) -> list[Block]:
    """A row for each; only readers who can act on them get menus, so the company's has none."""
    if not facts.needs:
        return []
    if facts.kind == "company":
        return [section(lines.fit("\n".join(lines.needs_told(facts)), SECTION))]
    return [section(lines.needs_title(facts)), *(_row(need) for need in facts.needs)]


def _row(need: Need) -> SectionBlock:
    """A touchpoint with a menu like that of `/next`."""
    menu = verb_menu(need.id, ("done", claim_or_release(need.state), "skip"))
    block = section(lines.need(need, "\n"), accessory=menu)
    block.block_id = f"digest:{need.id}"
    return block
