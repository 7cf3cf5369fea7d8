"""The commands: what each is for, lines that work as they stand, and what answers it.

Help, the manifest and what is listened to are made from this table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.handlers.accounts import command as accounts_command
from bot.handlers.accounts import log, value
from bot.handlers.advocacy import command as advocacy_command
from bot.handlers.base.request import Request
from bot.handlers.home import next
from bot.handlers.lifecycle import decision, stage
from bot.handlers.promises import command as promises_command
from bot.handlers.workspace import command as workspace_command
from bot.messages.kit.message import Message
from bot.messages.workspace.help import Usage


@dataclass(frozen=True)
class Command(Usage):
    """A command and the function that answers it."""

    handle: Callable[[Request], Message]


_ALL = (
    Command(
        "/stage",
        "where accounts stand, and moving them",
        (
            ("/stage", "every account, stage by stage"),
            ("/stage renewal", "the accounts of one stage"),
            ("/stage acme", "where one stands"),
            ("/stage acme renewal", "move it"),
            ("/stage acme next", "move it to the stage after"),
            ("/stage acme adoption because their admin left", "back or out, with the reason"),
        ),
        stage.handle,
    ),
    Command(
        "/log",
        "what happened with a customer",
        (
            ("/log acme call walked through the Q3 report yesterday", "a call, dated yesterday"),
            ("/log acme they like the new export", "a note of today"),
            ("/log acme resolved", "their complaints and tickets are settled"),
            ("/log", "a form; `/log acme` one with the account in it"),
            (
                '/log "Müller & Söhne" visit saw the new plant on 2026-11-20',
                "a name with spaces in quotes, a date",
            ),
        ),
        log.handle,
    ),
    Command(
        "/account",
        "adding an account and changing what is known of it",
        (
            (
                "/account add Acme Corporation stage onboarding manager @priya renews 2027-03-31",
                "add one; all but the name can wait",
            ),
            ("/account add", "the same with a form"),
            ("/account acme", "its card"),
            ("/account acme timeline", "its whole story, page by page"),
            ("/account acme terms", "this term against the last"),
            ("/account acme manager @priya", "who manages it"),
            ("/account acme renews 2027-03-31", "when it renews"),
            (
                "/account acme worth 42k EUR",
                "what they pay a year; `tier A`; `contracts` of several",
            ),
            (
                "/account acme notice 2027-08-23",
                "they gave notice; `notice withdrawn`",
            ),
            ("/account acme rename Acme International", "the old name still finds it"),
            ("/account acme alias ACME Inc", "one more name"),
            ("/account acme channel #acme", "where its moves are told"),
            ("/account acme sector healthcare", "and `country Ireland`"),
            ("/account acme people", "who is there; `people Jo Byrne, COO, champion` adds one"),
            ("/account acme goals", "goals, risks, alternatives, when they decide"),
            ("/account acme participation", "each department's share, month by month"),
            ("/account acme archive", "stop all nudges; `restore` brings it back"),
            ("/account acme erase", "admins: all of it goes for good, once its name is typed"),
        ),
        accounts_command.handle,
    ),
    Command(
        "/value",
        "what a customer got, and what they confirmed",
        (
            ("/value acme", "what they got, term by term"),
            (
                "/value acme cut onboarding from 4 weeks to 2 worth 12000 EUR they said so",
                'an entry; amount and "they said so" can be left out',
            ),
            ("/value acme saved a day a month, Jane Doe said so", "who of them confirmed it"),
            ("/value acme term 2", "one term's entries"),
            ("/value", "a form"),
        ),
        value.handle,
    ),
    Command(
        "/decision",
        "what a customer decided, why, and against what",
        (
            ("/decision acme", "what is open, and a form to record it"),
            (
                "/decision acme renewed because it saves two days a month over doing nothing",
                "the next term begins; `until 2028-03-31` names its date",
            ),
            ("/decision acme chose us over Initech", "the first term begins"),
            ("/decision acme chose Initech because it is cheaper", "it leaves, and to whom"),
            ("/decision acme adopted", "or expanded, reduced, none"),
            ("/decision acme considers Initech, doing nothing", "alternatives they look at"),
        ),
        decision.handle,
    ),
    Command(
        "/next",
        "what comes next, by whom, when",
        (
            ("/next", "mine and my department's"),
            ("/next acme", "one account's"),
            ("/next mine", "only mine"),
            ("/next operations", "a department's"),
        ),
        next.handle,
    ),
    Command(
        "/promise",
        "what a customer was promised, by when, and who keeps it",
        (
            ("/promise acme", "what was promised, and how it stands"),
            ("/promise acme SSO by 2027-01-31 owner operations", "a promise; the owner can wait"),
            ("/promise acme SSO by 2027-01-31 owner @priya", "she is asked for it, by DM"),
            ("/promise acme SSO by 2027-02-28 they agreed", "a new date; or `they know`"),
            ("/promise acme SSO kept", "it is kept, as Done on its nudge"),
            ("/promise acme SSO broken because the vendor left", "it will not be kept"),
            ("/promise", "a form"),
        ),
        promises_command.handle,
    ),
    Command(
        "/advocacy",
        "what customers do for us, whom to ask, and who rests from being asked",
        (
            ("/advocacy acme", "what they were asked for, agreed to and did; whether they rest"),
            ("/advocacy acme asked reference call", "an ask; refused while they rest"),
            ("/advocacy acme agreed reference call Jo Byrne, no press", "what they agreed to, who"),
            ("/advocacy acme did reference call", "and `declined`; `gave` for what they got back"),
            ("/advocacy who reference call in healthcare", "who may be asked"),
        ),
        advocacy_command.handle,
    ),
    Command(
        "/linchpin",
        "the assistant itself",
        (
            ("/linchpin help", "this page"),
            ("/linchpin digest", "this week's digest, now"),
            ("/linchpin settings", "departments, channels, your digest on or off"),
            ("/linchpin status", "whether all is well"),
            ("/linchpin away @priya until 2027-01-10", "she covers for me; `back` ends it"),
            ("/linchpin away @priya from 2026-12-20 to 2027-01-03", "ahead; `away list` cancels"),
            ("/linchpin setup", "the three steps of setting up, for admins"),
            ("/linchpin plays", "what came of plays and stages; `plays onboarding` of one"),
            ("/linchpin playbook", "the version in force; `back` goes back to the one before"),
        ),
        workspace_command.handle,
    ),
)
COMMANDS = {command.name: command for command in _ALL}
