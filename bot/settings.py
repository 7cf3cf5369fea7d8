"""The settings, read from `.env` and the environment, which nothing else reads."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.rules.errors import UserError

ROOT = Path(__file__).resolve().parent.parent

# Where a person finds each secret, and how it begins (Slack's documented prefixes; a bot token
# that rotates begins with `xoxe.`).
_SECRET_PLACES = {
    "SLACK_BOT_TOKEN": "OAuth & Permissions → Bot User OAuth Token (it begins with xoxb-)",
    "SLACK_APP_TOKEN": "Basic Information → App-Level Tokens → Generate, with the scope "
    "connections:write (it begins with xapp-)",
    "SLACK_SIGNING_SECRET": "Basic Information → App Credentials → Signing Secret",
}
_SECRET_PREFIXES = {"SLACK_BOT_TOKEN": ("xoxb-", "xoxe."), "SLACK_APP_TOKEN": ("xapp-",)}
# Slack's own command line starts an app with the tokens of the app that it has just installed.
_SLACK_CLI = {"SLACK_CLI_XOXB": "slack_bot_token", "SLACK_CLI_XAPP": "slack_app_token"}
_MEMBER_ID = re.compile(r"[UW][A-Z0-9]+")
# The variable that each platform sets whose disk is emptied at a restart (from their documents).
_PLATFORMS = {
    "DYNO": "Heroku",
    "RENDER": "Render",
    "FLY_APP_NAME": "Fly.io",
    "RAILWAY_ENVIRONMENT_NAME": "Railway",
    "K_SERVICE": "Cloud Run",
}
_POSTGRES = re.compile(r"^(postgres|postgresql)://")


class Settings(BaseSettings):
    """The settings of a process; `load` makes them. Secrets never appear in its repr. In a test, a
    setting with an alias is given by the alias: Settings(LINCHPIN_ADMINS=…)."""

    # Not populated by field name: another program's LOG_LEVEL or ADMINS would count as ours.
    model_config = SettingsConfigDict(
        frozen=True, extra="ignore", env_ignore_empty=True, hide_input_in_errors=True
    )

    slack_bot_token: SecretStr = SecretStr("")
    slack_app_token: SecretStr = SecretStr("")
    slack_signing_secret: SecretStr = SecretStr("")
    slack_api_url: str = "https://slack.com/api/"
    database_url: str = Field(default="sqlite:///linchpin.db", repr=False)
    sqlite_lasts: bool = Field(default=False, validation_alias="LINCHPIN_SQLITE_LASTS")
    port: int = Field(default=3000, ge=0, le=65535)
    playbook: Path = Field(
        default=ROOT / "playbooks" / "default.yaml", validation_alias="LINCHPIN_PLAYBOOK"
    )
    admins: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), validation_alias="LINCHPIN_ADMINS"
    )
    settle_seconds: int = Field(default=120, ge=0, validation_alias="LINCHPIN_SETTLE_SECONDS")
    tick_seconds: int = Field(default=5, ge=1, validation_alias="LINCHPIN_TICK_SECONDS")
    health_address: str = Field(default="", validation_alias="LINCHPIN_HEALTH_ADDRESS")
    heartbeat_url: str = Field(default="", repr=False, validation_alias="LINCHPIN_HEARTBEAT_URL")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", validation_alias="LINCHPIN_LOG_LEVEL"
    )

    @field_validator("slack_bot_token", "slack_app_token")
    @classmethod
    def _right_kind(cls, value: SecretStr, info: Any) -> SecretStr:
        variable = info.field_name.upper()
        token = value.get_secret_value()
        if token and not token.startswith(_SECRET_PREFIXES[variable]):
            raise ValueError(f"is another kind of token; find it under {_SECRET_PLACES[variable]}")
        return value

    @field_validator("slack_api_url")
    @classmethod
    def _with_slash(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("should begin with https://, as https://slack.com/api/ does")
        return value.rstrip("/") + "/"

    @field_validator("database_url")
    @classmethod
    def _with_driver(cls, value: str) -> str:
        url = _POSTGRES.sub("postgresql+psycopg://", value)
        if not url.startswith(("sqlite://", "postgresql+psycopg://")):
            raise ValueError("should begin with sqlite:/// or postgresql://")
        return url

    @field_validator("health_address")
    @classmethod
    def _place(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        if value and not (host and port.isdecimal() and int(port) <= 65535):
            raise ValueError("should be a host and a port, such as 127.0.0.1:9090")
        return value

    @field_validator("heartbeat_url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("should begin with https://")
        return value

    @field_validator("playbook")
    @classmethod
    def _at_home(cls, value: Path) -> Path:
        return value.expanduser()

    @field_validator("admins", mode="before")
    @classmethod
    def _member_ids(cls, value: str | tuple[str, ...]) -> tuple[str, ...]:
        parts = value.split(",") if isinstance(value, str) else value
        ids = tuple(part.strip() for part in parts if part.strip())
        if not all(map(_MEMBER_ID.fullmatch, ids)):
            raise ValueError(
                "takes Slack member IDs with commas between them, such as U012AB3CD; "
                'a person\'s profile has "Copy member ID" under its ⋮ menu'
            )
        return ids

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value


def load(env_file: Path | str | None = ".env") -> Settings:
    """Reads `.env` of the working directory, then the process's variables, which win. Under Slack's
    command line (`slack run`), the tokens are those it hands over. Raises UserError with one
    sentence for each wrong value; no value is in it, as any may hold a secret."""
    handed: dict[str, Any] = {
        field: os.environ[name] for name, field in _SLACK_CLI.items() if os.environ.get(name)
    }
    try:
        return Settings(_env_file=env_file, _env_file_encoding="utf-8", **handed)
    except ValidationError as wrong:
        raise UserError(" ".join(map(_sentence, wrong.errors(include_input=False)))) from None


def place_of(variable: str) -> str:
    """Where a person finds a secret, after https://api.slack.com/apps → your app."""
    return _SECRET_PLACES[variable]


def require_variables(settings: Settings, *variables: str) -> None:
    """Raises UserError that names the first empty one of `variables`, and where to find it."""
    for variable in variables:
        secret: SecretStr = getattr(settings, variable.lower())
        if not secret.get_secret_value():
            raise UserError(
                f"{variable} is not set: find it at https://api.slack.com/apps → your app → "
                f"{_SECRET_PLACES[variable]}, and write it into .env."
            )


def require_lasting_database(settings: Settings, environ: Mapping[str, str] = os.environ) -> None:
    """Raises UserError for a SQLite file on a platform whose disk is emptied at each restart."""
    platform = next((name for key, name in _PLATFORMS.items() if environ.get(key)), None)
    if platform and settings.database_url.startswith("sqlite") and not settings.sqlite_lasts:
        raise UserError(
            f"DATABASE_URL is a SQLite file, and on {platform} files are gone with the next "
            "restart: set it to PostgreSQL (postgresql://user:password@host/name), or, if the "
            "file is on a volume that stays, set LINCHPIN_SQLITE_LASTS=yes."
        )


def require_shared_database(settings: Settings, command: str) -> None:
    """Raises UserError for a SQLite file, which two processes would have to share."""
    if settings.database_url.startswith("sqlite"):
        raise UserError(
            f"`{command}` is for several processes on one database, and a SQLite file is one "
            "process's own: start `python -m bot run`, which does everything, or set DATABASE_URL "
            "to PostgreSQL (postgresql://user:password@host/name)."
        )


def variable_names() -> tuple[str, ...]:
    """The names of all variables that are read, in the order of `Settings`."""
    return tuple(map(_variable, Settings.model_fields))


def _variable(field: str) -> str:
    return str(Settings.model_fields[field].validation_alias or field.upper())


def _sentence(error: Any) -> str:
    """One error of pydantic as a sentence that begins with the variable's name."""
    name = str(error["loc"][0]) if error["loc"] else "A setting"
    variable = _variable(name) if name in Settings.model_fields else name.upper()
    return f"{variable} {_error_text(error)}."


def _error_text(error: Any) -> str:
    context = error.get("ctx", {})
    match error["type"]:
        case "value_error":
            return str(context["error"])
        case "literal_error":
            return f"should be one of {context['expected']}"
        case "greater_than_equal":
            return f"should be {context['ge']} or more"
        case "less_than_equal":
            return f"should be {context['le']} or less"
        case "bool_parsing":
            return "should be yes or no"
        case "int_parsing" | "int_from_float":
            return "should be a whole number"
        case _:
            return f"cannot be used: {error['msg'].lower()}"
