"""Slack's JSON of a workspace, a person, a channel, in our words."""

from typing import Any

from bot.rules.slack_facts import ChannelFacts, FileFacts, PersonFacts, WorkspaceFacts

Json = dict[str, Any]
_SLACKBOT = "USLACKBOT"  # is_bot is false for it


def parse_workspace(answer: Json, scopes: str | None = None) -> WorkspaceFacts:
    """From `auth.test` and the header `x-oauth-scopes` that comes with it. An org-wide installation
    has no team: its enterprise stands for it."""
    return WorkspaceFacts(
        id=str(answer.get("team_id") or answer.get("enterprise_id") or ""),
        name=str(answer.get("team") or ""),
        bot_user_id=str(answer.get("user_id") or ""),
        enterprise_id=answer.get("enterprise_id"),
        scopes=None if scopes is None else frozenset(scopes.replace(" ", "").split(",")),
    )


def parse_person(user: Json) -> PersonFacts:
    """From a user object of `users.info`, `users.list`, `user_change`, `team_join`."""
    profile: Json = user.get("profile") or {}
    real_name = str(user.get("real_name") or profile.get("real_name") or "")
    shown = str(profile.get("display_name") or real_name or user.get("name") or user["id"])
    return PersonFacts(
        user_id=str(user["id"]),
        team_id=str(user.get("team_id") or profile.get("team") or ""),
        name=shown,
        real_name=real_name,
        handle=str(user.get("name") or ""),
        email=str(profile.get("email") or ""),
        tz=str(user.get("tz") or "UTC"),
        is_admin=_has_any(user, "is_admin", "is_owner", "is_primary_owner"),
        is_guest=_has_any(user, "is_restricted", "is_ultra_restricted", "is_stranger"),
        is_bot=_has_any(user, "is_bot", "is_workflow_bot") or user["id"] == _SLACKBOT,
        is_deleted=_has_any(user, "deleted"),
    )


def parse_channel(found: Json) -> ChannelFacts:
    """From a channel object of `conversations.info` and `conversations.list`."""
    pending = bool(found.get("is_pending_ext_shared"))
    return ChannelFacts(
        channel_id=str(found["id"]),
        name=str(found.get("name") or found["id"]),
        is_member=_has_any(found, "is_member"),
        is_shared_outside=_has_any(found, "is_ext_shared") or pending,
        is_archived=_has_any(found, "is_archived"),
    )


def parse_file(found: Json) -> FileFacts:
    """From a file object of `files.info`."""
    return FileFacts(
        file_id=str(found["id"]),
        name=str(found.get("name") or "the file"),
        size=int(found.get("size") or 0),
        url=str(found.get("url_private_download") or found.get("url_private") or ""),
        is_processed=bool(found.get("mimetype")),
    )


def _has_any(found: Json, *names: str) -> bool:
    return any(bool(found.get(name)) for name in names)
