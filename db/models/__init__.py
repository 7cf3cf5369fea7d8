"""Every table, by noun. Importing this package fills `SQLModel.metadata`."""

from db.models.account import Account, Alias, Interaction, StageChange
from db.models.advocacy import AdvocacyEntry
from db.models.away import Absence, Departure
from db.models.base import Row
from db.models.brief import Brief
from db.models.decision import Alternative, Decision
from db.models.delivery import Inbox, Lane, Outbox, Said
from db.models.handoff import Handoff, HandoffQuestion
from db.models.pace import PaceTold
from db.models.playbook import PlaybookVersion
from db.models.promise import Promise, PromiseChange
from db.models.records import Audit, Finding, Heartbeat, ImportChange, ImportRun, Occurrence
from db.models.term import Term
from db.models.touchpoint import PLAY, PROMISE, Reaction, Touchpoint
from db.models.value import ValueEntry
from db.models.workspace import Channel, Department, Home, Member, Workspace

__all__ = [
    "PLAY",
    "PROMISE",
    "Absence",
    "Account",
    "AdvocacyEntry",
    "Alias",
    "Alternative",
    "Audit",
    "Brief",
    "Channel",
    "Decision",
    "Department",
    "Departure",
    "Finding",
    "Handoff",
    "HandoffQuestion",
    "Heartbeat",
    "Home",
    "ImportChange",
    "ImportRun",
    "Inbox",
    "Interaction",
    "Lane",
    "Member",
    "Occurrence",
    "Outbox",
    "PaceTold",
    "PlaybookVersion",
    "Promise",
    "PromiseChange",
    "Reaction",
    "Row",
    "Said",
    "StageChange",
    "Term",
    "Touchpoint",
    "ValueEntry",
    "Workspace",
]
