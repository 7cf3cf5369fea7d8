"""Errors whose text is shown to the person who caused them."""


class UserError(Exception):
    """A mistake that a person can correct; `sentence`, which is shown as it is, says how."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
