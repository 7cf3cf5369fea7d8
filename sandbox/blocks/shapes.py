"""The JSON that Slack shows for people, channels, messages and views."""

from __future__ import annotations

import copy
from datetime import datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from sandbox.model import Channel, File, Json, Person, SlackMessage, View
from sandbox.state import APP_ID, BOT_ID, BOT_USER, OTHER_TEAM_ID, TEAM_ID, Workspace

MIMETYPES = {
    "csv": "text/csv",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
}


def user(person: Person, now: datetime) -> Json:
    """A user object, as in users.info and user_change."""
    return {
        "id": person.id,
        "team_id": person.team_id,
        "name": person.handle,
        "deleted": person.deleted,
        "color": "4bbe2e",
        "real_name": person.real_name,
        **_zone(person, now),
        "profile": _profile(person),
        "is_admin": person.is_admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": person.is_restricted,
        "is_ultra_restricted": person.is_ultra_restricted,
        "is_bot": person.is_bot,
        "is_app_user": False,
        "updated": 1_790_000_000,
    }


def _zone(person: Person, now: datetime) -> Json:
    local = now.astimezone(ZoneInfo(person.tz))
    offset = local.utcoffset()
    seconds = int(offset.total_seconds()) if offset else 0
    return {"tz": person.tz, "tz_label": local.tzname(), "tz_offset": seconds}


def _profile(person: Person) -> Json:
    bot = {"bot_id": person.bot_id, "api_app_id": person.app_id} if person.is_bot else {}
    return {
        "title": person.title,
        "real_name": person.real_name,
        "real_name_normalized": person.real_name,
        "display_name": person.real_name,
        "display_name_normalized": person.real_name,
        "team": person.team_id,
        **bot,
    }


def channel(place: Channel) -> Json:
    """A conversation object as the bot sees it."""
    base = {
        "id": place.id,
        "created": place.created,
        "is_archived": place.is_archived,
        "is_im": place.is_im,
        "is_mpim": False,
        "is_org_shared": False,
        "context_team_id": TEAM_ID,
        "updated": place.created * 1000,
    }
    if place.is_im:
        return {**base, "user": place.user, "is_user_deleted": False, "priority": 0}
    return {**base, **_named(place), **_shared(place)}


def _named(place: Channel) -> Json:
    return {
        "name": place.name,
        "name_normalized": place.name,
        "is_channel": not place.is_private,
        "is_group": place.is_private,
        "is_private": place.is_private,
        "is_general": place.name == "general",
        "is_member": BOT_USER in place.members,
        "unlinked": 0,
        "creator": "U0PRIYA",
        "topic": {"value": place.topic, "creator": "U0PRIYA", "last_set": place.created},
        "purpose": {"value": place.topic, "creator": "U0PRIYA", "last_set": place.created},
        "previous_names": [],
    }


def _shared(place: Channel) -> Json:
    teams = [TEAM_ID, OTHER_TEAM_ID] if place.is_ext_shared else [TEAM_ID]
    return {
        "is_shared": place.is_ext_shared,
        "is_ext_shared": place.is_ext_shared,
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "pending_connected_team_ids": [],
        "shared_team_ids": teams,
    }


def message(post: SlackMessage, ws: Workspace, metadata: bool = True) -> Json:
    """A message object, as in history and in the answer of chat.postMessage."""
    shown: Json = {
        "type": "message",
        "user": post.user,
        "ts": post.ts,
        "text": post.text,
        "team": ws.people[post.user].team_id if post.user in ws.people else TEAM_ID,
        **_optional(post),
        **_thread(post, ws),
    }
    if metadata and post.metadata:
        shown["metadata"] = copy.deepcopy(post.metadata)
    return shown


def _optional(post: SlackMessage) -> Json:
    """Fields that Slack leaves out when they are empty."""
    fields: Json = {
        "subtype": post.subtype,
        "bot_id": post.bot_id,
        "app_id": post.app_id,
        "client_msg_id": post.client_msg_id,
        "blocks": copy.deepcopy(post.blocks),
        "files": copy.deepcopy(post.files),
        "edited": post.edited,
        "reactions": copy.deepcopy(post.reactions),
        "thread_ts": post.thread_ts,
    }
    return {name: value for name, value in fields.items() if value}


def _thread(post: SlackMessage, ws: Workspace) -> Json:
    """What a thread's first message tells about its replies."""
    replies = [] if post.is_reply else ws.replies(post.channel, post.ts)
    if not replies:
        return {"parent_user_id": _parent_user(post, ws)} if post.is_reply else {}
    people = list(dict.fromkeys(reply.user for reply in replies))
    return {
        "thread_ts": post.ts,
        "reply_count": len(replies),
        "reply_users": people[:5],
        "reply_users_count": len(people),
        "latest_reply": replies[-1].ts,
    }


def _parent_user(post: SlackMessage, ws: Workspace) -> str | None:
    parent = ws.message(post.channel, post.thread_ts or "")
    return parent.user if parent else None


def file(shared: File, url: str, processed: bool = True) -> Json:
    """A file object, as in files.info and in messages; Slack looks into it after it is there."""
    where = f"{url}/files/{shared.id}/{quote(shared.name)}"
    return {
        "id": shared.id,
        "name": shared.name,
        "title": shared.title or shared.name,
        "mimetype": mimetype(shared) if processed else "",
        **({"alt_txt": shared.alt} if shared.alt else {}),
        "filetype": shared.kind if processed else "",
        "user": shared.user,
        "size": len(shared.data),
        "created": shared.created,
        "mode": "hosted",
        "is_external": False,
        "url_private": where,
        "url_private_download": where,
        "permalink": where,
        "ims": [shared.channel] if shared.channel.startswith("D") else [],
        "channels": [shared.channel] if shared.channel.startswith("C") else [],
    }


def mimetype(shared: File) -> str:
    """A file's type, by the ending of its name."""
    return MIMETYPES.get(shared.kind, "application/octet-stream")


def view(shown: View) -> Json:
    """A view object, as in payloads and in the answers of views.*."""
    body = copy.deepcopy(shown.body)
    return {
        "id": shown.id,
        "team_id": TEAM_ID,
        "app_id": APP_ID,
        "app_installed_team_id": TEAM_ID,
        "bot_id": BOT_ID,
        "type": body["type"],
        "callback_id": body.get("callback_id", ""),
        "external_id": body.get("external_id", ""),
        "private_metadata": body.get("private_metadata", ""),
        "title": body.get("title"),
        "submit": body.get("submit"),
        "close": body.get("close"),
        "clear_on_close": body.get("clear_on_close", False),
        "notify_on_close": body.get("notify_on_close", False),
        "blocks": body["blocks"],
        "state": {"values": copy.deepcopy(shown.values)},
        "hash": shown.hash,
        "root_view_id": shown.root_id,
        "previous_view_id": shown.previous_id,
    }


def named(person: Person) -> dict[str, Any]:
    """The short form of a person in interactions."""
    return {
        "id": person.id,
        "username": person.handle,
        "name": person.handle,
        "team_id": person.team_id,
    }
