"""The class of the classification paper in an analysis: exact fractions, which the checker decides again."""

from fractions import Fraction
from math import ceil, floor

from flint import arb

from ste_theory.analysis.evidence import ClassMembership
from ste_theory.model.numbers import Exact
from ste_theory.model.surrogates import Surrogate


def class_membership(surrogate: Surrogate, bound: Exact = 10) -> ClassMembership:
    """Where the surrogate stands, with bounds for pre-activations up to ``bound``, as an analysis says it."""
    from ste_theory.classification.membership import Place, membership

    found = membership(surrogate, bound=bound)
    ends = ["", ""]
    if found.lower is not None and found.upper is not None:
        # Outwards to multiples of 10⁻¹², so that the bounds still hold as fractions; a smaller δ stays what it is.
        scale = 10**12
        low, high = _exactly(found.lower.lower()), _exactly(found.upper.upper())
        ends = [str(Fraction(floor(low * scale), scale) or low), str(Fraction(ceil(high * scale), scale))]
    until = "inf" if found.place is Place.IN else str(found.bound)
    at = "" if found.at is None else str(found.at)
    return ClassMembership(str(found.place), found.reason, until, ends[0], ends[1], at)


def _exactly(end: arb) -> Fraction:
    mantissa, exponent = end.mid().man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
