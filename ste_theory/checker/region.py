"""A region of networks where the coarse gradient of a staircase with several steps never points uphill.

The networks: v = v* with any number of rows, ‖w‖ = ‖w*‖ = x. There ⟨E g_μ, ∂f/∂w⟩ = ‖v‖⁴·C(x, θ) with

    C = A·F + T,  A = E μ′(xa)·a·[σ(xa) − T(a)],  F = ½s₂′ − κ′,  T = b⊥·K/x,  K = Σ d_j d_k e^{…}/2π,

because the terms in 1ᵀv cancel. A and F vanish as θ → 0, so that |A| ≤ L_A·θ and |F| ≤ L_F·θ with bounds of their
derivatives in θ, and T ≥ τ₀·sin θ; all three from μ′ ≥ 0 and bounds over a strip of scales and all angles in (0, θ₀]:

    |∂A/∂θ| ≤ Σ d_k φ(τ_k)·B·(|τ_k|√(2/π) + s),  B = sup|μ′|,   by φ(a)φ((ca−τ)/s) = φ(τ)φ((a−τc)/s),
    |∂F/∂θ| ≤ Σ d_j d_k φ(α_j)|α_j|/x·φ(z)|cα_k − α_j|/s²,  z = (cα_j − α_k)/s,
    b⊥ = s Σ d_k φ(τ_k)·E μ′(x(τ_k c + sξ)),  K ≥ Σ d_k² e^{−α_k²/(1+c)}/2π.
"""

from fractions import Fraction

from flint import arb, fmpq

from ste_theory.checker.correlation import Staircase, density
from ste_theory.checker.cover import verify_cover
from ste_theory.checker.existence import require_mean
from ste_theory.checker.expression import Rejected
from ste_theory.checker.far import far
from ste_theory.checker.integral import number
from ste_theory.checker.jets import interval
from ste_theory.checker.reading import as_list, as_object, as_text, rational
from ste_theory.checker.signs import Formula, verify_sign
from ste_theory.checker.surrogate import Surrogate

SCHEMA = "ste-theory-region/1"
MAX_STRIPS, CELLS = 500, 64
REACH = 2  # |ξ| ≤ 2 is enough for a bound of b⊥ from below


class SmallAngles:
    """What the bound for small angles needs of a surrogate: μ′ ≥ 0 and its largest value."""

    def __init__(self, surrogate: Surrogate) -> None:
        self.surrogate, self.largest = surrogate, arb(0)
        program = surrogate.program
        require_mean(surrogate, None)
        for piece in (*surrogate.right(), *surrogate.left()):
            formula = Formula(program, piece.root)
            assert piece.lower is not None
            verify_sign(formula, piece.lower, piece.upper, 1, "the surrogate is not shown to be >= 0")
            end = piece.upper
            if end is None:
                end = max(Fraction(4), piece.lower + 1)
                top = far(program, piece.root, number(end))
                self.largest = self.largest.max(arb(top.upper.upper()))
            width = (end - piece.lower) / CELLS
            for k in range(CELLS):
                cell = number(piece.lower + k * width).union(number(piece.lower + (k + 1) * width))
                self.largest = self.largest.max(arb(formula.value(cell).upper()))
        if not self.largest.is_finite():
            raise Rejected("the surrogate is not shown to be bounded")

    def least(self, lower: arb, upper: arb) -> arb:
        """A bound from below of μ′ on an interval, of its pieces that meet it."""
        found = []
        for side in (1, -1):
            pieces = self.surrogate.right() if side > 0 else self.surrogate.left()
            a, b = (lower, upper) if side > 0 else (-upper, -lower)
            for piece in pieces:
                assert piece.lower is not None
                low = a.max(number(piece.lower))
                high = b if piece.upper is None else b.min(number(piece.upper))
                if not high <= low:
                    found.append(arb(Formula(self.surrogate.program, piece.root).value(low.union(high)).lower()))
        least = found[0] if found else arb(0)
        for value in found[1:]:
            least = least.min(value)
        return least if least > 0 else arb(0)

    def verify(self, staircase: Staircase, scales: arb, angle: Fraction, where: str) -> None:
        """Raises ``Rejected`` unless C > 0 for all angles in (0, angle] at all the scales."""
        theta, sine, cosine = number(angle), number(angle).sin(), number(angle).cos()
        if not (cosine > 0 and sine > 0):
            raise Rejected(f"{where}: the angle is not below pi/2")
        steps = [(number(t) / scales, number(d)) for t, d in zip(staircase.thresholds, staircase.heights, strict=True)]
        away = 1 - cosine
        radial = arb(0)
        for alpha, d in steps:
            radial += d * density(alpha) * self.largest * (abs(alpha) * (2 / arb.pi()).sqrt() + sine)
        slope = arb(0)
        for j, (alpha, d) in enumerate(steps):
            for k, (tau, e) in enumerate(steps):
                share = d * e * density(alpha) * abs(alpha) / scales
                if j == k:
                    slope += share * abs(alpha) / (1 + cosine) / (2 * arb.pi()).sqrt()
                    continue
                apart = abs(number(staircase.thresholds[j] - staircase.thresholds[k])) / scales
                least = apart - away * abs(alpha)
                if not least > 0:
                    raise Rejected(f"{where}: the angle is too large for two steps so close")
                # e^{−δ²/2s²}/s² grows with s up to s² = δ²/2, where it is 2/(eδ²).
                peak = 2 / (arb(1).exp() * least * least)
                if 2 * sine * sine <= least * least:
                    peak = (-least * least / (2 * sine * sine)).exp() / (sine * sine)
                peak /= (2 * arb.pi()).sqrt()
                slope += share * peak * (apart + away * abs(tau))
        across, turn = arb(0), arb(0)
        half = (arb(REACH) / arb(2).sqrt()).erf() / 2
        for (alpha, d), t in zip(steps, staircase.thresholds, strict=True):
            # u = t·c + x·s·ξ with 0 ≤ ξ ≤ 2, and −2 ≤ ξ ≤ 0.
            spread = scales * sine * REACH
            ends = (number(t) * cosine).union(number(t))
            right = self.least(arb(ends.lower()), arb((ends + spread).upper()))
            left = self.least(arb((ends - spread).lower()), arb(ends.upper()))
            across += d * density(alpha) * half * (right + left)
            turn += d * d * (-alpha * alpha / (1 + cosine)).exp() / (2 * arb.pi())
        if not across * turn / scales > radial * slope * theta * theta / sine:
            raise Rejected(f"{where}: the bound for small angles does not hold")


class Region:
    """A certificate of a region, read; ``verify`` decides it."""

    def __init__(self, document: object) -> None:
        keys = {"schema", "surrogate", "pieces", "quantizer", "scales", "angle", "strips"}
        content = as_object(document, "the region", keys)
        if content["schema"] != SCHEMA:
            raise Rejected(f"the schema of the region is not {SCHEMA!r}")
        as_text(content["surrogate"], "surrogate")
        self.surrogate = Surrogate(content["pieces"])
        self.staircase = Staircase.read(content["quantizer"])
        self.scales = _ends(content["scales"], "scales")
        self.angle = rational(content["angle"], "angle")
        if self.scales[0] <= 0 or not 0 < self.angle < Fraction(3, 2):
            raise Rejected("the scales are not positive, or the angle does not lie between 0 and 3/2")
        self.strips = [_ends(strip, "a strip") for strip in as_list(content["strips"], "strips", MAX_STRIPS)]

    def words(self) -> str:
        """The statement."""
        return (
            f"the coarse gradient never points uphill where v = v*, |w| = |w*| in [{self.scales[0]}, {self.scales[1]}] "
            f"and the angle is in (0, {self.angle}], for the quantizer with {self.staircase.words()} and "
            f"m(x) = {self.surrogate.words()}"
        )

    def verify(self) -> int:
        """Raises ``Rejected`` unless C > 0 on the whole region."""
        verify_cover((_q(self.scales),), [(_q(strip),) for strip in self.strips], "the region")
        small = SmallAngles(self.surrogate)
        for strip in self.strips:
            small.verify(self.staircase, interval(*_q(strip)), self.angle, f"the strip at {strip[0]}")
        return len(self.strips)


def _q(ends: tuple[Fraction, Fraction]) -> tuple[fmpq, fmpq]:
    return fmpq(ends[0].numerator, ends[0].denominator), fmpq(ends[1].numerator, ends[1].denominator)


def _ends(value: object, where: str) -> tuple[Fraction, Fraction]:
    ends = [rational(end, where) for end in as_list(value, where, 2)]
    if len(ends) != 2 or ends[0] >= ends[1]:
        raise Rejected(f"{where}: not a range from a lower to a higher number")
    return ends[0], ends[1]
