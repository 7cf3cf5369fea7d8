"""Gathers what was done in a digest's week, and who is to be thanked."""

from __future__ import annotations

from collections import Counter

from bot.actions.digests.scopes import DigestScope
from bot.messages.digests.thanks import Done
from db.digests import digests, readers
from db.members import members
from db.touchpoints.scope import DONE, SKIPPED


def gather_done(within: DigestScope) -> Done:
    """The touchpoints that people did and skipped; who wants no thanks is not named."""
    ended: Counter[str] = Counter()
    credit: Counter[str] = Counter()
    for row in digests.count_ended(within.tx, within.scope, within.span):
        ended[row.state] += row.count
        if row.state == DONE:
            credit[row.by_user] += row.count
    unnamed = members.members_without_thanks(within.tx)
    names = readers.display_names(within.tx, credit.keys() - unnamed)
    thanks = [(names[user], count) for user, count in credit.most_common() if user in names]
    so_far = within.span.now >= within.work.now
    return Done(ended[DONE], ended[SKIPPED], thanks, "this week" if so_far else "last week")
