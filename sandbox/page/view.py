"""What one person sees, as JSON for the page: people, conversations, messages, modals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sandbox.model import Channel, Ephemeral, Person, SlackMessage, View
from sandbox.page.notes import SLACKBOT, Notes
from sandbox.sandbox import Sandbox
from sandbox.state import BOT_USER, TEAM_ID

Json = dict[str, Any]

COLOURS = (
    *("#8a3ffc", "#b3306b", "#a3301f", "#a8480b", "#2c6e2f", "#1f5fae"),
    *("#7a4d0b", "#5a3d8a", "#97304a", "#3a5f7d", "#54611b", "#6b4a3a"),
)
"""Backgrounds of initials; white on each has a contrast of at least 4.5."""
BOT_COLOUR = "#0b6e6e"
OTHER_BOT_COLOUR = "#4a4a50"


# -- people


def people(sandbox: Sandbox) -> list[Json]:
    """Everyone, and Slackbot, who brings bad news."""
    everyone = [person(one) for one in sandbox.people]
    for index, one in enumerate(one for one in everyone if not one["bot"]):
        one["colour"] = COLOURS[index % len(COLOURS)]
    slackbot = {"id": SLACKBOT, "name": "Slackbot", "initials": "SB", "colour": "#4a4a50"}
    return [*everyone, slackbot]


def person(one: Person) -> Json:
    """A person with a face (initials in a colour) and a role to tell them by."""
    return {
        "id": one.id,
        "handle": one.handle,
        "name": one.real_name,
        "initials": "".join(word[0] for word in one.real_name.split()[:2]).upper(),
        "colour": BOT_COLOUR if one.id == BOT_USER else OTHER_BOT_COLOUR,
        "role": role(one),
        "kind": kind(one),
        "company": "Other company",
        "tz": one.tz,
        "bot": one.is_bot,
        "playable": not (one.is_bot or one.deleted),
    }


def kind(one: Person) -> str:
    """One of "bot", "outsider", "guest" and "member"."""
    if one.is_bot:
        return "bot"
    if one.team_id != TEAM_ID:
        return "outsider"
    return "guest" if one.is_restricted or one.is_ultra_restricted else "member"


def role(one: Person) -> str:
    """The label in the switcher: what they do, and where when it is not the usual place."""
    if one.is_bot:
        return "App"
    special = {"guest": "guest: sees some channels", "outsider": "from another company"}
    words = [one.title if kind(one) == "member" else special[kind(one)]]
    if one.is_admin:
        words.append("admin")
    city = one.tz.rsplit("/", 1)[-1].replace("_", " ")
    return " · ".join([*words, city])


# -- Workflow Builder


def steps(sandbox: Sandbox) -> list[Json]:
    """The app's steps, with what each asks for."""
    return [
        {
            "step": name,
            "title": declared["title"],
            "description": declared["description"],
            "inputs": [
                {"name": key, **about, "required": key in declared["input_parameters"]["required"]}
                for key, about in declared["input_parameters"]["properties"].items()
            ],
        }
        for name, declared in sandbox.switches.functions.items()
    ]


def runs(sandbox: Sandbox, viewer: Person) -> list[Json]:
    """How the steps ended that this person ran, oldest first."""
    with sandbox.workspace.lock:
        mine = [one for one in sandbox.workspace.executions.values() if one.by == viewer.id]
        return [
            {"id": one.id, "status": one.status, "outputs": one.outputs, "error": one.error}
            for one in mine[-5:]
        ]


# -- files


def shared(file: Json) -> Json:
    """A file's name, and for a picture where the page finds it and what it says."""
    is_picture = file["mimetype"].startswith("image/")
    url = f"/ui/picture/{file['id']}" if is_picture else ""
    return {"name": file["title"], "url": url, "alt": file.get("alt_txt", "")}


# -- sidebar


def sidebar(sandbox: Sandbox, notes: Notes, viewer: Person) -> list[Json]:
    """The channels this person is in, then the app; each with what is unread."""
    own = [one for one in sandbox.channels if viewer.id in one.members]
    found = [sidebar_entry(sandbox, notes, viewer, one) for one in own]
    if viewer.team_id == TEAM_ID:
        found.append(sidebar_entry(sandbox, notes, viewer, sandbox.workspace.direct(viewer)))
    return found


def sidebar_entry(sandbox: Sandbox, notes: Notes, viewer: Person, place: Channel) -> Json:
    """One line of the sidebar."""
    with sandbox.workspace.lock:
        posts = sandbox.workspace.visible(place.id)
    top = [one for one in posts if not one.is_reply or one.broadcast]
    mark = notes.last_read(viewer.id, place.id)
    unread = [one for one in top if one.ts > mark and one.user != viewer.id]
    app = sandbox.person(BOT_USER)
    return {
        "id": place.id,
        "name": app.real_name if place.is_im else place.name,
        "kind": "app" if place.is_im else "channel",
        "with": BOT_USER if place.is_im else "",
        "topic": place.topic,
        "members": 0 if place.is_im else len(place.members),
        "private": place.is_private,
        "archived": place.is_archived,
        "shared": place.is_ext_shared,
        "unread": len(unread),
        "mentions": sum(place.is_im or f"<@{viewer.id}" in one.text for one in unread),
        "latest": top[-1].ts if top else "",
        "read": mark,
    }


# -- activity

MOST_ACTIVITY = 30


def activity(sandbox: Sandbox, viewer: Person) -> list[Json]:
    """Who mentioned this person or answered in a thread they wrote in, newest first."""
    with sandbox.workspace.lock:
        own = [one for one in sandbox.channels if viewer.id in one.members]
        found = [one for place in own for one in _concerning(sandbox, viewer, place)]
    return sorted(found, key=lambda one: str(one["ts"]), reverse=True)[:MOST_ACTIVITY]


def _concerning(sandbox: Sandbox, viewer: Person, place: Channel) -> Iterator[Json]:
    posts = sandbox.workspace.visible(place.id)
    threads = {one.thread_ts or one.ts for one in posts if one.user == viewer.id}
    for one in posts:
        mention = f"<@{viewer.id}" in one.text
        if one.user != viewer.id and (mention or (one.is_reply and one.thread_ts in threads)):
            about = {"user": one.user, "text": one.text, "mention": mention}
            yield {"ts": one.ts, "channel": place.id, "thread_ts": one.thread_ts, **about}


# -- messages


def conversation(sandbox: Sandbox, notes: Notes, viewer: Person, place: Channel) -> list[Json]:
    """Everything in a channel as this person sees it, oldest first."""
    with sandbox.workspace.lock:
        public = [message(one) for one in sandbox.workspace.visible(place.id)]
    private = [*sandbox.ephemerals(viewer), *notes.told(viewer.id)]
    own = [
        whisper(one)
        for one in private
        if one.channel == place.id and not notes.is_dismissed(viewer.id, one.ts)
    ]
    return sorted([*public, *own], key=lambda one: str(one["ts"]))


def message(one: SlackMessage) -> Json:
    """A message that stands in a channel."""
    return {
        "id": one.ts,
        "ts": one.ts,
        "epoch": float(one.ts),
        "channel": one.channel,
        "user": one.user,
        "text": one.text,
        "blocks": one.blocks,
        "files": [shared(file) for file in one.files],
        "thread_ts": one.thread_ts,
        "broadcast": one.broadcast,
        "edited": one.edited is not None,
        "reactions": [{"name": r["name"], "users": list(r["users"])} for r in one.reactions],
        "ephemeral": False,
    }


def whisper(one: Ephemeral) -> Json:
    """A message only one person sees."""
    return {
        "id": one.ts,
        "ts": one.ts,
        "epoch": float(one.ts),
        "channel": one.channel,
        "user": teller(one),
        "text": one.text,
        "blocks": one.blocks,
        "thread_ts": one.thread_ts,
        "reactions": [],
        "ephemeral": True,
    }


def teller(one: Ephemeral) -> str:
    """Who says it: Slack itself, not the app, when a command failed or is not known."""
    failed = one.text.startswith("/") and (
        " failed with the error " in one.text or " is not a valid command" in one.text
    )
    return SLACKBOT if failed and not one.blocks else one.user or BOT_USER


# -- views


def view(one: View) -> Json:
    """A modal or a home, with the hash that tells an update from the same again."""
    keys = ("title", "submit", "close")
    parts = {key: one.body.get(key) for key in keys}
    seen = {"hash": one.hash, "blocks": one.blocks, "values": one.values}
    return {"id": one.id, "type": one.kind, **seen, **parts}


def modals(sandbox: Sandbox, viewer: Person) -> list[Json]:
    """The person's stack of modals, the one on top last."""
    workspace = sandbox.workspace
    with workspace.lock:
        stack = [workspace.views[id] for id in workspace.stacks.get(viewer.id, [])]
    return [view(one) for one in stack]
