"""What plays bring back: the forms that ask, the private question, what was kept."""
