"""What plays bring back: written down, corrected, settled, taken back."""
