"""The kinds of documents that the checker reads."""

from collections.abc import Callable, Sequence

from ste_theory.checker import analysis, membership, region, response
from ste_theory.checker.analysis import Evidence
from ste_theory.checker.check import SCHEMA as CASES
from ste_theory.checker.check import Checked, check_cases, precision
from ste_theory.checker.correlation import SCHEMA as COUNTEREXAMPLE
from ste_theory.checker.correlation import Network
from ste_theory.checker.expression import Rejected
from ste_theory.checker.membership import Membership
from ste_theory.checker.reading import as_text
from ste_theory.checker.region import Region
from ste_theory.checker.response import Response

PARTS: dict[str, Callable[[object], Evidence]] = {
    response.SCHEMA: Response,
    COUNTEREXAMPLE: Network,
    region.SCHEMA: Region,
    membership.SCHEMA: Membership,
}
SCHEMAS = frozenset({CASES, analysis.SCHEMA, *PARTS})


def check(document: object) -> Checked:
    """The verified statement. Raises ``Rejected`` with the reason in one line for anything that proves nothing.

    A document is a certificate of boxes, an analysis, or a part of an analysis: a certificate of the response, a
    counterexample, a region, a membership in the class of the classification paper.
    """
    if not isinstance(document, dict):
        raise Rejected("the document is not an object")
    schema = document.get("schema")
    if schema == analysis.SCHEMA:
        with precision(analysis.BITS):
            read = analysis.read(document)
            return _checked(read.evidence, read.claim(), decided=read.decided)
    if isinstance(schema, str) and schema in PARTS:
        with precision(analysis.BITS):
            name = as_text(document.get("surrogate"), "surrogate")[:200]
            return _checked([PARTS[schema](document)], f"the name is the author's: surrogate {name}")
    return check_cases(document)


def _checked(found: Sequence[Evidence], claim: str, *, decided: bool = True) -> Checked:
    boxes = sum(item.verify() for item in found)
    return Checked(claim, (), "; ".join(item.words() for item in found), boxes, decided)
