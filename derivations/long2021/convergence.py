"""The main theorem: bounded iterates ⇒ the coarse gradient goes to 0, and limits with distinct directions are perfect.

What is proved: the right-class parts are square summable; the whole coarse gradient goes to 0 in quadratic mean, at the
rate T^{−1/2}; it goes to 0 step by step if all limit points have distinct directions, and then so does the loss.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import isqrt

import numpy as np
import sympy as sp

from ste_theory.claims.claim import Claim, Statement
from ste_theory.claims.planted import resentenced
from ste_theory.claims.proof import Decomposition, InRange, Proof, Sign, Square
from ste_theory.claims.sentence import Relation, Sentence, Variable
from ste_theory.claims.trial import Balls, Contradiction, Enclosed, Exact, Trial
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.classification.exact import dot, square
from ste_theory.derivations.long2021.cases import Case, cases
from ste_theory.derivations.long2021.integrals import OUTER, draw, inner, length
from ste_theory.derivations.long2021.setting import (
    PROBLEMS,
    SOURCE,
    SURROGATES,
    WEIGHTS,
    domain,
    least,
    mass,
    most,
    nonnegative,
    outer,
    positive,
    slab,
)
from ste_theory.rigorous.balls import ball

mine, theirs = sp.Symbol("epsilon", nonnegative=True), sp.Symbol("kappa", nonnegative=True)
start, bound, felt = (sp.Symbol(name, nonnegative=True) for name in ("r_0", "R", "P"))
turn, drag, cross = sp.symbols("a b c", real=True)
gain, cost = sp.Symbol("c_1", positive=True), sp.Symbol("c_2", nonnegative=True)
steps = sp.Symbol("T", positive=True)
squares, masses, sums = (sp.Symbol(name, nonnegative=True) for name in ("X", "Q", "Y"))

GAIN = theirs * least * start / (2 * slab)
COST = most * outer * (theirs * bound + mine * bound + mine * theirs * most * outer)
LETTERS = (least, most, slab, outer, mine, theirs, start, bound, mass, felt)
PRODUCT = Sentence(
    name="a rival turns away",
    left=turn + drag + cross,
    relation=Relation.AT_LEAST,
    right=GAIN * felt**2 - COST * mass,
    words="φ = ⟨w_{k,i}, w_{j,i}⟩ of a rival k and a neuron j of class i grows in a step by ⟨Δw_k, w_j⟩ + ⟨w_k, "
    "Δw_j⟩ + ⟨Δw_k, Δw_j⟩ ≥ c₁P² − c₂q, with P = P_i(ℓ > 0, ξ = r, h_k > 0, h_j ≤ 0), q = P_i(ℓ > 0, h_j > 0), κ = "
    "ηπ_i v_rk, ε = ηπ_i v_ij, c₁ = κδr₀/2K, c₂ = ΔM(κR + εR + εκΔM)",
    variables=(
        *nonnegative(*LETTERS),
        Variable(turn, GAIN * felt**2 - theirs * most * outer * bound * mass),
        Variable(drag, -mine * most * outer * bound * mass, mine * most * outer * bound * mass),
        Variable(cross, -mine * theirs * most**2 * outer**2 * mass, mine * theirs * most**2 * outer**2 * mass),
    ),
    hypotheses=positive(least, most, slab, outer),
)
ADDED = Sentence(
    name="added up",
    left=(2 * bound**2 + cost * sums) / gain,
    relation=Relation.AT_LEAST,
    right=squares,
    words="−R² ≤ φ ≤ R² over T steps: X = Σ P² ≤ (2R² + c₂Y)/c₁ with Y = Σ q",
    variables=(
        *nonnegative(gain, cost, bound, sums),
        Variable(turn, -(bound**2), bound**2),
        Variable(drag, -(bound**2), bound**2),
        Variable(squares, sp.S.Zero, (turn - drag + cost * sums) / gain),
    ),
    hypotheses=positive(gain),
)
CAUCHY = Sentence(
    name="means of squares",
    left=(steps + 1) * (masses + mass**2),
    relation=Relation.AT_LEAST,
    right=(sums + mass) ** 2,
    words="(Σq)² ≤ T·Σq² for one step more, T ≥ 1: with Q = Σq² bounded (long2021.summability) Y ≤ √(TQ), and "
    "X/T = O(T^{−1/2}) → 0",
    variables=(Variable(steps, sp.S.One), *nonnegative(sums, mass), Variable(masses, sums**2 / steps)),
    hypotheses=positive(steps),
)
PART = Sentence(
    name="the part of a rival",
    left=2 * (felt**2 + mass**2),
    relation=Relation.AT_LEAST,
    right=(felt + mass) ** 2,
    words="‖∇̃_{k,i}‖² ≤ (π_i v_rk ΔM)²(P + q)² ≤ 2(π_i v_rk ΔM)²(P² + q²): the mean over t of the squared coarse "
    "gradient goes to 0",
    variables=nonnegative(felt, mass),
)
SENTENCES = (PRODUCT, ADDED, CAUCHY, PART)


def enclosed(rng: np.random.Generator) -> Sequence[tuple[str, Balls]]:
    """A rival against each neuron of class 1, for one step η = 1 with π₁ = ½ on an annulus of a plane."""
    seen = draw(rng)
    found: list[tuple[str, Balls]] = []
    k, half = len(seen.own), ball(Fraction(1, 2))
    step_k = tuple(half * x for x in seen.found.signed[k])
    for j in seen.own:
        step_j = tuple(half * x for x in seen.found.signed[j])
        q = seen.found.active[j]
        # P(ℓ > 0, h_k > 0, h_j > 0) ≤ q, so this is at most P.
        p = seen.found.active[k] - q
        if not q > ball(Fraction(1, 1000)):
            continue  # both sides are too near to 0 to be told apart
        longest = length(seen.rows[j]).max(length(seen.rows[k]))
        values: Balls = {
            least: 1,
            most: 1,
            slab: seen.slab,
            outer: OUTER,
            mine: seen.second[0][j] / 2,
            theirs: seen.second[1][k] / 2,
            start: length(seen.rows[j]),
            bound: longest,
            mass: q,
            felt: p if p > 0 else 0,
            turn: inner(seen.rows[j], (step_k[0], step_k[1])),
            drag: inner(seen.rows[k], (step_j[0], step_j[1])),
            cross: step_k[0] * step_j[0] + step_k[1] * step_j[1],
        }
        found.append((PRODUCT.name, values))
    return found


def realized(case: Case) -> Sequence[tuple[str, Exact]] | None:
    """Every rival against every neuron of every class of a random network, for one step; finite data have no slab
    constant, so r₀ = 0 leaves the cost alone, and the gain is compared with E[1{ℓ > 0} |h_j|] itself."""
    network, found = case.network, list[tuple[str, Exact]]()
    for label in range(len(case.bases)):
        data = case.of_class(label)
        share_of = sum((point.p for point in data), Fraction(0))
        step = network.step(data, case.surrogate)
        losses = [network.loss(point) for point in data]
        pulls = [network.pulls(point, case.surrogate) for point in data]
        hidden = [network.hidden(point.x) for point in data]
        rows = [case.component(row, label) for row in network.w]
        longest = _above(max(square(point.x) for point in data))
        for j in (j for j, owner in enumerate(network.owner) if owner == label):
            felt_by = sum(
                (p.p for p, loss, h in zip(data, losses, hidden, strict=True) if loss and h[j] > 0), Fraction(0)
            )
            step_j = tuple(case.eta * x for x in step[j])
            for k in (k for k, owner in enumerate(network.owner) if owner != label):
                step_k = tuple(case.eta * x for x in step[k])
                away = dot(step_k, rows[j])
                weight_k = network.v[network.owner[k]][k]
                long = _above(max(square(rows[j]), square(rows[k])))
                gained = sum(
                    (case.lower * weight_k * p.p * -h[j] for p, pull, h in zip(data, pulls, hidden, strict=True)
                     if pull[k] and h[j] <= 0),
                    Fraction(0),
                )  # fmt: skip
                if away < case.eta * (gained - weight_k * case.upper * longest * long * felt_by):
                    raise Contradiction(f"the step of rival {k + 1} turns towards w_{j + 1}")
                values: Exact = {
                    least: case.lower,
                    most: case.upper,
                    slab: 1,
                    outer: longest,
                    mine: case.eta * share_of * network.v[label][j],
                    theirs: case.eta * share_of * weight_k,
                    start: 0,
                    bound: long,
                    mass: felt_by / share_of,
                    felt: 0,
                    turn: away,
                    drag: dot(rows[k], step_j),
                    cross: dot(step_k, step_j),
                }
                found.append((PRODUCT.name, values))
    return found or None


def _above(number: Fraction) -> Fraction:
    """A rational number that is at least the square root."""
    return Fraction(isqrt(16 * number.numerator // number.denominator) + 1, 4)


def proof() -> Proof:
    """Bounded inner products of rivals and right neurons, then limit points."""
    added = Decomposition(
        (
            (InRange(squares, upper=True),),
            (Sign(1 / gain), InRange(turn, upper=True)),
            (Sign(1 / gain), InRange(drag)),
        ),
        "φ at the end minus φ at the start is at most 2R²",
    )
    cauchy = Decomposition(
        (
            (Sign(steps + 1), Sign(steps), InRange(masses)),
            (Square(sums - steps * mass),),
        ),
        "T(T + 1)(Q − Y²/T) + (Y − Tq)²",
        multiplier=Sign(steps),
    )
    return Proof(
        justifications={
            PRODUCT.name: Decomposition(
                ((InRange(turn),), (InRange(drag),), (InRange(cross),)), "the three bounds added"
            ),
            ADDED.name: added,
            CAUCHY.name: cauchy,
            PART.name: Decomposition(((Square(felt - mass),),), "(P − q)² ≥ 0"),
        },
        conclusion="(1) Right class: long2021.summability. (2) Rivals: where h_j ≤ 0 the step of k has ⟨·, w_j⟩ ≥ "
        "κδr₀P²/2K by the layers with the unit vector −w_{j,i}/‖w_{j,i}‖, elsewhere it costs at most κΔMRq; the "
        "mean goes to 0. (3) At a limit point W with distinct directions: norms of the right class stay above "
        "‖w⁰_{j,i}‖ > 0, σ is lower semicontinuous and V ≥ 0, so ℓ and 1{h_j > 0} at W are at most their limits "
        "along the subsequence almost everywhere, and Fatou gives P_i(ℓ > 0, h_j > 0) = 0 at W. By "
        "long2021.zero-gradient-zero-loss the loss is 0. There P_i(B) = 0, and P_i(ℓ > 0) ≤ Σ_j q_j + P_i(B) → 0 "
        "along the subsequence: loss and whole coarse gradient go to 0. Without distinct directions nothing is said "
        "of single steps of the rivals.",
    )


CLAIM = Claim(
    id="long2021.convergence",
    title="Bounded iterates: the coarse gradient goes to 0, limits with distinct directions are perfect",
    kind=Kind.LIMIT,
    statement=Statement(
        equations=(),
        words="Coarse gradient descent on the full population, any step η > 0, w⁰_{j,i} ≠ 0, ‖wᵗ_{j,i}‖ ≤ R for all "
        "t. Then the right-class coarse gradients are square summable, and the mean over t < T of the squared norm "
        "of the whole coarse gradient is O(T^{−1/2}). Any limit point of Wᵗ with distinct directions w_{j,i} within "
        "each class classifies perfectly with zero loss; if all limit points are of this kind, coarse gradient and "
        "loss go to 0.",
        sentences=SENTENCES,
    ),
    domain=domain(
        "class i has a density in (p_min, p_max), p_min > 0, on m < |x| < M in V_i of dimension at least 2, the V_i "
        "orthogonal",
        WEIGHTS + ", v_ij < 1",
        SURROGATES,
        degenerate="w⁰_{j,i} = 0 stays 0. Unbounded iterates: nothing is said. Equal directions at the limit: the "
        "coarse gradient still goes to 0 in the mean, the loss need not.",
    ),
    source=SOURCE,
    problems=PROBLEMS,
    proof=proof,
    trials=(Trial("rivals of random networks", cases, realized),),
    enclosed=(Enclosed("rivals in a plane", enclosed),),
    planted=(
        resentenced("the gain without the cost", PRODUCT, right=GAIN * felt**2, caught_by=WitnessKind.PROOF),
        resentenced("twice the gain", PRODUCT, right=2 * GAIN * felt**2 - COST * mass, caught_by=WitnessKind.PROOF),
        resentenced(
            "forty times the gain and no cost",
            PRODUCT,
            right=40 * GAIN * felt**2 + COST * mass,
            caught_by=WitnessKind.ENCLOSURE,
        ),
        resentenced(
            "without the product of the steps",
            PRODUCT,
            right=PRODUCT.right + most**2 * outer**2 * mine * theirs * mass,
            caught_by=WitnessKind.PROOF,
        ),
        resentenced("R² for 2R²", ADDED, left=(bound**2 + cost * sums) / gain, caught_by=WitnessKind.PROOF),
        resentenced("half the cost", ADDED, left=(2 * bound**2 + cost * sums / 2) / gain, caught_by=WitnessKind.PROOF),
        resentenced("T for T + 1", CAUCHY, left=steps * (masses + mass**2), caught_by=WitnessKind.PROOF),
        resentenced(
            "without Cauchy and Schwarz",
            CAUCHY,
            variables=(*CAUCHY.variables[:3], Variable(masses, sp.S.Zero)),
            caught_by=WitnessKind.PROOF,
        ),
        resentenced("the sum of the squares", PART, left=felt**2 + mass**2, caught_by=WitnessKind.PROPERTIES),
    ),
    statement_uses=("long2021.decomposition",),
    proof_uses=(
        "long2021.summability",
        "long2021.norm-growth",
        "long2021.decoupling",
        "long2021.zero-gradient-zero-loss",
    ),
)
