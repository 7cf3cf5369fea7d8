"""A quarter with scripted people, and a ledger of its own to hold against every surface."""
