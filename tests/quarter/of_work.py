"""Claims of work: what waits and for how long, what was done, what came of plays."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from tests.quarter.ledger import Ledger, Shown
from tests.quarter.surfaces import Claim

Check = Callable[[Claim, Ledger], str]

#: A digest and the nudges of its morning come within a minute; nobody works meanwhile.
MORNING = timedelta(minutes=45)


# -- touchpoints


def _first_shown(claim: Claim, ledger: Ledger) -> datetime | None:
    """When the touchpoint came on a screen; of several of that name the one that is open now."""
    page = claim.page
    shown = [one for one in ledger.shown.values()
             if (one.account, one.title) == (claim.account, claim.words)
             and one.at <= page.at + MORNING]  # fmt: skip
    still = [one for one in shown if not ledger.ended(one.id, page.at)] or shown
    return min((one.at for one in still), default=None)


def _open_since(claim: Claim, ledger: Ledger) -> str:
    if not claim.words:
        return ""  # an account's next steps, told with its move
    shown = _first_shown(claim, ledger)
    if shown is None:
        return "nobody has seen it yet"
    return "" if claim.on == shown.date() else f"it was shown on {shown.date()}"


def _overdue(claim: Claim, ledger: Ledger) -> str:
    if not claim.words or "oldest" in claim.sentence:
        return ""
    shown = _first_shown(claim, ledger)
    if shown is None:
        return "nobody has seen it yet"
    days = _working_days(shown, claim.page.at)
    return f"shown {days} working days ago" if (claim.number or 0) > days else ""


def _working_days(since: datetime, until: datetime) -> int:
    """Holidays among them: nothing is overdue for longer."""
    days = (until.date() - since.date()).days
    return sum((since.date() + timedelta(days=n + 1)).weekday() < 5 for n in range(days))


def _of_reader(claim: Claim, ledger: Ledger) -> list[Shown]:
    """What is open for whom the claim is about: a department, a person, or everybody."""
    at, whose = claim.page.at + MORNING, claim.words.removeprefix("#")
    if whose == "customers":
        return ledger.open(at)
    who = whose.removeprefix("@")
    if whose in ledger.process.departments:
        return [one for one in ledger.open(at) if one.where == whose]
    return [one for one in ledger.open(at)
            if one.where == f"@{who}" or ledger.claimed_by(one.id, at) == who]  # fmt: skip


def _oldest(claim: Claim, ledger: Ledger) -> str:
    at = claim.page.at
    days = max((_working_days(one.at, at) for one in _of_reader(claim, ledger)), default=0)
    return f"the oldest was shown {days} working days ago" if (claim.number or 0) > days else ""


def _asked_this_week(claim: Claim, ledger: Ledger) -> str:
    said = {"once": 1, "twice": 2}.get(claim.words) or claim.number
    said = said or int((re.findall(r"\d+", claim.words) or ["0"])[0])
    asked = ledger.asked(claim.account, claim.page.at)
    names = ", ".join(one.title for one in asked) or "nothing"
    return f"{len(asked)} asks: {names}" if said > len(asked) else ""


def _counted(taken: bool) -> Callable[[Claim, Ledger], str]:
    """Unclaimed or claimed, as digests, `/next` and Home count them."""

    def check(claim: Claim, ledger: Ledger) -> str:
        at = claim.page.at + MORNING
        those = _of_reader(claim, ledger)
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


def _list(claim: Claim, ledger: Ledger) -> str:
    """All that is open for the reader is there, unless the list says that it was cut."""
    page = claim.page
    at, who = page.at, page.reader
    if "more" in page.text and ("… and" in page.text):
        return ""
    where = who if who in ledger.process.departments else f"@{who}"
    those = [one for one in ledger.open(at) if one.where == where
             or ledger.claimed_by(one.id, at) == who]  # fmt: skip
    left_out = [one for one in those if one.id not in page.touchpoints]
    return f"{left_out[0].account}, {left_out[0].title} is open" if left_out else ""


def _row(taken: bool) -> Callable[[Claim, Ledger], str]:
    def check(claim: Claim, ledger: Ledger) -> str:
        at = claim.page.at
        there = [one for one in ledger.open(at)
                 if (one.account, one.title) == (claim.account, claim.words)]  # fmt: skip
        if not there:
            return "it is not open on any screen"
        states = {bool(ledger.claimed_by(one.id, at)) for one in there}
        return "" if taken in states else f"claimed: {not taken}"

    return check


def _choose_a_department(claim: Claim, ledger: Ledger) -> str:
    department = ledger.departments.get(claim.page.reader)
    return f"they are of {department}" if department else ""


# -- what was done


def _done(claim: Claim, ledger: Ledger) -> str:
    """What was done from Monday to Sunday; a promise that is called kept by a command ends its
    touchpoint, if it had one by then."""
    page = claim.page
    if page.reader != "#customers":
        return ""  # whose it was is not on the screen: the company's digest has all
    monday = page.at.replace(hour=0, minute=0, second=0) - timedelta(days=page.at.weekday())
    week = monday - timedelta(days=7), monday
    done, kept = (len(ledger.between(*week, kind)) for kind in ("done", "kept"))
    return "" if done <= (claim.number or 0) <= done + kept else f"{done} were done"


def _thanks(claim: Claim, ledger: Ledger) -> str:
    """Who is thanked adds up to what was done."""
    counts = [int(one) for one in re.findall(r"\((\d+)\)", claim.words)]
    return "" if sum(counts) == claim.number else f"{sum(counts)} thanked, {claim.number} told"


def _last_week(claim: Claim, ledger: Ledger) -> str:
    """What became of a department's touchpoints adds up."""
    done = int(claim.sentence.split()[2])
    rest = re.findall(r"(\d+) (?:carried over|postponed|skipped)", claim.words)
    told = done + sum(map(int, rest))
    return "" if told == claim.number else f"{told} are told, of {claim.number}"


# -- plays


def _gaps_asked(ledger: Ledger, at: datetime) -> int:
    """A gap that is asked for by a brief's button has the title of a play and is none."""
    return sum(one.kind == "asked for a gap" and one.at <= at for one in ledger.facts)


def _play_done(claim: Claim, ledger: Ledger) -> str:
    at = claim.page.at
    count = ledger.ended_plays(at, "done")[claim.words]
    least = count - _gaps_asked(ledger, at)
    return "" if least <= (claim.number or 0) <= count else f"{count} were done"


def _outcome(claim: Claim, ledger: Ledger) -> str:
    at, kind = claim.page.at, claim.kind.removeprefix("outcome of ")
    known, well = ledger.outcomes(kind, claim.words, at)
    said, good = claim.number or 0, int(claim.account.replace(",", ""))
    asked = _gaps_asked(ledger, at)
    right = known - asked <= said <= known and well - asked <= good <= well
    return "" if right else f"they decided after {known}, well after {well}"


CHECKS: dict[str, Check] = {
    "open since": _open_since,
    "oldest": _oldest,
    "overdue": _overdue,
    "asked this week": _asked_this_week,
    "waiting": _counted(False),
    "in hand": _counted(True),
    "nothing waits": _nothing_waits,
    "yours": _yours,
    "list": _list,
    "open row": _row(False),
    "claimed row": _row(True),
    "choose a department": _choose_a_department,
    "done": _done,
    "thanks": _thanks,
    "last week": _last_week,
    "play done": _play_done,
    "outcome of done": _outcome,
    "outcome of skipped": _outcome,
}
