"""A list of touchpoints as a message."""
