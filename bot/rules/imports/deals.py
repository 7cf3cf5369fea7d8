"""What a list of deals (opportunities) says about accounts: their stage, owner and past.

A deal has one of three outcomes: won, lost, or open for everything else, since every team names
the steps of an open deal as it likes. The rules for an account's stage, in this order:

1. A step named in `--stage "Step=stage"` decides, when the account's newest deal is at it.
2. One won deal makes a customer, whatever came before or after: a lost deal is no churned customer.
3. A customer whose first win is less than 30 days old is in onboarding. The first, not the last: a
   wholesaler that orders every week has not been onboarding for years.
4. A customer with an open deal is in growth: there is something more to decide.
5. Any other customer is in adoption.
6. Without a won deal, one open deal means evaluation, also after lost ones.
7. Only lost deals mean lost.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final, Literal, NamedTuple

from bot.rules.imports.accounts import read_id
from bot.rules.imports.cells import HISTORY, field_orders, read_amount, read_days
from bot.rules.imports.headings import Columns
from bot.rules.imports.result import NO_ACCOUNT, Choice, Question, Result, two_companies
from bot.rules.imports.sheet import Sheet
from bot.rules.imports.stages import normalise
from bot.rules.text.money import Money
from bot.rules.text.names import key
from bot.rules.text.words import plural

Outcome = Literal["won", "lost", "open"]

NEW_CUSTOMER: Final = timedelta(days=30)
#: Pipelines and languages have words of their own: "Closed Won (Sales)", "Gewonnen".
_NOT: Final = re.compile(r"\b(?:not|no|nicht|non|pas|niet|almost|likely|to be|awaiting|if)\b|%")
_WON_WORD: Final = re.compile(
    r"\b(?:won|closedwon|win|gewonnen|ganad[oa]s?|gagnée?s?|vint[oae]|ganh[oa]|vunne[nt]|vundet|"
    r"wygran[aey]|signed|signée?s?|firmad[oa]s?|firmat[oa]|assinad[oa]|getekend|unterschrieben|"
    r"unterzeichnet|abgeschlossen gewonnen|podpisan[aey]|undertecknat|underskrevet)\b"
)
_LOST_WORD: Final = re.compile(
    r"\b(?:lost|closedlost|loss|abandoned|disqualified|verloren|perdid[oa]s?|perdue?s?|pers[oaei]|"
    r"förlora[dt]e?|tapt|tabt|przegran[aey])\b"
)
_CLOSED_WORD: Final = re.compile(
    r"\b(?:closed|done|completed|finished|ended|abgeschlossen|geschlossen|cerrad[oa]|fermée?|"
    r"clôturée?|chius[oa]|fechad[oa]|gesloten|stängd|lukket|zamknięt[aey])\b"
)
#: Steps that nobody closes a deal at, however old the date they hoped for is.
_OPEN_WORD: Final = re.compile(
    r"\b(?:open|new|lead|qualif\w*|discovery|demo\w*|prospect\w*|proposal\w*|negotiat\w*|"
    r"appointment\w*|presentation|evaluat\w*|pipeline|in progress|engaging|quote\w*|trial|pilot|"
    r"contact\w*|decision\w*|verhandlung|angebot|contract sent)\b"
)


class Deal(NamedTuple):
    """One deal; `closed` is set on won and lost ones, `step` is the file's word for its state."""

    row: int
    id: str
    account: str
    account_key: str
    account_id: str | None
    agent: str
    title: str
    amount: str
    outcome: Outcome
    step: str
    created: date | None
    closed: date | None
    type: str = ""  # the file's word for new, renewal, add-on …
    worth: Money | None = None  # a year; its currency may be missing

    @property
    def newest(self) -> date:
        """The last day on which something is known to have happened."""
        return self.closed or self.created or date.min


class AccountState(NamedTuple):
    """The stage that deals put an account in (a usual key or one of `--stage`), and since when."""

    stage: str
    since: date | None
    why: str
    asked: bool = False


def outcome_of(step: str) -> Outcome:
    """Whether a deal at that step is won, lost or open."""
    words = normalise(step)
    if _NOT.search(words):
        return "open"
    if _LOST_WORD.search(words):
        return "lost"
    return "won" if _WON_WORD.search(words) else "open"


def group_by_account(deals: Iterable[Deal]) -> dict[str, list[Deal]]:
    """The deals of each account, by the key of its name or, without one, its id in the CRM."""
    accounts: dict[str, list[Deal]] = {}
    for deal in deals:
        accounts.setdefault(deal.account_key or f"id:{deal.account_id}", []).append(deal)
    return accounts


def derive_state(deals: Sequence[Deal], today: date, asked: Mapping[str, str]) -> AccountState:
    """The stage of an account with these deals; `asked` is step -> stage, of `--stage`."""
    newest = max(deals, key=lambda deal: (deal.newest, deal.row))
    if (stage := asked.get(normalise(newest.step))) is not None:
        return AccountState(stage, newest.newest, f'the newest deal is at "{newest.step}"', True)
    won = [deal.newest for deal in deals if deal.outcome == "won"]
    dated = [day for day in won if day > date.min]
    opened = [deal.created for deal in deals if deal.outcome == "open" and deal.created]
    is_open = any(deal.outcome == "open" for deal in deals)
    if dated:
        return _customer_state(min(dated), opened, is_open, today)
    if won:
        return AccountState("growth" if is_open else "adoption", None, "a deal was won")
    if is_open:
        return AccountState("evaluation", min(opened, default=None), "a deal is open, none was won")
    since = newest.newest if newest.newest > date.min else None
    return AccountState("lost", since, "every deal was lost")


def _customer_state(
    first: date, opened: Sequence[date], is_open: bool, today: date
) -> AccountState:
    if today - first < NEW_CUSTOMER:
        return AccountState("onboarding", first, f"the first deal was won on {first}")
    if is_open:
        since = max(first, min(opened, default=first))
        return AccountState("growth", since, "a customer with an open deal")
    return AccountState("adoption", first + NEW_CUSTOMER, "a customer without an open deal")


def current_agent(deals: Iterable[Deal]) -> str:
    """The agent with most deals of the account in the twelve months before the newest deal. Of two
    with as many, the one with the newer deal; "" when no deal names an agent."""
    named = [deal for deal in deals if deal.agent]
    if not named:
        return ""
    newest = max(deal.newest for deal in named)
    start = newest - timedelta(days=365) if newest > date(2, 1, 1) else date.min
    recent = [deal for deal in named if deal.newest >= start]
    count = Counter(deal.agent for deal in recent)
    return max(recent, key=lambda deal: (count[deal.agent], deal.newest, deal.agent)).agent


def deal_events(deal: Deal, won_as: str = "won") -> Iterator[tuple[str, date, str]]:
    """(id, day, text) of its opening, and its end. The ids let a second import find them again;
    that of one that begins no term, an add-on, ends in another word than "won"."""
    by = f" ({deal.agent})" if deal.agent else ""
    title = deal.title or "a deal"
    if deal.created is not None:
        yield f"{deal.id}:opened", deal.created, f"Opened: {title}{by}"
    if deal.outcome != "open" and deal.closed is not None:
        amount = f" for {deal.amount}" if deal.amount and deal.outcome == "won" else ""
        ended = won_as if deal.outcome == "won" else deal.outcome
        text = f"{deal.outcome.capitalize()}: {title}{amount}{by}"
        yield f"{deal.id}:{ended}", deal.closed, text


_OUTCOMES: Final[Mapping[str, Outcome]] = {"won": "won", "lost": "lost", "open": "open"}
_DATES: Final = ("created", "closed", "won_on", "lost_on")
_WHOLE: Final = re.compile(r"(-?\d+)\.0+")
_PRIMARY: Final = re.compile(r"\s*\([^()]*@[^()]*\)|\s*\(\d+\)$")


def read_deals(
    sheet: Sheet,
    columns: Columns,
    today: date,
    answers: Mapping[str, str],
    currency: str | None = None,
) -> tuple[list[Deal], Result]:
    """The deals of a sheet, the rows that were left out and what is to be asked."""
    result, deals = Result(rejects=[*sheet.ragged], notes=[*sheet.notes]), []
    orders = field_orders(sheet, columns, _DATES, answers, result)
    outcomes: dict[str, Outcome] = {
        normalise(word.removeprefix("conclusion:")): _OUTCOMES[outcome]
        for word, outcome in answers.items()
        if word.startswith("conclusion:") and outcome in _OUTCOMES
    }
    unclear: dict[str, int] = {}
    seen: dict[str, int] = {}
    for line in sheet.lines:
        cells = columns.cells(line)
        if not cells["account"] and not cells["account_id"]:
            result.skip(NO_ACCOUNT, line.row)
            continue
        for name in ("account_id", "deal_id"):
            cells[name] = read_id(line.row, cells[name], result) or ""
        if (reason := two_companies(cells["account"])) is not None:
            result.reject(line.row, reason)
            continue
        days = read_days(cells, orders, line.row, HISTORY, result)
        deal = _parse_deal(line.row, cells, days, today, outcomes, result)
        if _is_unclear(deal, days, today, outcomes):
            unclear[deal.step] = unclear.get(deal.step, 0) + 1
        if deal.id in seen:
            result.reject(line.row, f"deal {deal.id} is already in row {seen[deal.id]}")
            continue
        seen[deal.id] = line.row
        deals.append(deal._replace(worth=_worth(cells, columns.heading("amount"), currency)))
    result.questions += _conclusion_questions(unclear)
    result.tell_omitted()
    return deals, result


def _is_unclear(
    deal: Deal, days: Mapping[str, date | None], today: date, outcomes: Mapping[str, Outcome]
) -> bool:
    """Whether a deal looks closed, by its date or its word, and is neither won nor lost."""
    if deal.outcome != "open" or normalise(deal.step) in outcomes or not deal.step:
        return False
    closed = days.get("closed")
    words = normalise(deal.step)
    is_past = closed is not None and closed < today
    return bool(_CLOSED_WORD.search(words)) or (is_past and not _OPEN_WORD.search(words))


def _conclusion_questions(unclear: Mapping[str, int]) -> Iterator[Question]:
    choices = [Choice("won", "Won"), Choice("lost", "Lost"), Choice("open", "Still open")]
    for step, rows in unclear.items():
        text = f'{plural(rows, "deal")} at "{step}" should have ended by now. How did they end?'
        yield Question("conclusion", step, text, rows, False, choices, "open")


def _worth(cells: Mapping[str, str], heading: str, currency: str | None) -> Money | None:
    """A deal's amount; one that cannot be read stands in its story only."""
    try:
        return read_amount(cells["amount"], cells["currency"], heading, currency)
    except ValueError:
        return None


def _parse_deal(
    row: int,
    cells: Mapping[str, str],
    days: Mapping[str, date | None],
    today: date,
    outcomes: Mapping[str, Outcome],
    result: Result,
) -> Deal:
    """A deal; days that are still to come are left out."""
    # Pipedrive's deals without an outcome have a won or lost time.
    by_dates = "won" if days.get("won_on") else "lost" if days.get("lost_on") else ""
    step = cells["outcome"] or by_dates
    outcome = outcomes.get(normalise(step)) or outcome_of(step)
    # An open deal's close date is only a hope and is not read.
    closed = days.get(f"{outcome}_on") or days.get("closed") if outcome != "open" else None
    created = days.get("created")
    if created is not None and created > today:
        result.omit("in the future is the day of opening", row, cells["created"])
        created = None
    if closed is not None and closed > today:
        result.omit("in the future is the day of closing", row, str(closed))
        closed = None
    if created is not None and closed is not None and closed < created:
        created = None  # a CRM that was migrated: that is the day of the move
    deal = Deal(
        row=row,
        id=cells["deal_id"],
        account=cells["account"],
        account_key=key(cells["account"]),
        account_id=cells["account_id"] or None,
        agent=_PRIMARY.sub("", cells["agent"]),
        title=cells["title"],
        amount=_WHOLE.sub(r"\1", cells["amount"]),
        outcome=outcome,
        step=step,
        created=created,
        closed=closed,
        type=cells["type"],
    )
    return deal if deal.id else deal._replace(id=_stable_id(deal))


def _stable_id(deal: Deal) -> str:
    """An id that stays the same from export to export, for a file that has none."""
    marks: Sequence[object] = (deal.account_key, deal.account_id, deal.title, deal.created)
    return hashlib.sha256(repr(marks).encode()).hexdigest()[:16]
