"""Formulas as people write them: from SymPy to a tree, and from the tree to LaTeX and to text, broken into lines."""
