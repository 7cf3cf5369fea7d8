"""What people do in channels and with controls; each deed is one request to the bot."""

from __future__ import annotations

from typing import Any

from sandbox.blocks import shapes
from sandbox.errors import NotPossible, SlackError
from sandbox.http import answers
from sandbox.http.bot_endpoint import BotEndpoint
from sandbox.http.tickets import ResponseTicket
from sandbox.model import (
    Answer,
    Change,
    Channel,
    Ephemeral,
    Event,
    Json,
    Person,
    SlackMessage,
    View,
)
from sandbox.people import controls, markup
from sandbox.state import APP_ID, BOT_USER, TEAM_DOMAIN, TEAM_ID, Workspace
from sandbox.web_api.reactions import add_to, take_from

MESSAGES_OF = {"im": "message.im", "group": "message.groups", "channel": "message.channels"}
"""Kind of conversation to the subscription that brings its messages."""


def here(ws: Workspace, who: str | Person, where: str | Channel) -> tuple[Person, Channel]:
    """The person and the channel, if this person is in it; NotPossible otherwise."""
    person = ws.person(who)
    place = ws.place(where, person)
    if person.id not in place.members:
        raise NotPossible(f"{person.handle} is not in #{place.name or place.id}")
    if person.deleted:
        raise NotPossible(f"{person.handle} is deactivated")
    return person, place


def writable(ws: Workspace, who: str | Person, where: str | Channel) -> tuple[Person, Channel]:
    """As `here`, and the channel is not archived."""
    person, place = here(ws, who, where)
    if place.is_archived:
        raise NotPossible(f"#{place.name} is archived")
    return person, place


def response_url(ws: Workspace, ticket: ResponseTicket) -> str:
    """A fresh response_url."""
    return f"{ws.url}/response/{ws.tickets.response(ticket)}"


def base(ws: Workspace, kind: str, person: Person) -> Json:
    """What every interaction carries. `team` is the app's, also when an outsider acts:
    `user.team_id` tells hers (slackapi/java-slack-sdk#1041).
    """
    return {
        "type": kind,
        "token": "sandbox-verification-token",
        "api_app_id": APP_ID,
        "team": {"id": TEAM_ID, "domain": TEAM_DOMAIN},
        "enterprise": None,
        "is_enterprise_install": False,
        "user": shapes.named(person),
        "trigger_id": ws.tickets.trigger(person.id, ws.now()),
    }


def command(endpoint: BotEndpoint, who: str | Person, where: str | Channel, text: str) -> Answer:
    """Type a slash command."""
    ws = endpoint.ws
    with ws.lock:
        person, place = writable(ws, who, where)
        name, _, rest = text.strip().partition(" ")
        if not name.startswith("/"):
            raise NotPossible(f"a command begins with /, this is {text!r}")
        ticket = ResponseTicket(person.id, place.id, ws.now())
        if ws.switches.commands is not None and name not in ws.switches.commands:
            return answers.unknown_command(ws, ticket, name)
        payload = _command(ws, person, place, name, rest.strip())
        payload["response_url"] = response_url(ws, ticket)
        since = ws.mint_ts()
    ack = endpoint.command(payload)
    return answers.to_command(ws, ticket, name, ack, since)


def _command(ws: Workspace, person: Person, place: Channel, name: str, text: str) -> Json:
    return {
        "token": "sandbox-verification-token",
        "team_id": person.team_id,
        "team_domain": TEAM_DOMAIN if person.team_id == TEAM_ID else "other",
        "channel_id": place.id,
        "channel_name": "directmessage" if place.is_im else place.name,
        "user_id": person.id,
        "user_name": person.handle,
        "command": name,
        "text": markup.in_command(ws, text) if ws.switches.escape_commands else text,
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
        "trigger_id": ws.tickets.trigger(person.id, ws.now()),
    }


def click(
    endpoint: BotEndpoint,
    who: str | Person,
    on: SlackMessage | Ephemeral | View,
    what: str,
    value: Any,
    block_id: str | None,
) -> Answer:
    """Use a control: one block_actions request."""
    ws = endpoint.ws
    with ws.lock:
        block, element = _pressed(on, what, value, block_id)
        action = _action(ws, block, element, what if value is None else value)
        person = ws.person(who)
        if isinstance(on, View):
            payload = _on_view(ws, person, on, action)
        else:
            payload = _on_message(ws, who, on, action)
        since = ws.mint_ts()
    ack = endpoint.interaction(payload)
    return answers.to_click(ws, person.id, ack, since)


def _pressed(
    on: SlackMessage | Ephemeral | View, what: str, value: Any, block_id: str | None
) -> tuple[Json, Json]:
    """The (block, element) on the person's screen. The bot may have changed what is there since it
    was drawn: Slack sends the press all the same."""
    earlier = on.earlier if isinstance(on, View) else []
    for blocks in [on.blocks, *earlier]:
        if block_id is None or any(block["block_id"] == block_id for block in blocks):
            return controls.find(blocks, what, value, block_id)
    return controls.find(on.blocks, what, value)


def _action(ws: Workspace, block: Json, element: Json, choice: Any) -> Json:
    action = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "action_ts": ws.mint_ts(),
    }
    if element["type"] != "button":
        return action | controls.picked(ws, element, choice)
    kept = {name: element[name] for name in ("text", "value", "style") if name in element}
    return action | kept


def _state(blocks: list[Json], action: Json) -> Json:
    """state.values of a message: what its menus start with, and what was picked just now."""
    values = controls.initial_values(blocks)
    entry = values.get(action["block_id"], {}).get(action["action_id"])
    if entry is not None:
        entry.update({name: action[name] for name in entry if name in action})
    return {"values": values}


def _on_message(ws: Workspace, who: str | Person, on: SlackMessage | Ephemeral, act: Json) -> Json:
    person, place = here(ws, who, on.channel)
    private = isinstance(on, Ephemeral)
    if isinstance(on, Ephemeral) and on.viewer != person.id:
        raise NotPossible(f"{person.handle} does not see this message")
    ticket = ResponseTicket(person.id, place.id, ws.now(), on.ts, private, on.thread_ts)
    payload = base(ws, "block_actions", person) | {
        "container": _container(on, private),
        "channel": {"id": place.id, "name": "directmessage" if place.is_im else place.name},
        "state": _state(on.blocks, act),
        "response_url": response_url(ws, ticket),
        "actions": [act],
    }
    standing = ws.message(place.id, on.ts)
    if standing is not None and not private:
        payload["message"] = shapes.message(standing, ws)
    return payload


def _container(on: SlackMessage | Ephemeral, private: bool) -> Json:
    thread = {"thread_ts": on.thread_ts} if on.thread_ts else {}
    return {
        "type": "message",
        "message_ts": on.ts,
        "channel_id": on.channel,
        "is_ephemeral": private,
        **thread,
    }


def _on_view(ws: Workspace, person: Person, on: View, action: Json) -> Json:
    """A click in a modal or home; what is picked there stays in the view's state."""
    view = ws.views[on.id]
    if view.viewer != person.id:
        raise NotPossible(f"{person.handle} does not see this view")
    field = controls.result_field(action)
    if action["type"] not in ("button", "overflow"):
        entry = {"type": action["type"], field: action[field]}
        view.values.setdefault(action["block_id"], {})[action["action_id"]] = entry
    return base(ws, "block_actions", person) | {
        "container": {"type": "view", "view_id": view.id},
        "view": shapes.view(view),
        "actions": [action],
    }


def shortcut(
    endpoint: BotEndpoint, who: str | Person, callback_id: str, message: SlackMessage | None
) -> Answer:
    """Run a global or a message shortcut."""
    ws = endpoint.ws
    with ws.lock:
        person = ws.person(who)
        payload = base(ws, "shortcut", person)
        if message is not None:
            payload = _message_shortcut(ws, person, message)
        payload |= {"callback_id": callback_id, "action_ts": ws.mint_ts()}
        since = ws.mint_ts()
    return answers.to_click(ws, person.id, endpoint.interaction(payload), since)


def _message_shortcut(ws: Workspace, who: Person, message: SlackMessage) -> Json:
    person, place = here(ws, who, message.channel)
    ticket = ResponseTicket(person.id, place.id, ws.now(), thread_ts=message.thread_ts)
    return base(ws, "message_action", person) | {
        "channel": {"id": place.id, "name": place.name or "directmessage"},
        "message": shapes.message(ws.posts[place.id][message.ts], ws),
        "message_ts": message.ts,
        "response_url": response_url(ws, ticket),
    }


def react(
    endpoint: BotEndpoint, who: str | Person, message: SlackMessage, name: str
) -> Event | None:
    """Add a reaction."""
    return _reaction(endpoint, who, message, name.strip(":"), "reaction_added")


def unreact(
    endpoint: BotEndpoint, who: str | Person, message: SlackMessage, name: str
) -> Event | None:
    """Take one's reaction back."""
    return _reaction(endpoint, who, message, name.strip(":"), "reaction_removed")


def _reaction(
    endpoint: BotEndpoint, who: str | Person, message: SlackMessage, name: str, kind: str
) -> Event | None:
    ws = endpoint.ws
    with ws.lock:
        person, place = writable(ws, who, message.channel)
        post = ws.message(place.id, message.ts)
        if post is None:
            raise NotPossible("that message is gone")
        try:
            (add_to if kind == "reaction_added" else take_from)(post, person.id, name)
        except SlackError as error:
            raise NotPossible(f"{person.handle} cannot: {error.error}") from None
        ws.announce(Change("message", place.id))
        event: Json = {
            "type": kind,
            "user": person.id,
            "reaction": name,
            "item": {"type": "message", "channel": place.id, "ts": post.ts},
            "event_ts": ws.mint_ts(),
        }
        if ws.switches.item_user:
            event["item_user"] = post.user
    return endpoint.event(event, place)


def say(
    endpoint: BotEndpoint, who: str | Person, where: str | Channel, text: str, thread: str | None
) -> SlackMessage:
    """Write a message; the bot hears of it where it is subscribed, and of being mentioned."""
    ws = endpoint.ws
    with ws.lock:
        person, place = writable(ws, who, where)
        if thread is not None and ws.message(place.id, thread) is None:
            raise NotPossible("that thread is gone")
        post = ws.add(_written(ws, person, place, markup.in_message(ws, text), thread))
        event = _message_event(ws, person, place, post)
    endpoint.event(event, place, MESSAGES_OF[place.kind])
    if f"<@{BOT_USER}>" in post.text and not place.is_im:
        mention = {k: v for k, v in event.items() if k != "channel_type"}
        endpoint.event(mention | {"type": "app_mention"}, place)
    return post


def _written(
    ws: Workspace, person: Person, place: Channel, text: str, thread: str | None
) -> SlackMessage:
    post = SlackMessage(ws.mint_ts(), place.id, person.id, text, thread_ts=thread)
    if person.is_bot:
        post.bot_id, post.app_id, post.subtype = person.bot_id, person.app_id, "bot_message"
    else:
        post.client_msg_id = f"sandbox-{ws.ids.number('said')}"
    return post


def _message_event(ws: Workspace, person: Person, place: Channel, post: SlackMessage) -> Json:
    event = shapes.message(post, ws) | {
        "channel": place.id,
        "channel_type": place.kind,
        "event_ts": post.ts,
    }
    if place.is_ext_shared:
        event |= {"user_team": person.team_id, "source_team": person.team_id}
    return event
