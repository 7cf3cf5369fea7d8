"""The company of `python -m bot demo`: its data, its year, its clock."""
