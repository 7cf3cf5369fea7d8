"""Messages of touchpoints, and what is told in a person's morning."""
