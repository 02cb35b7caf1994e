"""Where there is an expected coarse gradient: if |μ′(u)| grows like e^{γu²}, E|μ′(ρξ)| < ∞ for ρ < 1/√(2γ).

Decided on μ′ as it is written, both sides apart: the response sees the even part alone, in which an odd part that has
no mean has disappeared.
"""

from dataclasses import asdict, dataclass
from decimal import ROUND_FLOOR, Context
from fractions import Fraction

from flint import arb

from ste_theory.analysis.evidence import pieces_of
from ste_theory.checker import Rejected
from ste_theory.checker.existence import growth
from ste_theory.checker.surrogate import Surrogate as CheckedSurrogate
from ste_theory.model.surrogates import Surrogate
from ste_theory.rigorous.balls import digits, precision

BITS, FIGURES = 128, 4


@dataclass(frozen=True)
class Existence:
    """The mean is shown to exist on (0, ``top``], ``top`` a short number just below the bound ``until``; ``None``: at
    every scale. From ``until`` on it is infinite if ``beyond``, else not shown to exist; ``problem`` says why there is
    no such scale."""

    top: Fraction | None
    until: str
    beyond: bool
    problem: str = ""

    def binds(self, max_scale: Fraction | None) -> bool:
        """Whether a scale up to ``max_scale`` is left without a mean."""
        return bool(self.problem) or (self.top is not None and (max_scale is None or max_scale > self.top))

    def within(self, max_scale: Fraction | None) -> Fraction | None:
        """The largest scale to speak of."""
        return self.top if self.binds(max_scale) and not self.problem else max_scale

    def at(self, scale: Fraction) -> str:
        """Why there is no value at a scale; empty if there is one."""
        if not self.binds(scale):
            return ""
        return "does not exist" if self.beyond else "not shown to exist"


def existence(surrogate: Surrogate) -> Existence:
    """Where E|μ′(ρξ)| is finite."""
    with precision(BITS):
        try:
            found = growth(CheckedSurrogate([asdict(piece) for piece in pieces_of(surrogate)]))
        except Rejected as reason:
            return Existence(None, "0", False, f"that E|μ′(ρξ)| is finite is not shown: {reason}")
        if found.above <= 0:
            return Existence(None, "", False)
        until = 1 / (2 * found.above).sqrt()
        beyond = found.below is not None and found.below.overlaps(found.above)
        return Existence(_just_below(until), _neat(digits(until, 15)), beyond)


def _just_below(until: arb) -> Fraction:
    """A number of four figures below the bound."""
    short = Context(prec=FIGURES, rounding=ROUND_FLOOR).create_decimal_from_float(float(until) * (1 - 1e-9))
    return Fraction(short)


def _neat(number: str) -> str:
    return number.rstrip("0").rstrip(".") if "." in number and "e" not in number else number
