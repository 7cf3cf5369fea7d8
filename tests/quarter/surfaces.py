"""What the surfaces claim: sentences of pages, read into claims that can be held against facts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tests.quarter.office import Page, day

_DAY = r"[A-Z][a-z]{2} \d{1,2} [A-Z][a-z]{2}(?: \d{4})?"
_N = r"\d[\d,]*"


@dataclass(frozen=True)
class Claim:
    """One thing that a page says: of an account or of all; `words` is what it says of it."""

    kind: str
    page: Page
    sentence: str
    account: str = ""
    number: int | None = None
    on: date | None = None
    words: str = ""


#: What a line may say of an account; several may be in one line.
_OF_AN_ACCOUNT = {
    "never in touch": r"no interaction (?:logged|recorded)(?: yet)?|Nothing logged yet"
    r"|nobody (?:has been )?in touch yet",
    "silent for": rf"no interaction for (?P<n>{_N}) days?|nobody in touch for (?P<n2>{_N}) days?",
    "last contact": rf"[Ll]ast contact:? (?P<d>{_DAY})",
    "nothing missing": r"[Nn]othing (?:is )?missing|Missing: none",
    "missing": r"Missing: (?P<n>\d+)",
    "open since": rf"(?<![Cc]omplaint )open since (?P<d>{_DAY})",
    "overdue": rf"(?P<n>{_N}) days? overdue",
    "renews in": rf"(?:renews|decides again)(?: (?P<d>{_DAY}))?,? \(?(?:in )?(?P<n>{_N}) days?",
    "renews on": rf"[Rr]enews (?P<d>{_DAY})|decides again .*by (?P<d2>{_DAY})",
    "no renewal date": r"No renewal date yet|[Rr]enewal date (?:is )?not known(?! for|: \d)",
    "asked this week": r"has been asked (?P<w>once|twice|\d+ times) this week"
    r"|(?P<n>\d+) asks this week|asked (?P<w2>once|twice|\d+ times) this week",
    "two thirds over": r"[Tt]wo thirds of (?:term|cycle|the term) (?:\d+ are|were) over",
    "was to decide": r"was to decide by|Renewal date passed|Date gone by",
    "no value yet": r"Confirmed value this term: none",
    "alternatives named": r"^Alternatives: (?P<w>.*)",
    "behind": rf"(?:[Bb]ehind|[Ss]tuck) in (?P<w>\w+) since (?P<d>{_DAY})",
    "complaint": r"[Cc]omplaint open since",
    "department silent": rf"(?P<w>\w+) silent since {_DAY} \((?P<n>{_N}) days?\)"
    rf"|(?P<w2>\w+) has not touched .* for (?P<n2>{_N}) days?",
}
#: What a line says of everything on the page.
_OF_THE_PAGE = {
    "quiet": r"No renewal within 90 days",
    "unknown dates": rf"[Rr]enewal dates? (?:is |are )?(?:not known|unknown)(?: for|:) "
    rf"(?P<n>{_N}) acc",
    "nothing waits": r"^Yours today: none|nothing waits",
    "choose a department": r"Choose your department",
    "yours": rf"^Yours today: (?P<n>{_N})",
    "thanks": rf"^Done (?:last|this) week: (?P<n>{_N}) · thanks to (?P<w>.+)$",
    "done": rf"^Done last week: (?P<n>{_N})",
    "last week": rf"^Last week: {_N} of (?P<n>{_N}) (?P<w>done.*?)\. This week",
    "renewals ahead": rf"Your renewals within 90 days: (?P<n>{_N})",
    "team's renewals": rf"(?:At risk|Not known enough): (?:none|{_N}) of (?P<n>{_N}) renewals?",
    "picture": r"^Renewals by month, [A-Z]{3} thousand a year\. (?P<w>.*)",
    "promises": r"^Promises: (?P<w>.*)",
    "touchpoints of the term": rf"^Touchpoints done: (?P<n>{_N})",
    "open promises": rf": (?P<n>{_N}) open promises?",
    "took part": r"^(?:Took part|Our involvement|Taking part in the last 90 days): (?P<w>.*)",
    "accounts": rf"^(?P<n>{_N}) accounts, stage by stage",
    "in a stage": rf"^(?P<w>[A-Z]\w+) · (?P<n>{_N})$",
}
_RENEWAL_ROW = re.compile(
    rf"^(?:• |At risk later: {_N} · )(?P<name>[^·]+?) · (?P<d>{_DAY})(?: · .*)?$"
)
_HOME_RENEWAL = re.compile(
    rf"^(?:At risk later: )?(?P<name>.+?) · (?P<d>{_DAY}) \((?:{_N} days?|today)\)"
)
#: What is missing by name: on a card; in a digest, perhaps with more; on Home below the renewal.
_MISSING = re.compile(r"^Missing: \d+ · (?P<w>.+)$")
_MISSING_OF = re.compile(r"^(?P<name>.+?) \((?P<w>[^()]+?)(?: and (?P<n>\d+) more)?\)$")
_NOT_RECORDED = re.compile(
    r"(?:^|· )(?P<w>[^·]+ not recorded(?: · nobody in touch.*)?|Nobody in touch.*)$"
)
_PLAY = re.compile(r"^(?P<title>.+) · (?P<stage>.+) · (?P<owner>.+)$")
_OUTCOME = re.compile(
    rf"after it was (done|skipped), the decision came out well in ({_N}) of ({_N})", re.IGNORECASE
)
_STAGE_ROW = re.compile(rf"(?P<name>[^,(]+?) \((?P<n>{_N}) days?[^)]*\)")

GAPS = {
    "value": r"(?i)confirmed value",
    "alternative": r"(?i)alternatives",
    "decision date": r"(?i)decision date",
    "contact": r"(?i)no contact recorded|^contact$",
    "decision maker": r"(?i)decision maker",
    "touch": r"(?i)nobody in touch",
}


def claims(page: Page, names: Sequence[str]) -> Iterator[Claim]:
    """All that is found on the page."""
    account, title = page.account, ""
    for line in page.lines:
        there = next((name for name in names if line.removeprefix("• ").startswith(name)), "")
        named = there or next((name for name in names if name in line), "")
        account = page.account or is_brief(page) or named or account
        row = _LIST_ROW.match(line.removeprefix("• "))
        if page.surface == "card":
            title = line.removeprefix("Next: ").partition(" · ")[0]
        title = row["title"] if row is not None and row["name"] in names else title
        for claim in _found(page, line, _OF_AN_ACCOUNT, account):
            yield replace(claim, words=title) if claim.kind in _OF_A_TOUCHPOINT else claim
        yield from _found(page, line, _OF_THE_PAGE, account if page.account else "")
        yield from _rows(page, line)
        yield from _in_stage(page, line, account, names)
    yield from _counts(page)
    yield from _gaps(page, names)
    yield from _missing_names(page, names)
    yield from _plays(page)
    yield from _story(page)
    yield from _lists(page, names)


def _found(page: Page, line: str, patterns: dict[str, str], account: str) -> Iterator[Claim]:
    for kind, pattern in patterns.items():
        match = re.search(pattern, line)
        if match is None:
            continue
        got = {key[0]: value for key, value in match.groupdict().items() if value}
        number = int(got["n"].replace(",", "")) if "n" in got else None
        on = day(got["d"], page.at.date()) if "d" in got else None
        yield Claim(kind, page, line, account, number, on, got.get("w", ""))


def _rows(page: Page, line: str) -> Iterator[Claim]:
    """A row of "Renewals" in a digest, or on Home."""
    match = _RENEWAL_ROW.match(line) or _HOME_RENEWAL.match(line)
    if match is not None:
        name, on = match["name"], day(match["d"], page.at.date())
        yield Claim("renewal row", page, line, name, on=on)


def _in_stage(page: Page, line: str, account: str, names: Sequence[str]) -> Iterator[Claim]:
    """Where an account stands, and for how long: "Adoption for 14 days", "Acme (14 days)"."""
    if match := re.search(rf"(?:^|· |\. )(?P<w>[A-Z]\w+) for (?P<n>{_N}) days?", line):
        yield Claim("in stage", page, line, account, int(match["n"].replace(",", "")),
                    words=match["w"])  # fmt: skip
    if page.surface == "board":
        for row in _STAGE_ROW.finditer(line):
            if row["name"].strip() in names:
                days = int(row["n"].replace(",", ""))
                yield Claim("in stage", page, line, row["name"].strip(), days)
    if match := re.match(r"^Days in each stage: (?P<w>.*)", line):
        for name, days in re.findall(rf"(\w+) ({_N})", match["w"].partition(" (")[0]):
            yield Claim("in stage", page, line, account, int(days.replace(",", "")), words=name)


def is_brief(page: Page) -> str:
    """The account that a message is the brief of, "" for another message."""
    if page.surface != "message" or not page.reader.startswith("@"):
        return ""
    match = re.match(rf"^(.+?) renews {_DAY} \(", page.lines[0]) if page.lines else None
    return match[1] if match and any(line.startswith("Missing") for line in page.lines) else ""


def gaps_of(page: Page) -> list[str]:
    """What stands under "Missing: 4", by its gap; what is none of them stays as it is."""
    found: list[str] = []
    lines = iter(page.lines)
    for line in lines:
        if match := re.match(r"^Missing: (\d+)", line):
            found += [next(lines, "") for _ in range(int(match[1]))]
    return [
        next((key for key, pattern in GAPS.items() if re.search(pattern, words)), words)
        for words in found
    ]


_LIST_ROW = re.compile(r"^(?P<name>[^·]+) · (?P<title>[^·]+?)(?: · (?P<rest>.+))?$")


#: What is said of the touchpoint that was named last.
_OF_A_TOUCHPOINT = ("open since", "overdue")
_COUNTS = {"unclaimed": "waiting", "claimed": "in hand"}


def _counts(page: Page) -> Iterator[Claim]:
    """ "Unclaimed: 8 (oldest 6 days overdue)" and "This week: 3 due today, 1 claimed" in a digest,
    and the headings of Home and `/next`: "Unclaimed in Sales: 8"."""
    for line in page.lines:
        if match := re.match(rf"(Unclaimed|Claimed) in (\w+): ({_N})$", line):
            kind, whose = _COUNTS[match[1].lower()], match[2].lower()
            yield Claim(kind, page, line, number=int(match[3]), words=whose)
        if page.surface != "message" or "digest, " not in page.lines[0]:
            continue
        _, this_week, ahead = line.partition("This week: ")
        if match := re.match(rf"Unclaimed: ({_N})", line) or re.match(rf"({_N}) due", ahead):
            yield Claim("waiting", page, line, number=int(match[1]), words=page.reader)
        if this_week:
            taken = re.search(rf"({_N}) claimed", ahead)
            count = int(taken[1]) if taken else 0
            yield Claim("in hand", page, line, number=count, words=page.reader)
        if oldest := re.search(rf"oldest ({_N}) days? overdue", line):
            yield Claim("oldest", page, line, number=int(oldest[1]), words=page.reader)


def _lists(page: Page, names: Sequence[str]) -> Iterator[Claim]:
    """`/next` and Home: each row that is open now, and the list as a whole."""
    if page.surface not in ("next", "home"):
        return
    if not page.lines[0].startswith("At risk"):  # a lead's Home has their own behind a button
        yield Claim("list", page, page.lines[0])
    open_now = False
    for line, following in zip(page.lines, [*page.lines[1:], ""], strict=True):
        if re.match(r"Yours today|Unclaimed|Claimed in|Later|Your renewals", line):
            open_now = line.startswith(("Yours", "Unclaimed", "Claimed in"))
        match = _LIST_ROW.match(line)
        if not open_now or match is None or match["name"] not in names:
            continue
        taken = following.startswith("Claimed by")
        yield Claim("claimed row" if taken else "open row", page, f"{line} / {following}"[:150],
                    match["name"], words=match["title"])  # fmt: skip


def _story(page: Page) -> Iterator[Claim]:
    """A timeline is held against all that happened, as a whole."""
    if page.surface == "timeline":
        yield Claim("timeline", page, page.lines[0], page.account)
    if page.surface == "old brief":
        yield Claim("old brief", page, " ".join(page.lines), page.account, len(page.lines))
    if page.surface == "value" and "Page 1 of" not in page.text:
        confirmed = sum("✓ Confirmed by" in line for line in page.lines)
        yield Claim("confirmed entries", page, page.lines[0], page.account, confirmed)


def _missing_names(page: Page, names: Sequence[str]) -> Iterator[Claim]:
    """ "Missing: 2 · confirmed value, decision maker": all that is missing, and nothing else."""
    above = ""
    for line, before in zip(page.lines, ["", *page.lines], strict=False):
        if page.surface == "message" and before.startswith("Not known enough"):
            yield from _missing_in_a_digest(page, line)
        match = (_NOT_RECORDED if page.surface == "home" else _MISSING).search(line)
        there = next((name for name in names if name in line), "")
        account, above = page.account or there or above, there or above
        if match is None:
            continue
        if account and page.surface in ("card", "home", "message"):
            words = match["w"].replace(" not recorded", "")
            parts = [_gap_named(part) for part in re.split(r", | and | · ", words)]
            yield Claim("missing by name", page, line, account, words="|".join(filter(None, parts)))


def _missing_in_a_digest(page: Page, line: str) -> Iterator[Claim]:
    """ "Acme (confirmed value, decision maker and 3 more) · Globex (decision date)"."""
    for match in filter(None, map(_MISSING_OF.match, line.split(" · "))):
        parts = [_gap_named(part) for part in match["w"].split(", ")]
        total = len(parts) + int(match["n"] or 0)
        words = "|".join(filter(None, parts))
        yield Claim("missing in a digest", page, line, match["name"], total, words=words)


def _gap_named(words: str) -> str:
    return next((key for key, pattern in GAPS.items() if re.search(pattern, words)), "")


def _gaps(page: Page, names: Sequence[str]) -> Iterator[Claim]:
    account = is_brief(page)
    if account in names:
        for gap in gaps_of(page):
            yield Claim("gap", page, gap, account, words=gap)


def _plays(page: Page) -> Iterator[Claim]:
    """Of each play: how often it was done and skipped, and how the decisions after it went."""
    if page.surface != "plays":
        return
    title = ""
    for line in page.lines:
        if match := _PLAY.match(line):
            title = match["title"]
        elif match := re.match(rf"(?P<n>{_N}) done", line):
            yield Claim("play done", page, line, number=int(match["n"]), words=title)
        for how, well, known in _OUTCOME.findall(line):
            said = f"{well} of {known}"
            yield Claim(f"outcome of {how}", page, f"{title}: {said}", words=title,
                        number=int(known.replace(",", "")), account=well)  # fmt: skip
