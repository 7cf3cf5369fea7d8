"""chat.*: what the bot writes, changes and takes back."""

from __future__ import annotations

import copy
from datetime import timedelta

from sandbox.blocks import shapes
from sandbox.blocks.block_rules import texts, with_ids
from sandbox.blocks.rules import KIND_TEXT, LONGEST_UPDATE, check_message, check_metadata
from sandbox.errors import SlackError
from sandbox.model import Change, Channel, Ephemeral, Json, SlackMessage
from sandbox.people import access
from sandbox.state import APP_ID, BOT_ID, BOT_USER, Workspace

LONGEST_BLOCKS = 12_000


def post_message(ws: Workspace, args: Json) -> Json:
    """chat.postMessage."""
    place = access.addressee(ws, args["channel"])
    _check(ws, args, "chat.postMessage")
    post = bot_message(ws, place, args)
    post.client_msg_id = args.get("client_msg_id", "")
    post.broadcast = args.get("reply_broadcast", False)
    if "_visible_in" in args:
        post.visible_at = ws.now() + timedelta(seconds=args["_visible_in"])
    ws.add(post)
    return {"channel": place.id, "ts": post.ts, "message": shapes.message(post, ws)}


def _check(ws: Workspace, args: Json, method: str) -> None:
    """Refuse what Slack refuses, complain about what it would cut."""
    if args.get("attachments"):
        raise SlackError("invalid_arguments", ["[ERROR] attachments are not imitated: use blocks"])
    check_message(args.get("text"), args.get("blocks"), shows=access.pictures(ws))
    check_metadata(args.get("metadata"))
    # Undocumented: slackapi/bolt-js#2509. Answers to commands are spared.
    if sum(map(len, texts(args.get("blocks")))) > LONGEST_BLOCKS:
        raise SlackError("msg_blocks_too_long")
    if len(args["text"]) > KIND_TEXT:
        ws.complain(f"{method}: the text has {len(args['text'])} characters, aim for {KIND_TEXT}")


def bot_message(ws: Workspace, place: Channel, args: Json) -> SlackMessage:
    """A message by the bot, with ids given to its blocks, not yet in its channel."""
    return SlackMessage(
        ts=ws.mint_ts(),
        channel=place.id,
        user=BOT_USER,
        text=args["text"],
        blocks=kept_blocks(ws, args.get("blocks")),
        thread_ts=_thread_root(ws, place, args.get("thread_ts")),
        metadata=copy.deepcopy(args.get("metadata")) or None,
        bot_id=BOT_ID,
        app_id=APP_ID,
    )


def kept_blocks(ws: Workspace, blocks: list[Json] | None) -> list[Json]:
    """A copy of the blocks with the ids that Slack adds."""
    return with_ids(copy.deepcopy(blocks or []), lambda: ws.ids.next("b"))


def _thread_root(ws: Workspace, place: Channel, ts: str | None) -> str | None:
    """The ts of the thread's first message; a reply to a reply goes to the same thread."""
    if not ts:
        return None
    found = ws.message(place.id, ts)
    if found is None:
        raise SlackError("thread_not_found")
    return found.thread_ts or found.ts


def post_ephemeral(ws: Workspace, args: Json) -> Json:
    """chat.postEphemeral."""
    place = access.addressee(ws, args["channel"])
    viewer = access.person(ws, args["user"])
    if viewer.id not in place.members:
        raise SlackError("user_not_in_channel")
    _check(ws, args, "chat.postEphemeral")
    thread = args.get("thread_ts")
    blocks = kept_blocks(ws, args.get("blocks"))
    ts = ws.mint_ts()
    ws.whisper(Ephemeral(ts, place.id, viewer.id, args["text"], blocks, thread, BOT_USER, ts))
    return {"message_ts": ts}


def _own(ws: Workspace, args: Json, error: str) -> SlackMessage:
    """The bot's own message by channel and ts; `error` when it is someone else's."""
    place = access.joined(ws, args["channel"])
    if place.is_archived:
        raise SlackError("is_archived")
    post = access.message(ws, place, args["ts"])
    if post.user != BOT_USER:
        raise SlackError(error)
    return post


def update(ws: Workspace, args: Json) -> Json:
    """chat.update. Blocks and metadata that are not given stay as they are."""
    post = _own(ws, args, "cant_update_message")
    said = args.get("text") or post.text
    check_message(said, args.get("blocks"), LONGEST_UPDATE, shows=access.pictures(ws))
    check_metadata(args.get("metadata"))
    if args.get("blocks") and not args.get("text"):
        raise SlackError("no_text", ["new blocks need a new fallback `text`"])
    post.text = said
    if "blocks" in args:
        post.blocks = kept_blocks(ws, args["blocks"])
    if "metadata" in args:
        post.metadata = copy.deepcopy(args["metadata"]) or None
    post.edited = {"user": BOT_USER, "ts": ws.mint_ts()}
    ws.announce(Change("message", post.channel))
    shown = shapes.message(post, ws)
    return {"channel": post.channel, "ts": post.ts, "text": post.text, "message": shown}


def delete(ws: Workspace, args: Json) -> Json:
    """chat.delete."""
    post = _own(ws, args, "cant_delete_message")
    del ws.posts[post.channel][post.ts]
    ws.announce(Change("message", post.channel))
    return {"channel": post.channel, "ts": post.ts}


def get_permalink(ws: Workspace, args: Json) -> Json:
    """chat.getPermalink: an address on the sandbox's own page."""
    place = access.channel(ws, args["channel"])
    post = access.message(ws, place, args["message_ts"])
    thread = f"?thread_ts={post.thread_ts}&cid={place.id}" if post.is_reply else ""
    link = f"{ws.url}/archives/{place.id}/p{post.ts.replace('.', '')}{thread}"
    return {"channel": place.id, "permalink": link}


METHODS = {
    "chat.postMessage": post_message,
    "chat.postEphemeral": post_ephemeral,
    "chat.update": update,
    "chat.delete": delete,
    "chat.getPermalink": get_permalink,
}
