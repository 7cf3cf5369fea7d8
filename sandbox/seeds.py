"""The people and channels every sandbox starts with."""

from __future__ import annotations

from collections.abc import Iterable

from sandbox.model import Channel, Person
from sandbox.state import APP_ID, BOT_ID, BOT_USER, OTHER_TEAM_ID, Workspace

PEOPLE = (
    Person("U0PRIYA", "priya", "Priya Raman", "Sales, account manager", is_admin=True),
    Person("U0TOM", "tom", "Tom Okafor", "Sales, account manager"),
    Person("U0MAYA", "maya", "Maya Lindqvist", "Marketing lead"),
    Person("U0DIEGO", "diego", "Diego Santos", "Operations lead"),
    Person("U0AIKO", "aiko", "Aiko Tanaka", "Operations", tz="Asia/Tokyo"),
    Person("U0SAM", "sam", "Sam Carter", "Sales", tz="America/New_York"),
    Person("U0GUS", "gus", "Gus Guest", "Guest", is_restricted=True),
    Person("U0OLGA", "olga", "Olga Outsider", "Partner", team_id=OTHER_TEAM_ID),
    Person(BOT_USER, "linchpin", "Linchpin", is_bot=True, bot_id=BOT_ID, app_id=APP_ID),
    Person("U0ZAPBOT", "zapbot", "Zapbot", is_bot=True, bot_id="B0ZAPBOT", app_id="A0ZAPBOT"),
)

#: A fourth department, which only the demo's company has.
SUPPORT = (
    Person("U0NADIA", "nadia", "Nadia Haddad", "Support lead"),
    Person("U0IVO", "ivo", "Ivo Marek", "Support"),
)

CHANNELS = {
    "general": "The whole company",
    "customers": "News about our customers",
    "sales": "Sales",
    "marketing": "Marketing",
    "operations": "Operations",
    "partners": "Shared with a partner's workspace",
    "random": "Anything else",
}


def seed(workspace: Workspace) -> None:
    """Put the people in, then the channels with their members."""
    _add_people(workspace, PEOPLE)
    for name, topic in CHANNELS.items():
        _add_channel(workspace, name, topic)


def seed_support(workspace: Workspace) -> None:
    """Put Support's people into every channel, and add their own."""
    _add_people(workspace, SUPPORT)
    for channel in workspace.channels.values():
        channel.members += [person.id for person in SUPPORT]
    _add_channel(workspace, "support", "Support")


def _add_people(workspace: Workspace, people: Iterable[Person]) -> None:
    for person in people:
        workspace.people[person.id] = Person(**vars(person))


def _add_channel(workspace: Workspace, name: str, topic: str) -> None:
    members, id = _members(name, workspace.people.values()), "C0" + name.upper()
    shared = name == "partners"
    workspace.channels[id] = Channel(id, name, topic, members, is_ext_shared=shared)


def _members(name: str, people: Iterable[Person]) -> list[str]:
    """Full members are everywhere, the bot not in #random, the guest in three."""
    ids = [p.id for p in people if not (p.is_bot or p.is_restricted or p.team_id == OTHER_TEAM_ID)]
    if name != "random":
        ids += [BOT_USER, "U0ZAPBOT"]
    if name in ("general", "sales", "operations"):
        ids.append("U0GUS")
    if name == "partners":
        ids.append("U0OLGA")
    return ids
