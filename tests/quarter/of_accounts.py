"""Claims of an account: contact, gaps, renewals, stages, its story, terms and promises."""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.quarter.ledger import Ledger, is_promise
from tests.quarter.people import LEADS, PEOPLE
from tests.quarter.surfaces import Claim, is_brief

Check = Callable[[Claim, Ledger], str]


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
    gaps = ledger.gaps(claim.account, claim.page.at)
    return "" if claim.words in gaps else f"{claim.words} is known"


def _missing_by_name(claim: Claim, ledger: Ledger) -> str:
    gaps = ledger.gaps(claim.account, claim.page.at)
    said = set(claim.words.split("|")) - {""}
    return "" if said == gaps else f"missing: {', '.join(sorted(gaps))}"


def _missing_in_a_digest(claim: Claim, ledger: Ledger) -> str:
    """The first that are missing, and how many there are in all."""
    gaps = ledger.gaps(claim.account, claim.page.at)
    wrong = set(claim.words.split("|")) - gaps or claim.number != len(gaps)
    return f"missing: {', '.join(sorted(gaps))}" if wrong else ""


def _no_value(claim: Claim, ledger: Ledger) -> str:
    known = ledger.this_term(claim.account, claim.page.at, "confirmed value")
    return f"{len(known)} confirmed" if known else ""


def _alternatives_named(claim: Claim, ledger: Ledger) -> str:
    """Each that was told in this term is there."""
    told = {one.text for one in ledger.this_term(claim.account, claim.page.at, "alternative")}
    left_out = {one for one in told if one not in claim.words}
    return f"told: {', '.join(sorted(left_out))}" if left_out and "more" not in claim.words else ""


def _complaint(claim: Claim, ledger: Ledger) -> str:
    facts = ledger.of(claim.account, claim.page.at, "complaint", "settled")
    is_open = facts and facts[-1].kind == "complaint"
    return "" if is_open else "none is open"


def _department_silent(claim: Claim, ledger: Ledger) -> str:
    """Nobody of it did anything for so long: not longer than anything is known."""
    at, name = claim.page.at, claim.words.lower()
    facts = [one for one in ledger.of(claim.account, at, "done", "interaction")
             if ledger.departments.get(one.by) == name]  # fmt: skip
    last = max([one.at for one in facts] + [ledger.customers[claim.account].since])
    days = (at.date() - last.date()).days
    return f"it is {days} days" if (claim.number or 0) > days else ""


def _behind(claim: Claim, ledger: Ledger) -> str:
    """Behind in the stage in which it is, and not since before it came into it here."""
    at = claim.page.at
    stage = ledger.process.name(ledger.stage(claim.account, at))
    since = ledger.in_stage_since(claim.account, at).date()
    wrong = claim.words != stage or (claim.on is not None and claim.on < since)
    return f"in {stage} since {since}" if wrong else ""


# -- renewals


def _renews(claim: Claim, ledger: Ledger) -> str:
    at = claim.page.at
    if claim.account not in ledger.customers or "no date is known" in claim.sentence:
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
    who, at = claim.page.reader.removeprefix("@"), claim.page.at
    soon = [name for name in ledger.renewing(at, 90)
            if who in ("#customers", ledger.manager(name, at))]  # fmt: skip
    return f"{', '.join(soon)} renew" if soon else ""


def _unknown_dates(claim: Claim, ledger: Ledger) -> str:
    """Of the company's customers, or of the reader's; a department's are not on the screen."""
    page = claim.page
    who = page.reader.removeprefix("@")
    if page.surface == "home" and "By manager" in page.lines:
        return ""  # a lead's: of all their people
    unknown = [name for name in ledger.unknown_dates(page.at)
               if ledger.has_term(name, page.at)
               and who in ("#customers", ledger.manager(name, page.at))]  # fmt: skip
    is_told = page.reader == "#customers" or who in PEOPLE
    wrong = is_told and claim.number != len(unknown)
    return f"not known for {', '.join(unknown) or 'none'}" if wrong else ""


def _renewals_ahead(claim: Claim, ledger: Ledger) -> str:
    who, at = claim.page.reader, claim.page.at
    mine = [name for name in ledger.renewing(at, 90) if ledger.manager(name, at) == who]
    return "" if claim.number == len(mine) else f"{len(mine)} renew: {', '.join(mine)}"


def _team_s_renewals(claim: Claim, ledger: Ledger) -> str:
    """A lead's Home counts what renews of those whose department they lead, and of their own; a
    digest all that renews, or its reader's own."""
    page, at = claim.page, claim.page.at
    if page.surface != "home":
        return _digest_s_renewals(claim, ledger)
    led = {key for key, lead in LEADS.items() if lead == page.reader}
    team = {page.reader, *(who for who, key in ledger.departments.items() if key in led)}
    theirs = [name for name in ledger.renewing(at, 90) if ledger.manager(name, at) in team]
    return "" if claim.number == len(theirs) else f"{len(theirs)} renew: {', '.join(theirs)}"


def _digest_s_renewals(claim: Claim, ledger: Ledger) -> str:
    page, at = claim.page, claim.page.at
    if "digest, " not in page.lines[0] or "while you cover" in page.lines[0]:
        return ""
    who = page.reader.removeprefix("@")
    own = [name for name in ledger.renewing(at, 90)
           if who in ("#customers", ledger.manager(name, at))]  # fmt: skip
    return "" if claim.number == len(own) else f"{len(own)} renew: {', '.join(own)}"


def _two_thirds(claim: Claim, ledger: Ledger) -> str:
    customer = ledger.customers.get(claim.account)
    if customer is None:
        return ""
    terms = ledger.of(claim.account, claim.page.at, "term", "first term")
    days = (claim.page.at - (terms[-1].at if terms else customer.since)).days
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
        day = f"{fact.at:%a} {fact.at.day} {fact.at:%b}"
        if not any(words in line and day in line for line in lines):
            return f"{fact.kind} on {day} is not there: {fact.title or fact.text}"
    said = sum(": done" in line and not line.startswith("Promise") for line in lines)
    facts = ledger.of(claim.account, page.at, "done")
    done = sum(not is_promise(one.title) for one in facts)
    return "" if said == done else f"{said} stand as done, {done} were"


def _touchpoints_of_the_term(claim: Claim, ledger: Ledger) -> str:
    """Only of the first term on the page, the one that runs."""
    first = next(line for line in claim.page.lines if line.startswith("Touchpoints done"))
    if not ledger.is_live(claim.account, claim.page.at):
        return ""  # its last term is over, and what is done for leaving belongs to none
    term = ledger.this_term(claim.account, claim.page.at, "done", first="first term")
    done = len(term)
    wrong = claim.sentence == first and claim.number != done
    return f"{done} were done" if wrong else ""


def _took_part(claim: Claim, ledger: Ledger) -> str:
    """A department that did something is there; one that is there did something."""
    page = claim.page
    said = dict(re.findall(r"(Sales|Marketing|Operations)\)? ?(\d*)", claim.words))
    head = claim.sentence.partition(":")[0]
    first = next(line for line in page.lines if line.startswith(head))
    is_live = claim.account in ledger.customers and ledger.is_live(claim.account, page.at)
    if claim.sentence != first or not is_live:
        return ""  # an earlier term's
    manager = ledger.manager(claim.account, page.at) if "anager" in claim.words else ""
    part = ledger.took_part(claim.account, page.at, but=manager)
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


def _old_brief(claim: Claim, ledger: Ledger) -> str:
    return f"{claim.account} has left" if claim.number else ""


def _open_promises(claim: Claim, ledger: Ledger) -> str:
    at = claim.page.at
    made = len(ledger.of(claim.account, at, "promise"))
    done = sum(is_promise(one.title) for one in ledger.of(claim.account, at, "done"))
    still = made - done - len(ledger.of(claim.account, at, "kept"))
    return "" if claim.number == still else f"{still} are open"


def _confirmed_entries(claim: Claim, ledger: Ledger) -> str:
    known = len(ledger.of(claim.account, claim.page.at, "confirmed value"))
    return "" if claim.number == known else f"{known} were confirmed"


def _in_a_stage(claim: Claim, ledger: Ledger) -> str:
    page = claim.page
    key = ledger.process.key(claim.words)
    if page.surface != "board" or not key:
        return ""
    there = [name for name in ledger.customers if ledger.stage(name, page.at) == key]
    return "" if claim.number == len(there) else f"{len(there)}: {', '.join(there)}"


CHECKS: dict[str, Check] = {
    "never in touch": _never_in_touch,
    "silent for": _silent_for,
    "last contact": _last_contact,
    "nothing missing": _nothing_missing,
    "missing": _missing,
    "gap": _gap,
    "missing by name": _missing_by_name,
    "missing in a digest": _missing_in_a_digest,
    "no value yet": _no_value,
    "alternatives named": _alternatives_named,
    "complaint": _complaint,
    "department silent": _department_silent,
    "behind": _behind,
    "renews in": _renews,
    "renews on": _renews,
    "renewal row": _renews,
    "was to decide": _renews,
    "no renewal date": _no_renewal_date,
    "quiet": _quiet,
    "unknown dates": _unknown_dates,
    "renewals ahead": _renewals_ahead,
    "team's renewals": _team_s_renewals,
    "two thirds over": _two_thirds,
    "in stage": _in_stage,
    "timeline": _timeline,
    "touchpoints of the term": _touchpoints_of_the_term,
    "took part": _took_part,
    "promises": _promises,
    "old brief": _old_brief,
    "open promises": _open_promises,
    "confirmed entries": _confirmed_entries,
    "in a stage": _in_a_stage,
}
