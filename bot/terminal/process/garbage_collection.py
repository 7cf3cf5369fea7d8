"""What a start makes (modules, models, statements) stays until the process ends.

Python looks through all of it for garbage again and again, while it is made and ever after: a
tenth of a start, and a tenth of a command.
"""

from __future__ import annotations

import gc


def pause_collection() -> None:
    """No looking for garbage until `resume`: what is made meanwhile is there to stay."""
    gc.disable()


def resume_collection() -> None:
    """From now on garbage is looked for among what is made from now on."""
    gc.freeze()
    gc.enable()
