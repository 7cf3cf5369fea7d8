"""What can become of a call that writes, and which of Slack's words mean which. Only what is listed
here is definite. An error that is not listed, a 5xx, a time-out, an answer that breaks off: all of
them may have posted, so they are `Unknown`. The lists follow Slack's reference of chat.postMessage,
chat.update, chat.postEphemeral and views.publish."""

from dataclasses import dataclass
from enum import StrEnum


class Reach(StrEnum):
    """How far a refusal reaches."""

    MESSAGE = "message"  # this message only
    CHANNEL = "channel"  # every message to that channel or person
    WORKSPACE = "workspace"  # every call with this token


@dataclass(frozen=True)
class Sent:
    """Slack took it; where it stands, if the call makes a message."""

    channel: str | None = None
    ts: str | None = None


@dataclass(frozen=True)
class Refused:
    """Slack said no, and did nothing. `permanent`: the same words will be refused again."""

    error: str
    permanent: bool
    reach: Reach = Reach.MESSAGE


@dataclass(frozen=True)
class RateLimited:
    """Too fast; nothing was done. `retry_after` in seconds."""

    retry_after: float


@dataclass(frozen=True)
class Offline:
    """No connection came about, so nothing can have been sent."""

    why: str


@dataclass(frozen=True)
class Unknown:
    """It may have been done. Look before trying again."""

    why: str


Outcome = Sent | Refused | RateLimited | Offline | Unknown

DEFAULT_RETRY_AFTER = 30.0

_WORKSPACE = frozenset(
    "token_revoked account_inactive invalid_auth not_authed token_expired "
    "team_access_not_granted org_login_required".split()
)
_CHANNEL = frozenset(
    "is_archived not_in_channel channel_not_found restricted_action_read_only_channel "
    "restricted_action_thread_only_channel restricted_action_non_threadable_channel "
    "restricted_action user_not_found user_disabled cannot_dm_bot messages_tab_disabled".split()
)
_RATE_LIMITED = frozenset("ratelimited rate_limited message_limit_exceeded".split())
# The same words will never be taken.
_BAD_MESSAGE = frozenset(
    "invalid_blocks invalid_blocks_format invalid_arguments invalid_arg_name invalid_array_arg "
    "invalid_metadata_format invalid_metadata_schema metadata_too_large msg_too_long "
    "msg_blocks_too_long no_text too_many_attachments invalid_attachments invalid_json "
    "json_not_object invalid_form_data invalid_post_type missing_post_type missing_charset "
    "invalid_charset cannot_reply_to_message thread_not_found "
    "message_not_found cant_update_message cant_delete_message edit_window_closed block_mismatch "
    "user_not_in_channel view_too_large invalid_user_id not_enabled not_found hash_conflict "
    "expired_url used_url invalid_payload no_service no_active_hooks "
    "attachment_payload_limit_exceeded duplicate_external_id parameter_validation_failed".split()
)
# Somebody can mend it: worth trying again.
_FIXABLE = frozenset(
    "external_channel_migrating missing_scope no_permission access_denied ekm_access_denied "
    "not_allowed_token_type method_deprecated deprecated_endpoint "
    "team_added_to_org team_not_found enterprise_is_restricted".split()
)


def outcome_of_error(error: str, retry_after: float | None = None) -> Outcome:
    """The outcome that an `error` word of a complete answer with `"ok": false` means."""
    if error in _RATE_LIMITED:
        return RateLimited(retry_after or DEFAULT_RETRY_AFTER)
    if error in _WORKSPACE:
        return Refused(error, permanent=False, reach=Reach.WORKSPACE)
    if error in _CHANNEL:
        return Refused(error, permanent=False, reach=Reach.CHANNEL)
    if error in _BAD_MESSAGE or error in _FIXABLE:
        return Refused(error, permanent=error in _BAD_MESSAGE)
    return Unknown(f"Slack answered {error[:80]!r}")
