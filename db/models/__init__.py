"""Every table, by noun. Importing this package fills `SQLModel.metadata`."""

from db.models.account import (
    Account,
    Alias,
    Brief,
    Handoff,
    HandoffQuestion,
    Interaction,
    ReasonTold,
    StageChange,
    Term,
)
from db.models.base import AccountRow, Row
from db.models.customer import (
    DECISION_DATE,
    GOAL,
    NOTICE,
    RISK,
    AdvocacyEntry,
    Alternative,
    Contact,
    Contract,
    Decision,
    Learned,
    Promise,
    PromiseChange,
    ValueEntry,
)
from db.models.delivery import Inbox, Lane, Outbox, Said
from db.models.records import (
    Audit,
    DroppedFile,
    Finding,
    Heartbeat,
    ImportChange,
    ImportRun,
    Occurrence,
)
from db.models.touchpoint import (
    PLAY,
    PROMISE,
    RENEWAL,
    ListLine,
    News,
    Reaction,
    Touchpoint,
    TouchpointList,
)
from db.models.workspace import (
    Absence,
    Channel,
    Department,
    Departure,
    Home,
    LastSaid,
    Member,
    PlaybookVersion,
    Workspace,
)
