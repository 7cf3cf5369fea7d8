"""The road to the destination in one line."""

from bot.messages.kit.text import plain
from bot.rules.road import Road


def road_line(destination: str, road: Road) -> str:
    """ "Road to Advocacy: 3 of 4 · confirmed value, … · left: …"."""
    steps = road.steps()
    done = [name for name, is_done in steps if is_done]
    left = [name for name, is_done in steps if not is_done]
    parts = [f"*Road to {plain(destination)}: {len(done)} of {len(steps)}*"]
    parts += [", ".join(done)] if done else []
    parts += [f"left: {', '.join(left)}"] if left else []
    return " · ".join(parts)
