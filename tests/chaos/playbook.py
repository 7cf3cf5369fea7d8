"""A playbook with one small stage: a play for each of four departments, and one for managers."""

from __future__ import annotations

import functools

from bot.rules.playbook.playbook import Playbook, parse

DEPARTMENTS = 4

_HEAD = """
name: Four departments
destination: onboarding
company: {channel: "#customers", timezone: UTC}
attention: {channel_a_day: 500, person_a_day: 500}  # a scenario is said in an hour
departments:
"""
_DEPARTMENT = '  d{n:02}: {{channel: "#d{n:02}", timezone: UTC, hours: "00:00-23:59"}}\n'
_STAGE = """
stages:
  - key: onboarding
    decision: Did we choose well?
    plays:
"""
_PLAY = (
    "      - {{key: {owner}, title: Kick-off call, owner: {owner}, due: on entry,\n"
    '         ask: "Agree with {{account}} what a good first month looks like.",\n'
    "         helps: They see who does what by when.}}\n"
)


@functools.cache
def playbook() -> Playbook:
    """The only stage has a play for each owner, which is named as the owner is."""
    departments = range(DEPARTMENTS)
    text = _HEAD + "".join(_DEPARTMENT.format(n=n) for n in departments) + _STAGE
    owners = [*(f"d{n:02}" for n in departments), "manager"]
    return parse(text + "".join(_PLAY.format(owner=owner) for owner in owners), "chaos.yaml")
