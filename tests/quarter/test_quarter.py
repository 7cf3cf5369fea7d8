"""A quarter of work with scripted people: no surface says what their own ledger does not know."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.messages.test_plain_words import faults
from tests.quarter.__main__ import run

pytestmark = pytest.mark.timeout(900)  # thirteen weeks; a busy machine takes its time

#: Sentences that must have been there to be compared: a surface that is no longer read tells.
READ = {
    "in stage", "renewal row", "renews in", "renews on", "gap", "thanks", "done", "waiting",
    "in hand", "yours", "timeline", "touchpoints of the term", "took part", "play done",
    "outcome of done", "last week", "in a stage", "open since", "overdue",
    "missing", "missing by name", "missing in a digest", "last contact", "list", "open row",
    "claimed row",
    "asked this week", "unknown dates", "old brief", "complaint", "department silent",
}  # fmt: skip


def test_no_surface_contradicts_what_was_done(tmp_path: Path) -> None:
    quarter, counted = run(accounts=12, weeks=13, folder=tmp_path)
    found = [str(one) for one in counted.contradictions]
    assert not found, "\n".join(found)
    assert not counted.refused
    assert set(counted.claims) >= READ, READ - set(counted.claims)
    assert counted.words <= 12
    lines = {(page.surface, line) for page in quarter.pages for line in page.lines}
    unclear = {f"{where}: {fault}: {line}" for where, line in lines for fault in faults(line)}
    assert not unclear, "\n".join(sorted(unclear))
