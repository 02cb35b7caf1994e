"""The independent checker of certificates: the standard library and python-flint, and nothing else of this package.

``check(document)`` reads a document that the proof search wrote and decides again, with a parser and an arithmetic of
its own, whether its boxes cover the domain and whether each box is there for a reason that holds.
"""

from ste_theory.checker.check import Checked, check
from ste_theory.checker.expression import Rejected

__all__ = ["Checked", "Rejected", "check"]
