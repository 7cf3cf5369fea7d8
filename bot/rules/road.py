"""The road to the destination: what has to have happened before somebody speaks for us."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Road:
    """Which steps an account has behind it; they may come in any order."""

    confirmed_value: bool
    promise_kept: bool
    second_term: bool
    speaks_for_us: bool

    def steps(self) -> list[tuple[str, bool]]:
        """Each step as a customer's card names it, and whether it is done."""
        return [
            ("confirmed value", self.confirmed_value),
            ("promise kept", self.promise_kept),
            ("second term", self.second_term),
            ("someone who speaks for us", self.speaks_for_us),
        ]
