"""Mornings: a channel's list and a person's DM of what is theirs."""
