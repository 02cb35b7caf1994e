"""Claims for other programs: exact formulas as text and trees, functions with certified values."""
