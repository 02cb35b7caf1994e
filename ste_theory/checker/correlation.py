"""The correlation of the expected coarse gradient with the population gradient in w, in balls, for any staircase.

With a = ŵᵀz, α_k = t_k/ρ, τ_k = t_k/ρ*, c = cos θ, s = sin θ, V = ‖v‖², S = 1ᵀv, S* = 1ᵀv*, D = vᵀv*:

    E g·ŵ = E μ′(ρa)·a·[Vσ(ρa) + (S² − V)s₁ − D·T(a) − (SS* − D)s₁*],   T(a) = c₀ + Σ d_k Φ((ca − τ_k)/s)
    E g·û = −D·E μ′(ρa)·Σ d_k φ((τ_k − ca)/s)          ∂f/∂w·û = −(D/2πρ)Σ d_j d_k e^{−(α_j²−2cα_jτ_k+τ_k²)/2s²}
    ∂f/∂ρ = ½[(s₂′ − 2s₁s₁′)V + 2s₁s₁′S² − 2((κ′ − s₁′s₁*)D + s₁′s₁*SS*)]

The integrals are taken over u = ρa, where μ′ and σ break at fixed rational places: ρ, ρ* and θ may be balls.
"""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from flint import acb, arb

from ste_theory.checker.existence import require_mean
from ste_theory.checker.expression import Rejected
from ste_theory.checker.far import Envelope, integral_bound
from ste_theory.checker.integral import gaussian_mass, number, weighted
from ste_theory.checker.reading import as_list, as_object, as_text, decimal, rational
from ste_theory.checker.surrogate import Piece, Surrogate

SCHEMA = "ste-theory-counterexample/1"
MAX_STEPS, MAX_ROWS = 64, 40


@dataclass(frozen=True)
class Staircase:
    """σ(x) = c₀ + Σ d_k·1{x > t_k}."""

    thresholds: tuple[Fraction, ...]
    heights: tuple[Fraction, ...]
    offset: Fraction

    @staticmethod
    def read(document: object) -> "Staircase":
        """From a document."""
        content = as_object(document, "quantizer", {"thresholds", "heights", "offset"})
        thresholds = tuple(rational(t, "thresholds") for t in as_list(content["thresholds"], "thresholds", MAX_STEPS))
        heights = tuple(rational(d, "heights") for d in as_list(content["heights"], "heights", MAX_STEPS))
        if not thresholds or len(thresholds) != len(heights) or min(heights) <= 0:
            raise Rejected("quantizer: thresholds and heights do not fit, or a height is not positive")
        if any(one >= two for one, two in itertools.pairwise(thresholds)):
            raise Rejected("quantizer: the thresholds do not increase")
        return Staircase(thresholds, heights, rational(content["offset"], "offset"))

    def level(self, u: Fraction) -> Fraction:
        """σ between two thresholds."""
        steps = zip(self.thresholds, self.heights, strict=True)
        return self.offset + sum((d for t, d in steps if u > t), Fraction(0))

    def words(self) -> str:
        """The staircase."""
        steps = ", ".join(f"{d} at {t}" for t, d in zip(self.thresholds, self.heights, strict=True))
        return f"steps {steps}, offset {self.offset}"


def density(x: arb) -> arb:
    """φ."""
    return (-x * x / 2).exp() / (2 * arb.pi()).sqrt()


def probability(x: arb) -> arb:
    """Φ."""
    return (-x / arb(2).sqrt()).erfc() / 2


def _probability(x: acb) -> acb:
    return (-x / arb(2).sqrt()).erfc() / 2


@dataclass(frozen=True)
class Place:
    """ρ, ρ* and the angle as balls; ``half`` is tan(θ/2)."""

    rho: arb
    rho_star: arb
    half: arb

    @property
    def cosine(self) -> arb:
        """cos θ = 2/(1 + tan²(θ/2)) − 1."""
        return 2 / (1 + self.half * self.half) - 1

    @property
    def sine(self) -> arb:
        """sin θ = 2/(1/tan(θ/2) + tan(θ/2))."""
        return 2 / (1 / self.half + self.half)


class Moments:
    """What the correlation needs of a surrogate, a staircase and a place."""

    def __init__(self, surrogate: Surrogate, staircase: Staircase, place: Place, largest: Fraction) -> None:
        self.surrogate, self.staircase, self.place = surrogate, staircase, place
        self.largest = largest
        steps = list(zip(staircase.thresholds, staircase.heights, strict=True))
        base, rho, c, s = number(staircase.offset), place.rho, place.cosine, place.sine
        # Where both scales are one ball, a and τ are over the same x: what cancels is seen before the division.
        self.same = place.rho is place.rho_star
        self.steps = [(number(t) / rho, number(t) / place.rho_star, number(d)) for t, d in steps]
        self.s1 = base + sum((d * probability(-alpha) for alpha, _, d in self.steps), arb(0))
        self.s1_star = base + sum((d * probability(-tau) for _, tau, d in self.steps), arb(0))
        self.s1_slope = sum((d * density(alpha) * alpha / rho for alpha, _, d in self.steps), arb(0))
        s2, kappa, turn = 2 * base * self.s1_slope, base * self.s1_slope, arb(0)
        for (j, (alpha, _, d)), (k, (beta, tau, e)) in itertools.product(enumerate(self.steps), repeat=2):
            top = alpha if staircase.thresholds[j] >= staircase.thresholds[k] else beta
            s2 += d * e * density(top) * top / rho
            z = self.across_threshold(acb(number(staircase.thresholds[j])), k).real
            kappa += d * e * density(alpha) * alpha / rho * probability(z)
            apart = (number(staircase.thresholds[j] - staircase.thresholds[k]) / rho) if self.same else alpha - tau
            turn += d * e * (-apart * apart / (2 * s * s) - alpha * tau / (1 + c)).exp()
        self.s2_slope, self.kappa_slope, self.turn = s2, kappa, turn / (2 * arb.pi())

    def across_threshold(self, u: acb, k: int) -> acb:
        """(ca − τ_k)/s for a = u/ρ: with h = tan(θ/2), [(a − τ_k)/h − (a + τ_k)h]/2."""
        half, t = self.place.half, number(self.staircase.thresholds[k])
        if self.same:
            return ((u - t) / half - (u + t) * half) / (2 * self.place.rho)
        a, tau = u / self.place.rho, t / self.place.rho_star
        return ((a - tau) / half - (a + tau) * half) / 2

    def integral(self, weight: Callable[[acb, Fraction], acb], growth: int, size: arb) -> arb:
        """E μ′(ρa)·w: ``weight(u, level)``, u = ρa, is bounded by size·(1 + |a|)^growth."""
        total, rho = arb(0), self.place.rho
        largest = number(self.largest)
        factor = 1 / ((2 * arb.pi()).sqrt() * rho)

        def rest(above: Envelope, start: arb) -> arb:
            # u ≥ X ≥ 1: 1 + u/ρ ≤ u(1 + 1/ρ).
            bell = Envelope(
                arb((factor * size * (1 + 1 / rho) ** growth).upper()), growth, arb(0), -1 / (2 * largest * largest)
            )
            return integral_bound(above.times(bell), start)

        for side in (1, -1):
            cuts = self.staircase.thresholds
            pieces = self.surrogate.right(cuts) if side > 0 else self.surrogate.left(cuts)
            for piece in pieces:
                level = self.staircase.level(_inside(piece, side))

                def over(u: acb, side: int = side, level: Fraction = level) -> acb:
                    a = side * u / rho
                    return (-a * a / 2).exp() * factor * weight(side * u, level)

                total += weighted(self.surrogate.program, piece, over, rest, Fraction(int(8 * self.largest) + 1))
        return total

    def teacher(self, u: acb) -> acb:
        """T(a), the teacher's mean output where ŵᵀz = a = u/ρ."""
        total = acb(number(self.staircase.offset))
        for k, (_, _, d) in enumerate(self.steps):
            total += d * _probability(self.across_threshold(u, k))
        return total

    def across(self) -> arb:
        """b⊥ = E μ′(ρa)·Σ d_k φ((τ_k − ca)/s)."""
        size = sum((d for _, _, d in self.steps), arb(0))

        def weight(u: acb, level: Fraction) -> acb:
            total = acb(0)
            for k, (_, _, d) in enumerate(self.steps):
                z = self.across_threshold(u, k)
                total += d * (-z * z / 2).exp() / (2 * arb.pi()).sqrt()
            return total

        return self.integral(weight, 0, size)


def _inside(piece: Piece, side: int) -> Fraction:
    assert piece.lower is not None
    return side * (piece.lower + 1 if piece.upper is None else (piece.lower + piece.upper) / 2)


def correlation(moments: Moments, v: Sequence[Fraction], v_star: Sequence[Fraction]) -> arb:
    """⟨E g_μ, ∂f/∂w⟩."""
    big = number(sum((x * x for x in v), Fraction(0)))
    total, total_star = number(sum(v, Fraction(0))), number(sum(v_star, Fraction(0)))
    along = number(sum((x * y for x, y in zip(v, v_star, strict=True)), Fraction(0)))
    m = moments
    crowd = (total * total - big) * m.s1 - (total * total_star - along) * m.s1_star

    def weight(u: acb, level: Fraction) -> acb:
        return u / m.place.rho * (big * number(level) + crowd - along * m.teacher(u))

    # Between levels that lie between the lowest and the highest value of σ.
    most = abs(number(m.staircase.offset)) + sum((d for _, _, d in m.steps), arb(0))
    size = (big + abs(along)) * most + abs(crowd)
    slope = (m.s2_slope / 2 - m.s1 * m.s1_slope) * big + m.s1 * m.s1_slope * total * total
    slope -= (m.kappa_slope - m.s1_slope * m.s1_star) * along + m.s1_slope * m.s1_star * total * total_star
    tangential = along * along * m.across() * m.turn / m.place.rho
    if m.staircase.thresholds == (Fraction(0),):
        return tangential  # one step at 0: the loss does not depend on ‖w‖
    return m.integral(weight, 1, arb(size.upper())) * slope + tangential


class Network:
    """A counterexample, read: at this network the coarse gradient points uphill."""

    def __init__(self, document: object) -> None:
        keys = {"schema", "surrogate", "pieces", "quantizer", "v", "v_star", "rho", "rho_star", "angle", "correlation"}
        content = as_object(document, "the counterexample", keys, frozenset({"scale", "response"}))
        if content["schema"] != SCHEMA:
            raise Rejected(f"the schema of the counterexample is not {SCHEMA!r}")
        self.stated = content
        as_text(content["surrogate"], "surrogate")
        self.surrogate = Surrogate(content["pieces"])
        self.staircase = Staircase.read(content["quantizer"])
        self.v = [rational(x, "v") for x in as_list(content["v"], "v", MAX_ROWS)]
        self.v_star = [rational(x, "v_star") for x in as_list(content["v_star"], "v_star", MAX_ROWS)]
        if not self.v or len(self.v) != len(self.v_star):
            raise Rejected("v and v_star have not the same positive length")
        self.rho, self.rho_star = rational(content["rho"], "rho"), rational(content["rho_star"], "rho_star")
        if min(self.rho, self.rho_star) <= 0:
            raise Rejected("rho and rho_star are not positive")
        self.right = content["angle"] == "π/2"
        self.angle = Fraction(0) if self.right else rational(content["angle"], "angle")
        if not self.right and not 0 < self.angle < Fraction(314159, 100000):
            raise Rejected("the angle does not lie between 0 and pi")

    def words(self) -> str:
        """The statement."""
        network = f"v = ({', '.join(map(str, self.v))}), v* = ({', '.join(map(str, self.v_star))})"
        angle = "pi/2" if self.right else str(self.angle)
        return (
            f"the coarse gradient points uphill at {network}, |w| = {self.rho}, |w*| = {self.rho_star}, angle {angle}, "
            f"for the quantizer with {self.staircase.words()} and m(x) = {self.surrogate.words()}"
        )

    def verify(self) -> int:
        """Raises ``Rejected`` unless balls prove the correlation negative."""
        require_mean(self.surrogate, self.rho)
        half = arb(1) if self.right else (number(self.angle) / 2).tan()
        place = Place(number(self.rho), number(self.rho_star), half)
        value = correlation(Moments(self.surrogate, self.staircase, place, self.rho), self.v, self.v_star)
        if not (value.is_finite() and value < 0):
            raise Rejected(f"the correlation is not shown to be negative: it lies in {value.str(8)}")
        require_digits(value, self.stated["correlation"], "correlation")
        if self.stated.get("scale"):
            scale = rational(self.stated["scale"], "scale")
            if not 0 < scale <= self.rho:
                raise Rejected("the scale of the response is not one of the network")
            mass = sum((gaussian_mass(self.surrogate.program, piece, scale) for piece in self._sides()), arb(0))
            require_digits(mass / number(scale), self.stated.get("response"), "response")
        return 1

    def _sides(self) -> tuple[Piece, ...]:
        return (*self.surrogate.right(), *self.surrogate.left())


def require_digits(value: arb, stated: object, where: str) -> None:
    """Raises ``Rejected`` where a stated decimal number is certainly not the value to its last digit but one."""
    middle, unit = decimal(stated, where)
    if not value.overlaps(number(middle) + arb(0, 1) * number(unit)):
        raise Rejected(f"the {where} is not the stated {str(stated)[:40]}: it lies in {value.str(8)}")
