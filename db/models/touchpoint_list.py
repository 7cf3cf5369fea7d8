"""The messages in which touchpoints stand, and what waits to be told in a person's morning."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, false
from sqlmodel import Field

from db.models.base import Row, json_field


class TouchpointList(Row, table=True):
    """A posted message of touchpoints: a channel's list, one nudge, or a person's morning DM.

    `day` is the local day on which it was posted, `looked_on` the last morning that looked at it.
    It stands until it is folded: the next one is posted, or nothing in it is open.
    """

    __tablename__ = "touchpoint_list"
    __table_args__ = (
        UniqueConstraint("workspace_id", "nudge_id"),
        Index("ix_touchpoint_list_lane", "workspace_id", "lane", "folded_at", "day"),
    )
    id: int = Field(default=None, primary_key=True)
    nudge_id: int  # the outbox row of the message
    lane: str  # C… or, for a person, U…
    day: date
    looked_on: date
    quiet_mornings: int = 0  # in a row without a new line: the third posts it anew
    folded_at: datetime | None = None


class ListLine(Row, table=True):
    """A touchpoint's line in a message. The number never changes; the touchpoint's own `nudge_id`
    says in which message it stands now."""

    __tablename__ = "list_line"
    __table_args__ = (
        UniqueConstraint("workspace_id", "nudge_id", "touchpoint_id"),
        Index("ix_list_line_touchpoint", "workspace_id", "touchpoint_id"),
    )
    id: int = Field(default=None, primary_key=True)
    nudge_id: int
    touchpoint_id: int = Field(foreign_key="touchpoint.id")
    number: int
    # Behind "Show n more"; it takes no place of the customer's week until somebody opened it.
    hidden: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    opened: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class News(Row, table=True):
    """A sentence that waits for a person's next morning DM."""

    __table_args__ = (
        UniqueConstraint("workspace_id", "user_id", "key"),
        Index("ix_news_tell_at", "tell_at"),
    )
    id: int = Field(default=None, primary_key=True)
    user_id: str
    account_id: int | None = Field(default=None, foreign_key="account.id")
    key: str  # what it is about: told once
    text: str  # Slack's markup
    button: dict[str, Any] | None = json_field()  # label, action_id, value
    tell_at: datetime | None  # since when it waits for their morning; empty when it was told
    created_at: datetime
