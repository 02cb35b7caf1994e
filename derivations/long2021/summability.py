"""Bounded norms make the right-class coarse gradients square summable, with an explicit constant.

C = δ/(2Kπ_i v_ij Δ²M²), K with P(0 < ⟨u, x⟩ < s) ≤ Ks on class i: K = p_max ω_{k−1} M^{k−1} for a density ≤ p_max.
"""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import sympy as sp

from ste_theory.claims.claim import Claim, Statement
from ste_theory.claims.planted import resentenced
from ste_theory.claims.proof import Decomposition, Identity, InRange, Proof, Sign, Square
from ste_theory.claims.sentence import Hypothesis, Relation, Sentence, Variable
from ste_theory.claims.trial import Balls, Batches, Contradiction, Enclosed, Exact, Simulated, Trial
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.classification.batches import right_class_batches
from ste_theory.derivations.long2021.cases import Case, cases
from ste_theory.derivations.long2021.integrals import OUTER, draw, inner, length, size
from ste_theory.derivations.long2021.setting import (
    PROBLEMS,
    SOURCE,
    SURROGATES,
    WEIGHTS,
    domain,
    eta,
    least,
    mass,
    most,
    nonnegative,
    outer,
    own,
    part,
    positive,
    rate,
    share,
    slab,
    speed,
)

gain, depth = sp.Symbol("b", nonnegative=True), sp.Symbol("s", nonnegative=True)
start, norm, after, bound = (sp.Symbol(name, nonnegative=True) for name in ("r_0", "r", "r_1", "R"))
total, rest, classes = (sp.Symbol(name, nonnegative=True) for name in ("S", "Z", "n"))
constant, narrow = sp.Symbol("C", positive=True), sp.Symbol("m", positive=True)

C = least / (2 * slab * share * own * most**2 * outer**2)
LARGEST_PART = share * own * most * outer * mass
SPEED = share * own * least * mass**2 / (2 * slab)
SIZES = (least, most, slab, share, own, outer)

LAYERS = Sentence(
    name="the layers",
    left=mass**2 / (2 * slab),
    relation=Relation.AT_LEAST,
    right=mass * depth - slab * depth**2 / 2,
    words="P(A, ⟨u, x⟩ > a) ≥ q − Ka for A ⊂ {⟨u, x⟩ > 0} with P(A) = q, hence E[1_A⟨u, x⟩] = ∫P(A, ⟨u, x⟩ > a)da ≥ "
    "∫₀^s(q − Ka)da = qs − Ks²/2 for every s ≤ q/K; the best is q²/2K, at s = q/K",
    variables=(*nonnegative(mass, slab), Variable(depth, sp.S.Zero, mass / slab)),
    hypotheses=positive(slab),
)
LONGER = Sentence(
    name="how much longer",
    left=norm**2 + 2 * eta * norm * speed + eta**2 * gain,
    relation=Relation.AT_LEAST,
    right=(norm + eta * speed) ** 2,
    words="r = ‖w_{j,i}‖, U = ⟨w_{j,i}/r, s⟩, b = ‖s‖² ≥ U²: the norm after the step, r₁, is at least r + ηU",
    variables=(*nonnegative(eta, norm, speed), Variable(gain, speed**2)),
)
GROWTH = Sentence(
    name="growth pays for the gradient",
    left=speed,
    relation=Relation.AT_LEAST,
    right=C * part**2,
    words="with q = P_i(ℓ > 0, h_j > 0): U ≥ π_i v_ij δ q²/2K and G = ‖∇̃_{j,i}‖ ≤ π_i v_ij ΔM q, so that U ≥ C G², "
    "C = δ/(2Kπ_i v_ij Δ²M²)",
    variables=(
        *nonnegative(*SIZES, mass),
        Variable(speed, SPEED),
        Variable(part, sp.S.Zero, LARGEST_PART),
    ),
    hypotheses=positive(*SIZES),
)
SO_FAR = Variable(total, sp.S.Zero, (norm - start) / (rate * constant))
STEP = Sentence(
    name="one more step",
    left=after - start,
    relation=Relation.AT_LEAST,
    right=rate * constant * (total + part**2),
    words="if ηC·S ≤ r − r₀ for the sum S over the steps so far, then also for one more, as r₁ ≥ r + ηC G²; the same "
    "with q for G and π_i v_ij δ/2K for C",
    variables=(
        *nonnegative(rate, constant, part, start),
        Variable(norm, start),
        SO_FAR,
        Variable(after, norm + rate * constant * part**2),
    ),
    hypotheses=positive(rate, constant),
)
SUM = Sentence(
    name="the sum",
    left=(bound - start) / (rate * constant),
    relation=Relation.AT_LEAST,
    right=total,
    words="Σ_t ‖∇̃ᵗ_{j,i}‖² ≤ (R − ‖w⁰_{j,i}‖)/(ηC) where ‖wᵗ_{j,i}‖ ≤ R",
    variables=(*nonnegative(rate, constant, start), Variable(norm, start), SO_FAR, Variable(bound, norm)),
    hypotheses=positive(rate, constant),
)
CLASSES = Sentence(
    name="one neuron for each class",
    left=classes * bound / (rate * constant),
    relation=Relation.AT_LEAST,
    right=rest + total,
    words="n − 1 such sums Z and one more, S: together at most nR/(ηC), for the smallest C",
    variables=(
        *nonnegative(rate, constant, bound),
        Variable(classes, sp.S.One),
        Variable(rest, sp.S.Zero, (classes - 1) * bound / (rate * constant)),
        Variable(total, sp.S.Zero, bound / (rate * constant)),
    ),
    hypotheses=positive(rate, constant),
)
PLANE = Sentence(
    name="K for a uniform annulus in the plane",
    left=C.subs(slab, 2 * outer / (sp.pi * (outer**2 - narrow**2))),
    relation=Relation.EQUAL,
    right=sp.pi * least * (outer**2 - narrow**2) / (4 * share * own * most**2 * outer**3),
    words="p_max = 1/(π(M² − m²)), ω₁ = 2, so K = 2M/(π(M² − m²))",
    variables=(*nonnegative(least, most, share, own, narrow), Variable(outer, narrow)),
    hypotheses=(*positive(least, most, share, own, narrow, outer), Hypothesis(outer - narrow, strict=True)),
)
SENTENCES = (LAYERS, LONGER, GROWTH, STEP, SUM, CLASSES, PLANE)


def realized(case: Case) -> Sequence[tuple[str, Exact]] | None:
    """One-dimensional subspaces, where norms are rational: a step of a random network."""
    found: list[tuple[str, Exact]] = []
    network = case.network
    after_step = network.moved(network.step(case.data, case.surrogate), case.eta)
    for j, owner in enumerate(network.owner):
        basis = case.bases[owner]
        if len(basis) > 1:
            continue
        (e,) = basis

        def along(row: tuple[Fraction, ...], unit: tuple[Fraction, ...] = e) -> Fraction:
            return sum((a * b for a, b in zip(row, unit, strict=True)), Fraction(0))

        r, s = along(network.w[j]), along(network.step(case.of_class(owner), case.surrogate)[j])
        if not r:
            continue
        u = s if r > 0 else -s
        if abs(along(after_step.w[j])) < abs(r) + case.eta * u:
            raise Contradiction("the norm after the step is below r + ηU")
        found.append((LONGER.name, {norm: abs(r), eta: case.eta, speed: u, gain: s * s}))
    return found or None


def enclosed(rng: np.random.Generator) -> Sequence[tuple[str, Balls]]:
    """Every right neuron of a random network on the uniform annulus of a plane, π_i = ½."""
    seen = draw(rng)
    found: list[tuple[str, Balls]] = []
    for j in seen.own:
        v = seen.second[0][j]
        scale = Fraction(1, 2) * v
        push = tuple(x * scale.numerator / scale.denominator for x in seen.found.push[j])
        direction = inner(seen.rows[j], (push[0], push[1])) / length(seen.rows[j])
        found.append(
            (
                GROWTH.name,
                {
                    least: 1,
                    most: 1,
                    slab: seen.slab,
                    share: Fraction(1, 2),
                    own: v,
                    outer: OUTER,
                    mass: seen.found.active[j],
                    speed: direction,
                    part: size((push[0], push[1])),
                },
            )
        )
    return found


def simulated(seed: int) -> Sequence[tuple[str, Batches]]:
    """The program in R⁷ on samples of three classes in dimensions 2, 2 and 3, a right neuron of each class."""
    found: list[tuple[str, Batches]] = []
    for felt in right_class_batches(seed):
        values = {least: 1, most: 1, slab: felt.slab, share: felt.share, own: felt.own, outer: felt.outer}
        found.append((GROWTH.name, {**values, mass: felt.mass, speed: felt.speed, part: felt.part}))
    return found


def proof() -> Proof:
    """The norm grows by at least C times the squared gradient, and it is bounded."""
    growth = Decomposition(
        ((InRange(speed),), (Sign(C), InRange(part, upper=True), Sign(LARGEST_PART + part))),
        "U − π_i v_ij δq²/2K and C(π_i v_ij ΔMq − G)(π_i v_ij ΔMq + G)",
    )
    return Proof(
        justifications={
            LAYERS.name: Decomposition(((Sign(1 / (2 * slab)), Square(mass - slab * depth)),), "(q − Ks)²/2K"),
            LONGER.name: Decomposition(((Sign(eta**2), InRange(gain)),), "η²(b − U²)"),
            GROWTH.name: growth,
            STEP.name: Decomposition(
                ((InRange(after),), (Sign(rate * constant), InRange(total, upper=True))), "the two bounds added"
            ),
            SUM.name: Decomposition(
                ((InRange(total, upper=True),), (Sign(1 / (rate * constant)), InRange(bound))),
                "r − r₀ ≥ ηC·S and r ≤ R",
            ),
            CLASSES.name: Decomposition(((InRange(rest, upper=True),), (InRange(total, upper=True),)), "added"),
            PLANE.name: Identity("K inserted"),
        },
        conclusion="U ≥ π_i v_ij δ E_i[1{ℓ > 0}⟨w_{j,i}/r, x⟩₊] ≥ π_i v_ij δ q²/2K by the layers, ‖x‖ ≤ M and g′ ≤ "
        "Δ bound G. The sum is over the parts ∇̃_{j,i} with v_ij > 0: one per class gives nR/(ηC). The same steps "
        "with q² in place of G² give Σ_t (qᵗ)² ≤ 2K(R − ‖w⁰_{j,i}‖)/(ηπ_i v_ij δ). The parts of rivals are not in "
        "it; long2021.convergence bounds their mean.",
    )


CLAIM = Claim(
    id="long2021.summability",
    title="The right-class coarse gradients are square summable while the norms are bounded",
    kind=Kind.INEQUALITY,
    statement=Statement(
        equations=(),
        words="Let v_ij > 0, w⁰_{j,i} ≠ 0 and ‖wᵗ_{j,i}‖ ≤ R for all t. Then Σ_t ‖∇̃ᵗ_{j,i}‖² ≤ (R − "
        "‖w⁰_{j,i}‖)/(ηC) with C = δ/(2Kπ_i v_ij Δ²M²), K = p_max ω_{k−1} M^{k−1}, and P_i(ℓ > 0, h_j > 0) → 0. "
        "Over one neuron per class the sum is at most nR/(ηC) with the smallest C.",
        sentences=SENTENCES,
    ),
    domain=domain(
        "class i has the weight π_i and a density ≤ p_max on m < |x| < M in V_i of dimension k, the V_i orthogonal",
        WEIGHTS,
        SURROGATES,
        "full population",
        degenerate="Finite data have no density: there K = ∞ and C = 0, though the norms still do not decrease.",
    ),
    source=SOURCE,
    problems=PROBLEMS,
    proof=proof,
    trials=(Trial("a step in one dimension", cases, realized),),
    enclosed=(Enclosed("right neurons in a plane", enclosed),),
    simulated=(Simulated("right neurons in full dimension", simulated, count=3),),
    planted=(
        resentenced("half the area", LAYERS, left=LAYERS.left / 2, caught_by=WitnessKind.PROOF),
        resentenced("longer by 2ηU", LONGER, right=(norm + 2 * eta * speed) ** 2, caught_by=WitnessKind.PROPERTIES),
        resentenced(
            "without Cauchy and Schwarz",
            LONGER,
            variables=(*LONGER.variables[:3], Variable(gain, sp.S.Zero)),
            caught_by=WitnessKind.PROOF,
        ),
        resentenced("C without the factor M²", GROWTH, right=GROWTH.right * outer**2, caught_by=WitnessKind.PROOF),
        resentenced("C twice as large", GROWTH, right=2 * GROWTH.right, caught_by=WitnessKind.PROOF),
        resentenced("fifty times the constant", GROWTH, right=50 * GROWTH.right, caught_by=WitnessKind.ENCLOSURE),
        resentenced("sixty times the constant", GROWTH, right=60 * GROWTH.right, caught_by=WitnessKind.SAMPLING),
        resentenced(
            "a step that pays twice", STEP, right=rate * constant * (total + 2 * part**2), caught_by=WitnessKind.PROOF
        ),
        resentenced("half the sum", SUM, left=SUM.left / 2, caught_by=WitnessKind.PROOF),
        resentenced("one class for all", CLASSES, left=bound / (rate * constant), caught_by=WitnessKind.PROPERTIES),
        resentenced("the wrong ω", PLANE, right=PLANE.right * sp.pi / 2, caught_by=WitnessKind.PROOF),
    ),
    statement_uses=("long2021.norm-growth",),
    proof_uses=("long2021.norm-growth", "long2021.decoupling", "long2021.decomposition"),
)
