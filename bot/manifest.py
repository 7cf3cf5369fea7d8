"""The Slack app's manifest, made from the code: commands, scopes, events. Each scope is there for a
call that the program makes; docs/slack.md says which."""

from typing import Any

from bot.handlers.command_table import COMMANDS
from bot.messages.workspace import prompts

# Slack's own limits: docs.slack.dev/reference/app-manifest (name 35, description 140).
NAME = "Linchpin"
DESCRIPTION = "One process for every account, from first contact to advocate."
LONG_DESCRIPTION = (
    "Linchpin tracks the lifecycle stage of each customer account and nudges whichever department "
    "owns the next small touchpoint. Slash commands log interactions and move accounts; reactions "
    "and buttons answer nudges; a weekly digest tells each department, each account manager and "
    "the company what matters. It answers full members of your workspace only, and never posts "
    "account data in channels shared with other companies."
)
SCOPES: dict[str, str] = {
    "commands": "the slash commands",
    "app_mentions:read": "hears when it is mentioned, and answers in the thread",
    "assistant:write": "what it suggests to ask when its conversation is opened",
    "chat:write": "nudges, answers, digests",
    "reactions:read": "reactions on nudges are answers",
    "users:read": "names and time zones; guests are refused",
    "users:read.email": "finds the managers that a CRM export names by e-mail",
    "channels:read": "finds the departments' channels; sees which are shared outside",
    "groups:read": "the same for private channels",
    "channels:history": "looks whether a message came when the connection broke",
    "groups:history": "the same in private channels",
    "im:history": "hears what is said to it in direct messages; looks for its own there",
    "im:write": "opens the direct message with an account's manager",
    "files:write": "uploads the chart that the company's digest shows",
    "files:read": "reads a CSV file of accounts that an admin drops into our messages",
}
# callback_id: (type, name, description)
SHORTCUTS: dict[str, tuple[str, str, str]] = {
    "log_message": (
        "message",
        "Log to an account",
        "Remember this message as an interaction with a customer",
    ),
    "value_message": (
        "message",
        "Note what they got",
        "Remember this message as value for a customer",
    ),
    "log_interaction": ("global", "Log an interaction", "Remember what happened with a customer"),
    "account_lookup": (
        "global",
        "Where does it stand?",
        "Show an account's stage, what comes next and what happened lately",
    ),
}
EVENTS = (
    "app_home_opened app_mention channel_archive channel_left channel_rename channel_shared "
    "channel_unarchive channel_unshared file_shared group_archive group_left "
    "group_rename group_unarchive member_joined_channel message.im reaction_added "
    "reaction_removed team_join user_change"
).split()


def manifest(url: str | None = None) -> dict[str, Any]:
    """The manifest as Slack takes it: Socket Mode, or with `url` the address of `web`."""
    endpoint = {"request_url": url} if url else {}
    suggestions = {"message_menu_options_url": url} if url else {}
    command_endpoint = {"url": url} if url else {}
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": NAME,
            "description": DESCRIPTION,
            "long_description": LONG_DESCRIPTION,
            "background_color": "#1f3a4d",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "agent_view": {
                "agent_description": prompts.DESCRIPTION,
                "suggested_prompts": prompts.manifest_prompts(),
            },
            "bot_user": {"display_name": NAME, "always_online": True},
            "shortcuts": [
                {"type": kind, "callback_id": callback, "name": name, "description": purpose}
                for callback, (kind, name, purpose) in SHORTCUTS.items()
            ],
            "slash_commands": [
                {
                    "command": name,
                    "description": command.purpose[:1].upper() + command.purpose[1:],
                    "usage_hint": command.lines[1][0].removeprefix(name).strip(),
                    "should_escape": True,
                    **command_endpoint,
                }
                for name, command in COMMANDS.items()
            ],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": EVENTS, **endpoint},
            "interactivity": {"is_enabled": True, **endpoint, **suggestions},
            "socket_mode_enabled": url is None,
            "token_rotation_enabled": False,
        },
    }
