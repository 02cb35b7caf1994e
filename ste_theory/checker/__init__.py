"""The independent checker of certificates: the standard library and python-flint, and nothing else of this package.

``check(document)`` reads a document that a search wrote and decides again, with a parser and an arithmetic of its own,
whether it proves what it says: boxes over a domain, or the evidence of an analysis.
"""

from ste_theory.checker.analysis import NothingClaimed
from ste_theory.checker.check import Checked
from ste_theory.checker.documents import check
from ste_theory.checker.expression import Rejected

__all__ = ["Checked", "NothingClaimed", "Rejected", "check"]
