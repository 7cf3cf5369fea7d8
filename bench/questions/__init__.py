"""What people type, and whether the answer is right: sets of questions for the plain demo."""
