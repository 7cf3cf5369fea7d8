"""Touchpoints, the messages in which they stand, and the reactions that moved them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, false
from sqlmodel import Field

from db.models.base import AccountRow, Row, json_field

PLAY = "play"  # the kind of what the playbook asks for
RENEWAL = "renewal"  # the kind of a renewal date that passed without a decision
PROMISE = "promise"  # the kind of what the customer was promised


class Touchpoint(AccountRow, table=True):
    """A play planned for one account: planned → nudged → claimed → done / skipped / cancelled.

    What was not asked for by the playbook carries its own words (`ask`, `helps`), is of another
    `kind` than "play", has no `stage_entry` and no `term` (0), and outlives moves between stages.
    A play of the term (`due.of_term`) has no `stage_entry` either, but a `term`, and ends with it;
    its occurrences are counted over all terms.

    `records` is what it brings back; `answer` the line that was written down. `answered_at`
    without `answer` says "nothing new". `answer_row` is the row made of it: "value_entry:7".

    `state_before` holds the state that an undo goes back to. `wake_at` is when the clock next has
    to look at the row, whatever the state: due (planned), next morning (nudged), expiry
    (claimed); empty when there is nothing to wait for.
    """

    __table_args__ = (
        UniqueConstraint("workspace_id", "account_id", "stage_entry", "play", "occurrence"),
        Index("ix_touchpoint_wake", "wake_at"),
        Index("ix_touchpoint_account", "workspace_id", "account_id", "state"),
        Index("ix_touchpoint_state", "workspace_id", "state", "owner"),
        Index("ix_touchpoint_nudge", "workspace_id", "nudge_id"),
        Index("ix_touchpoint_state_at", "workspace_id", "state_at"),
    )
    kind: str = Field(default=PLAY, sa_column_kwargs={"server_default": PLAY})
    stage: str
    stage_entry: int
    term: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    play: str  # the play's key; for another kind, what it is known by
    occurrence: int = 1
    owner: str  # a department's key, or "manager"
    person_id: str | None = None  # of a department's: who took it on, and is told alone
    title: str
    ask: str | None = None
    helps: str | None = None
    state: str = "planned"
    state_before: str | None = None
    state_at: datetime
    by_user: str | None = None
    source: str | None = None  # what made the state: button, reaction:<name>, slash, clock …
    due_at: datetime
    wake_at: datetime | None = None
    snoozed_until: datetime | None = None
    nudged_at: datetime | None = None
    shown_at: datetime | None = None  # to its owner, for the first time
    escalated_at: datetime | None = None
    asked_at: datetime | None = None  # "still on it?"
    nudge_id: int | None = None  # the outbox row of its message
    # Too much was asked of somebody already: since when it waits, until when, and of whom.
    postponed_since: datetime | None = None
    postponed_until: datetime | None = None
    postponed_because: str | None = None  # customer:<asks made>, channel, person, rest, answered
    postponed_latest: datetime | None = None  # when it goes anyway
    note: str | None = None
    records: str | None = None
    answer: str | None = None
    answered_at: datetime | None = None
    answered_by: str | None = None
    answer_row: str | None = None
    contact_id: int | None = None  # who of theirs it was done with
    quoted_at: datetime | None = None  # when its author heard that a brief or decision used it
    playbook: str | None = None  # the version of the playbook that asked for it
    version: int = 1

    @property
    def follows_playbook(self) -> bool:
        """Whether the playbook asked for it, in the stage it was planned in."""
        return self.kind == PLAY


class Reaction(Row, table=True):
    """A reaction on a nudge, as a level: `present` follows added and removed events. The natural
    key is Slack's own: the sweep and the events write the same row."""

    __table_args__ = (UniqueConstraint("workspace_id", "channel", "ts", "user_id", "name"),)
    channel: str
    ts: str
    user_id: str
    name: str
    present: bool
    # It stands, but what it did was undone by other means; put anew, it counts again.
    ignored: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    event_ts: str = "0"
    at: datetime


class TouchpointList(Row, table=True):
    """A posted message of touchpoints: a channel's list, one nudge, or a person's morning DM. `day`
    is the local day on which it was posted, `looked_on` the last morning that looked at it. It
    stands until it is folded: the next one is posted, or nothing in it is open."""

    __tablename__ = "touchpoint_list"
    __table_args__ = (
        UniqueConstraint("workspace_id", "nudge_id"),
        Index("ix_touchpoint_list_lane", "workspace_id", "lane", "folded_at", "day"),
    )
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
    user_id: str
    account_id: int | None = Field(default=None, foreign_key="account.id")
    key: str  # what it is about: told once
    text: str  # Slack's markup
    button: dict[str, Any] | None = json_field()  # label, action_id, value
    tell_at: datetime | None  # since when it waits for their morning; empty when it was told
    created_at: datetime
