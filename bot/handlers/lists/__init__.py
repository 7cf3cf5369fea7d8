"""What people do with a list of touchpoints."""
