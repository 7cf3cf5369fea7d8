"""Holds each claim against the ledger, as of the moment at which it was made."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.quarter.ledger import Ledger, is_promise
from tests.quarter.surfaces import Claim, is_brief

#: A digest and the nudges of its morning come within a minute; nobody works meanwhile.
MORNING = timedelta(minutes=20)


@dataclass(frozen=True)
class Contradiction:
    """What a surface said, and what the ledger knows."""

    kind: str
    surface: str
    at: datetime
    account: str
    sentence: str
    known: str

    def __str__(self) -> str:
        what = f"{self.account}: " if self.account else ""
        return f"[{self.kind}] {self.surface}, {self.at:%d %b %H:%M}: {what}{self.sentence!r}; {self.known}"


def contradictions(claims: Sequence[Claim], ledger: Ledger) -> list[Contradiction]:
    """Every claim that does not agree."""
    found = []
    for claim in claims:
        check = _CHECKS.get(claim.kind)
        known = check(claim, ledger) if check else ""
        if known:
            page = claim.page
            place = f"{page.surface} of {page.reader}" if page.reader else page.surface
            found.append(
                Contradiction(claim.kind, place, page.at, claim.account, claim.sentence, known)
            )
    return found


# -- contact and gaps


def _never_in_touch(claim: Claim, ledger: Ledger) -> str:
    sure, _ = ledger.last_contact(claim.account, claim.page.at)
    return f"somebody was in touch on {sure}" if sure else ""


def _silent_for(claim: Claim, ledger: Ledger) -> str:
    sure, perhaps = ledger.last_contact(claim.account, claim.page.at)
    days = [(claim.page.at.date() - day).days for day in (sure, perhaps) if day]
    return f"it is {days} days" if days and claim.number not in days else ""


def _last_contact(claim: Claim, ledger: Ledger) -> str:
    days = ledger.last_contact(claim.account, claim.page.at)
    return "" if claim.on in days else f"it was {days[0]}"


def _nothing_missing(claim: Claim, ledger: Ledger) -> str:
    gaps = ledger.gaps(claim.account, claim.page.at)
    return f"missing: {', '.join(sorted(gaps))}" if gaps else ""


def _missing(claim: Claim, ledger: Ledger) -> str:
    gaps = ledger.gaps(claim.account, claim.page.at)
    return "" if claim.number == len(gaps) else f"missing: {', '.join(sorted(gaps)) or 'nothing'}"


def _gap(claim: Claim, ledger: Ledger) -> str:
    at = claim.page.at
    if claim.words.startswith("part of "):
        department = claim.words.removeprefix("part of ").lower()
        count = ledger.took_part(claim.account, at)[department]
        return f"{department} took part {count} times" if count else ""
    gaps = ledger.gaps(claim.account, at)
    known = {"value", "alternative", "decision date", "decision maker", "contact", "touch"}
    return f"{claim.words} is known" if claim.words in known - gaps else ""


# -- touchpoints


def _first_shown(claim: Claim, ledger: Ledger) -> datetime | None:
    shown = [one for one in ledger.shown.values()
             if one.account == claim.account and one.title in claim.page.text]  # fmt: skip
    line = [one for one in shown if one.title in claim.sentence] or shown
    return min((one.at for one in line), default=None)


def _waiting_since(claim: Claim, ledger: Ledger) -> str:
    shown = _first_shown(claim, ledger)
    if shown is None:
        return "nobody has seen it yet"
    late = claim.on is not None and claim.on < shown.date()
    return f"it was shown on {shown.date()}" if late else ""


def _overdue(claim: Claim, ledger: Ledger) -> str:
    shown = _first_shown(claim, ledger)
    if shown is None:
        return "nobody has seen it yet"
    days = _working_days(shown, claim.page.at)
    return f"shown {days} working days ago" if (claim.number or 0) > days else ""


def _working_days(since: datetime, until: datetime) -> int:
    days = (until.date() - since.date()).days
    return sum((since.date() + timedelta(days=n + 1)).weekday() < 5 for n in range(days))


def _asked_this_week(claim: Claim, ledger: Ledger) -> str:
    said = {"once": 1, "twice": 2}.get(claim.words) or claim.number
    said = said or int((re.findall(r"\d+", claim.words) or ["0"])[0])
    asked = ledger.asked(claim.account, claim.page.at)
    names = ", ".join(one.title for one in asked) or "nothing"
    return f"{len(asked)} asks: {names}" if said > len(asked) else ""


def _counted(taken: bool) -> Callable[[Claim, Ledger], str]:
    """Unclaimed or claimed, as a department's, a manager's or the company's digest counts them."""

    def check(claim: Claim, ledger: Ledger) -> str:
        page = claim.page
        where = page.reader.removeprefix("#")
        at = page.at + MORNING
        who = where.removeprefix("@") if where.startswith("@") else "nobody"
        those = [one for one in ledger.open(at) if where in ("customers", one.where)
                 or ledger.claimed_by(one.id, at) == who]  # fmt: skip
        count = sum(bool(ledger.claimed_by(one.id, at)) == taken for one in those)
        return "" if claim.number == count else f"{count} stand on the screen"

    return check


def _nothing_waits(claim: Claim, ledger: Ledger) -> str:
    page = claim.page
    if page.surface not in ("home", "message"):
        return ""
    where = f"@{page.reader}" if page.surface == "home" else page.reader
    at = page.at + MORNING
    those = [one for one in ledger.open(at)
             if (where == "#customers" or one.where == where.removeprefix("#"))
             and not ledger.claimed_by(one.id, at)]  # fmt: skip
    return f"{len(those)} wait: {those[0].account}, {those[0].title}" if those else ""


def _yours(claim: Claim, ledger: Ledger) -> str:
    """Home counts what is open for the reader now: their own, and what they have claimed."""
    who, at = claim.page.reader, claim.page.at
    mine = [one for one in ledger.open(at)
            if ledger.claimed_by(one.id, at) == who
            or (one.where == f"@{who}" and not ledger.claimed_by(one.id, at))]  # fmt: skip
    return "" if claim.number == len(mine) else f"{len(mine)} are open for {who}"


def _choose_a_department(claim: Claim, ledger: Ledger) -> str:
    department = ledger.departments.get(claim.page.reader)
    return f"they are of {department}" if department else ""


# -- renewals


def _renews(claim: Claim, ledger: Ledger) -> str:
    at = claim.page.at
    if claim.account not in ledger.customers:
        return ""
    if not ledger.is_live(claim.account, at):
        return f"it left: {ledger.stage(claim.account, at)}"
    on = ledger.renews_on(claim.account, at)
    if on is None:
        return "its date is not known"
    ahead = (on - at.date()).days
    wrong = claim.number not in (None, ahead) or claim.on not in (None, on)
    return f"it renews {on}, in {ahead} days" if wrong else ""


def _no_renewal_date(claim: Claim, ledger: Ledger) -> str:
    on = ledger.renews_on(claim.account, claim.page.at) if claim.account else None
    return f"it renews {on}" if on else ""


def _quiet(claim: Claim, ledger: Ledger) -> str:
    unknown = ledger.unknown_dates(claim.page.at)
    soon = ledger.renewing(claim.page.at, 90)
    return f"{len(soon)} renew, {len(unknown)} dates are not known" if soon or unknown else ""


def _unknown_dates(claim: Claim, ledger: Ledger) -> str:
    unknown = ledger.unknown_dates(claim.page.at)
    customers = [name for name in unknown if ledger.has_term(name, claim.page.at)]
    counts = (len(unknown), len(customers))
    return "" if claim.number in counts else f"not known for {counts}"


def _renewals_ahead(claim: Claim, ledger: Ledger) -> str:
    who, at = claim.page.reader, claim.page.at
    mine = [name for name in ledger.renewing(at, 90) if ledger.manager(name, at) == who]
    return "" if claim.number == len(mine) else f"{len(mine)} renew: {', '.join(mine)}"


def _two_thirds(claim: Claim, ledger: Ledger) -> str:
    customer = ledger.customers.get(claim.account)
    if customer is None:
        return ""
    since = ledger.term_began(claim.account, claim.page.at)
    days = (claim.page.at - since).days
    return f"known for {days} days only" if days < 60 else ""


# -- stages


def _in_stage(claim: Claim, ledger: Ledger) -> str:
    at = claim.page.at
    if claim.account not in ledger.customers or claim.page.surface == "terms":
        return _days_before_the_import(claim, ledger)
    days = (at.date() - ledger.in_stage_since(claim.account, at).date()).days
    stage = ledger.process.name(ledger.stage(claim.account, at))
    wrong = claim.words not in ("", stage) or claim.number != days
    return f"{stage} for {days} days" if wrong else ""


def _days_before_the_import(claim: Claim, ledger: Ledger) -> str:
    customer = ledger.customers.get(claim.account)
    if customer is None:
        return ""
    days = (claim.page.at.date() - customer.since.date()).days
    return f"known for {days} days" if (claim.number or 0) > days else ""


# -- what was done


def _done_between(kind: str) -> Callable[[Claim, Ledger], str]:
    def check(claim: Claim, ledger: Ledger) -> str:
        page = claim.page
        facts = ledger.between(page.at - timedelta(days=7), page.at, kind)
        if page.reader != "#customers":
            return ""  # whose it was is not on the screen: the company's digest has all
        known = [one for one in facts if kind != "interaction" or not one.touchpoint]
        # A promise that is called kept by a command ends its touchpoint, if it had one by then.
        kept = len(ledger.between(page.at - timedelta(days=7), page.at, "kept"))
        most = len(known) + (kept if kind == "done" else 0)
        right = len(known) <= (claim.number or 0) <= most
        return "" if right else f"{len(known)} were {kind}"

    return check


def _thanks(claim: Claim, ledger: Ledger) -> str:
    """Who is thanked adds up to what was done and logged beside it."""
    counts = [int(one) for one in re.findall(r"\((\d+)\)", claim.words)]
    line = claim.sentence
    parts = [int(one) for one in re.findall(r"(\d+) (?:touchpoints? done|interactions? logged"
             r"|values? recorded|promises? (?:made|kept)|decisions? recorded)", line)]  # fmt: skip
    more = " more" in claim.words or " other" in claim.words
    wrong = sum(counts) != sum(parts) and not more
    return f"{sum(counts)} thanked, {sum(parts)} told" if wrong else ""


def _picture_stages(claim: Claim, ledger: Ledger) -> str:
    at = claim.page.at
    said = {name: int(count) for name, count in re.findall(r"(\w+) (\d+)", claim.words)}
    known: dict[str, int] = {}
    for account in ledger.live(at):
        name = ledger.process.name(ledger.stage(account, at))
        known[name] = known.get(name, 0) + 1
    exits = {ledger.process.name(key) for key in ledger.process.stages
             if ledger.process.is_exit(key)}  # fmt: skip
    said = {name: count for name, count in said.items() if count and name not in exits}
    return "" if said == known else f"{known}"


def _picture_value(claim: Claim, ledger: Ledger) -> str:
    at, weeks = claim.page.at, claim.number or 0
    since = at - timedelta(weeks=weeks, days=1)
    counts = [len(ledger.between(since, at, kind)) for kind in ("confirmed value", "estimate")]
    said = [int(one) for one in re.findall(r"\d+", claim.words)]
    return "" if said == counts else f"{counts[0]} confirmed, {counts[1]} claimed"


def _value_news(claim: Claim, ledger: Ledger) -> str:
    page = claim.page
    facts = ledger.between(page.at - timedelta(days=7), page.at, "confirmed value", "estimate")
    if page.reader != "#customers":
        return ""
    confirmed = sum(one.kind == "confirmed value" for one in facts)
    said = {how: int(n) for n, how in re.findall(r"(\d+) (confirmed|claimed)", claim.words)}
    known = {"confirmed": confirmed, "claimed": len(facts) - confirmed}
    return "" if said == {k: n for k, n in known.items() if n} else f"{known}"


# -- plays


def _play_done(claim: Claim, ledger: Ledger) -> str:
    count = ledger.ended_plays(claim.page.at, "done")[claim.words]
    several = ledger.process.titles().count(claim.words) > 1
    return "" if several or claim.number == count else f"{count} were done"


def _outcome(claim: Claim, ledger: Ledger) -> str:
    kind = claim.kind.removeprefix("outcome of ")
    known, well = ledger.outcomes(kind, claim.words, claim.page.at)
    said = (claim.number, int(claim.account.replace(",", "")))
    return "" if said == (known, well) else f"they decided after {known}, well after {well}"


# -- an account's story, term and promises


def _timeline(claim: Claim, ledger: Ledger) -> str:
    """Whatever was done stands there, once, and nothing else does."""
    page = claim.page
    lines = [line for line in page.lines if line.startswith("• ")]
    for fact in ledger.of(claim.account, page.at, "done", "interaction", "promise", "moved"):
        if is_promise(fact.title):
            continue
        words = {"done": f"{fact.title}: done", "moved": "moved from"}.get(fact.kind, "")
        words = words or fact.text.partition(" ")[2] or fact.text
        day = f"{fact.at:%a} {fact.at.day} {fact.at:%b %Y}"
        if not any(words in line and day in line for line in lines):
            return f"{fact.kind} on {day} is not there: {fact.title or fact.text}"
    said = sum(line.rpartition(" (@")[0].endswith(": done") for line in lines)
    facts = ledger.of(claim.account, page.at, "done")
    done = sum(not is_promise(one.title) for one in facts)
    return "" if said == done else f"{said} stand as done, {done} were"


def _touchpoints_of_the_term(claim: Claim, ledger: Ledger) -> str:
    """Only of the first term on the page, the one that runs."""
    first = next(line for line in claim.page.lines if line.startswith("Touchpoints done"))
    if not ledger.is_live(claim.account, claim.page.at):
        return ""  # its last term is over, and what is done for leaving belongs to none
    done = len(ledger.this_term(claim.account, claim.page.at, "done"))
    wrong = claim.sentence == first and claim.number != done
    return f"{done} were done" if wrong else ""


def _took_part(claim: Claim, ledger: Ledger) -> str:
    """A department that did something is there; one that is there did something."""
    page = claim.page
    said = dict(re.findall(r"(Sales|Marketing|Operations) ?(\d*)", claim.words))
    if claim.kind == "took part":
        first = next(line for line in page.lines if line.startswith("Took part"))
        if claim.sentence != first:
            return ""
    part = ledger.took_part(claim.account, page.at)
    named = {name.lower() for name, count in said.items() if count != "0"}
    missing = set(part) - named
    return f"{dict(part)} took part" if missing else ""


def _promises(claim: Claim, ledger: Ledger) -> str:
    account = is_brief(claim.page)
    if account not in ledger.customers:
        return ""
    made = len(ledger.this_term(account, claim.page.at, "promise"))
    kept = ledger.promises_kept(account, claim.page.at)
    said = {how: int(count) for count, how in re.findall(r"(\d+) (kept|open)", claim.words)}
    known = {"kept": kept, "open": made - kept}
    return "" if said == {how: n for how, n in known.items() if n} else f"{known}"


def _in_a_stage(claim: Claim, ledger: Ledger) -> str:
    page = claim.page
    key = ledger.process.key(claim.words)
    if page.surface != "board" or not key:
        return ""
    there = [name for name in ledger.customers if ledger.stage(name, page.at) == key]
    return "" if claim.number == len(there) else f"{len(there)}: {', '.join(there)}"


_CHECKS: dict[str, Callable[[Claim, Ledger], str]] = {
    "never in touch": _never_in_touch,
    "silent for": _silent_for,
    "last contact": _last_contact,
    "nothing missing": _nothing_missing,
    "missing": _missing,
    "gap": _gap,
    "waiting since": _waiting_since,
    "overdue": _overdue,
    "asked this week": _asked_this_week,
    "waiting": _counted(False),
    "in hand": _counted(True),
    "nothing waits": _nothing_waits,
    "yours": _yours,
    "choose a department": _choose_a_department,
    "renews in": _renews,
    "renews on": _renews,
    "renewal row": _renews,
    "was to decide": _renews,
    "no renewal date": _no_renewal_date,
    "quiet": _quiet,
    "unknown dates": _unknown_dates,
    "renewals ahead": _renewals_ahead,
    "two thirds over": _two_thirds,
    "in stage": _in_stage,
    "done": _done_between("done"),
    "skipped": _done_between("skipped"),
    "logged": _done_between("interaction"),
    "thanks": _thanks,
    "picture stages": _picture_stages,
    "picture value": _picture_value,
    "value news": _value_news,
    "play done": _play_done,
    "outcome of done": _outcome,
    "outcome of skipped": _outcome,
    "timeline": _timeline,
    "touchpoints of the term": _touchpoints_of_the_term,
    "took part": _took_part,
    "part in 90 days": _took_part,
    "promises": _promises,
    "in a stage": _in_a_stage,
}
