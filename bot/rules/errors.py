"""The one error that a person is meant to read."""


class UserError(Exception):
    """Something a person can put right.

    `sentence` says what is wrong and what to do next, in plain words; it is shown as it is.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NeedsReason(UserError):
    """It can be done, but not without saying why: where there is a form, it asks."""
