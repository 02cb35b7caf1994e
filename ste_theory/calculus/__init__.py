"""Gaussian calculus in SymPy: named expectations, one object per rule, derivations whose every step is re-checked."""
