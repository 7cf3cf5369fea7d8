"""The commands: what each is for, lines that work as they stand, and what answers it. Help, the
manifest and what is listened to are made from this table."""

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
from bot.messages.workspace.help import KINDS_LINE, REACTIONS_LINE, Subject


@dataclass(frozen=True, kw_only=True)
class Command(Subject):
    """A command and the function that answers it."""

    handle: Callable[[Request], Message]


_ALL: tuple[Subject, ...] = (
    Command(
        name="Next",
        example="/next",
        purpose="see what is due for you and your department",
        lines=(
            ("/next", "mine and my department's"),
            ("/next acme", "one account's"),
            ("/next mine", "only mine"),
            ("/next ops this week", "a department's, to the end of a day or a span"),
            ("/next tom overdue", "a colleague's that is late"),
            ("/next acme remind friday call Jane", "plan one by hand; `@tom` before it for him"),
        ),
        hint=REACTIONS_LINE,
        handle=next.handle,
    ),
    Command(
        name="Log",
        example="/log acme call they like the export",
        purpose="record an interaction",
        lines=(
            ("/log acme call walked through the Q3 report yesterday", "a call, dated yesterday"),
            ("/log acme they like the new export", "a note of today"),
            ("/log acme resolved", "their complaints and tickets are settled"),
            ("/log", "open a form; `/log acme` one with the account in it"),
            (
                '/log "Müller & Söhne" visit saw the new plant on 2026-11-20',
                "a name with spaces in quotes, a date",
            ),
        ),
        hint=KINDS_LINE,
        handle=log.handle,
    ),
    Command(
        name="Account",
        example="/account acme",
        purpose="see an account, its people and contracts",
        lines=(
            (
                "/account add Acme Corporation stage onboarding manager @priya renews 2027-03-31",
                "add one; only the name is needed",
            ),
            ("/account add", "the same with a form"),
            ("/account acme", "see its card"),
            ("/account acme timeline", "see all that happened"),
            ("/account acme terms", "compare this term with the last"),
            ("/account acme manager @priya", "set who manages it"),
            ("/account acme renews 2027-03-31", "set when it renews"),
            (
                "/account acme worth 42k EUR",
                "set what they pay a year; also `tier A`, `contracts`",
            ),
            ("/account acme notice 2027-08-23", "they gave notice; `notice withdrawn` undoes it"),
            ("/account acme rename Acme International", "rename it; the old name still finds it"),
            ("/account acme alias ACME Inc", "add another name"),
            ("/account acme channel #acme", "set where its moves are announced"),
            ("/account acme sector healthcare", "set its sector; also `country Ireland`"),
            ("/account acme goals", "goals, risks, alternatives, decision date"),
            ("/account acme participation", "each department's part, month by month"),
            ("/account acme archive", "stop all nudges; `restore` brings it back"),
            ("/account acme erase", "delete all of it for good; admins only"),
        ),
        handle=accounts_command.handle,
    ),
    Command(
        name="Stage",
        example="/stage acme renewal",
        purpose="move an account",
        lines=(
            ("/stage", "see every account, stage by stage"),
            ("/stage renewal", "see the accounts of one stage"),
            ("/stage acme", "see where one stands"),
            ("/stage acme renewal", "move it"),
            ("/stage acme next", "move it to the stage after"),
            ("/stage acme adoption because their admin left", "move it back, with the reason"),
        ),
        handle=stage.handle,
    ),
    Command(
        name="Value",
        example="/value acme saves 2 days a month",
        purpose="record customer value",
        lines=(
            ("/value acme", "see what they got, term by term"),
            (
                "/value acme cut onboarding from 4 weeks to 2 worth 12000 EUR they said so",
                'record it; amount and "they said so" are optional',
            ),
            ("/value acme saved a day a month, Jane Doe said so", "record who confirmed it"),
            ("/value acme term 2", "see one term's entries"),
            ("/value", "open a form"),
        ),
        handle=value.handle,
    ),
    Command(
        name="Decision",
        example="/decision acme renewed",
        purpose="record a customer's decision",
        lines=(
            ("/decision acme", "see what is open, and a form to record it"),
            (
                "/decision acme renewed because it saves two days a month over doing nothing",
                "begin the next term; `until 2028-03-31` names its date",
            ),
            ("/decision acme chose us over Initech", "begin the first term"),
            ("/decision acme chose Initech because it is cheaper", "it leaves, and to whom"),
            ("/decision acme adopted", "or expanded, reduced, none"),
            ("/decision acme considers Initech, doing nothing", "record alternatives"),
        ),
        handle=decision.handle,
    ),
    Command(
        name="Promise",
        example="/promise acme SSO by 31 January",
        purpose="record a promise",
        lines=(
            ("/promise acme", "see what was promised, and how it stands"),
            ("/promise acme SSO by 2027-01-31 owner operations", "record it; the owner can wait"),
            ("/promise acme SSO by 2027-01-31 owner @priya", "she is asked for it, by DM"),
            ("/promise acme SSO by 2027-02-28 they agreed", "set a new date; or `they know`"),
            ("/promise acme SSO kept", "it is kept, like Done on its nudge"),
            ("/promise acme SSO broken because the vendor left", "it will not be kept"),
            ("/promise", "open a form"),
        ),
        handle=promises_command.handle,
    ),
    Subject(
        name="Contacts",
        example="/account acme people Jane Doe, CFO",
        purpose="add a person at the customer",
        lines=(
            ("/account acme people", "see who is there, change them, mark who left"),
            ("/account acme people Jo Byrne, COO, champion", "add one, with the role"),
        ),
    ),
    Command(
        name="Advocacy",
        example="/advocacy who reference call",
        purpose="see who may be asked",
        lines=(
            ("/advocacy acme", "see what they were asked for, agreed to and did"),
            ("/advocacy acme asked reference call", "record an ask; refused while they rest"),
            ("/advocacy acme agreed reference call Jo Byrne, no press", "what they agreed to, who"),
            ("/advocacy acme did reference call", "and `declined`; `gave` for what they got back"),
            ("/advocacy who reference call in healthcare", "see who may be asked in a sector"),
        ),
        handle=advocacy_command.handle,
    ),
    Command(
        name="Settings",
        example="/linchpin settings",
        purpose="change hours, channels, digest and cover",
        lines=(
            ("/linchpin help", "see all subjects; `help log` shows one"),
            ("/linchpin digest", "see this week's digest now"),
            ("/linchpin settings", "departments, channels, your digest on or off"),
            ("/linchpin settings digest friday 16:00", "when your digest comes"),
            ("/linchpin settings hours 9-17 mon-fri", "when messages may come"),
            ("/linchpin undo", "take back what you did last"),
            ("/linchpin status", "see whether all is well"),
            ("/linchpin away @priya until 2027-01-10", "set a cover; `back` ends it"),
            ("/linchpin away @priya from 2026-12-20 to 2027-01-03", "ahead; `away list` cancels"),
            ("/linchpin setup", "what is missing, and what is set up, for admins"),
            ("/linchpin plays", "see results of plays and stages; `plays onboarding` of one"),
            ("/linchpin playbook", "see the version in force; `back` returns to the one before"),
        ),
        hint="Your own digest and hours are also on my *Home* tab.",
        handle=workspace_command.handle,
    ),
)
SUBJECTS = {subject.name.casefold(): subject for subject in _ALL}
COMMANDS = {one.example.split()[0]: one for one in _ALL if isinstance(one, Command)}
