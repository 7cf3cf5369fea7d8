"""The people and channels every sandbox starts with."""

from __future__ import annotations

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
    for person in PEOPLE:
        workspace.people[person.id] = Person(**vars(person))
    for name, topic in CHANNELS.items():
        shared = name == "partners"
        id = "C0" + name.upper()
        channel = Channel(id, name, topic, _members(name), is_ext_shared=shared)
        workspace.channels[id] = channel


def _members(name: str) -> list[str]:
    """Full members are everywhere, the bot not in #random, the guest in three."""
    ids = [p.id for p in PEOPLE if not (p.is_bot or p.is_restricted or p.team_id == OTHER_TEAM_ID)]
    if name != "random":
        ids += [BOT_USER, "U0ZAPBOT"]
    if name in ("general", "sales", "operations"):
        ids.append("U0GUS")
    if name == "partners":
        ids.append("U0OLGA")
    return ids
