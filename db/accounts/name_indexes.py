"""The names by which a process finds accounts: read once, and again when they have changed."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from sqlalchemy import Engine

from bot.rules.text.name_index import NameIndex
from db.accounts import accounts
from db.core import workspaces
from db.core.tx import read

#: As many workspaces' names stay in memory; a name costs about 500 bytes.
MOST_WORKSPACES = 4


@dataclass(frozen=True)
class Names:
    """Every name and alias of a workspace as of a version: of the live accounts, the archived."""

    version: int
    live: NameIndex
    archived: NameIndex

    def holding(self, words: str) -> list[tuple[int, str]]:
        """(account id, name or alias) where the name, of an archived account too, holds these."""
        return [*self.live.holding(words), *self.archived.holding(words)]


class NameIndexes:
    """The names of the workspaces of a database; one object a process."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._kept: OrderedDict[str, Names] = OrderedDict()
        self._lock = Lock()

    def of(self, workspace: str) -> Names:
        """A workspace's names as they are committed now. Opens a reading transaction, and may take
        half a second for 100,000 names: not to be called inside a writing one, which would keep all
        others waiting."""
        with self._lock, read(self.engine, workspace) as tx:
            found = workspaces.current(tx)
            # Read before the names: what is committed in between is read again the next time.
            version = found.names_version if found is not None else 0
            names = self._kept.get(workspace)
            if names is None or names.version != version:
                live, archived = accounts.iterate_names(tx)
                names = self._kept[workspace] = Names(version, NameIndex(live), NameIndex(archived))
            self._kept.move_to_end(workspace)
            if len(self._kept) > MOST_WORKSPACES:
                self._kept.popitem(last=False)
            return names
