"""What people tell, and want done: each becomes a proposal whose button carries a command."""

from bot.handlers.sentences.changes import CHANGES
from bot.handlers.sentences.happened import HAPPENED
from bot.handlers.sentences.mine import MINE

TOLD = {**HAPPENED, **CHANGES, **MINE}
