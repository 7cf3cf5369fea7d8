"""Stories of what plays bring back."""
