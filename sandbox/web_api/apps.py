"""auth.test, api.test and apps.connections.open."""

from __future__ import annotations

from sandbox.model import Json
from sandbox.state import BOT_ID, BOT_USER, TEAM_ID, TEAM_NAME, Workspace


def auth_test(ws: Workspace, args: Json) -> Json:
    """Who the bot is."""
    return {
        "url": ws.url + "/",
        "team": TEAM_NAME,
        "user": ws.people[BOT_USER].handle,
        "team_id": TEAM_ID,
        "user_id": BOT_USER,
        "bot_id": BOT_ID,
        "is_enterprise_install": False,
    }


def api_test(ws: Workspace, args: Json) -> Json:
    """Nothing but "here"."""
    return {"args": args}


def connections_open(ws: Workspace, args: Json) -> Json:
    """A fresh address for a Socket Mode connection."""
    return {"url": ws.url.replace("http", "ws", 1) + f"/link?ticket={ws.ids.next('link')}"}


METHODS = {"auth.test": auth_test, "api.test": api_test, "apps.connections.open": connections_open}
