"""v stays bounded where the loss does not grow: ‖v‖ ≤ ‖v*‖ + √(8f)."""

import sympy as sp

from ste_theory.calculus.row_sums import row_sum, with_student
from ste_theory.claims.claim import Claim, Domain, Source, Statement
from ste_theory.claims.planted import resentenced
from ste_theory.claims.proof import (
    CauchySchwarz,
    Decomposition,
    Fact,
    Identity,
    Justification,
    Known,
    Proof,
    RowSquares,
    Sign,
    Square,
)
from ste_theory.claims.sentence import Hypothesis, Relation, Sentence, Variable
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.derivations.yin2019.landscape import BETA, KAPPA, LOSS, optimal
from ste_theory.model.problem import Problem
from ste_theory.model.quantizers import binary
from ste_theory.model.surrogates import relu
from ste_theory.model.symbols import S_star, V, V_star, m, theta, v, v_star
from ste_theory.model.symbols import k as row

OPTIMAL = optimal(KAPPA)
OFFSET = v[row] - OPTIMAL
LENGTH = row_sum(OFFSET**2) + row_sum(OFFSET) ** 2  # (v − v_θ)ᵀB(v − v_θ)
share = sp.Symbol("lambda", positive=True)
PART, REST = theta / sp.pi, 1 - theta / sp.pi

SPLIT = Sentence(
    name="the loss around its least value",
    left=8 * LOSS,
    relation=Relation.EQUAL,
    right=LENGTH + 4 * PART * REST * BETA + 4 * PART * S_star**2 / (m + 1),
    words="8f = (v − v_θ)ᵀB(v − v_θ) + 4(θ/π)(1 − θ/π)v*ᵀB⁻¹v* + 4(θ/π)(1ᵀv*)²/(m+1), where "
    "v_θ = B⁻¹((1 − 2θ/π)I + 11ᵀ)v* is the best v for the angle θ",
)
ELLIPSOID = Sentence(
    name="an ellipsoid",
    left=8 * LOSS,
    relation=Relation.AT_LEAST,
    right=LENGTH,
    words="‖B^{1/2}(v − v_θ)‖² = (v − v_θ)ᵀB(v − v_θ) ≤ 8f",
)
CENTRE = Sentence(
    name="its centre",
    left=V_star,
    relation=Relation.AT_LEAST,
    right=with_student(V, OPTIMAL),
    words="‖v_θ‖ ≤ ‖v*‖ for every θ",
)
RADIUS = Sentence(
    name="the bound",
    left=(1 + share) * V_star + (1 + 1 / share) * 8 * LOSS,
    relation=Relation.AT_LEAST,
    right=V,
    words="‖v‖² ≤ (1 + λ)‖v*‖² + (1 + 1/λ)8f for every λ > 0; the least right side is (‖v*‖ + √(8f))²",
    variables=(Variable(share, sp.S.Zero),),
    hypotheses=(Hypothesis(share, strict=True),),
)
SENTENCES = (SPLIT, ELLIPSOID, CENTRE, RADIUS)

_GRAM = CauchySchwarz(v_star[row], sp.S.One)


def _curved(*factors: Fact) -> tuple[tuple[Fact, ...], ...]:
    """4(θ/π)(1 − θ/π)/(m+1) times the factors times m‖v*‖² − S*², and times ‖v*‖²."""
    ends = (Sign(4 * PART / (m + 1)), Sign(REST), *factors)
    return ((*ends, _GRAM), (*ends, Sign(V_star)))


ELLIPSOID_HOLDS = Decomposition(
    (*_curved(), (Sign(4 * PART / (m + 1)), Square(S_star))), "v*ᵀB⁻¹v* = (m‖v*‖² − (1ᵀv*)² + ‖v*‖²)/(m+1)"
)
CENTRE_HOLDS = Decomposition(
    (
        (Sign(4 * PART * (m + 2) / (m + 1) ** 2), Sign(REST), _GRAM),
        (Sign(4 * PART / (m + 1) ** 2), Sign(REST), Sign(V_star)),
        (Sign(4 * PART / (m + 1) ** 2), Square(S_star)),
    ),
    "(m+1)² = m(m+2) + 1",
)
RADIUS_HOLDS = Decomposition(
    (
        (Sign(1 + share), Known(CENTRE.name)),
        (Sign(1 + 1 / share), Known(ELLIPSOID.name)),
        (Sign(1 + 1 / share), Square(row_sum(OFFSET))),
        (Sign(1 / share), RowSquares(share * OPTIMAL - OFFSET)),
    ),
    "2v_θᵀ(v − v_θ) ≤ λ‖v_θ‖² + ‖v − v_θ‖²/λ",
)
JUSTIFICATIONS: dict[str, Justification] = {
    SPLIT.name: Identity("f is quadratic in v with the matrix B/4"),
    ELLIPSOID.name: ELLIPSOID_HOLDS,
    CENTRE.name: CENTRE_HOLDS,
    RADIUS.name: RADIUS_HOLDS,
}


def proof() -> Proof:
    """The least loss for an angle is not negative, and the place where it is reached is not far."""
    return Proof(
        justifications=JUSTIFICATIONS,
        conclusion="If fᵗ ≤ f⁰, then ‖vᵗ‖ ≤ ‖v*‖ + √(8f⁰), whatever θᵗ and ‖wᵗ‖ are: the least value over λ of "
        "(1 + λ)x² + (1 + 1/λ)y² is (x + y)², approached for λ → ∞ if x = 0 and for λ → 0 if y = 0.",
    )


CLAIM = Claim(
    id="yin2019.convergence-bounded",
    title="v is bounded where the loss does not grow",
    kind=Kind.INEQUALITY,
    statement=Statement(
        equations=(),
        words="(v − v_θ)ᵀB(v − v_θ) ≤ 8f(v, w) and ‖v‖ ≤ ‖v*‖ + √(8f(v, w)) for every w ≠ 0. So where the loss does "
        "not exceed f⁰, v stays in a ball that depends on f⁰ and ‖v*‖ alone.",
        sentences=SENTENCES,
    ),
    domain=Domain(
        words="σ(x) = 1{x > 0}, any surrogate (none enters), v* ≠ 0, w ≠ 0, 0 ≤ θ ≤ π.",
        degenerate="θ = 0: v_θ = v* and f is (v − v*)ᵀB(v − v*)/8; θ = π: v_θ is the spurious minimum.",
        unit_teacher=True,
    ),
    source=Source("this project", "", "a part of what is true of Theorem 1 of the conference submission"),
    problems=(Problem(binary(), relu()),),
    proof=proof,
    planted=(
        resentenced("4f for 8f", SPLIT, left=4 * LOSS, caught_by=WitnessKind.PROOF),
        resentenced(
            "the last term is forgotten", SPLIT, right=LENGTH + 4 * PART * REST * BETA, caught_by=WitnessKind.PROOF
        ),
        resentenced("twice as far", ELLIPSOID, right=2 * LENGTH, caught_by=WitnessKind.PROOF),
        resentenced("the centre is shorter", CENTRE, left=V_star / 2, caught_by=WitnessKind.PROOF),
        resentenced("the centre's own sum", CENTRE, left=S_star**2, caught_by=WitnessKind.PROOF),
        resentenced("the student within the teacher", RADIUS, left=(1 + share) * V_star, caught_by=WitnessKind.PROOF),
        resentenced(
            "a quarter of the loss",
            RADIUS,
            left=(1 + share) * V_star + (1 + 1 / share) * 2 * LOSS,
            caught_by=WitnessKind.PROOF,
        ),
    ),
    proof_uses=("yin2019.loss",),
)
