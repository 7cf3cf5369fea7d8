"""Every table, by noun. Importing this package fills `SQLModel.metadata`."""

from db.models.account import Account, Alias, Interaction, StageChange
from db.models.advocacy import AdvocacyEntry
from db.models.away import Absence, Departure
from db.models.base import Row
from db.models.brief import Brief
from db.models.contact import Contact, Contract
from db.models.conversation import LastSaid
from db.models.decision import Alternative, Decision
from db.models.delivery import Inbox, Lane, Outbox, Said
from db.models.handoff import Handoff, HandoffQuestion
from db.models.learned import DECISION_DATE, GOAL, NOTICE, RISK, Learned
from db.models.playbook import PlaybookVersion
from db.models.promise import Promise, PromiseChange
from db.models.reason import ReasonTold
from db.models.records import Audit, Finding, Heartbeat, ImportChange, ImportRun, Occurrence
from db.models.term import Term
from db.models.touchpoint import PLAY, PROMISE, RENEWAL, Reaction, Touchpoint
from db.models.touchpoint_list import ListLine, News, TouchpointList
from db.models.value import ValueEntry
from db.models.workspace import Channel, Department, Home, Member, Workspace
